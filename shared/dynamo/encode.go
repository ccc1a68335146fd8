package dynamo

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// item is a row, or the key of one, as DynamoDB takes it.
type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// layout writes times with a fixed width, so that they compare as text.
const layout = "2006-01-02T15:04:05.000Z"

// The first and the last moment that layout can write. Charge points send dates beyond them when
// their clock is broken, and a row with one of those could never be read again.
var (
	firstMoment = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
)

func formatTime(t time.Time) string {
	switch t = t.UTC(); {
	case t.Before(firstMoment):
		t = firstMoment
	case t.After(lastMoment):
		t = lastMoment
	}
	return t.Format(layout)
}

func encoding(options *attributevalue.EncoderOptions) {
	options.OmitEmptyTime = true
	options.EncodeTime = func(t time.Time) (types.AttributeValue, error) { return text(formatTime(t)), nil }
}

// encode makes an item of a struct with dynamodbav tags.
func encode(row any) (item, error) {
	encoded, err := attributevalue.MarshalMapWithOptions(row, encoding)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a row of type %T cannot be written", row)
	}
	return encoded, nil
}

// decode makes a struct with dynamodbav tags of an item.
func decode[Row any](stored item) (Row, error) {
	var row Row
	if err := attributevalue.UnmarshalMap(stored, &row); err != nil {
		return row, fault.Wrap(fault.Internal, err, "a row of type %T is not as this program wrote it", row)
	}
	return row, nil
}

// decodeAll decodes a page.
func decodeAll[Row, Value any](stored []item, value func(Row) Value) ([]Value, error) {
	values := make([]Value, len(stored))
	for i := range stored {
		row, err := decode[Row](stored[i])
		if err != nil {
			return nil, err
		}
		values[i] = value(row)
	}
	return values, nil
}

// Shorthands of package expression.

func name(attribute string) expression.Operand { return expression.Name(attribute) }

func value[T string | int | int64 | bool | time.Time](v T) expression.Operand {
	switch v := any(v).(type) {
	case int:
		return expression.Value(number(int64(v)))
	case int64:
		return expression.Value(number(v))
	case bool:
		return expression.Value(&types.AttributeValueMemberBOOL{Value: v})
	case time.Time:
		return expression.Value(text(formatTime(v)))
	default: // string
		return expression.Value(text(v.(string)))
	}
}

func present(attribute string) expression.Condition {
	return expression.Exists(name(attribute))
}

func absent(attribute string) expression.Condition {
	return expression.NotExists(name(attribute))
}

// setAll sets every attribute of an item except its key.
func setAll(update expression.Update, attributes, key item) expression.Update {
	for attribute, v := range attributes {
		if _, isKey := key[attribute]; !isKey {
			update = update.Set(name(attribute), expression.Value(v))
		}
	}
	return update
}

func removeAll(update expression.Update, attributes ...string) expression.Update {
	for _, attribute := range attributes {
		update = update.Remove(name(attribute))
	}
	return update
}
