package operation_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// Specification: OCPP 1.6 section 5.11; OCPP 2.0.1 F01.FR.09 and F01.FR.11.
func TestRemoteStart(t *testing.T) {
	const profile = `"chargingProfile":{"id":5,"purpose":"tx","stackLevel":0,"kind":"relative","schedule":{"unit":"W","periods":[{"limit":7400}]}}`
	translations[operation.RemoteStart]{
		{ocppj.V16, `{"idTag":"04A1"}`, `RemoteStartTransaction {"connectorId":1,"idTag":"04A1"}`, ""},
		{ocppj.V16, `{"idTag":"04A1","connectorId":null}`, `RemoteStartTransaction {"connectorId":1,"idTag":"04A1"}`, ""},
		{ocppj.V16, `{"idTag":"04A1","connectorId":2}`, `RemoteStartTransaction {"connectorId":2,"idTag":"04A1"}`, ""},
		{ocppj.V16, `{"idTag":"04A1","connectorId":"2",` + profile + `}`, `RemoteStartTransaction {"chargingProfile":{"chargingProfileId":5,"chargingProfileKind":"Relative","chargingProfilePurpose":"TxProfile",` +
			`"chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"limit":7400,"startPeriod":0}]},"stackLevel":0},"connectorId":2,"idTag":"04A1"}`, ""},
		{ocppj.V16, `{"idTag":"04A1","connectorId":0}`, "", fault.Invalid},
		{ocppj.V16, `{"idTag":"04A1","connectorId":"1#2"}`, "", fault.Invalid},
		{ocppj.V16, `{"idTag":"04A1","connectorId":"left"}`, "", fault.Malformed},
		{ocppj.V16, `{"idTag":"04A1","chargingProfile":{"purpose":"txDefault"}}`, "", fault.Invalid},
		{ocppj.V201, `{"idTag":"04A1","chargingProfile":{"purpose":"tx","transactionId":"7"}}`, "", fault.Invalid},
		{ocppj.V201, `{"idTag":"04A1","chargingProfile":{"purpose":"tx","kind":"dynamic"}}`, "", fault.Invalid},
		{ocppj.V21, `{"idTag":"04A1","connectorId":0}`, "", fault.Invalid},
	}.test(t)
}

// Specification: OCPP 2.x RequestStartTransaction, IdTokenType.
func TestRemoteStartTellsTypeAndGroup(t *testing.T) {
	known := tokensOf(
		token.Token{IDToken: "DE*ABC*1", Type: "eMAID", GroupID: "FLEET"},
		token.Token{IDToken: "04a1", GroupID: strings.Repeat("g", 37)},
	)
	for _, test := range []struct {
		version    ocppj.Version
		body, want string
	}{
		{ocppj.V16, `{"idTag":"DE*ABC*1"}`, `RemoteStartTransaction {"connectorId":1,"idTag":"DE*ABC*1"}`},
		{ocppj.V201, `{"idTag":"de*abc*1","connectorId":"2#1"}`, `RequestStartTransaction {"evseId":2,"groupIdToken":{"idToken":"FLEET","type":"Central"},"idToken":{"idToken":"de*abc*1","type":"eMAID"},"remoteStartId":N}`},
		{ocppj.V21, `{"idTag":"04A1"}`, `RequestStartTransaction {"evseId":1,"idToken":{"idToken":"04A1","type":"ISO14443"},"remoteStartId":N}`},
		{ocppj.V21, `{"idTag":"unheard of"}`, `RequestStartTransaction {"evseId":1,"idToken":{"idToken":"unheard of","type":"ISO14443"},"remoteStartId":N}`},
	} {
		start := readInto[operation.RemoteStart](t, test.body)
		got, err := prepared(t, start, operation.Desk{Tokens: known}, test.version)
		if id := start.Said().RemoteStartID; (id > 0) != (test.version != ocppj.V16) {
			t.Errorf("%s %s: said remote start id %d", test.version, test.body, id)
		} else if id > 0 {
			got = strings.ReplaceAll(got, fmt.Sprint(id), "N")
		}
		if err != nil || got != test.want {
			t.Errorf("%s %s:\ngot  %s %v\nwant %s", test.version, test.body, got, err, test.want)
		}
	}
}

func TestRemoteStartMakesAToken(t *testing.T) {
	for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
		store := tokensOf()
		got, err := prepared(t, new(operation.RemoteStart), operation.Desk{Tokens: store}, version)
		made := regexp.MustCompile(`"[A-Z2-7]{20}"`).FindString(got)
		if err != nil || made == "" {
			t.Fatalf("%s: %s %v", version, got, err)
		}
		kept, err := store.Find(t.Context(), strings.Trim(made, `"`))
		if err != nil || kept.Status != token.Accepted || kept.Type != "Central" || !kept.ExpiresAt.Equal(now.Add(time.Minute+24*time.Hour)) ||
			!kept.ForgetAt.Equal(kept.ExpiresAt.Add(30*24*time.Hour)) {
			t.Errorf("%s: stored %+v %v", version, kept, err)
		}
	}
}

func TestRemoteStartMakesNoTokenInVain(t *testing.T) {
	for body, cp := range map[string]chargepoint.ChargePoint{
		`{"connectorId":0}`: {ID: "CP001"},
		`{}`:                {ID: "CP001", Registration: chargepoint.Pending},
	} {
		store := tokensOf()
		start := readInto[operation.RemoteStart](t, body)
		to := target(ocppj.V201)
		to.ChargePoint = cp
		if err := start.Prepare(t.Context(), operation.Desk{Tokens: store}, to); err == nil || len(store) > 0 {
			t.Errorf("%s: got %v and %d tokens", body, err, len(store))
		}
	}
}

func TestRemoteStartNumbersItsProfile(t *testing.T) {
	start := readInto[operation.RemoteStart](t, `{"idTag":"04A1","chargingProfile":{"purpose":"tx","kind":"relative","schedule":{"unit":"A","periods":[{"limit":6}]}}}`)
	got, err := prepared(t, start, operation.Desk{Tokens: tokensOf()}, ocppj.V16)
	if want := fmt.Sprintf(`"chargingProfileId":%d,`, start.ChargingProfile.ID); err != nil || start.ChargingProfile.ID <= 0 || !strings.Contains(got, want) {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
}

func TestRemoteStartWithoutTheTokenTable(t *testing.T) {
	start := readInto[operation.RemoteStart](t, `{"idTag":"04A1"}`)
	if _, err := prepared(t, start, operation.Desk{Tokens: brokenTokens{}}, ocppj.V201); !fault.Is(err, fault.Throttled) {
		t.Errorf("got %v, want the fault of the table", err)
	}
}

// readInto reads the body of an operation.
func readInto[Body any](t *testing.T, body string) *Body {
	t.Helper()
	read := new(Body)
	if err := json.Unmarshal([]byte(body), read); err != nil {
		t.Fatal(err)
	}
	return read
}
