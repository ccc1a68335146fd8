package cloud

import (
	"context"
	"path/filepath"

	"github.com/serverless-ocpp/backend/local/dynamodb"
	"github.com/serverless-ocpp/backend/local/template"
)

// startTables starts the database and makes the template's tables.
func (c *Cloud) startTables(ctx context.Context) error {
	declared, err := c.template.Tables()
	if err != nil {
		return err
	}
	dir := ""
	if c.options.DataDir != "" {
		dir = filepath.Join(c.options.DataDir, "dynamodb")
	}
	c.tables, err = dynamodb.Start(dynamodb.Config{
		Dir:     dir,
		Region:  Region,
		Account: Account,
		Logger:  c.log,
	})
	if err != nil {
		return err
	}
	c.onClose("tables", c.tables.Close)
	tables := make([]dynamodb.Table, len(declared))
	for i, table := range declared {
		tables[i] = dynamodb.Table{
			Name:                table.Name,
			HashKey:             table.HashKey,
			RangeKey:            table.RangeKey,
			AttributeTypes:      table.AttributeTypes,
			GlobalIndexes:       indexesOf(table.GlobalIndexes),
			LocalIndexes:        indexesOf(table.LocalIndexes),
			TimeToLiveAttribute: table.TTLAttribute,
			PointInTimeRecovery: table.PointInTimeRecovery,
		}
	}
	return c.tables.CreateTables(ctx, tables)
}

func indexesOf(declared []template.Index) []dynamodb.Index {
	indexes := make([]dynamodb.Index, len(declared))
	for i, index := range declared {
		indexes[i] = dynamodb.Index(index)
	}
	return indexes
}

// Died gets an error when something without which nothing works fails for good: the tables cannot be written any more.
func (c *Cloud) Died() <-chan error { return c.tables.Died() }
