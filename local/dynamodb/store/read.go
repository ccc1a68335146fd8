package store

import (
	"iter"
	"sync"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/ordered"
)

// Get returns the item with that key, nil when there is none.
func (t *Table) Get(key attribute.Map) attribute.Map {
	place := t.placeOf(nil, key)
	shard := &t.shards[shardOf(place)]
	shard.mu.RLock()
	defer shard.mu.RUnlock()
	if found, has := shard.items.Get(place); has {
		return found.item
	}
	return nil
}

// Read says what Page is to read.
type Read struct {
	Index   *Index // nil: the table
	Range   Range
	Start   attribute.Map // the key behind which to begin; nil: at the begin of the range
	Reverse bool
	Limit   int // 0: none
	Bytes   int // no more items are read when those that were are as large
}

// Page returns items in order, those of an index with only the attributes that it holds when projected is set. more says that it ended
// at one of the limits, at which there may be an end of the range as well.
func (t *Table) Page(read Read, projected bool) (items []attribute.Map, bytes int, more bool) {
	r := read.Range
	if read.Start != nil {
		place := t.placeOf(read.Index, read.Start)
		if read.Reverse {
			r.To = place
		} else {
			r.From = place + "\x00"
		}
	}
	for _, found := range t.walk(read.Index, r, read.Reverse) {
		item, size := found.item, found.size
		if projected && read.Index != nil && read.Index.Projection != ProjectAll {
			item = t.Projected(read.Index, item)
			size = item.Size()
		}
		items = append(items, item)
		bytes += size
		if len(items) == read.Limit || bytes >= read.Bytes {
			return items, bytes, true
		}
	}
	return items, bytes, false
}

// walk yields what lies in a range. A shard is locked while its items are gathered: a few at a time, so that writers do not wait for
// long, and never while yield runs.
func (t *Table) walk(index *Index, r Range, reverse bool) iter.Seq2[string, *stored] {
	return func(yield func(string, *stored) bool) {
		first, last := 0, shards-1
		if r.From != "" {
			first = shardOf(r.From)
		}
		if r.To != "" {
			last = shardOf(r.To)
		}
		for i := range last - first + 1 {
			shard := first + i
			if reverse {
				shard = last - i
			}
			mu, items := t.part(index, shard)
			if !walkShard(mu, items, r, reverse, yield) {
				return
			}
		}
	}
}

// gathered is how many items are read under one lock.
const gathered = 128

func walkShard(mu *sync.RWMutex, items *ordered.Map[*stored], r Range, reverse bool, yield func(string, *stored) bool) bool {
	type entry struct {
		place string
		item  *stored
	}
	batch := make([]entry, 0, 16)
	for {
		batch = batch[:0]
		mu.RLock()
		direction := items.Ascend
		if reverse {
			direction = items.Descend
		}
		for place, item := range direction(r.From, r.To) {
			if batch = append(batch, entry{place, item}); len(batch) == gathered {
				break
			}
		}
		mu.RUnlock()
		for _, e := range batch {
			if !yield(e.place, e.item) {
				return false
			}
		}
		if len(batch) < gathered {
			return true
		}
		if last := batch[len(batch)-1].place; reverse {
			r.To = last
		} else {
			r.From = last + "\x00"
		}
	}
}

// part is a shard of the table, of a local index or of a global one.
func (t *Table) part(index *Index, at int) (*sync.RWMutex, *ordered.Map[*stored]) {
	shard := &t.shards[at]
	if index == nil {
		return &shard.mu, &shard.items
	}
	for _, global := range t.globals {
		if global.Index == index {
			return &global.shards[at].mu, &global.shards[at].items
		}
	}
	for _, local := range shard.locals {
		if local.Index == index {
			return &shard.mu, &local.items
		}
	}
	return &shard.mu, &ordered.Map[*stored]{} // an index of another table holds nothing
}

// Collection is the size in bytes of all items of a partition key and of what local indexes hold of them.
func (t *Table) Collection(hashKey attribute.Value) (bytes int64) {
	for _, found := range t.walk(nil, Partition(hashKey, nil), false) {
		bytes += int64(found.size)
		for i := range t.Indexes {
			if index := &t.Indexes[i]; !index.Global && index.Holds(found.item) {
				bytes += int64(t.Projected(index, found.item).Size())
			}
		}
	}
	return bytes
}

// Each yields every item of the table, each as it is when it is reached.
func (t *Table) Each() iter.Seq[attribute.Map] {
	return func(yield func(attribute.Map) bool) {
		for _, found := range t.walk(nil, Range{}, false) {
			if !yield(found.item) {
				return
			}
		}
	}
}
