package dynamotest

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/template"
)

// Tests on tables that differ from those that are deployed would prove nothing.
func TestKeysAreThoseOfTheStack(t *testing.T) {
	document, err := os.ReadFile("../../../stack/testdata/AwsOcppGatewayStack.template.json")
	if err != nil {
		t.Fatal(err)
	}
	read, err := template.Parse(document, template.Options{StackName: "Stack"})
	if err != nil {
		t.Fatal(err)
	}
	deployed, err := read.Tables()
	if err != nil {
		t.Fatal(err)
	}
	if len(deployed) != len(keys) {
		t.Errorf("the stack has %d tables, these are %v", len(deployed), slices.Sorted(maps.Keys(keys)))
	}
	for _, table := range deployed {
		name := table.Name[strings.LastIndex(table.Name, "-")+1:]
		want := key{table.HashKey, table.RangeKey, map[string]string{}}
		for _, index := range table.LocalIndexes {
			want.local[index.Name] = index.RangeKey
		}
		if got := keys[name]; got.hash != want.hash || got.sort != want.sort || !maps.Equal(got.local, want.local) {
			t.Errorf("%s is made with %+v, the stack makes it with %+v", name, got, want)
		}
	}
}
