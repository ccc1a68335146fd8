// Package store holds the items of DynamoDB tables and their indexes: in memory, sorted, and, with a folder, in a journal.
//
// A table is divided by the hash of the partition key into shards with locks of their own, so that writes to different
// partitions seldom wait for each other. Within a shard, and so in a scan, items lie by hash, partition key and sort
// key; in a local index by hash, partition key, the index's sort key and the table's. A global index is divided in the same way by
// its own partition key. Items are never changed, only replaced: a reader holds a lock no longer than it takes to gather them.
package store

import (
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Key is an attribute of a key: its name and its type, S, N or B.
type Key struct{ Name, Type string }

// Keys are those of a table or index. Range.Name is empty when there is none.
type Keys struct{ Hash, Range Key }

// List is the one key or the two.
func (k Keys) List() []Key {
	if k.Range.Name == "" {
		return []Key{k.Hash}
	}
	return []Key{k.Hash, k.Range}
}

// Definition is what a table is.
type Definition struct {
	Name    string
	ID      string // unique among all tables there ever were
	Created time.Time
	Keys    Keys
	Indexes []Index
	// Types of the attributes of all keys, by name.
	Types map[string]string
	// BillingMode is PAY_PER_REQUEST or PROVISIONED, then with the read and write units that were asked for, which nothing here limits.
	BillingMode           string
	ReadUnits, WriteUnits int64
	DeletionProtected     bool
}

// Projections of indexes.
const (
	ProjectAll     = "ALL"
	ProjectKeys    = "KEYS_ONLY"
	ProjectInclude = "INCLUDE"
)

// Index is a secondary index.
type Index struct {
	Name       string
	Global     bool
	Keys       Keys
	Projection string
	NonKey     []string // of ProjectInclude
}

// Index returns the index of that name, nil when there is none.
func (d *Definition) Index(name string) *Index {
	at := slices.IndexFunc(d.Indexes, func(i Index) bool { return i.Name == name })
	if at < 0 {
		return nil
	}
	return &d.Indexes[at]
}

// StartKeys are the attributes of LastEvaluatedKey: the keys of the table, then those of the index that are no keys of the table.
func (d *Definition) StartKeys(index *Index) []Key {
	keys := d.Keys.List()
	if index == nil {
		return keys
	}
	for _, key := range index.Keys.List() {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Projects says whether an index holds an attribute.
func (d *Definition) Projects(index *Index, name string) bool {
	isKey := func(key Key) bool { return key.Name == name }
	return index.Projection == ProjectAll || slices.Contains(index.NonKey, name) ||
		slices.ContainsFunc(d.Keys.List(), isKey) || slices.ContainsFunc(index.Keys.List(), isKey)
}

// Projected returns what an index holds of an item.
func (d *Definition) Projected(index *Index, item attribute.Map) attribute.Map {
	if index == nil || index.Projection == ProjectAll {
		return item
	}
	projected := make(attribute.Map)
	for _, key := range d.StartKeys(index) {
		projected[key.Name] = item[key.Name]
	}
	for _, name := range index.NonKey {
		if value, has := item[name]; has {
			projected[name] = value
		}
	}
	return projected
}

// KeyOf returns the key attributes of an item.
func (d *Definition) KeyOf(index *Index, item attribute.Map) attribute.Map {
	keys := make(attribute.Map, 4)
	for _, key := range d.StartKeys(index) {
		keys[key.Name] = item[key.Name]
	}
	return keys
}

// Holds says whether an index holds an item: it does when the item has the index's keys.
func (i *Index) Holds(item attribute.Map) bool {
	return item != nil && item[i.Keys.Hash.Name] != nil && (i.Keys.Range.Name == "" || item[i.Keys.Range.Name] != nil)
}
