package cost

import (
	"context"
	"fmt"
	"maps"
)

// keptFor are the tables that have more items with each day, and how many days an item stays there: their TTLs by default. Transactions stay
// for ever, and are reckoned with what there is when the readings of the first day go. The other tables have an item for each thing that there
// is, whatever it says, and commands, of which this day has none.
var keptFor = map[string]float64{"MessageTable": 7, "MeterValueTable": fullAfter, "ReportTable": fullAfter, "TransactionTable": fullAfter}

const (
	fullAfter = 400.0 // days

	// itemOverhead is what DynamoDB adds to the size of each item, and of each in an index.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
	itemOverhead = 100

	// The price of a gigabyte for a month: the table's, and that of point-in-time recovery. https://aws.amazon.com/dynamodb/pricing/on-demand/
	storedPrice    = 0.25
	recoveredPrice = 0.20
)

// stored is how many bytes DynamoDB bills of each of those tables, indexes included.
func (c client) stored(ctx context.Context) (map[string]float64, error) {
	bytes := map[string]float64{}
	for table := range keptFor {
		var answer struct {
			Table struct {
				ItemCount, TableSizeBytes float64
				GlobalSecondaryIndexes    []struct{ ItemCount, IndexSizeBytes float64 }
			}
		}
		if err := c.ask(ctx, "/", "DynamoDB_20120810.DescribeTable", fmt.Sprintf(`{"TableName":%q}`, c.stack+"-"+table), &answer); err != nil {
			return nil, err
		}
		t := answer.Table
		bytes[table] = t.TableSizeBytes + itemOverhead*t.ItemCount
		for _, index := range t.GlobalSecondaryIndexes {
			bytes[table] += index.IndexSizeBytes + itemOverhead*index.ItemCount
		}
	}
	return bytes, nil
}

// added adds up bytes by table; factor -1 takes away.
func added(to, bytes map[string]float64, factor float64) map[string]float64 {
	sum := maps.Clone(to)
	if sum == nil {
		sum = map[string]float64{}
	}
	for table, n := range bytes {
		sum[table] += factor * n
	}
	return sum
}

// kept is how many bytes the tables have of a charge point of a version when as much goes as comes.
func kept(all []Measured, version Version) (bytes float64) {
	for _, m := range all {
		if m.Version != version {
			continue
		}
		for table, stored := range m.Stored {
			bytes += stored / float64(m.Messages) * m.PerDay * keptFor[table]
		}
	}
	return bytes
}

// ofTables is what so many bytes cost in a month.
func ofTables(bytes float64) float64 { return bytes / gigabyte * (storedPrice + recoveredPrice) }
