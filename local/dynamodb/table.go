package dynamodb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
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

// activeTimeout is how long a new table may take to become active; it takes milliseconds.
const activeTimeout = 10 * time.Second

// description is what is read of a DescribeTable answer, and written as a CreateTable request: the names are the same.
type description struct {
	TableName              string
	TableStatus            string `json:",omitempty"`
	BillingMode            string `json:",omitempty"`
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keyElement
	GlobalSecondaryIndexes []indexDescription `json:",omitempty"`
	LocalSecondaryIndexes  []indexDescription `json:",omitempty"`
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keyElement struct{ AttributeName, KeyType string }

type indexDescription struct {
	IndexName  string
	KeySchema  []keyElement
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string `json:",omitempty"`
	}
}

type tableName struct{ TableName string }

// CreateTables makes the tables that are not there yet, and sets time to live and point-in-time recovery of all. A table that is on
// disk with other keys or indexes is an error: what it holds cannot be kept.
func (s *Service) CreateTables(ctx context.Context, tables []Table) error {
	for _, table := range tables {
		if err := s.createTable(ctx, table); err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	return nil
}

func (s *Service) createTable(ctx context.Context, table Table) error {
	wanted := table.describe()
	existing, err := s.describeTable(ctx, table.Name)
	switch {
	case isCode(err, "ResourceNotFoundException"):
		if err := s.call(ctx, "CreateTable", wanted, &struct{}{}); err != nil {
			return err
		}
		if err := s.awaitActive(ctx, table.Name); err != nil {
			return err
		}
		s.log.Info("table created", "table", table.Name)
	case err != nil:
		return err
	case existing.shape() != wanted.shape():
		return fmt.Errorf("its keys or indexes have changed since it was kept in %s: delete that folder to start with empty tables", s.config.Dir)
	}
	return s.settings.change(table.Name, func(t *tableSettings) {
		t.TimeToLiveAttribute, t.PointInTimeRecovery = table.TimeToLiveAttribute, table.PointInTimeRecovery
	})
}

func (s *Service) describeTable(ctx context.Context, name string) (description, error) {
	var answer struct{ Table description }
	err := s.call(ctx, "DescribeTable", tableName{name}, &answer)
	return answer.Table, err
}

func (s *Service) awaitActive(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, activeTimeout)
	defer cancel()
	for {
		d, err := s.describeTable(ctx, name)
		if err != nil || d.TableStatus == "ACTIVE" {
			return err
		}
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("it did not become active: %w", ctx.Err())
		}
	}
}

// describe is the table as a CreateTable request.
func (t Table) describe() description {
	d := description{
		TableName:              t.Name,
		BillingMode:            "PAY_PER_REQUEST",
		KeySchema:              keySchema(t.HashKey, t.RangeKey),
		GlobalSecondaryIndexes: describeIndexes(t.GlobalIndexes),
		LocalSecondaryIndexes:  describeIndexes(t.LocalIndexes),
	}
	for _, name := range slices.Sorted(maps.Keys(t.AttributeTypes)) {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{name, t.AttributeTypes[name]})
	}
	return d
}

func keySchema(hash, rang string) []keyElement {
	schema := []keyElement{{hash, "HASH"}}
	if rang != "" {
		schema = append(schema, keyElement{rang, "RANGE"})
	}
	return schema
}

func describeIndexes(indexes []Index) []indexDescription {
	var all []indexDescription
	for _, index := range indexes {
		d := indexDescription{IndexName: index.Name, KeySchema: keySchema(index.HashKey, index.RangeKey)}
		d.Projection.ProjectionType, d.Projection.NonKeyAttributes = index.Projection, index.NonKeyAttributes
		all = append(all, d)
	}
	return all
}

// shape writes what of a table cannot be changed here, in an order of its own.
func (d description) shape() string {
	var parts []string
	for _, a := range d.AttributeDefinitions {
		parts = append(parts, fmt.Sprint("attribute ", a))
	}
	for kind, indexes := range map[string][]indexDescription{"global": d.GlobalSecondaryIndexes, "local": d.LocalSecondaryIndexes} {
		for _, index := range indexes {
			parts = append(parts, fmt.Sprint(kind, " index ", index))
		}
	}
	slices.Sort(parts)
	return fmt.Sprint("keys ", d.KeySchema, " ", strings.Join(parts, " "))
}
