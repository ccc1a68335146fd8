package dynamodb

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// Table describes a table to be made, as AWS::DynamoDB::Table does.
type Table struct {
	Name              string
	HashKey, RangeKey string // names of attributes; RangeKey may be empty
	// AttributeTypes are the types (S, N or B) of all attributes that are keys of the table or of an index.
	AttributeTypes      map[string]string
	GlobalIndexes       []Index
	LocalIndexes        []Index // their HashKey must be the table's
	TimeToLiveAttribute string  // empty: items do not expire
	PointInTimeRecovery bool
}

// Index is a secondary index of a table.
type Index struct {
	Name              string
	HashKey, RangeKey string
	Projection        string   // ALL, KEYS_ONLY or INCLUDE
	NonKeyAttributes  []string // of INCLUDE
}

// CreateTables makes the tables that are not there yet, and sets time to live and point-in-time recovery of all. A table that is on
// disk with other keys or indexes is an error: what it holds cannot be kept.
func (s *Service) CreateTables(ctx context.Context, tables []Table) error {
	for _, table := range tables {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.ensureTable(table); err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	return nil
}

func (s *Service) ensureTable(wanted Table) error {
	request := wanted.request()
	definition, err := request.definition()
	if err != nil {
		return err
	}
	t, made, err := s.catalog.create(definition)
	switch {
	case err != nil:
		return err
	case made:
		s.log.Info("table created", "table", wanted.Name)
	case !sameShape(t.Definition, definition):
		return fmt.Errorf("its keys or indexes have changed since it was kept in %s: delete that folder to start with empty tables", s.config.Dir)
	}
	return s.catalog.change(t, func(changed *settings) {
		changed.TimeToLiveAttribute, changed.PointInTimeRecovery = wanted.TimeToLiveAttribute, wanted.PointInTimeRecovery
	})
}

// sameShape compares what of a table cannot be changed here.
func sameShape(a, b store.Definition) bool {
	byName := func(indexes []store.Index) map[string]store.Index {
		named := make(map[string]store.Index)
		for _, index := range indexes {
			index.NonKey = slices.Sorted(slices.Values(index.NonKey))
			named[index.Name] = index
		}
		return named
	}
	return a.Keys == b.Keys && maps.Equal(a.Types, b.Types) && reflect.DeepEqual(byName(a.Indexes), byName(b.Indexes))
}

// request is the table as a CreateTable request.
func (t Table) request() *tableRequest {
	request := &tableRequest{
		TableName: t.Name, BillingMode: "PAY_PER_REQUEST", KeySchema: schemaOf(t.HashKey, t.RangeKey),
		GlobalSecondaryIndexes: indexRequests(t.GlobalIndexes), LocalSecondaryIndexes: indexRequests(t.LocalIndexes),
	}
	for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes)) {
		request.AttributeDefinitions = append(request.AttributeDefinitions, attributeDefinition{name, t.AttributeTypes[name]})
	}
	return request
}

func schemaOf(hash, sort string) []keyElement {
	return keySchema(store.Keys{Hash: store.Key{Name: hash}, Range: store.Key{Name: sort}})
}

func indexRequests(indexes []Index) []indexRequest {
	var all []indexRequest
	for _, index := range indexes {
		all = append(all, indexRequest{
			IndexName: index.Name, KeySchema: schemaOf(index.HashKey, index.RangeKey),
			Projection: &projection{index.Projection, index.NonKeyAttributes},
		})
	}
	return all
}
