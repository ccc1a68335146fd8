package memory

import (
	"strconv"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// Every function deals with its events; how much memory they take is for the benchmark to say, with more of them.
func TestTables(t *testing.T) {
	tables, err := Tables(t.Context(), "../../../"+cloud.DefaultBuildDir(), 20)
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != 1 || len(tables[0].Rows) != len(subjects) {
		t.Fatalf("%+v", tables)
	}
	for i, row := range tables[0].Rows {
		if row[0] != subjects[i].function || len(row) != len(tables[0].Columns) {
			t.Errorf("row %q", row)
		}
		for _, cell := range row[1:3] {
			if size, err := strconv.ParseFloat(cell, 64); err != nil || size < 5 || size > 500 {
				t.Errorf("%s takes %s MB", row[0], cell)
			}
		}
	}
}

func TestTooFewEvents(t *testing.T) {
	if _, err := Tables(t.Context(), ".", 9); err == nil {
		t.Error("a tenth of nine events was told")
	}
}
