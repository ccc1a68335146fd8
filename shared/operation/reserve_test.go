package operation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// Specification: OCPP 1.6 sections 5.13 and 6.37; OCPP 2.x H01.
func TestReserve(t *testing.T) {
	translations[operation.Reserve]{
		{ocppj.V16, `{"connector":2,"idToken":"AB12","expiresAt":"2026-05-01T14:00:00+01:00","reservationId":7}`,
			`ReserveNow {"connectorId":2,"expiryDate":"2026-05-01T13:00:00Z","idTag":"AB12","reservationId":7}`, ""},
		{ocppj.V16, `{"idToken":"AB12","groupId":"FLEET","expiresAt":"2026-05-01T13:00:00Z","reservationId":7}`,
			`ReserveNow {"connectorId":0,"expiryDate":"2026-05-01T13:00:00Z","idTag":"AB12","parentIdTag":"FLEET","reservationId":7}`, ""},
		{ocppj.V16, `{"connector":"1#2","idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z"}`, "", fault.Invalid},
		{ocppj.V16, `{"connectorType":"sType2","idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z"}`, "", fault.Invalid},
		{ocppj.V16, `{"expiresAt":"2026-05-01T13:00:00Z"}`, "", fault.Malformed},
		{ocppj.V16, `{"idToken":"AB12"}`, "", fault.Malformed},
		{ocppj.V16, `{"idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z","reservationId":-1}`, "", fault.Invalid},
		{ocppj.V201, `{"connector":"2","idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z","reservationId":7}`,
			`ReserveNow {"evseId":2,"expiryDateTime":"2026-05-01T13:00:00Z","id":7,"idToken":{"idToken":"AB12","type":"ISO14443"}}`, ""},
		{ocppj.V201, `{"connectorType":"cCCS2","groupId":"FLEET","idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z","reservationId":7}`,
			`ReserveNow {"connectorType":"cCCS2","expiryDateTime":"2026-05-01T13:00:00Z","groupIdToken":{"idToken":"FLEET","type":"Central"},"id":7,"idToken":{"idToken":"AB12","type":"ISO14443"}}`, ""},
		{ocppj.V201, `{"connector":"2#1","idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z"}`, "", fault.Invalid},
		{ocppj.V21, `{"connector":0,"idToken":"AB12","expiresAt":"2026-05-01T13:00:00Z","reservationId":7}`,
			`ReserveNow {"expiryDateTime":"2026-05-01T13:00:00Z","id":7,"idToken":{"idToken":"AB12","type":"ISO14443"}}`, ""},
		{ocppj.V21, `{"idToken":"AB12"}`, "", fault.Malformed},
	}.test(t)
}

// Specification: OCPP 1.6 sections 5.1 and 6.5; OCPP 2.x H02.
func TestCancelReservation(t *testing.T) {
	translations[operation.CancelReservation]{
		{ocppj.V16, `{"reservationId":7}`, `CancelReservation {"reservationId":7}`, ""},
		{ocppj.V201, `{"reservationId":"7"}`, `CancelReservation {"reservationId":7}`, ""},
		{ocppj.V21, `{"reservationId":0}`, `CancelReservation {"reservationId":0}`, ""},
		{ocppj.V16, `{}`, "", fault.Malformed},
		{ocppj.V16, `{"reservationId":"seven"}`, "", fault.Malformed},
		{ocppj.V201, `{"reservationId":-7}`, "", fault.Malformed},
		{ocppj.V21, `{"reservationId":4294967296}`, "", fault.Malformed},
	}.test(t)
	id := operation.ReservationID(7)
	if said := (&operation.CancelReservation{ReservationID: &id}).Said(); said != (operation.Said{ReservationID: 7}) {
		t.Errorf("said %+v", said)
	}
	if said := (&operation.CancelReservation{}).Said(); said != (operation.Said{}) {
		t.Errorf("said %+v", said)
	}
}

// reservations is a reservation.Store that takes what is put.
type reservations struct {
	reservation.Store
	put []reservation.Reservation
	err error
}

func (r *reservations) Put(_ context.Context, put reservation.Reservation) error {
	r.put = append(r.put, put)
	return r.err
}

// body reads the body of an operation.
func body[Body any](t *testing.T, text string) *Body {
	t.Helper()
	read := new(Body)
	if err := json.Unmarshal([]byte(text), read); err != nil {
		t.Fatal(err)
	}
	return read
}

const tomorrow = `"expiresAt":"2026-05-02T12:00:00Z"`

