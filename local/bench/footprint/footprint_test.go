package footprint

import (
	"runtime"
	"testing"
)

// TestTables measures two functions in short, to see that they start here.
func TestTables(t *testing.T) {
	tables, err := Tables(t.Context(), Options{
		Template: "../../../stack/testdata/AwsOcppGatewayStack.template.json", BuildDir: "../../../build/" + runtime.GOARCH,
		Starts: 2, Functions: []string{"message", "processor"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != 1 || len(tables[0].Rows) != 2 {
		t.Fatalf("%d tables: %+v", len(tables), tables)
	}
	for _, row := range tables[0].Rows {
		for i, cell := range row {
			if cell == "" || cell == "-" || cell == "0.0" {
				t.Errorf("%s: %s is %q", row[0], tables[0].Columns[i], cell)
			}
		}
	}
}
