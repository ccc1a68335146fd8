package template

import "fmt"

// A Table is a DynamoDB table.
type Table struct {
	Name              string
	ARN               string
	HashKey, RangeKey string            // names of attributes; RangeKey may be ""
	AttributeTypes    map[string]string // S, N or B, of every attribute that is a key of the table or of an index
	GlobalIndexes     []Index
	LocalIndexes      []Index

	TTLAttribute        string // "" = items do not expire
	PointInTimeRecovery bool
}

// An Index is a secondary index of a table.
type Index struct {
	Name              string
	HashKey, RangeKey string
	Projection        string // ALL, KEYS_ONLY or INCLUDE
	NonKeyAttributes  []string
}

type keySchema []struct{ AttributeName, KeyType string }

// keys returns the names of the attributes that are the hash key and the range key.
func (k keySchema) keys() (hash, sort string) {
	for _, element := range k {
		if element.KeyType == "HASH" {
			hash = element.AttributeName
		} else {
			sort = element.AttributeName
		}
	}
	return hash, sort
}

type declaredIndex struct {
	IndexName  string
	KeySchema  keySchema
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
}

// Tables returns the tables in the order of their logical ids.
func (t *Template) Tables() ([]Table, error) {
	var tables []Table
	for _, r := range t.ofType("AWS::DynamoDB::Table") {
		table, err := t.table(r)
		if err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, nil
}

func (t *Template) table(r *resource) (table Table, err error) {
	var properties struct {
		AttributeDefinitions             []struct{ AttributeName, AttributeType string }
		KeySchema                        keySchema
		GlobalSecondaryIndexes           []declaredIndex
		LocalSecondaryIndexes            []declaredIndex
		PointInTimeRecoverySpecification struct{ PointInTimeRecoveryEnabled bool }
		TimeToLiveSpecification          struct {
			AttributeName string
			Enabled       bool
		}
		StreamSpecification any
	}
	if err := t.decode(r, &properties); err != nil {
		return table, err
	}
	if properties.StreamSpecification != nil {
		return table, fmt.Errorf("resource %s (%s): the stand-in has no streams", r.logicalID, r.Type)
	}
	if table.Name, err = t.physicalName(r); err != nil {
		return table, err
	}
	if table.ARN, err = t.fill(r, kinds[r.Type].attributes["Arn"]); err != nil {
		return table, err
	}
	table.HashKey, table.RangeKey = properties.KeySchema.keys()
	table.AttributeTypes = map[string]string{}
	for _, attribute := range properties.AttributeDefinitions {
		table.AttributeTypes[attribute.AttributeName] = attribute.AttributeType
	}
	table.GlobalIndexes = indexes(properties.GlobalSecondaryIndexes)
	table.LocalIndexes = indexes(properties.LocalSecondaryIndexes)
	table.PointInTimeRecovery = properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
	if lifetime := properties.TimeToLiveSpecification; lifetime.Enabled {
		table.TTLAttribute = lifetime.AttributeName
	}
	return table, nil
}

func indexes(declared []declaredIndex) []Index {
	var list []Index
	for _, d := range declared {
		index := Index{Name: d.IndexName, Projection: d.Projection.ProjectionType, NonKeyAttributes: d.Projection.NonKeyAttributes}
		index.HashKey, index.RangeKey = d.KeySchema.keys()
		list = append(list, index)
	}
	return list
}
