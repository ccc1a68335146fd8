package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/token"
)

func TestTokens(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/tokens/04AABB", `{"type":"ISO14443","groupId":"G1","expiresAt":"2030-01-01T00:00:00Z"}`).want(200, `"idToken":"04AABB"`, `"status":"Accepted"`)
	r.do("GET", "/tokens/04aabb", "").want(200, `"idToken":"04AABB"`, `"groupId":"G1"`, `"expiresAt":"2030-01-01T00:00:00Z"`)
	r.do("PUT", "/tokens/04aabb", `{"status":"Blocked"}`).want(200, `"status":"Blocked"`)
	r.do("GET", "/tokens", "").want(200, `"status":"Blocked"`)
	r.do("DELETE", "/tokens/04AABB", "").want(204)
	r.do("DELETE", "/tokens/04AABB", "").want(204)
	r.do("GET", "/tokens/04AABB", "").want(404)
	r.do("GET", "/tokens", "").want(200, `{"tokens":[]}`)
	r.do("PUT", "/tokens/"+strings.Repeat("x", 255), `{}`).want(200)
	r.do("PUT", "/tokens/"+strings.Repeat("x", 256), `{}`).want(422, "255 printable")
	r.do("PUT", "/tokens/%0A", `{}`).want(422)
	r.do("PUT", "/tokens/A", `{"status":"Maybe"}`).want(422, "'status'")
	r.do("PUT", "/tokens/A", `{"type":"123456789012345678901"}`).want(422, "'type'")
	r.do("PUT", "/tokens/A", `{"groupId":"`+strings.Repeat("x", 256)+`"}`).want(422, "'groupId'")
	r.do("PUT", "/tokens/A", `{"expiresAt":"tomorrow"}`).want(400)
}

// TestTokensOfAnyCharacters: API Gateway hands a path over decoded, and cuts it at a question mark; the rest of it the mux makes neat.
func TestTokensOfAnyCharacters(t *testing.T) {
	r := newRig(t)
	for _, idToken := range []string{"A/B", "A//B", ".", "..", "?", "A?idToken=B", "#", "50%25", " ", "A=B+C", strings.Repeat("/", 255)} {
		named, query := fmt.Sprintf(`{"idToken":%q`, idToken), "/tokens?idToken="+url.QueryEscape(idToken)
		r.do("GET", query, "").want(404, "there is no such id token")
		r.do("PUT", "/tokens", named+`,"groupId":"G1"}`).want(200, named, `"status":"Accepted"`)
		r.do("GET", query, "").want(200, named, `"groupId":"G1"`)
		r.do("GET", "/tokens", "").want(200, `{"tokens":[`+named)
		r.do("DELETE", query, "").want(204)
		r.do("DELETE", query, "").want(204)
		r.do("GET", query, "").want(404)
	}
	r.do("PUT", "/tokens", `{}`).want(400, "'idToken'")
	r.do("PUT", "/tokens", `{"idToken":"A","idtoken":"B"}`).want(400, "'idtoken'")
	r.do("PUT", "/tokens", `{"idToken":"A\n"}`).want(422, "255 printable")
	r.do("PUT", "/tokens", `{"idToken":"`+strings.Repeat("x", 256)+`"}`).want(422, "255 printable")
	r.do("PUT", "/tokens", `{"idToken":"A","status":"Maybe"}`).want(422, "'status'")
	for _, nothing := range []string{"/tokens", "/tokens?idToken=", "/tokens?idtoken=A"} {
		r.do("DELETE", nothing, "").want(400, "'idToken'")
	}
	r.do("DELETE", "/tokens?idToken="+strings.Repeat("x", 3000), "").want(204)
}