func TestReserveNotesTheReservation(t *testing.T) {
	store := &reservations{}
	desk := operation.Desk{Reservations: store, Tokens: tokensOf(token.Token{IDToken: "AB12", Type: "eMAID", GroupID: "FLEET"})}
	for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201} {
		store.put = nil
		o := body[operation.Reserve](t, `{"connector":1,"idToken":"AB12",`+tomorrow+`}`)
		for range 2 { // the first time failed half way
			got, err := prepared(t, o, desk, version)
			id := o.Said().ReservationID
			want := fmt.Sprintf(`ReserveNow {"connectorId":1,"expiryDate":"2026-05-02T12:00:00Z","idTag":"AB12","parentIdTag":"FLEET","reservationId":%d}`, id)
			if version != ocppj.V16 {
				want = fmt.Sprintf(`ReserveNow {"evseId":1,"expiryDateTime":"2026-05-02T12:00:00Z","groupIdToken":{"idToken":"FLEET","type":"Central"},"id":%d,"idToken":{"idToken":"AB12","type":"eMAID"}}`, id)
			}
			if err != nil || got != want || id < 1 {
				t.Errorf("%s: got %s %v\nwant %s", version, got, err, want)
			}
			o = body[operation.Reserve](t, `{"connector":1,"idToken":"AB12",`+tomorrow+`}`)
		}
		want := reservation.Reservation{
			ChargePointID: "CP001", ID: store.put[0].ID, Connector: "1", IDToken: "AB12", GroupID: "FLEET", ExpiresAt: now.Add(24 * time.Hour),
			State: reservation.Requested, CommandID: target(version).CommandID, ChangedAt: now,
		}
		if !reflect.DeepEqual(store.put, []reservation.Reservation{want, want}) {
			t.Errorf("%s: noted %+v\nwant twice %+v", version, store.put, want)
		}
	}
}

func TestReserveForAnyConnectorWithANumber(t *testing.T) {
	store := &reservations{}
	o := body[operation.Reserve](t, `{"idToken":"AB12","groupId":"OTHER","reservationId":42,`+tomorrow+`}`)
	desk := operation.Desk{Reservations: store, Tokens: tokensOf(token.Token{IDToken: "AB12", GroupID: "FLEET"})}
	if _, err := prepared(t, o, desk, ocppj.V21); err != nil {
		t.Fatal(err)
	}
	if got := store.put[0]; got.Connector != "0" || got.ID != 42 || got.GroupID != "OTHER" || o.Said().ReservationID != 42 {
		t.Errorf("noted %+v", got)
	}
}

func TestReservationThatIsNotSentIsNotNoted(t *testing.T) {
	tooLong := strings.Repeat("x", 21)
	for name, test := range map[string]struct {
		body    string
		version ocppj.Version
		cp      chargepoint.ChargePoint
		tokens  token.Store
		want    fault.Code
	}{
		"in the past":             {`{"idToken":"AB12","expiresAt":"2026-05-01T12:00:00Z"}`, ocppj.V16, chargepoint.ChargePoint{}, tokensOf(), fault.Invalid},
		"no id token":             {`{` + tomorrow + `}`, ocppj.V16, chargepoint.ChargePoint{}, tokensOf(), fault.Malformed},
		"id token too long":       {`{"idToken":"` + tooLong + `",` + tomorrow + `}`, ocppj.V16, chargepoint.ChargePoint{}, tokensOf(), fault.Invalid},
		"no such connector type":  {`{"idToken":"AB12","connectorType":"x",` + tomorrow + `}`, ocppj.V201, chargepoint.ChargePoint{}, tokensOf(), fault.Invalid},
		"charge point rejected":   {`{"idToken":"AB12",` + tomorrow + `}`, ocppj.V201, chargepoint.ChargePoint{Registration: chargepoint.Rejected}, tokensOf(), fault.Conflict},
		"tokens cannot be looked": {`{"idToken":"AB12",` + tomorrow + `}`, ocppj.V201, chargepoint.ChargePoint{}, brokenTokens{}, fault.Throttled},
	} {
		t.Run(name, func(t *testing.T) {
			store := &reservations{}
			whom := target(test.version)
			whom.ChargePoint = test.cp
			desk := operation.Desk{Reservations: store, Tokens: test.tokens, Now: func() time.Time { return now }}
			err := body[operation.Reserve](t, test.body).Prepare(t.Context(), desk, whom)
			if !fault.Is(err, test.want) || len(store.put) > 0 {
				t.Errorf("error %v, want %s; noted %+v", err, test.want, store.put)
			}
		})
	}
}

func TestStoredGroupThatIsTooLongIsLeftOut(t *testing.T) {
	store := &reservations{}
	desk := operation.Desk{Reservations: store, Tokens: tokensOf(token.Token{IDToken: "AB12", GroupID: strings.Repeat("g", 21)})}
	got, err := prepared(t, body[operation.Reserve](t, `{"idToken":"AB12","reservationId":7,`+tomorrow+`}`), desk, ocppj.V16)
	if want := `ReserveNow {"connectorId":0,"expiryDate":"2026-05-02T12:00:00Z","idTag":"AB12","reservationId":7}`; err != nil || got != want {
		t.Errorf("got %s %v", got, err)
	}
}

func TestReservationThatCannotBeNoted(t *testing.T) {
	desk := operation.Desk{Tokens: tokensOf(), Reservations: &reservations{err: fault.New(fault.Throttled, "too much")}}
	if _, err := prepared(t, body[operation.Reserve](t, `{"idToken":"AB12",`+tomorrow+`}`), desk, ocppj.V16); !fault.Is(err, fault.Throttled) {
		t.Errorf("error %v", err)
	}
}
