package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Samples keeps messages that bring readings and nothing else, each with one call: the readings in the MeterValueTable,
// the frames in the MessageTable.
type Samples struct {
	Readings *Readings
	Log      *MessageLog // nil: frames are not kept
}

// Keep stores a message and what it brings, an event that only reads (transaction.Event.OnlyReads) or readings of no
// transaction. Repeating it changes nothing. fault.Throttled if only a part is stored, fault.Invalid if it is more than one
// call takes: the journal has more patience.
func (s *Samples) Keep(ctx context.Context, event transaction.Event, exchange Exchange) error {
	var said *eventItem
	if event.TransactionID != "" {
		said = eventItemOf(event)
	}
	readings, err := s.Readings.rowsOf(exchange.ChargePointID, event, said)
	if err != nil {
		return err
	}
	writes := map[string][]types.WriteRequest{s.Readings.name: readings}
	if s.Log != nil {
		row, err := s.Log.itemOf(exchange.row(), exchange.Frame, exchange.Answer)
		if err != nil {
			return err
		}
		writes[s.Log.name] = []types.WriteRequest{{PutRequest: &types.PutRequest{Item: row}}}
	}
	return s.write(ctx, exchange, len(readings)+1, writes)
}

func (s *Samples) write(ctx context.Context, exchange Exchange, rows int, writes map[string][]types.WriteRequest) error {
	what := "readings of charge point " + exchange.ChargePointID
	if rows > maxBatch {
		return fault.New(fault.Invalid, "%s: %d rows are more than one call takes", what, rows)
	}
	answer, err := s.Readings.api.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: writes})
	if err != nil {
		return s.Readings.failed(err, "write", what)
	}
	if len(answer.UnprocessedItems) > 0 {
		return fault.New(fault.Throttled, "%s: DynamoDB took only a part", what)
	}
	return nil
}
