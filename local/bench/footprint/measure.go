package footprint

import (
	"errors"
	"path/filepath"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/program"
)

// figures are what was measured of a function.
type figures struct {
	name   string
	starts []time.Duration // sorted
	zip    int64           // bytes
	fresh  int64           // resident bytes after the start
}

// measure measures one function.
func measure(options Options, name string, environment []string) (figures, error) {
	f := figures{name: name}
	bootstrap := filepath.Join(options.BuildDir, name, "bootstrap")
	var err error
	if f.zip, err = zipped(bootstrap); err != nil {
		return f, err
	}
	for range options.Starts {
		p, took, err := program.Start(bootstrap, environment)
		if err != nil {
			return f, err
		}
		f.starts = append(f.starts, took)
		f.fresh, err = p.Resident()
		if err := errors.Join(err, p.Stop()); err != nil {
			return f, err
		}
	}
	slices.Sort(f.starts)
	return f, nil
}

func (f figures) median() time.Duration { return f.starts[len(f.starts)/2] }

// exceeded names the budgets that are not kept.
func (f figures) exceeded() (over []string) {
	if f.median() > budgetStart {
		over = append(over, f.name+" starts in "+f.median().Round(100*time.Microsecond).String())
	}
	if f.zip > budgetZip {
		over = append(over, f.name+" has "+megabytes(f.zip)+" MB")
	}
	return over
}
