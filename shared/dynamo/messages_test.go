package dynamo

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestRefusedConnections(t *testing.T) {
	store := NewMessages(dynamotest.Client(), dynamotest.Table(t, "MessageTable"))
	put := func(ms int, connectionID string) {
		must(t, store.PutRefused(t.Context(), "CP001", at(ms), connectionID, 404, "Charge Point CP001 not registered as an IoT Thing", "192.0.2.7"))
	}
	put(1, "a=")
	put(2, "b=")
	put(2, "b=") // repeated
	put(2, "c=")
	got, next, err := store.List(t.Context(), "CP001", "", 2)
	must(t, err)
	rest, last, err := store.List(t.Context(), "CP001", next, 2)
	must(t, err)
	var ids []string
	for _, refused := range append(got, rest...) {
		ids = append(ids, refused.ConnectionID)
	}
	want := Message{ChargePointID: "CP001", Kind: KindRefused, At: at(2), ConnectionID: "c=", Status: 404, Reason: "Charge Point CP001 not registered as an IoT Thing", SourceIP: "192.0.2.7"}
	if !slices.Equal(ids, []string{"c=", "b=", "a="}) || last != "" || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got %v, the first is %+v", ids, got[0])
	}
	row := stored(t, store.name, item{"chargePointId": text("CP001"), "messageKey": text("2026-03-01T12:00:00.001Z#a=")})
	if ttl, ok := row["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != strconv.FormatInt(at(1).Add(30*24*time.Hour).Unix(), 10) {
		t.Errorf("ttl of %v", row)
	}
	wantFault(t, store.PutRefused(t.Context(), "", at(1), "a=", 401, "no identity", ""), fault.Invalid)
}

func TestMessageLog(t *testing.T) {
	name := dynamotest.Table(t, "MessageTable")
	log, store := NewMessageLog(dynamotest.Client(), name, 7), NewMessages(dynamotest.Client(), name)
	for range 2 { // every write may be repeated
		must(t, log.Received(t.Context(), []Exchange{{ChargePointID: "CP001", At: at(1), ConnectionID: "c=", MessageID: "m1", Action: "Authorize",
			Frame: []byte(`[2,"m1","Authorize",{}]`), Answer: []byte(`[3,"m1",{}]`)}}))
		must(t, log.Received(t.Context(), []Exchange{{ChargePointID: "CP001", At: at(4), ConnectionID: "c=", MessageID: "c1", Action: "ChangeConfiguration",
			Frame: []byte(`[3,"c1",{"status":"Accepted"}]`)}}))
		must(t, log.Sent(t.Context(), command.SentFrame{ChargePointID: "CP001", ConnectionID: "c=", MessageID: "c1", Action: "ChangeConfiguration", At: at(3),
			Frame: []byte(`[2,"c1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0102"}]`)}))
	}
	must(t, store.PutRefused(t.Context(), "CP001", at(2), "d=", 401, "wrong key", "192.0.2.7"))
	got, _, err := store.List(t.Context(), "CP001", "", 10)
	must(t, err)
	frame := func(ms int, direction Direction, id, action, text string) Message {
		return Message{ChargePointID: "CP001", Kind: KindFrame, At: at(ms), ConnectionID: "c=", Direction: direction, MessageID: id, Action: action, Frame: json.RawMessage(text)}
	}
	want := []Message{
		frame(4, In, "c1", "ChangeConfiguration", `[3,"c1",{"status":"Accepted"}]`),
		frame(3, Out, "c1", "ChangeConfiguration", `[2,"c1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]`),
		{ChargePointID: "CP001", Kind: KindRefused, At: at(2), ConnectionID: "d=", Status: 401, Reason: "wrong key", SourceIP: "192.0.2.7"},
		frame(1, Out, "m1", "Authorize", `[3,"m1",{}]`), // the answer is newer than its CALL
		frame(1, In, "m1", "Authorize", `[2,"m1","Authorize",{}]`),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	row := stored(t, name, item{"chargePointId": text("CP001"), "messageKey": text("2026-03-01T12:00:00.003Z#out#c1")})
	if ttl, ok := row["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != strconv.FormatInt(at(3).Add(7*24*time.Hour).Unix(), 10) {
		t.Errorf("ttl of %v", row)
	}

	var paged []Message
	for cursor, pages := "", 0; ; pages++ {
		page, next, err := store.List(t.Context(), "CP001", cursor, 4)
		must(t, err)
		paged = append(paged, page...)
		if next == "" {
			break
		}
		if len(page) != 3 || pages > 1 {
			t.Errorf("page %d ends within an exchange: %+v", pages, page)
		}
		cursor = next
	}
	if !reflect.DeepEqual(paged, want) {
		t.Errorf("by pages %+v", paged)
	}
	if one, _, err := store.List(t.Context(), "CP404", "", 4); err != nil || len(one) != 0 {
		t.Errorf("nobody's: %+v, %v", one, err)
	}
}

func TestLargeFramesAreCutAndPagesEnd(t *testing.T) {
	name := dynamotest.Table(t, "MessageTable")
	log, store := NewMessageLog(dynamotest.Client(), name, 1), NewMessages(dynamotest.Client(), name)
	large := `[2,"m","DataTransfer",{"data":"` + strings.Repeat("é", maxFrame) + `"}]`
	const frames = 40 // of 64 KB: more than 1 MB, however it is counted
	for i := range frames {
		must(t, log.Received(t.Context(), []Exchange{{ChargePointID: "CP001", At: at(i), MessageID: "m", Frame: []byte(large)}}))
	}
	var got []Message
	pages, cursor := 0, ""
	for {
		page, next, err := store.List(t.Context(), "CP001", cursor, 100)
		must(t, err)
		got = append(got, page...)
		if pages++; next == "" {
			break
		}
		cursor = next
	}
	if len(got) != frames || pages < 2 {
		t.Fatalf("%d frames on %d pages", len(got), pages)
	}
	var kept string
	if err := json.Unmarshal(got[0].Frame, &kept); err != nil || !got[0].Truncated || !strings.HasPrefix(large, kept) || len(kept) < maxFrame-1 || len(kept) > maxFrame {
		t.Errorf("%d bytes kept, truncated %v, %v", len(kept), got[0].Truncated, err)
	}
}
