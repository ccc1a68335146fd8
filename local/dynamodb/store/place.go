package store

import (
	"encoding/binary"
	"hash/fnv"
	"math/bits"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
)

// shards is how many parts a table has. More would make waiting no rarer with the few processors of one machine.
const shards = 64

// hashLength is how many bytes of hash a place begins with.
const hashLength = 8

// A place is where an item lies in the order of a table or index: eight bytes of hash, then the keys, joined.

// partition is what all places of one partition key begin with. The value must be one of a key's types.
func partition(hashKey attribute.Value) string {
	key, _ := attribute.Sortable(hashKey)
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	// FNV leaves the upper bits of short keys alike; a multiplication by the golden ratio spreads them.
	hash := bits.RotateLeft64(h.Sum64(), 32) * 0x9e3779b97f4a7c15
	return string(binary.BigEndian.AppendUint64(nil, hash)) + attribute.Joined(key)
}

func shardOf(place string) int { return int(place[0]) * shards / 256 }

// placeOf returns the place of an item in the table (index nil) or in an index that holds it.
func (d *Definition) placeOf(index *Index, item attribute.Map) string {
	if index == nil {
		return partition(item[d.Keys.Hash.Name]) + rest(item, d.Keys.Range)
	}
	place := partition(item[index.Keys.Hash.Name]) + rest(item, index.Keys.Range)
	if index.Global {
		return place + rest(item, d.Keys.Hash, d.Keys.Range)
	}
	return place + rest(item, d.Keys.Range)
}

func rest(item attribute.Map, keys ...Key) string {
	place := ""
	for _, key := range keys {
		if key.Name != "" {
			sortable, _ := attribute.Sortable(item[key.Name])
			place += attribute.Joined(sortable)
		}
	}
	return place
}

// Range is places from From (included) to To (excluded; "" for the end).
type Range struct{ From, To string }

// Partition is the range of one partition key and, when condition is not nil, of the sort keys for which it holds.
func Partition(hashKey attribute.Value, condition *expression.KeyCondition) Range {
	base := partition(hashKey)
	whole := Range{base, attribute.After(base)}
	if condition == nil {
		return whole
	}
	first, _ := attribute.Sortable(condition.Values[0])
	at := base + attribute.Joined(first)
	switch condition.Operator {
	case "=":
		return Range{at, attribute.After(at)}
	case "<":
		return Range{base, at}
	case "<=":
		return Range{base, attribute.After(at)}
	case ">":
		return Range{attribute.After(at), whole.To}
	case ">=":
		return Range{at, whole.To}
	case "BETWEEN":
		last, _ := attribute.Sortable(condition.Values[1])
		return Range{at, attribute.After(base + attribute.Joined(last))}
	}
	prefix := attribute.Prefix(base, first) // begins_with
	return Range{prefix, attribute.After(prefix)}
}

// Segment is the range of one of total equal parts of all hashes, counted from 0.
func Segment(segment, total int) Range {
	bound := func(n int) string {
		if n == 0 || n == total {
			return ""
		}
		quotient, _ := bits.Div64(uint64(n), 0, uint64(total)) // n × 2^64 / total
		return string(binary.BigEndian.AppendUint64(nil, quotient))
	}
	return Range{bound(segment), bound(segment + 1)}
}

// Includes says whether the item with that key lies in the range.
func (d *Definition) Includes(r Range, index *Index, key attribute.Map) bool {
	place := d.placeOf(index, key)
	return place >= r.From && (r.To == "" || place < r.To)
}
