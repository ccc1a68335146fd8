package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

func TestTablesAreMadeAsDescribed(t *testing.T) {
	s := start(t, "")
	c := connect(t, s)
	create(t, s, commands)
	create(t, s, commands) // once more changes nothing

	described, err := c.DescribeTable(t.Context(), &client.DescribeTableInput{TableName: aws.String("Commands")})
	if err != nil {
		t.Fatal(err)
	}
	table := described.Table
	if *table.TableArn != "arn:aws:dynamodb:us-east-1:000000000000:table/Commands" || table.TableStatus != "ACTIVE" ||
		table.BillingModeSummary.BillingMode != "PAY_PER_REQUEST" || *table.LocalSecondaryIndexes[0].IndexName != "Queued" ||
		*table.GlobalSecondaryIndexes[0].IndexName != "ByDay" || table.GlobalSecondaryIndexes[0].Projection.NonKeyAttributes[0] != "action" {
		t.Errorf("the table is %+v", table)
	}

	// The local index holds what has its key, and nothing else.
	put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text("2"), "queuedAt": text("b")})
	put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text("1"), "queuedAt": text("c")})
	put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text("3")})
	page, err := c.Query(t.Context(), &client.QueryInput{
		TableName: aws.String("Commands"), IndexName: aws.String("Queued"), ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("chargePointId = :c"), ExpressionAttributeValues: attributes{":c": text("CP001")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, item := range page.Items {
		ids = append(ids, item["commandId"].(*types.AttributeValueMemberS).Value)
	}
	if !slices.Equal(ids, []string{"2", "1"}) {
		t.Errorf("the index holds %v", ids)
	}
}

func TestConditionsHoldUnderConcurrency(t *testing.T) {
	s := start(t, "")
	c := connect(t, s)
	create(t, s, commands)
	var wg sync.WaitGroup
	won := make(chan int, 32)
	for i := range 32 {
		wg.Go(func() {
			_, err := c.PutItem(t.Context(), &client.PutItemInput{
				TableName:           aws.String("Commands"),
				Item:                attributes{"chargePointId": text("CP001"), "commandId": text("1"), "n": number(strconv.Itoa(i))},
				ConditionExpression: aws.String("attribute_not_exists(chargePointId)"),
			})
			if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); err == nil {
				won <- i
			} else if !refused {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Errorf("%d of 32 conditional puts won", len(won))
	}
}

func TestTransactionsFail(t *testing.T) {
	c := connect(t, start(t, ""))
	_, err := c.TransactGetItems(t.Context(), &client.TransactGetItemsInput{TransactItems: []types.TransactGetItem{
		{Get: &types.Get{TableName: aws.String("Commands"), Key: attributes{"k": text("v")}}},
	}})
	if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "UnknownOperationException" {
		t.Errorf("a transaction returned %v", err)
	}
}

func TestTimeToLive(t *testing.T) {
	s := start(t, "")
	c := connect(t, s)
	untimed := commands
	untimed.TimeToLiveAttribute = ""
	create(t, s, untimed)
	name := aws.String("Commands")
	update := func(attribute string, enabled bool) string {
		_, err := c.UpdateTimeToLive(t.Context(), &client.UpdateTimeToLiveInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: &attribute, Enabled: &enabled,
		}})
		if api, ok := errors.AsType[smithy.APIError](err); ok {
			return api.ErrorCode() + ": " + api.ErrorMessage()
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	status := func() string {
		d, err := c.DescribeTimeToLive(t.Context(), &client.DescribeTimeToLiveInput{TableName: name})
		if err != nil {
			t.Fatal(err)
		}
		return string(d.TimeToLiveDescription.TimeToLiveStatus) + aws.ToString(d.TimeToLiveDescription.AttributeName)
	}
	past, future := strconv.FormatInt(time.Now().Unix()-10, 10), strconv.FormatInt(time.Now().Unix()+1000, 10)
	for i, ttl := range []types.AttributeValue{number(past), number(future), text(past), number("0")} {
		put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text(strconv.Itoa(i)), "ttl": ttl})
	}
	put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text("4")})

	for _, step := range []struct {
		attribute string
		enabled   bool
		want      string // beginning of the error
		status    string
	}{
		{"ttl", false, "ValidationException: TimeToLive is already disabled", "DISABLED"},
		{"other", true, "", "ENABLEDother"},
		{"ttl", true, "ValidationException: TimeToLive is active on a different AttributeName", "ENABLEDother"},
		{"other", true, "ValidationException: TimeToLive is already enabled", "ENABLEDother"},
		{"other", false, "", "DISABLED"},
		{"ttl", true, "", "ENABLEDttl"},
	} {
		if got := update(step.attribute, step.enabled); !strings.HasPrefix(got, step.want) || (got == "") != (step.want == "") {
			t.Errorf("UpdateTimeToLive(%s, %v) returned %q, want %q", step.attribute, step.enabled, got, step.want)
		}
		if got := status(); got != step.status {
			t.Errorf("after UpdateTimeToLive(%s, %v) time to live is %s, want %s", step.attribute, step.enabled, got, step.status)
		}
	}

	var left []string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		page, err := c.Scan(t.Context(), &client.ScanInput{TableName: name})
		if err != nil {
			t.Fatal(err)
		}
		left = nil
		for _, item := range page.Items {
			left = append(left, item["commandId"].(*types.AttributeValueMemberS).Value)
		}
		if len(left) < 5 {
			break
		}
	}
	// Left are: the future, a text, a time too old to be one, and no time at all.
	if slices.Sort(left); !slices.Equal(left, []string{"1", "2", "3", "4"}) {
		t.Errorf("left are %v", left)
	}
}

