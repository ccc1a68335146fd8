package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// insights are the words of the language of Logs Insights that the queries use.
var insights = strings.Fields("fields filter stats sort limit as by asc desc like or and ispresent count count_distinct latest")

// ofOthers are members that log/slog gives each line, and Lambda those that it writes itself about invocations that failed.
var ofOthers = strings.Fields("level msg type errorType")

var (
	comments    = regexp.MustCompile(`(?m)^#.*$`)
	literals    = regexp.MustCompile(`"[^"]*"`)
	aliases     = regexp.MustCompile(`\bas (\w+)`)
	identifiers = regexp.MustCompile(`@?\b[A-Za-z]\w*`)
)

// A query that names a member which no line has finds nothing, and nobody is told.
func TestSavedQueriesNameWhatIsLogged(t *testing.T) {
	written := loggedBy(t, "../functions", "../shared")
	for _, q := range queries {
		text := literals.ReplaceAllString(comments.ReplaceAllString(q.text, ""), "")
		known := make(map[string]bool)
		for _, word := range append(insights, ofOthers...) {
			known[word] = true
		}
		for _, alias := range aliases.FindAllStringSubmatch(text, -1) {
			known[alias[1]] = true
		}
		named := 0
		for _, word := range identifiers.FindAllString(text, -1) {
			if known[word] || strings.HasPrefix(word, "@") { // of CloudWatch itself
				continue
			}
			named++
			if !strings.Contains(written, `"`+word+`"`) {
				t.Errorf("the query %s names %s, which nothing logs", q.name, word)
			}
		}
		if named == 0 {
			t.Errorf("the query %s names nothing", q.name)
		}
	}
}

// loggedBy is the source of folders, without tests: the names of what is logged are texts in it.
func loggedBy(t *testing.T, folders ...string) string {
	t.Helper()
	var source strings.Builder
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			source.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return source.String()
}
