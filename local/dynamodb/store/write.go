package store

import (
	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/ordered"
)

// Change makes the new item of the old one, which is nil when there is none, and must not be changed. A nil item is none: the old one is
// deleted. An error leaves everything as it is.
type Change func(old attribute.Map) (attribute.Map, error)

// Write changes the item with that key, alone: nobody else writes it, or reads it half written, meanwhile. When it returns, what was
// written survives the end of the process. The error is that of change, or of the journal.
func (t *Table) Write(key attribute.Map, change Change) (old, updated attribute.Map, err error) {
	place := t.placeOf(nil, key)
	shard := &t.shards[shardOf(place)]
	shard.mu.Lock()
	if found, has := shard.items.Get(place); has {
		old = found.item
	}
	updated, err = change(old)
	if err != nil || old == nil && updated == nil {
		shard.mu.Unlock()
		return old, updated, err
	}
	var item *stored
	if updated != nil {
		item = &stored{updated, updated.Size()}
	}
	t.replaceIn(shard, place, item)
	// In line while the lock is held, so that the journal has the order in which the item changed.
	receipt := t.journal.Stage(func(b []byte) []byte {
		if updated == nil {
			return appendDelete(b, t.KeyOf(nil, key))
		}
		return appendPut(b, updated)
	})
	shard.mu.Unlock()
	err = receipt.Wait()
	t.compactIfLarge()
	return old, updated, err
}

// replace puts an item at a place, or nothing.
func (t *Table) replace(place string, item *stored) {
	shard := &t.shards[shardOf(place)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	t.replaceIn(shard, place, item)
}

// replaceIn is replace in a shard whose lock is held.
func (t *Table) replaceIn(shard *shard, place string, item *stored) {
	old, _ := shard.items.Get(place)
	if item == nil {
		shard.items.Delete(place)
	} else {
		shard.items.Set(place, item)
		t.items.Add(1)
		t.bytes.Add(int64(item.size))
	}
	if old != nil {
		t.items.Add(-1)
		t.bytes.Add(-int64(old.size))
	}
	for _, local := range shard.locals {
		before, after := t.placeIn(local.Index, old), t.placeIn(local.Index, item)
		set(&local.items, before, after, item)
	}
	for _, global := range t.globals {
		before, after := t.placeIn(global.Index, old), t.placeIn(global.Index, item)
		if before != "" && before != after {
			global.set(before, before, "", nil)
		}
		if after != "" {
			global.set(after, "", after, item)
		}
	}
}

// set changes the shard of a place. Its lock is only ever taken under that of a shard of the table, and no two at once.
func (g *global) set(place, before, after string, item *stored) {
	shard := &g.shards[shardOf(place)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	set(&shard.items, before, after, item)
}

// set moves an item from one place in an index to another; "" is no place.
func set(items *ordered.Map[*stored], before, after string, item *stored) {
	if before != "" && before != after {
		items.Delete(before)
	}
	if after != "" {
		items.Set(after, item)
	}
}

// placeIn is the place of an item in an index, "" when it is not there.
func (t *Table) placeIn(index *Index, item *stored) string {
	if item == nil || !index.Holds(item.item) {
		return ""
	}
	return t.placeOf(index, item.item)
}
