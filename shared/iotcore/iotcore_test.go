package iotcore

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// standIn answers every call in the same way and remembers the last one.
type standIn struct {
	status    int
	errorType string // header x-amzn-ErrorType
	answer    string

	method, uri, body string
}

func (s *standIn) config(t *testing.T) aws.Config {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.method, s.uri, s.body = r.Method, r.RequestURI, string(body)
		w.Header().Set("Content-Type", "application/json")
		if s.errorType != "" {
			w.Header().Set("x-amzn-ErrorType", s.errorType)
		}
		w.WriteHeader(s.status)
		io.WriteString(w, s.answer)
	}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		RetryMaxAttempts: 1, BaseEndpoint: &server.URL,
	}
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newThings(t *testing.T, s *standIn) *Things {
	t.Helper()
	things := NewThings(iot.NewFromConfig(s.config(t)))
	things.now = func() time.Time { return now }
	return things
}

func TestDescribe(t *testing.T) {
	s := &standIn{status: 200, answer: `{"thingName":"CP001","thingId":"0f9b","version":7,"attributes":{}}`}
	got, err := newThings(t, s).Describe(t.Context(), "CP001")
	want := chargepoint.Thing{Name: "CP001", ID: "0f9b", Version: 7, At: now}
	if err != nil || got != want || s.method != "GET" || s.uri != "/things/CP001" {
		t.Errorf("%s %s gives %+v, %v", s.method, s.uri, got, err)
	}
}

func TestCreate(t *testing.T) {
	s := &standIn{status: 200, answer: `{"thingName":"CP001","thingId":"0f9b","thingArn":"arn"}`}
	got, err := newThings(t, s).Create(t.Context(), "CP001", map[string]string{"site": "RDAM"})
	want := chargepoint.Thing{Name: "CP001", ID: "0f9b", Version: 1, At: now}
	if err != nil || got != want || s.method != "POST" || s.uri != "/things/CP001" || s.body != `{"attributePayload":{"attributes":{"site":"RDAM"}}}` {
		t.Errorf("%s %s %s gives %+v, %v", s.method, s.uri, s.body, got, err)
	}
}

func TestErrorsOfThings(t *testing.T) {
	for _, test := range []struct {
		status                     int
		errorType                  string
		describe, create, deletion fault.Code
	}{
		{404, "ResourceNotFoundException", fault.NotFound, fault.Internal, ""},
		{409, "ResourceAlreadyExistsException", fault.Internal, fault.Conflict, fault.Internal},
		{400, "InvalidRequestException", fault.Internal, fault.Invalid, fault.Invalid},
		{400, "ThrottlingException", fault.Throttled, fault.Throttled, fault.Throttled},
		{403, "AccessDeniedException", fault.Internal, fault.Internal, fault.Internal},
	} {
		things := newThings(t, &standIn{status: test.status, errorType: test.errorType, answer: `{"message":"no"}`})
		_, describe := things.Describe(t.Context(), "CP001")
		_, create := things.Create(t.Context(), "CP001", nil)
		deletion := things.Delete(t.Context(), "CP001")
		got := []fault.Code{fault.CodeOf(describe), fault.CodeOf(create), fault.CodeOf(deletion)}
		if want := []fault.Code{test.describe, test.create, test.deletion}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", test.errorType, got, want)
		}
		if !strings.Contains(create.Error(), "CP001") {
			t.Errorf("the error names no Thing: %v", create)
		}
	}
}

func TestDelete(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	if err := newThings(t, s).Delete(t.Context(), "CP001"); err != nil || s.method != "DELETE" || s.uri != "/things/CP001" {
		t.Errorf("%s %s: %v", s.method, s.uri, err)
	}
}

func TestMirror(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	mirror := NewMirror(iotdataplane.NewFromConfig(s.config(t)))
	if err := mirror.In(t.Context(), "CP:001", []byte(`[2]`)); err != nil || s.uri != "/topics/CP%3A001%2Fin?qos=1" || s.body != `[2]` {
		t.Errorf("%s %s: %v", s.uri, s.body, err)
	}
	if err := mirror.Out(t.Context(), "CP001", []byte(`[3]`)); err != nil || s.uri != "/topics/CP001%2Fout?qos=1" || s.body != `[3]` {
		t.Errorf("%s %s: %v", s.uri, s.body, err)
	}
	if err := mirror.Data(t.Context(), "CP001", "com.example", []byte(`{"data":"x"}`)); err != nil || s.uri != "/topics/CP001%2Fdata%2Fcom.example?qos=1" || s.body != `{"data":"x"}` {
		t.Errorf("%s %s: %v", s.uri, s.body, err)
	}
	for _, vendorID := range []string{"", "a/b", "+", "a#", strings.Repeat("x", 246)} {
		if err := mirror.Data(t.Context(), "CP001", vendorID, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("vendor %q: %v", vendorID, err)
		}
	}
	s.status, s.errorType = 429, "ThrottlingException"
	if err := mirror.Out(t.Context(), "CP001", []byte(`[3]`)); !fault.Is(err, fault.Throttled) || !strings.Contains(err.Error(), "CP001/out") {
		t.Errorf("throttled: %v", err)
	}
}

