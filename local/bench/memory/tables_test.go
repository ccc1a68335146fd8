package memory

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
)

const root = "../../../"

var options = Options{
	Template: root + "stack/testdata/AwsOcppGatewayStack.template.json", BuildDir: root + cloud.DefaultBuildDir(), Samples: root + "events", Messages: fewest,
}

// Every function deals with its events; how much memory they take is for the benchmark to say, with more of them.
func TestTables(t *testing.T) {
	tables, err := Tables(t.Context(), options)
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
		for _, cell := range row[2:5] {
			if size, err := strconv.ParseFloat(cell, 64); err != nil || size < 5 || size > 500 {
				t.Errorf("%s takes %s MB", row[0], cell)
			}
		}
	}
}

func TestEveryFunctionIsASubject(t *testing.T) {
	mains, err := filepath.Glob(root + "functions/*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatalf("%v, %v", mains, err)
	}
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		if !slices.ContainsFunc(subjects, func(s subject) bool { return s.function == name }) {
			t.Errorf("the memory of %s is not measured", name)
		}
	}
}

func TestTooFewEvents(t *testing.T) {
	few := options
	few.Messages = fewest - 1
	if _, err := Tables(t.Context(), few); err == nil {
		t.Errorf("a fiftieth of %d messages was told", few.Messages)
	}
}

func TestCheck(t *testing.T) {
	for answer, right := range map[string]bool{
		`null`: true, `{"statusCode":404}`: true, `{"batchItemFailures":null}`: true, `{"batchItemFailures":[]}`: true,
		`{"statusCode":500}`: false, `{"batchItemFailures":[{"itemIdentifier":"1"}]}`: false, ``: false,
	} {
		if err := check([]byte(answer)); (err == nil) != right {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
