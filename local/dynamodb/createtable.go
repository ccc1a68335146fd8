package dynamodb

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// tableRequest is a CreateTable request.
type tableRequest struct {
	TableName                 string
	BillingMode               string
	AttributeDefinitions      []attributeDefinition
	KeySchema                 []keyElement
	GlobalSecondaryIndexes    []indexRequest
	LocalSecondaryIndexes     []indexRequest
	ProvisionedThroughput     *throughput
	DeletionProtectionEnabled bool
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keyElement struct{ AttributeName, KeyType string }

type projection struct {
	ProjectionType   string
	NonKeyAttributes []string `json:",omitempty"`
}

type indexRequest struct {
	IndexName             string
	KeySchema             []keyElement
	Projection            *projection
	ProvisionedThroughput *throughput
}

type throughput struct{ ReadCapacityUnits, WriteCapacityUnits int64 }

// createTable makes a table, which is active at once. Encryption, streams and tags are accepted and change nothing.
func (s *Service) createTable(body []byte) (any, error) {
	var in tableRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	definition, err := in.definition()
	if err != nil {
		return nil, err
	}
	t, made, err := s.catalog.create(definition)
	if err != nil {
		return nil, err
	}
	if !made {
		return nil, &Error{Status: http.StatusBadRequest, Type: namespace + "ResourceInUseException", Message: "Table already exists: " + in.TableName}
	}
	s.log.Info("table created", "table", in.TableName)
	return struct{ TableDescription *description }{s.describe(t)}, nil
}

const parametersInvalid = "One or more parameter values were invalid: "

// definition checks a request and returns the table that it describes.
func (in *tableRequest) definition() (store.Definition, error) {
	d := store.Definition{
		Name: in.TableName, ID: uuid.NewString(), Created: time.Now(),
		BillingMode: in.BillingMode, DeletionProtected: in.DeletionProtectionEnabled, Types: make(map[string]string),
	}
	var c constraints
	c.table(in.TableName)
	c.notNull(in.AttributeDefinitions == nil, "attributeDefinitions")
	c.notNull(in.KeySchema == nil, "keySchema")
	c.oneOf(in.BillingMode, "billingMode", "PROVISIONED", "PAY_PER_REQUEST")
	for _, a := range in.AttributeDefinitions {
		c.oneOf(a.AttributeType, "attributeDefinitions.member.attributeType", "B", "N", "S")
		d.Types[a.AttributeName] = a.AttributeType
	}
	if err := c.err(); err != nil {
		return d, err
	}
	if err := in.billing(&d); err != nil {
		return d, err
	}
	var err error
	if d.Keys, err = in.keys(in.KeySchema, d.Types); err != nil {
		return d, err
	}
	if err := in.indexes(&d); err != nil {
		return d, err
	}
	used := make(map[string]bool)
	for _, keys := range append([]store.Keys{d.Keys}, keysOf(d.Indexes)...) {
		for _, key := range keys.List() {
			used[key.Name] = true
		}
	}
	if len(used) != len(d.Types) {
		return d, invalid(parametersInvalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	return d, nil
}

func keysOf(indexes []store.Index) []store.Keys {
	all := make([]store.Keys, len(indexes))
	for i, index := range indexes {
		all[i] = index.Keys
	}
	return all
}

func (in *tableRequest) billing(d *store.Definition) error {
	if in.BillingMode == "PAY_PER_REQUEST" {
		if in.ProvisionedThroughput != nil {
			return invalid(parametersInvalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
		}
		return nil
	}
	d.BillingMode = "PROVISIONED"
	if in.ProvisionedThroughput == nil || in.ProvisionedThroughput.ReadCapacityUnits < 1 || in.ProvisionedThroughput.WriteCapacityUnits < 1 {
		return invalid(parametersInvalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	d.ReadUnits, d.WriteUnits = in.ProvisionedThroughput.ReadCapacityUnits, in.ProvisionedThroughput.WriteCapacityUnits
	return nil
}

// keys reads a key schema: a HASH key and perhaps a RANGE key.
func (in *tableRequest) keys(schema []keyElement, types map[string]string) (keys store.Keys, err error) {
	var names, defined []string
	for _, element := range schema {
		names = append(names, element.AttributeName)
	}
	for _, a := range in.AttributeDefinitions {
		defined = append(defined, a.AttributeName)
	}
	switch {
	case len(schema) == 0 || len(schema) > 2:
		return keys, invalid("1 validation error detected: Value '%v' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2", names)
	case slices.ContainsFunc(names, func(name string) bool { return types[name] == "" }):
		return keys, invalid(parametersInvalid+"Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: [%s]",
			strings.Join(names, ", "), strings.Join(defined, ", "))
	case len(names) == 2 && names[0] == names[1]:
		return keys, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	case schema[0].KeyType != "HASH":
		return keys, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	case len(schema) == 2 && schema[1].KeyType != "RANGE":
		return keys, invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	keys.Hash = store.Key{Name: names[0], Type: types[names[0]]}
	if len(names) == 2 {
		keys.Range = store.Key{Name: names[1], Type: types[names[1]]}
	}
	return keys, nil
}

// Limits of tables from "Quotas in Amazon DynamoDB".
const (
	maximumLocalIndexes  = 5
	maximumGlobalIndexes = 20
)

func (in *tableRequest) indexes(d *store.Definition) error {
	switch {
	case in.LocalSecondaryIndexes != nil && len(in.LocalSecondaryIndexes) == 0:
		return invalid(parametersInvalid + "List of LocalSecondaryIndexes is empty")
	case in.GlobalSecondaryIndexes != nil && len(in.GlobalSecondaryIndexes) == 0:
		return invalid(parametersInvalid + "List of GlobalSecondaryIndexes is empty")
	case len(in.LocalSecondaryIndexes) > 0 && d.Keys.Range.Name == "":
		return invalid(parametersInvalid + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	case len(in.LocalSecondaryIndexes) > maximumLocalIndexes:
		return invalid(parametersInvalid + "Number of LocalSecondaryIndexes exceeds per-table limit of 5")
	case len(in.GlobalSecondaryIndexes) > maximumGlobalIndexes:
		return invalid(parametersInvalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20")
	}
	// Global indexes first: in this order DynamoDB looks for faults of items.
	for i, request := range append(slices.Clone(in.GlobalSecondaryIndexes), in.LocalSecondaryIndexes...) {
		index, err := in.index(request, d)
		if err != nil {
			return err
		}
		index.Global = i < len(in.GlobalSecondaryIndexes)
		if d.Index(index.Name) != nil {
			return invalid(parametersInvalid+"Duplicate index name: %s", index.Name)
		}
		if !index.Global {
			if index.Keys.Range.Name == "" {
				return invalid(parametersInvalid+"Index KeySchema does not have a range key for index: %s", index.Name)
			}
			if index.Keys.Hash != d.Keys.Hash {
				return invalid(parametersInvalid+"Index KeySchema does not have the same leading hash key as table KeySchema for index: %s. index hash key: %s, table hash key: %s",
					index.Name, index.Keys.Hash.Name, d.Keys.Hash.Name)
			}
		}
		d.Indexes = append(d.Indexes, index)
	}
	return nil
}

func (in *tableRequest) index(request indexRequest, d *store.Definition) (index store.Index, err error) {
	var c constraints
	c.name(request.IndexName, "indexName")
	c.notNull(request.Projection == nil, "projection")
	if err := c.err(); err != nil {
		return index, err
	}
	index.Name = request.IndexName
	index.Projection, index.NonKey = request.Projection.ProjectionType, request.Projection.NonKeyAttributes
	if index.Keys, err = in.keys(request.KeySchema, d.Types); err != nil {
		return index, err
	}
	switch {
	case index.Projection == "":
		return index, invalid(parametersInvalid + "Unknown ProjectionType: null")
	case index.Projection == store.ProjectInclude && len(index.NonKey) == 0:
		return index, invalid(parametersInvalid + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case index.Projection != store.ProjectAll && index.Projection != store.ProjectKeys && index.Projection != store.ProjectInclude:
		c.oneOf(index.Projection, "projection.projectionType", "ALL", "INCLUDE", "KEYS_ONLY")
		return index, c.err()
	case index.Projection != store.ProjectInclude && len(index.NonKey) > 0:
		return index, invalid(parametersInvalid+"ProjectionType is %s, but NonKeyAttributes is specified", index.Projection)
	case d.BillingMode == "PAY_PER_REQUEST" && request.ProvisionedThroughput != nil:
		return index, invalid(parametersInvalid+"ProvisionedThroughput should not be specified for index: %s when BillingMode is PAY_PER_REQUEST", index.Name)
	}
	return index, nil
}
