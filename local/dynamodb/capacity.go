package dynamodb

import (
	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// Units are reckoned as "DynamoDB read and write operations" of the developer guide says.

// consumedCapacity is what a request took from one table, in units.
type consumedCapacity struct {
	TableName              string
	CapacityUnits          float64
	Table                  *units           `json:",omitempty"` // with INDEXES alone, as are the others
	LocalSecondaryIndexes  map[string]units `json:",omitempty"`
	GlobalSecondaryIndexes map[string]units `json:",omitempty"`
}

type units struct{ CapacityUnits float64 }

const (
	writeUnit = 1 << 10 // bytes
	readUnit  = 4 << 10
)

func writeUnits(bytes int) float64 { return float64(max(1, (bytes+writeUnit-1)/writeUnit)) }

// readUnits: a read that need not be consistent costs half.
func readUnits(bytes int, consistent bool) float64 {
	n := float64(max(1, (bytes+readUnit-1)/readUnit))
	if !consistent {
		n /= 2
	}
	return n
}

// capacity returns what is answered; nil when it was not asked for.
func capacity(mode string, t *table, ofTable float64, ofIndexes map[*store.Index]float64) *consumedCapacity {
	if mode != "TOTAL" && mode != "INDEXES" {
		return nil
	}
	c := &consumedCapacity{TableName: t.Name, CapacityUnits: ofTable}
	if mode == "INDEXES" {
		c.Table = &units{ofTable}
	}
	for index, n := range ofIndexes {
		c.CapacityUnits += n
		if mode != "INDEXES" {
			continue
		}
		all := &c.LocalSecondaryIndexes
		if index.Global {
			all = &c.GlobalSecondaryIndexes
		}
		if *all == nil {
			*all = make(map[string]units)
		}
		(*all)[index.Name] = units{n}
	}
	return c
}

func readCapacity(mode string, t *table, n float64) *consumedCapacity {
	return capacity(mode, t, n, nil)
}

// writeCapacity reckons with the larger of the old and the new item, and with each index that changes.
func writeCapacity(mode string, t *table, old, updated attribute.Map) *consumedCapacity {
	if mode != "TOTAL" && mode != "INDEXES" {
		return nil
	}
	ofIndexes := make(map[*store.Index]float64)
	for i := range t.Indexes {
		index := &t.Indexes[i]
		if n := indexUnits(t, index, old, updated); n > 0 {
			ofIndexes[index] = n
		}
	}
	return capacity(mode, t, max(writeUnits(old.Size()), writeUnits(updated.Size())), ofIndexes)
}

// indexUnits: an entry that comes, goes or changes is one write; one whose key changes is two, a deletion and a put.
func indexUnits(t *table, index *store.Index, old, updated attribute.Map) float64 {
	was, is := index.Holds(old), index.Holds(updated)
	var before, after attribute.Map
	if was {
		before = t.Projected(index, old)
	}
	if is {
		after = t.Projected(index, updated)
	}
	switch {
	case !was && !is || was && is && attribute.Equal(before, after):
		return 0
	case was && is && !attribute.Equal(t.KeyOf(index, old), t.KeyOf(index, updated)):
		return writeUnits(before.Size()) + writeUnits(after.Size())
	}
	return max(writeUnits(before.Size()), writeUnits(after.Size()))
}

// itemCollectionMetrics tells of the items of one partition key in a table with local indexes.
type itemCollectionMetrics struct {
	ItemCollectionKey   attribute.Map
	SizeEstimateRangeGB [2]float64
}

func collectionMetrics(mode string, t *table, key attribute.Map) *itemCollectionMetrics {
	if mode != "SIZE" {
		return nil
	}
	for i := range t.Indexes {
		if !t.Indexes[i].Global {
			hash := t.Keys.Hash.Name
			gigabytes := float64(t.Collection(key[hash]) >> 30)
			return &itemCollectionMetrics{attribute.Map{hash: key[hash]}, [2]float64{gigabytes, gigabytes + 1}}
		}
	}
	return nil
}