// TestWhatCannotBeIsNotThere: a key of DynamoDB has at most 1,024 or 2,048 bytes, and a Thing no blanks in its name.
func TestWhatCannotBeIsNotThere(t *testing.T) {
	r := newRig(t)
	long := strings.Repeat("x", 3000)
	for _, path := range []string{
		"/tokens?idToken=" + long, "/tokens/" + long, "/charge-points/" + long, "/charge-points/" + long + "/messages", "/charge-points/CP16/commands/" + long,
		"/charge-points/CP16/transactions/" + long, "/charge-points/CP16/transactions?transactionId=" + long, "/charge-points/" + long + "/transactions/1",
		"/campaigns/" + long, "/campaigns/" + long + "/members", "/charge-points/CP16/reports/" + long, "/schemas/ocpp1.6/" + long,
	} {
		r.do("GET", path, "").want(404)
	}
	for _, path := range []string{"/charge-points/CP16/commands/" + long, "/campaigns/" + long, "/charge-points/" + long, "/charge-points/CP16%20", "/charge-points/%00", "/charge-points/%C3%A4"} {
		r.do("DELETE", path, "").want(404)
	}
}

func TestIDTokensStayOutOfTheLog(t *testing.T) {
	var log bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(previous) })
	r := newRig(t)
	r.do("PUT", "/tokens/SECRETTAG", `{}`).want(200)
	r.do("GET", "/tokens/SECRETTAG", "").want(200)
	r.do("PUT", "/tokens/SECRETTAG", `{"status":"x"}`).want(422)
	r.do("GET", "/tokens/SECRETTAG/more", "").want(404)
	r.do("PUT", "/tokens", `{"idToken":"SECRETTAG/2"}`).want(200)
	r.do("GET", "/tokens?idToken=SECRETTAG/2", "").want(200)
	r.do("DELETE", "/tokens?idToken=SECRETTAG/2", "").want(204)
	r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"SECRETTAG"}`).want(202)
	if strings.Contains(log.String(), "SECRETTAG") {
		t.Errorf("logged in clear:\n%s", log.String())
	}
	for _, want := range []string{`"route":"GET /tokens/{idToken}","chargePointId":"","status":200`, `"route":"none"`, token.Mask("SECRETTAG")} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("want %s in\n%s", want, log.String())
		}
	}
}

func TestRequestsThatAreNotUnderstood(t *testing.T) {
	r := newRig(t)
	r.do("GET", "/nothing", "").want(404, "/nothing")
	r.do("GET", "/", "").want(404)
	if got := r.do("PATCH", "/charge-points/CP16", "").want(405, "PATCH"); got.header.Get("Allow") != "DELETE, GET, HEAD" {
		t.Errorf("Allow: %q", got.header.Get("Allow"))
	}
	r.do("POST", "/remote-start", ``).want(400, "empty")
	r.do("POST", "/remote-start", `{"chargePointId":`).want(400)
	r.do("POST", "/remote-start", `[]`).want(400, "must be a JSON object")
	r.do("POST", "/remote-start", `{"chargePointId":1}`).want(400, "'chargePointId' must be a string")
	r.do("POST", "/remote-start", `{"chargePointId":"CP16"}{}`).want(400, "more than one")
	r.do("POST", "/charge-points", `{"chargePointId":"CPX"}`, "Content-Type: application/x-www-form-urlencoded").want(415, "application/json")
	r.do("POST", "/charge-points", `{"chargePointId":"CPX"}`, "Content-Type: ;").want(415)
	r.do("POST", "/charge-points", `{"chargePointId":"CPX"}`, "Content-Type: application/json; charset=utf-8").want(201)
	r.do("POST", "/charge-points", `{"chargePointId":"`+strings.Repeat("x", maxBody)+`"}`).want(413, "64 KB")
}

// TestMembersAreNamedExactlyAndOnce: what a client has misspelt in its case alone, or says twice, is not taken for what it did not say.
func TestMembersAreNamedExactlyAndOnce(t *testing.T) {
	r := newRig(t)
	for _, test := range []struct{ method, path, body, says string }{
		{"POST", "/charge-points", `{"chargepointid":"CPX"}`, "'chargepointid' is not known here"},
		{"POST", "/charge-points", `{"chargePointId":"CPX","KEY":true}`, "'KEY' is not known here: a member is named as it is documented, with its case"},
		{"POST", "/charge-points", `{"chargePointId":"CPX","chargePointId":"CPY"}`, "'chargePointId' is given twice"},
		{"PUT", "/tokens/A", `{"type":"Central","Type":"Local"}`, "'Type' is not known here"},
		{"PUT", "/tokens/A", `{"type":"Central","t\u0079pe":"Local"}`, "'type' is given twice"},
		{"POST", "/charge-points/CP16/reset", `{"type":"soft","Type":"hard"}`, "'Type' is not known here"},
		{"POST", "/charge-points/CP16/reset", `{"type":"soft","type":"hard"}`, "'type' is given twice"},
		{"POST", "/charge-points/CP16/reset", `{"type":"soft","ExpiresInSeconds":60}`, "'ExpiresInSeconds' is not known here"},
		{"POST", "/charge-points/CP16/reset", `{"type":"soft","expiresInSeconds":60,"expiresInSeconds":70}`, "'expiresInSeconds' is given twice"},
		{"POST", "/charge-points/CP16/variables/set", `{"variables":[{"variable":"A","value":"1","Value":"2"}]}`, "'variables[0].Value' is not known here"},
		{"POST", "/charge-points/CP16/variables/set", `{"variables":[{"variable":"A","value":"1","value":"2"}]}`, "'variables[0].value' is given twice"},
		{"POST", "/charge-points/CP16/commands", `{"action":"ClearCache","Action":"Reset"}`, "'Action' is not known here"},
		{"POST", "/campaigns", `{"Where":{},"operation":"clear-cache"}`, "'Where' is not known here"},
		{"POST", "/remote-start", `{"chargePointId":"CP16","idTag":"A","idTag":"B"}`, "'idTag' is given twice"},
	} {
		r.do(test.method, test.path, test.body).want(400, test.says)
	}
	r.do("POST", "/campaigns", `{"where":{},"operation":"reset","request":{"type":"soft","Type":"hard"}}`).want(422, "'request'", "'Type' is not known here")
	r.do("POST", "/campaigns", `{"where":{},"operation":"reset","request":{"type":"soft","type":"hard"}}`).want(422, "'request'", "'type' is given twice")
	r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"A","ChargePointId":"CP0","transactionData":{"a":1}}`).want(202) // ignored, as ever
}

