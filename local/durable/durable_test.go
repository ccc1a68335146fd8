package durable_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/killtest"
)

// stores runs a test against both kinds of store.
func stores(t *testing.T, test func(t *testing.T, store *durable.Store)) {
	t.Run("memory", func(t *testing.T) { test(t, durable.Memory()) })
	t.Run("file", func(t *testing.T) {
		store, err := durable.Open(filepath.Join(t.TempDir(), "state", "test.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, store)
	})
}

// contents lists a bucket as "key=value key=value".
func contents(t *testing.T, b durable.Bucket) string {
	t.Helper()
	var all []string
	if err := b.ForEach(func(key string, value []byte) error {
		all = append(all, key+"="+string(value))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func TestBucket(t *testing.T) {
	stores(t, func(t *testing.T, store *durable.Store) {
		a, b := store.Bucket("a"), store.Bucket("b")
		if got := contents(t, a); got != "" {
			t.Errorf("a new bucket holds %q", got)
		}
		for _, err := range []error{
			a.Put("2", []byte("two")), a.Put("1", []byte("one")), a.Put("3", nil),
			a.Put("2", []byte("TWO")), b.Put("1", []byte("other")), a.Delete("nothing"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := contents(t, a); got != "1=one 2=TWO 3=" {
			t.Errorf("bucket a holds %q", got)
		}
		if err := a.Delete("1"); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string][]byte{"1": nil, "2": []byte("TWO"), "3": {}} {
			got, err := a.Get(key)
			if err != nil || string(got) != string(want) || (got == nil) != (want == nil) {
				t.Errorf("Get(%s) = %q, %v; want %q", key, got, err, want)
			}
		}
		if got := contents(t, b); got != "1=other" {
			t.Errorf("bucket b holds %q", got)
		}
	})
}

func TestForEachMayWriteAndStops(t *testing.T) {
	stores(t, func(t *testing.T, store *durable.Store) {
		b := store.Bucket("b")
		if err := store.Write(b.PutChange("1", []byte("x")), b.PutChange("2", []byte("y"))); err != nil {
			t.Fatal(err)
		}
		stop := errors.New("stop")
		err := b.ForEach(func(key string, _ []byte) error {
			if err := b.Delete(key); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("ForEach returned %v, want the error of visit", err)
		}
		if got := contents(t, b); got != "2=y" {
			t.Errorf("after one visit the bucket holds %q", got)
		}
	})
}

func TestStagedChangesKeepTheirOrder(t *testing.T) {
	stores(t, func(t *testing.T, store *durable.Store) {
		b := store.Bucket("b")
		first := store.Stage(b.PutChange("k", []byte("first")))
		second := store.Stage(b.PutChange("k", []byte("second")), b.PutChange("l", []byte("z")))
		if err := errors.Join(second.Wait(), first.Wait()); err != nil {
			t.Fatal(err)
		}
		if got := contents(t, b); got != "k=second l=z" {
			t.Errorf("the bucket holds %q", got)
		}
		store.Stage(b.DeleteChange("k"))
		if got := contents(t, b); got != "l=z" {
			t.Errorf("reading did not see what was staged: %q", got)
		}
	})
}

func TestConcurrentWrites(t *testing.T) {
	stores(t, func(t *testing.T, store *durable.Store) {
		b := store.Bucket("b")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				if err := b.Put(strconv.Itoa(i), []byte("v")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		if err := b.ForEach(func(string, []byte) error { n++; return nil }); err != nil || n != 200 {
			t.Errorf("%d of 200 values are there, %v", n, err)
		}
	})
}

func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	store, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	store.Stage(store.Bucket("b").PutChange("k", []byte("v"))) // written by Close
	if _, err := durable.Open(path); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("a second Open returned %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := contents(t, again.Bucket("b")); got != "k=v" {
		t.Errorf("after opening again the bucket holds %q", got)
	}
}

func TestOpenRefusesAForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := durable.Open(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("Open of a foreign file returned %v", err)
	}
}

// TestKill writes in a process of its own, kills it, and looks for everything that was acknowledged.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	acknowledged := killtest.Acknowledged(t, path, 500, func(path string, acknowledge func()) {
		store, err := durable.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			if err := store.Bucket("b").Put(strconv.Itoa(i), []byte("v")); err != nil {
				t.Fatal(err)
			}
			acknowledge()
		}
	})
	store, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for i := range acknowledged {
		if got, err := store.Bucket("b").Get(strconv.Itoa(i)); string(got) != "v" {
			t.Fatalf("%d of %d acknowledged values are there, then %q, %v", i, acknowledged, got, err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	store, err := durable.Open(filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	bucket, value := store.Bucket("b"), make([]byte, 400)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if err := bucket.Put(strconv.Itoa(i%1000), value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
