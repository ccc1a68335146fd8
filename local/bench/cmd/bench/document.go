package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/machine"
	"github.com/serverless-ocpp/backend/local/bench/report"
)

// write makes the document of a run.
func write(s settings, began time.Time, tables []report.Table) error {
	var document bytes.Buffer
	fmt.Fprintf(&document, "# Benchmarks\n\nWritten by `make bench`, not by hand. Measured on %s, in %v, on: %s.\n\n"+
		"Everything runs on this one machine: the load client, the stand-ins for the AWS services, and the functions' programs. How fast the deployed stack answers is another "+
		"matter; what a message makes AWS do is the same. The figures are of use beside each other, and beside those of an earlier run on the same machine.\n\n",
		began.UTC().Format("2 January 2006, 15:04 UTC"), time.Since(began).Round(time.Second), machine.Describe())
	if s.quick {
		document.WriteString("This was a run in short (`-quick`), which shows that everything works. Its figures mean nothing.\n\n")
	}
	for _, table := range tables {
		if err := table.Markdown(&document); err != nil {
			return err
		}
	}
	return os.WriteFile(s.write, append(bytes.TrimRight(document.Bytes(), "\n"), '\n'), 0o644)
}