func TestContinuousBackups(t *testing.T) {
	s := start(t, "")
	c := connect(t, s)
	create(t, s, commands)
	name := aws.String("Commands")
	described, err := c.DescribeContinuousBackups(t.Context(), &client.DescribeContinuousBackupsInput{TableName: name})
	if err != nil {
		t.Fatal(err)
	}
	recovery := described.ContinuousBackupsDescription.PointInTimeRecoveryDescription
	if recovery.PointInTimeRecoveryStatus != "ENABLED" || time.Since(*recovery.EarliestRestorableDateTime) > time.Minute {
		t.Errorf("recovery is %+v", recovery)
	}
	updated, err := c.UpdateContinuousBackups(t.Context(), &client.UpdateContinuousBackupsInput{
		TableName: name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(false)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := updated.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus; got != "DISABLED" {
		t.Errorf("recovery is %s after it was switched off", got)
	}
	_, err = c.DescribeContinuousBackups(t.Context(), &client.DescribeContinuousBackupsInput{TableName: aws.String("nothing")})
	if _, ok := errors.AsType[*types.TableNotFoundException](err); !ok {
		t.Errorf("a missing table gave %v", err)
	}
}

func TestDeny(t *testing.T) {
	w := httptest.NewRecorder()
	(&Service{}).Deny(w, httptest.NewRequest(http.MethodPost, "/", nil), "not allowed")
	var body map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if w.Code != 400 || body["__type"] != "com.amazon.coral.service#AccessDeniedException" || body["Message"] != "not allowed" {
		t.Errorf("answered %d %v", w.Code, body)
	}
}

func TestAccess(t *testing.T) {
	s := &Service{config: Config{Region: "us-east-1", Account: "000000000000"}}
	for name, test := range map[string]struct{ action, body, want string }{
		"table":       {"GetItem", `{"TableName":"T"}`, "[table/T]"},
		"by ARN":      {"GetItem", `{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/T"}`, "[table/T]"},
		"index":       {"Query", `{"TableName":"T","IndexName":"I"}`, "[table/T/index/I]"},
		"batch write": {"BatchWriteItem", `{"RequestItems":{"B":[],"A":[]}}`, "[table/A table/B]"},
		"transaction": {"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"B"}},{"Delete":{"TableName":"A"}},{"Put":{"TableName":"B"}}]}`, "[table/A table/B]"},
		"tags":        {"ListTagsOfResource", `{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/T"}`, "[table/T]"},
		"no table":    {"ListTables", `{}`, "[*]"},
		"no JSON":     {"GetItem", `{`, "[*]"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+test.action)
			action, resources := s.Access(r, []byte(test.body))
			got := strings.ReplaceAll(fmt.Sprint(resources), "arn:aws:dynamodb:us-east-1:000000000000:", "")
			if action != "dynamodb:"+test.action || got != test.want {
				t.Errorf("Access says %s on %s, want %s", action, got, test.want)
			}
		})
	}
}