func TestEveryFaultHasAStatus(t *testing.T) {
	for _, code := range []fault.Code{
		fault.NotFound, fault.Offline, fault.Gone, fault.Conflict, fault.Stale, fault.Invalid,
		fault.Malformed, fault.Unauthorized, fault.Throttled, fault.Internal,
	} {
		if http.StatusText(statusOf[code]) == "" {
			t.Errorf("%s has the status %d", code, statusOf[code])
		}
	}
}

func TestFailuresAreNotExplainedToTheCaller(t *testing.T) {
	r := newRig(t)
	r.api.Tokens = failing{r.tokens}
	if got := r.do("GET", "/tokens/A", "").want(500); strings.Contains(got.text, "arn:") {
		t.Errorf("%s", got.text)
	}
	if got := r.do("GET", "/tokens", "").want(503); got.header.Get("Retry-After") == "" {
		t.Errorf("%v", got.header)
	}
	r.api.Tokens = nil
	r.do("GET", "/tokens/A", "").want(500) // a panic
}

type failing struct{ token.Store }

func (failing) Find(context.Context, string) (token.Token, error) {
	return token.Token{}, errors.New("AccessDenied for arn:aws:dynamodb:us-east-1:1:table/T")
}

func (failing) List(context.Context, string, int) ([]token.Token, string, error) {
	return nil, "", fault.New(fault.Throttled, "the table is busy")
}

