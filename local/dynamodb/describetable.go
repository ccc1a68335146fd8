package dynamodb

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// description is what DynamoDB tells of a table.
type description struct {
	TableName              string
	TableArn, TableId      string
	TableStatus            string
	CreationDateTime       float64 // Unix seconds
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keyElement
	GlobalSecondaryIndexes []indexDescription `json:",omitempty"`
	LocalSecondaryIndexes  []indexDescription `json:",omitempty"`
	ProvisionedThroughput  throughputDescription
	BillingModeSummary     *billingModeSummary `json:",omitempty"`
	// ItemCount and TableSizeBytes are exact; DynamoDB's are those of some hours ago.
	ItemCount, TableSizeBytes int64
	DeletionProtectionEnabled bool
}

type throughputDescription struct {
	NumberOfDecreasesToday                int64
	ReadCapacityUnits, WriteCapacityUnits int64
}

type billingModeSummary struct {
	BillingMode                       string
	LastUpdateToPayPerRequestDateTime float64
}

type indexDescription struct {
	IndexName, IndexArn       string
	IndexStatus               string `json:",omitempty"` // of global indexes
	KeySchema                 []keyElement
	Projection                projection
	ItemCount, IndexSizeBytes int64
	ProvisionedThroughput     *throughputDescription `json:",omitempty"` // of global indexes
}

const active = "ACTIVE"

func (s *Service) describe(t *table) *description {
	d := &description{
		TableName: t.Name, TableArn: s.ARN(t.Name), TableId: t.ID, TableStatus: active, CreationDateTime: seconds(t.Created),
		KeySchema: keySchema(t.Keys), ProvisionedThroughput: throughputDescription{0, t.ReadUnits, t.WriteUnits},
		DeletionProtectionEnabled: t.DeletionProtected,
	}
	d.ItemCount, d.TableSizeBytes = t.Count()
	for _, name := range slices.Sorted(maps.Keys(t.Types)) {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{name, t.Types[name]})
	}
	if t.BillingMode == "PAY_PER_REQUEST" {
		d.BillingModeSummary = &billingModeSummary{t.BillingMode, seconds(t.Created)}
	}
	for i := range t.Indexes {
		index := &t.Indexes[i]
		described := indexDescription{
			IndexName: index.Name, IndexArn: s.ARN(t.Name) + "/index/" + index.Name,
			KeySchema: keySchema(index.Keys), Projection: projection{index.Projection, index.NonKey},
		}
		described.ItemCount, described.IndexSizeBytes = t.CountIndex(index)
		if !index.Global {
			d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, described)
			continue
		}
		described.IndexStatus, described.ProvisionedThroughput = active, &d.ProvisionedThroughput
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, described)
	}
	return d
}

// seconds is a time as in the protocol, to the millisecond.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func keySchema(keys store.Keys) []keyElement {
	schema := []keyElement{{keys.Hash.Name, "HASH"}}
	if keys.Range.Name != "" {
		schema = append(schema, keyElement{keys.Range.Name, "RANGE"})
	}
	return schema
}

type tableName struct{ TableName string }

// named finds the table of a request that is about the table itself.
func (s *Service) named(name string) (*table, error) {
	var c constraints
	c.table(name)
	if err := c.err(); err != nil {
		return nil, err
	}
	t, err := s.catalog.find(name)
	if err != nil {
		return nil, notFound("Requested resource not found: Table: " + nameInARN(name) + " not found")
	}
	return t, nil
}

func (s *Service) describeTable(body []byte) (any, error) {
	var in tableName
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	return struct{ Table *description }{s.describe(t)}, nil
}

// deleteTable deletes a table at once.
func (s *Service) deleteTable(body []byte) (any, error) {
	var in tableName
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	if t.DeletionProtected {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	described := s.describe(t)
	described.TableStatus = "DELETING"
	if err := s.catalog.remove(t); err != nil {
		return nil, &Error{Status: http.StatusInternalServerError, Type: namespace + "InternalServerError", Message: err.Error()}
	}
	s.log.Info("table deleted", "table", t.Name)
	return struct{ TableDescription *description }{described}, nil
}

// maximumListed is how many names ListTables answers with at most.
const maximumListed = 100

func (s *Service) listTables(body []byte) (any, error) {
	var in struct {
		ExclusiveStartTableName string
		Limit                   *int
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var c constraints
	if in.ExclusiveStartTableName != "" {
		c.name(in.ExclusiveStartTableName, "exclusiveStartTableName")
	}
	c.atLeast(in.Limit, "limit", 1)
	c.atMost(in.Limit, "limit", maximumListed)
	if err := c.err(); err != nil {
		return nil, err
	}
	limit := maximumListed
	if in.Limit != nil {
		limit = *in.Limit
	}
	names := slices.DeleteFunc(s.catalog.names(), func(name string) bool { return name <= in.ExclusiveStartTableName })
	answer := struct {
		TableNames             []string
		LastEvaluatedTableName string `json:",omitempty"`
	}{TableNames: append([]string{}, names[:min(limit, len(names))]...)}
	if len(names) > limit {
		answer.LastEvaluatedTableName = names[limit-1]
	}
	return answer, nil
}
