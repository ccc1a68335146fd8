package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/journal"
	"github.com/serverless-ocpp/backend/local/dynamodb/ordered"
)

// Table holds the items of a table.
type Table struct {
	Definition
	shards  [shards]shard
	globals []*global
	journal *journal.Journal
	log     *slog.Logger

	items, bytes atomic.Int64

	compacting atomic.Bool
	work       sync.WaitGroup
}

// shard is the items of some partitions, and what local indexes hold of them.
type shard struct {
	mu     sync.RWMutex
	items  ordered.Map[*stored]
	locals []*local
}

type local struct {
	*Index
	items ordered.Map[*stored]
}

// global is a global index.
type global struct {
	*Index
	shards [shards]struct {
		mu    sync.RWMutex
		items ordered.Map[*stored]
	}
}

// stored is an item and its size in bytes. Neither changes.
type stored struct {
	item attribute.Map
	size int
}

// Open makes a table and fills it with what its folder holds. With dir "" it is in memory only.
func Open(definition Definition, dir string, log *slog.Logger) (*Table, error) {
	t := &Table{Definition: definition, log: log}
	for i := range t.Indexes {
		index := &t.Indexes[i]
		if index.Global {
			t.globals = append(t.globals, &global{Index: index})
			continue
		}
		for s := range t.shards {
			t.shards[s].locals = append(t.shards[s].locals, &local{Index: index})
		}
	}
	if dir == "" {
		return t, nil
	}
	var err error
	if t.journal, err = journal.Open(dir, t.replay); err != nil {
		return nil, fmt.Errorf("table %s: %w", definition.Name, err)
	}
	return t, nil
}

// Close writes what has to be written. The table must not be used afterwards.
func (t *Table) Close() error {
	t.work.Wait()
	return t.journal.Close()
}

// Count is the number of items, and their size in bytes.
func (t *Table) Count() (items, bytes int64) { return t.items.Load(), t.bytes.Load() }

// CountIndex is Count of an index.
func (t *Table) CountIndex(index *Index) (items, bytes int64) {
	for _, found := range t.walk(index, Range{}, false) {
		items++
		bytes += int64(t.Projected(index, found.item).Size())
	}
	return items, bytes
}

// record is a line of the journal.
type record struct {
	Put    json.RawMessage `json:"put"`
	Delete json.RawMessage `json:"delete"` // the key
}

// replay does what a line of the journal says.
func (t *Table) replay(line []byte) error {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	if r.Put == nil && r.Delete == nil {
		return errors.New("a record is neither put nor delete")
	}
	if r.Delete != nil {
		key, err := attribute.ParseMap(r.Delete)
		if err == nil {
			t.replace(t.placeOf(nil, key), nil)
		}
		return err
	}
	item, err := attribute.ParseMap(r.Put)
	if err == nil {
		t.replace(t.placeOf(nil, item), &stored{item, item.Size()})
	}
	return err
}

func appendPut(b []byte, item attribute.Map) []byte {
	return append(item.AppendJSON(append(b, `{"put":`...)), '}')
}

func appendDelete(b []byte, key attribute.Map) []byte {
	return append(key.AppendJSON(append(b, `{"delete":`...)), '}')
}

const (
	// compactAbove is the size of a log that is worth a snapshot: reading it back takes a second.
	compactAbove = 64 << 20
	// compactFactor is how much larger than the items a log may grow: a snapshot costs as much as the items are large.
	compactFactor = 4
)

// compactIfLarge writes a snapshot in the background when the log has grown large.
func (t *Table) compactIfLarge() {
	if t.journal.Size() < compactAbove+compactFactor*t.bytes.Load() || !t.compacting.CompareAndSwap(false, true) {
		return
	}
	t.work.Go(func() {
		defer t.compacting.Store(false)
		if err := t.Compact(); err != nil {
			t.log.Error("snapshot of a table not written: its log goes on growing", "table", t.Name, "error", err)
		}
	})
}

// Compact writes a snapshot, so that the log begins anew.
func (t *Table) Compact() error {
	return t.journal.Compact(func(write func([]byte) error) error {
		var line []byte
		for _, found := range t.walk(nil, Range{}, false) {
			line = appendPut(line[:0], found.item)
			if err := write(line); err != nil {
				return err
			}
		}
		return nil
	})
}
