package main

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// architectureTable reads the rows of the table under a heading of docs/architecture.md by their first cell. A cell
// is what stands in it between backquotes: names, never prose.
func architectureTable(t *testing.T, heading string) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("docs/architecture.md has no heading %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	rows := make(map[string][][]string)
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 2 || strings.HasPrefix(cells[0], "---") {
			continue
		}
		var row [][]string
		for _, cell := range cells {
			row = append(row, quoted(cell))
		}
		rows[strings.Trim(strings.TrimSpace(cells[0]), "`")] = row
	}
	delete(rows, "table") // the headings of the columns
	delete(rows, "name")
	return rows
}

// quoted are the parts of a text between backquotes.
func quoted(text string) (parts []string) {
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			parts = append(parts, part)
		}
	}
	return parts
}

func TestArchitectureNamesEveryTableAndItsKey(t *testing.T) {
	documented := architectureTable(t, "Tables")
	for _, table := range tables {
		row, has := documented[table.name]
		if !has {
			t.Errorf("docs/architecture.md does not have %s", table.name)
			continue
		}
		names := []string{table.partitionKey, table.sortKey}
		if table.global != nil {
			names = append(names, table.global.name)
		}
		for _, local := range table.local {
			names = append(names, local.name)
		}
		for _, name := range names {
			if name != "" && !slices.Contains(row[1], name) {
				t.Errorf("docs/architecture.md: the key of %s is %v, which lacks %s", table.name, row[1], name)
			}
		}
		delete(documented, table.name)
	}
	for name := range documented {
		t.Errorf("docs/architecture.md has %s, which is no table of the stack", name)
	}
}

func TestArchitectureNamesEveryPropertyAndItsDefault(t *testing.T) {
	read := make(map[string]bool)
	none := func(string) string { return "" }
	want, err := readProperties(func(key string) any { read[key] = true; return nil }, none)
	if err != nil {
		t.Fatal(err)
	}
	documented := architectureTable(t, "Properties of the stack")
	if got, want := slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(read)); !slices.Equal(got, want) {
		t.Errorf("docs/architecture.md has the properties %v, the stack %v", got, want)
	}
	got, err := readProperties(func(key string) any {
		if row := documented[key]; len(row) > 1 && len(row[1]) == 1 {
			return row[1][0]
		}
		return nil // documented as none
	}, none)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the defaults of docs/architecture.md are %+v, those of the stack %+v; %v", got, want, err)
	}
}