func TestHealth(t *testing.T) {
	got := (&rig{T: t, api: &API{}}).do("GET", "/health", "").want(200, `"status":"ok"`)
	if got.body["version"] == "" {
		t.Errorf("no version: %s", got.text)
	}
}

func TestSampleEvents(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		says   string
	}{
		{"http-create-charge-point.json", 201, `"key":"`},
		{"http-get-charge-points.json", 200, `"chargePointId":"CP16"`},
		{"http-put-token.json", 200, `"status":"Accepted"`},
		{"http-remote-start.json", 404, "CP001"},
		{"http-remote-stop.json", 404, "CP001"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			sample, err := os.ReadFile(filepath.Join("..", "..", "events", test.name))
			r.must(err)
			var event events.APIGatewayV2HTTPRequest
			r.must(json.Unmarshal(sample, &event))
			got, err := behindGateway(r.api.Handler())(t.Context(), event)
			r.must(err)
			if got.StatusCode != test.status || !strings.Contains(got.Body, test.says) || got.IsBase64Encoded {
				t.Errorf("%d %s; want %d and %s", got.StatusCode, got.Body, test.status, test.says)
			}
		})
	}
}

func TestPathsThatTheGatewayHasDecoded(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/charge-points/CP%3A404", "/charge-points/CP:404", "/charge-points/100%", "/charge-points/a b", "/charge-points/\x01"} {
		var event events.APIGatewayV2HTTPRequest
		event.RawPath, event.RequestContext.HTTP.Method, event.RequestContext.DomainName = path, "GET", "api.test"
		got, err := behindGateway(r.api.Handler())(t.Context(), event)
		if err != nil || got.StatusCode != http.StatusNotFound || !strings.Contains(got.Body, "there is no charge point") {
			t.Errorf("%s: %d %s, %v", path, got.StatusCode, got.Body, err)
		}
	}
}

// TestQueriesThatTheGatewayHandsOver as they came: what cannot stand in a path can stand there.
func TestQueriesThatTheGatewayHandsOver(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/tokens", `{"idToken":"A/B?#%2F"}`).want(200)
	for _, test := range []struct {
		path, query string
		status      int
	}{
		{"/tokens", "idToken=A%2FB%3F%23%252F", http.StatusOK},
		{"/tokens/A/B?#%2F", "", http.StatusNotFound},
		{"/tokens/A/B", "", http.StatusNotFound}, // all that is left of it
	} {
		var event events.APIGatewayV2HTTPRequest
		event.RawPath, event.RawQueryString, event.RequestContext.HTTP.Method, event.RequestContext.DomainName = test.path, test.query, "GET", "api.test"
		got, err := behindGateway(r.api.Handler())(t.Context(), event)
		if err != nil || got.StatusCode != test.status {
			t.Errorf("%s %s: %d %s, %v", test.path, test.query, got.StatusCode, got.Body, err)
		}
	}
}

// TestWaitingEndsBeforeTheFunction: a wait that was asked for when little time was left is cut short, and the
// command's state is the answer.
func TestWaitingEndsBeforeTheFunction(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithTimeout(t.Context(), timeToReturn+300*time.Millisecond)
	defer cancel()
	event := events.APIGatewayV2HTTPRequest{
		RawPath: "/remote-start", Headers: map[string]string{"prefer": "wait=25"}, Body: `{"chargePointId":"CP16","idTag":"TAG"}`,
		RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodPost, Path: "/remote-start"}},
	}
	got, err := behindGateway(r.api.Handler())(ctx, event)
	if err != nil || got.StatusCode != http.StatusAccepted || !strings.Contains(got.Body, `"state":"sent"`) || ctx.Err() != nil {
		t.Errorf("%d %s, %v, %v", got.StatusCode, got.Body, err, ctx.Err())
	}
}
