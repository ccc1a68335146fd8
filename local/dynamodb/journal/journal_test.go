package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/journal"
	"github.com/serverless-ocpp/backend/local/killtest"
)

// open opens a journal and returns what was in it.
func open(t *testing.T, dir string) (*journal.Journal, []string) {
	t.Helper()
	var records []string
	j, err := journal.Open(dir, func(record []byte) error {
		records = append(records, string(record))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return j, records
}

func add(t *testing.T, j *journal.Journal, records ...string) {
	t.Helper()
	for _, record := range records {
		if err := stage(j, record).Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func stage(j *journal.Journal, record string) journal.Receipt {
	return j.Stage(func(b []byte) []byte { return append(b, record...) })
}

func closed(t *testing.T, j *journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestRecordsAreReadAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "table")
	j, records := open(t, dir)
	if len(records) > 0 {
		t.Errorf("a new journal holds %v", records)
	}
	add(t, j, "one", "two")
	stage(j, "three") // written by Close
	closed(t, j)
	j, records = open(t, dir)
	if !slices.Equal(records, []string{"one", "two", "three"}) {
		t.Errorf("it holds %v", records)
	}
	add(t, j, "four")
	closed(t, j)
	if err := stage(j, "late").Wait(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a record after Close returned %v", err)
	}
	j, records = open(t, dir)
	defer closed(t, j)
	if len(records) != 4 || j.Size() != int64(len("one\ntwo\nthree\nfour\n")) {
		t.Errorf("it holds %v, %d bytes", records, j.Size())
	}
}

func TestConcurrentRecords(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if err := stage(j, fmt.Sprint(i)).Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	closed(t, j)
	j, records := open(t, dir)
	defer closed(t, j)
	if slices.Sort(records); len(slices.Compact(records)) != 200 {
		t.Errorf("%d of 200 records are there", len(records))
	}
}

func TestCompact(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "a=1", "b=1", "a=2")
	err := j.Compact(func(write func([]byte) error) error {
		add(t, j, "c=1") // while the snapshot is being written
		return errors.Join(write([]byte("a=2")), write([]byte("b=1")))
	})
	if err != nil {
		t.Fatal(err)
	}
	add(t, j, "b=2")
	if got := files(t, dir); !slices.Equal(got, []string{"log-00000001", "snapshot-00000001"}) {
		t.Errorf("the folder has %v", got)
	}
	closed(t, j)
	j, records := open(t, dir)
	defer closed(t, j)
	if !slices.Equal(records, []string{"a=2", "b=1", "c=1", "b=2"}) {
		t.Errorf("it holds %v", records)
	}
}

func TestFailedSnapshotLosesNothing(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "a=1")
	full := errors.New("disk full")
	if err := j.Compact(func(func([]byte) error) error { return full }); !errors.Is(err, full) {
		t.Fatalf("Compact returned %v", err)
	}
	add(t, j, "b=1")
	closed(t, j)
	// As a kill would leave it: half a snapshot.
	if err := os.WriteFile(filepath.Join(dir, "unfinished-00000001"), []byte("a="), 0o600); err != nil {
		t.Fatal(err)
	}
	j, records := open(t, dir)
	if !slices.Equal(records, []string{"a=1", "b=1"}) {
		t.Errorf("it holds %v of files %v", records, files(t, dir))
	}
	if err := j.Compact(func(write func([]byte) error) error { return write([]byte("all")) }); err != nil {
		t.Fatal(err)
	}
	closed(t, j)
	j, records = open(t, dir)
	defer closed(t, j)
	if !slices.Equal(records, []string{"all"}) {
		t.Errorf("after a snapshot it holds %v of files %v", records, files(t, dir))
	}
}

func TestTornLine(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "one", "two")
	closed(t, j)
	log := filepath.Join(dir, "log-00000000")
	if err := os.Truncate(log, int64(len("one\ntw"))); err != nil {
		t.Fatal(err)
	}
	j, records := open(t, dir)
	if !slices.Equal(records, []string{"one"}) {
		t.Errorf("it holds %v", records)
	}
	add(t, j, "three")
	closed(t, j)
	if data, err := os.ReadFile(log); string(data) != "one\nthree\n" || err != nil {
		t.Errorf("the log is %q, %v", data, err)
	}
	if err := os.Rename(log, filepath.Join(dir, "snapshot-00000001")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "snapshot-00000001"), 6); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(dir, func([]byte) error { return nil }); err == nil || !strings.Contains(err.Error(), "snapshot-00000001 is incomplete") {
		t.Errorf("a snapshot that was cut returned %v", err)
	}
}

func TestReplayErrorNamesThePlace(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "one", "two")
	closed(t, j)
	_, err := journal.Open(dir, func(record []byte) error {
		if string(record) == "two" {
			return errors.New("unreadable")
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "log-00000000, at byte 4: unreadable") {
		t.Errorf("Open returned %v", err)
	}
}

// TestKill writes in a process of its own, kills it, and looks for everything that was acknowledged.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := killtest.Acknowledged(t, dir, 1000, func(dir string, acknowledge func()) {
		j, _ := open(t, dir)
		for i := 0; ; i++ {
			add(t, j, fmt.Sprint(i))
			acknowledge()
		}
	})
	j, records := open(t, dir)
	defer closed(t, j)
	if len(records) < acknowledged {
		t.Errorf("%d of %d acknowledged records are there", len(records), acknowledged)
	}
	for i, record := range records {
		if record != fmt.Sprint(i) {
			t.Fatalf("record %d is %q", i, record)
		}
	}
}
