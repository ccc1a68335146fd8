package report

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	table := Table{Title: "Answer time", About: "From frame to answer.", Columns: []string{"charge points", "p50, ms"}, Notes: []string{"Client included."}}
	table.Add(1, "0.9")
	table.Add(1000, "12.5")

	for _, test := range []struct {
		name  string
		write func(*strings.Builder) error
		want  string
	}{
		{"text", func(w *strings.Builder) error { return table.Text(w) },
			"\nAnswer time\n  charge points  p50, ms\n  1              0.9\n  1000           12.5\n  (Client included.)\n"},
		{"markdown", func(w *strings.Builder) error { return table.Markdown(w) },
			"## Answer time\n\nFrom frame to answer.\n\n| charge points | p50, ms |\n| --- | ---: |\n| 1 | 0.9 |\n| 1000 | 12.5 |\n\n- Client included.\n\n"},
	} {
		var got strings.Builder
		if err := test.write(&got); err != nil || got.String() != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, got.String(), err, test.want)
		}
	}
}
