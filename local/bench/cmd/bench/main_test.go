package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

func TestParse(t *testing.T) {
	s, err := parse([]string{"-sections", "speed,cost", "-sizes", "1,7", "-duration", "2s"})
	if err != nil || strings.Join(s.sections, " ") != "speed cost" || len(s.sizes) != 2 || s.sizes[1] != 7 || s.duration != 2*time.Second {
		t.Errorf("%+v, %v", s, err)
	}
	for _, wrong := range [][]string{
		{"-sections", "speed,weather"}, {"-sizes", "0"}, {"-sizes", "many"}, {"speed"}, {"-sections", "cost", "-write", "x"}, {"-nothing"},
		{"-rate", "0"}, {"-rate", "NaN"}, {"-storm", "0"}, {"-storm", "-1"}, {"-duration", "0s"}, {"-sections", "cost,cost,cost,cost,cost", "-write", "x"},
	} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "benchmarks.md")
	table := report.Table{Title: "Answer time", Columns: []string{"mix", "p50, ms"}}
	table.Add("heartbeat", "1.5")
	began := time.Now().Add(-time.Minute)
	if err := write(settings{write: file}, began, []report.Table{table}); err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Benchmarks\n", "## Answer time\n", "| heartbeat | 1.5 |\n", began.UTC().Format("2 January 2006"), "cores"} {
		if !strings.Contains(string(document), want) {
			t.Errorf("%q is missing in:\n%s", want, document)
		}
	}
}
