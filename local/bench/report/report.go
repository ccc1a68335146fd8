// Package report is the shape of what a benchmark of the whole system has to say: tables, as aligned text for a terminal
// and as Markdown for docs/benchmarks.md.
package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Table is one result.
type Table struct {
	Title   string     // a heading, as "Answer time"
	About   string     // how it was measured, in a sentence or two
	Columns []string   // the first names what a row is about, the others are figures with their units
	Rows    [][]string // as long as Columns
	Notes   []string   // what a reader has to know to judge the figures
}

// Add appends a row; what is no text is written as fmt.Sprint does.
func (t *Table) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = fmt.Sprint(cell)
	}
	t.Rows = append(t.Rows, row)
}

// Text writes the table for a terminal.
func (t Table) Text(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\n%s\n", t.Title); err != nil {
		return err
	}
	columns := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		if _, err := fmt.Fprintf(columns, "  %s\n", strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	for _, note := range t.Notes {
		if _, err := fmt.Fprintf(w, "  (%s)\n", note); err != nil {
			return err
		}
	}
	return nil
}

// Markdown writes the table as a section of a document.
func (t Table) Markdown(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "## %s\n\n", t.Title)
	if t.About != "" {
		fmt.Fprintf(&text, "%s\n\n", t.About)
	}
	line := func(cells []string) { fmt.Fprintf(&text, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.Columns)
	rule := make([]string, len(t.Columns))
	for i := range rule {
		rule[i] = "---:"
	}
	rule[0] = "---"
	line(rule)
	for _, row := range t.Rows {
		line(row)
	}
	text.WriteString("\n")
	for _, note := range t.Notes {
		fmt.Fprintf(&text, "- %s\n", note)
	}
	if len(t.Notes) > 0 {
		text.WriteString("\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}
