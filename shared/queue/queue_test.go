package queue

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
)

// sent is a SendMessage request as it stands on the wire.
type sent struct {
	QueueUrl, MessageBody                  string
	MessageGroupId, MessageDeduplicationId string
	DelaySeconds                           int // 0 where it is not given
}

const queueURL = "https://sqs.eu-central-1.amazonaws.com/000000000000/IncomingMessages.fifo"

// standIn is an SQS that answers every call with status; errors carry the code, which is else the body that it has stored, "" for the right one.
func standIn(t *testing.T, status int, code string) (client *sqs.Client, requests *[]sent) {
	t.Helper()
	requests = new([]sent)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if target := r.Header.Get("X-Amz-Target"); target != "AmazonSQS.SendMessage" {
			t.Errorf("call of %s", target)
		}
		var request sent
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			t.Error(err)
		}
		*requests = append(*requests, request)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		if status != http.StatusOK {
			fmt.Fprintf(w, `{"__type":"com.amazonaws.sqs#%s","message":"no"}`, code)
			return
		}
		sum := md5.Sum([]byte(cmp.Or(code, request.MessageBody))) // the client checks it
		fmt.Fprintf(w, `{"MessageId":"m","MD5OfMessageBody":%q}`, hex.EncodeToString(sum[:]))
	}))
	t.Cleanup(server.Close)
	return sqs.NewFromConfig(aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		RetryMaxAttempts: 1,
	}, func(o *sqs.Options) { o.BaseEndpoint = &server.URL }), requests
}

var record = journal.Record{
	ChargePointID: "CP001", Protocol: "ocpp1.6", ConnectionID: "L0SM9cOFvHcCIhw=",
	Message:    json.RawMessage(`[2,"1","DataTransfer",{"data":"<ü>"}]`),
	Answer:     json.RawMessage(`[3,"1",{"status":"Accepted"}]`),
	ReceivedAt: time.Date(2026, 3, 1, 12, 0, 0, 5e6, time.UTC),
}

func TestAppend(t *testing.T) {
	client, requests := standIn(t, http.StatusOK, "")
	if err := NewJournal(client, queueURL).Append(t.Context(), "gateway-1", record); err != nil {
		t.Fatal(err)
	}
	request := (*requests)[0]
	if request.QueueUrl != queueURL || request.MessageGroupId != "CP001" || len(request.MessageDeduplicationId) != 64 || request.DelaySeconds != 0 {
		t.Errorf("request %+v", request)
	}
	if !strings.Contains(request.MessageBody, string(record.Message)) {
		t.Errorf("the message is not as it came: %s", request.MessageBody)
	}
	got, err := journal.Decode(request.MessageBody)
	if err != nil {
		t.Fatal(err)
	}
	var message []any
	if err := json.Unmarshal(got.Message, &message); err != nil || message[3].(map[string]any)["data"] != "<ü>" {
		t.Errorf("message %s, %v", got.Message, err)
	}
	if !got.ReceivedAt.Equal(record.ReceivedAt) || string(got.Answer) != string(record.Answer) || got.ConnectionID != record.ConnectionID {
		t.Errorf("record %+v", got)
	}
}

// Specification: OCPP-J 1.6 errata 3.1; OCPP 2.0.1 errata 4.6; OCPP 2.1 part 4 section 4.1.4.
func TestOnlyARepeatedCallIsADuplicate(t *testing.T) {
	client, requests := standIn(t, http.StatusOK, "")
	other := record
	other.ChargePointID = "CP002"
	changed := record
	changed.Message = json.RawMessage(`[2,"1","DataTransfer",{"data":"other"}]`)
	queue := NewJournal(client, queueURL)
	for _, call := range []struct {
		gatewayMessageID string
		record           journal.Record
	}{
		{"g1", record},
		{"g1", record},  // the same call again
		{"g2", record},  // the charge point repeats a whole frame
		{"g1", other},   // another charge point
		{"g1", changed}, // another frame under the same message id
	} {
		if err := queue.Append(t.Context(), call.gatewayMessageID, call.record); err != nil {
			t.Fatal(err)
		}
	}
	ids := make(map[string]int)
	for _, request := range *requests {
		ids[request.MessageDeduplicationId]++
	}
	if len(ids) != 4 || ids[(*requests)[0].MessageDeduplicationId] != 2 {
		t.Errorf("deduplication ids %v", ids)
	}
}

