package dynamo

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
)

// Reports is the ReportTable, one item per report:
//
//	chargePointId  S  partition key
//	report         S  sort key: kind#key
//	action         S  that brought it
//	at             S  by the charge point's clock
//	receivedAt     S  by ours: the later one wins
//	data           S  JSON, the payload as it came
//	seqNo          N  of a part; none is 0
//	continues      B  another part follows
//	ttl            N  seconds since 1970; only of what piles up (report.Kind.Lasts)
type Reports struct{ table }

// keptReports is a year, which is what audits of security events look back on, and a month to act on it.
const keptReports = 400 * 24 * time.Hour

// NewReports opens the ReportTable.
func NewReports(api *dynamodb.Client, tableName string) *Reports {
	return &Reports{open(api, tableName, "chargePointId", "report")}
}

var _ report.Store = (*Reports)(nil)

type reportItem struct {
	ChargePointID string    `dynamodbav:"chargePointId"`
	Report        string    `dynamodbav:"report"`
	Action        string    `dynamodbav:"action,omitempty"`
	At            time.Time `dynamodbav:"at,omitempty"`
	ReceivedAt    time.Time `dynamodbav:"receivedAt,omitempty"`
	Data          string    `dynamodbav:"data,omitempty"`
	SeqNo         int       `dynamodbav:"seqNo,omitempty"`
	Continues     bool      `dynamodbav:"continues,omitempty"`
	TTL           int64     `dynamodbav:"ttl,omitempty"`
}

// ofKind begins the sort keys of a kind. No kind has a "#".
func ofKind(kind report.Kind) string { return string(kind) + "#" }

func reportItemOf(r report.Report) reportItem {
	row := reportItem{
		ChargePointID: r.ChargePointID, Report: ofKind(r.Kind) + r.Key,
		Action: r.Action, At: r.At, ReceivedAt: r.ReceivedAt, Data: string(r.Data), SeqNo: r.SeqNo, Continues: r.Continues,
	}
	if !r.Kind.Lasts() {
		row.TTL = r.ReceivedAt.Add(keptReports).Unix()
	}
	return row
}

func (i reportItem) value() report.Report {
	kind, key, _ := strings.Cut(i.Report, "#")
	return report.Report{
		ChargePointID: i.ChargePointID, Kind: report.Kind(kind), Key: key,
		Action: i.Action, At: i.At, ReceivedAt: i.ReceivedAt, Data: json.RawMessage(i.Data), SeqNo: i.SeqNo, Continues: i.Continues,
	}
}

// Put implements report.Store.
func (t *Reports) Put(ctx context.Context, put report.Report) error {
	row := reportItemOf(put)
	what := "report " + row.Report + " of charge point " + put.ChargePointID
	if len(row.Report) > maxSortKey {
		return fault.New(fault.Invalid, "table %s: the key of report %.100s… of charge point %s has %d bytes, of %d that are possible",
			t.name, row.Report, put.ChargePointID, len(row.Report), maxSortKey)
	}
	encoded, err := encode(row)
	if err != nil {
		return err
	}
	notLater := absent(t.hash).Or(name("receivedAt").LessThanEqual(value(put.ReceivedAt)))
	_, err = t.put(ctx, what, encoded, notLater)
	return err
}

func reportsOf(chargePointID string) string { return "reports of charge point " + chargePointID }

// List implements report.Store. A page ends at 1 MB, where an answer of DynamoDB does: a report has up to 128 KB.
func (t *Reports) List(ctx context.Context, chargePointID string, kind report.Kind, prefix, cursor string, limit int) (reports []report.Report, next string, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	prefix = ofKind(kind) + prefix
	start, err := t.resume(cursor, chargePointID)
	if err != nil {
		return nil, "", err
	}
	if last, ok := start[t.sort].(*types.AttributeValueMemberS); ok && !strings.HasPrefix(last.Value, prefix) {
		return nil, "", badCursor(cursor)
	}
	items, last, err := t.backwards(ctx, reportsOf(chargePointID), t.in(chargePointID).And(name(t.sort).BeginsWith(value(prefix))), start, oneMore(limit))
	if err != nil {
		return nil, "", err
	}
	items, next = t.firstOf(items, last, limit)
	reports, err = decodeAll(items, reportItem.value)
	return reports, next, err
}

// Newest implements report.Store. It reads two items per kind, and goes on before the first of that kind. Two, because
// a state may stand under report.Latest and, often newer, under the last request of ours.
func (t *Reports) Newest(ctx context.Context, chargePointID string) ([]report.Report, error) {
	const afterAllKinds = "~" // kinds are lower case letters and hyphens
	var found []report.Report
	for before := afterAllKinds; ; {
		items, _, err := t.backwards(ctx, reportsOf(chargePointID), t.in(chargePointID).And(name(t.sort).LessThan(value(before))), nil, aws.Int32(2))
		if err != nil {
			return nil, err
		}
		last, err := decodeAll(items, reportItem.value)
		if err != nil {
			return nil, err
		}
		if len(last) == 0 {
			slices.Reverse(found)
			return found, nil
		}
		newest := last[0]
		if kind := newest.Kind; kind.Lasts() && len(last) > 1 && last[1].Kind == kind && last[1].ReceivedAt.After(newest.ReceivedAt) {
			newest = last[1]
		}
		found = append(found, newest)
		before = ofKind(newest.Kind)
	}
}
