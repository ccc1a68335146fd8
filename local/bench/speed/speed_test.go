package speed

import (
	"maps"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/target"
)

func TestMain(m *testing.M) {
	target.Serve()
	os.Exit(m.Run())
}

// TestTables measures both systems in short: nothing of what takes time is judged.
func TestTables(t *testing.T) {
	tables, err := Tables(t.Context(), Options{
		Template: "../../../stack/testdata/AwsOcppGatewayStack.template.json", BuildDir: "../../../build/" + runtime.GOARCH,
		Sizes: []int{1, 4}, Storm: 6, Rate: 20, Duration: 300 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{"Answer time and throughput": 8, "Answer time at a given rate": 4, "Connect storm": 2} // of two systems, in two mixes
	for _, table := range tables {
		if len(table.Rows) != rows[table.Title] {
			t.Errorf("%s: %d rows, want %d", table.Title, len(table.Rows), rows[table.Title])
		}
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) || slices.Contains(row, "") {
				t.Errorf("%s: %q", table.Title, row)
			}
			if errors := row[slices.Index(table.Columns, "errors")]; errors != "0" {
				t.Errorf("%s: %s errors: %q %q", table.Title, errors, row, table.Notes)
			}
		}
		delete(rows, table.Title)
	}
	if len(rows) > 0 {
		t.Errorf("missing: %v", slices.Collect(maps.Keys(rows)))
	}
}