// SQS takes #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD and #x10000 to #x10FFFF in a body (API
// reference, SendMessage); JSON texts may hold two more without an escape.
func TestBodyHasOnlyCharactersThatSQSTakes(t *testing.T) {
	client, requests := standIn(t, http.StatusOK, "")
	odd := record
	odd.Message = json.RawMessage("[2,\"1\",\"DataTransfer\",{\"data\":\"\ufffe\uffff\U0001F50C\"}]")
	if err := NewJournal(client, queueURL).Append(t.Context(), "g1", odd); err != nil {
		t.Fatal(err)
	}
	body := (*requests)[0].MessageBody
	if strings.ContainsAny(body, "\ufffe\uffff") {
		t.Errorf("body %q", body)
	}
	got, err := journal.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	var message []any
	if err := json.Unmarshal(got.Message, &message); err != nil || message[3].(map[string]any)["data"] != "\ufffe\uffff\U0001F50C" {
		t.Errorf("message %q, %v", got.Message, err)
	}
}

// What SQS has stored is not what was sent to it: the charge point is not to be answered.
func TestAnotherBodyIsNotTheMessage(t *testing.T) {
	client, _ := standIn(t, http.StatusOK, "another body")
	if err := NewJournal(client, queueURL).Append(t.Context(), "g1", record); !fault.Is(err, fault.Internal) {
		t.Errorf("got %v, want a fault.Internal", err)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		status int
		code   string
		want   fault.Code
	}{
		{400, "RequestThrottled", fault.Throttled},
		{400, "ThrottlingException", fault.Throttled},
		{400, "QueueDoesNotExist", fault.Internal},
		{403, "AccessDeniedException", fault.Internal},
		{500, "InternalFailure", fault.Internal},
	} {
		client, _ := standIn(t, test.status, test.code)
		err := NewJournal(client, queueURL).Append(t.Context(), "g1", record)
		if !fault.Is(err, test.want) || !strings.Contains(err.Error(), "CP001") || !strings.Contains(err.Error(), queueURL) {
			t.Errorf("%s of the journal: %v, want a fault %s", test.code, err, test.want)
		}
		err = NewTimers(client, queueURL).After(t.Context(), time.Second, command.Timer{ChargePointID: "CP001"})
		if !fault.Is(err, test.want) || !strings.Contains(err.Error(), "CP001") {
			t.Errorf("%s of a timer: %v, want a fault %s", test.code, err, test.want)
		}
	}
}

func TestTimers(t *testing.T) {
	client, requests := standIn(t, http.StatusOK, "")
	timers := NewTimers(client, queueURL)
	want := command.Timer{Kind: command.TimerDeadline, ChargePointID: "CP001", CommandID: "c1", ConnectionID: "a="}
	for _, test := range []struct {
		delay time.Duration
		want  int
	}{
		{-time.Second, 0}, {0, 0}, {time.Millisecond, 1}, {time.Second, 1}, {1001 * time.Millisecond, 2}, {15 * time.Minute, 900},
	} {
		if err := timers.After(t.Context(), test.delay, want); err != nil {
			t.Fatal(err)
		}
		request := (*requests)[len(*requests)-1]
		var got command.Timer
		if err := json.Unmarshal([]byte(request.MessageBody), &got); err != nil || got != want {
			t.Errorf("body %s, %v", request.MessageBody, err)
		}
		if request.DelaySeconds != test.want || request.MessageGroupId != "" {
			t.Errorf("a delay of %v becomes %+v, want %d s", test.delay, request, test.want)
		}
	}
	before := len(*requests)
	err := timers.After(t.Context(), 15*time.Minute+time.Nanosecond, want)
	if !fault.Is(err, fault.Invalid) || len(*requests) != before {
		t.Errorf("too long a delay: %v", err)
	}
}