func TestMirrorShowsNoSecret(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	mirror := NewMirror(iotdataplane.NewFromConfig(s.config(t)))
	frame := `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0102"}]`
	if err := mirror.Out(t.Context(), "CP001", []byte(frame)); err != nil || s.body != strings.Replace(frame, "0102", "***", 1) {
		t.Errorf("%s: %v", s.body, err)
	}
}

func TestMirrorSwitchedOffShowsDataAlone(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	mirror := MirrorIf(false, iotdataplane.NewFromConfig(s.config(t)))
	if err := errors.Join(mirror.In(t.Context(), "CP001", []byte(`[2]`)), mirror.Out(t.Context(), "CP001", []byte(`[3]`))); err != nil || s.uri != "" {
		t.Errorf("published to %q, %v", s.uri, err)
	}
	if err := mirror.Data(t.Context(), "CP001", "com.example", []byte(`{}`)); err != nil || s.uri == "" {
		t.Errorf("published to %q, %v", s.uri, err)
	}
}

func TestEvents(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	client := iotdataplane.NewFromConfig(s.config(t))
	booted := event.Event{Name: event.Booted, ID: "1", ChargePointID: "CP:001", At: now, Data: event.Boot{Model: "X", Registration: "Accepted"}}
	if err := EventsIf(false, client, nil).Publish(t.Context(), booted); err != nil || s.uri != "" {
		t.Errorf("switched off: %q, %v", s.uri, err)
	}
	const want = `{"event":"booted","id":"1","chargePointId":"CP:001","at":"2026-03-01T12:00:00Z","data":{"model":"X","registration":"Accepted"}}`
	if err := EventsIf(true, client, nil).Publish(t.Context(), booted); err != nil || s.uri != "/topics/ocpp%2FCP%3A001%2Fbooted?qos=1" || s.body != want {
		t.Errorf("%s %s: %v", s.uri, s.body, err)
	}
	booted.Data = func() {}
	if err := NewEvents(client).Publish(t.Context(), booted); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "CP:001") {
		t.Errorf("no JSON: %v", err)
	}
	s.status, s.errorType, booted.Data = 429, "ThrottlingException", nil
	if err := NewEvents(client).Publish(t.Context(), booted); !fault.Is(err, fault.Throttled) {
		t.Errorf("throttled: %v", err)
	}
}

func TestShadow(t *testing.T) {
	s := &standIn{status: 200, answer: `{"state":{"reported":{"status":"Available"},"desired":{}},"metadata":{},"version":7,"timestamp":1}`}
	shadow := NewShadow(iotdataplane.NewFromConfig(s.config(t)))
	reported, version, err := shadow.Get(t.Context(), "CP001")
	if err != nil || version != 7 || string(reported) != `{"status":"Available"}` || s.method != "GET" || s.uri != "/things/CP001/shadow" {
		t.Errorf("%s %s gives %s, %d, %v", s.method, s.uri, reported, version, err)
	}
	if err := shadow.Update(t.Context(), "CP001", json.RawMessage(`{"status":"Charging","old":null}`), version); err != nil {
		t.Error(err)
	}
	if s.method != "POST" || s.uri != "/things/CP001/shadow" || s.body != `{"state":{"reported":{"status":"Charging","old":null}},"version":7}` {
		t.Errorf("%s %s %s", s.method, s.uri, s.body)
	}
	if err := shadow.Update(t.Context(), "CP001", json.RawMessage(`{}`), 0); err != nil || s.body != `{"state":{"reported":{}}}` {
		t.Errorf("the first version: %s, %v", s.body, err)
	}
	if err := shadow.Update(t.Context(), "CP001", json.RawMessage(`{`), 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("no JSON: %v", err)
	}
}

func TestErrorsOfShadows(t *testing.T) {
	for _, test := range []struct {
		status      int
		errorType   string
		get, update fault.Code
	}{
		{404, "ResourceNotFoundException", "", fault.Internal},
		{409, "ConflictException", fault.Internal, fault.Conflict},
		{413, "RequestEntityTooLargeException", fault.Internal, fault.Invalid},
		{400, "InvalidRequestException", fault.Internal, fault.Invalid},
		{429, "ThrottlingException", fault.Throttled, fault.Throttled},
		{503, "ServiceUnavailableException", fault.Internal, fault.Internal},
	} {
		s := &standIn{status: test.status, errorType: test.errorType, answer: `{"message":"no"}`}
		shadow := NewShadow(iotdataplane.NewFromConfig(s.config(t)))
		reported, version, err := shadow.Get(t.Context(), "CP001")
		if fault.CodeOf(err) != test.get || reported != nil || version != 0 {
			t.Errorf("%s of a read: %v, want %q", test.errorType, err, test.get)
		}
		if err := shadow.Update(t.Context(), "CP001", json.RawMessage(`{}`), 7); fault.CodeOf(err) != test.update {
			t.Errorf("%s of a write: %v, want %q", test.errorType, err, test.update)
		}
	}
	s := &standIn{status: 200, answer: `[]`}
	if _, _, err := NewShadow(iotdataplane.NewFromConfig(s.config(t))).Get(t.Context(), "CP001"); !fault.Is(err, fault.Internal) {
		t.Errorf("no shadow document: %v", err)
	}
}
