package websocketapi

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func keys(m map[string]any) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

// The members of each event, as they stand in recorded events of real APIs.
func TestEvents(t *testing.T) {
	s := newStage(t, nil)
	socket, _, err := websocket.Dial(context.Background(), s.url("/ocpp?chargePointId=CP%20001&x=1&x=2"), &websocket.DialOptions{
		HTTPHeader: http.Header{"User-Agent": {"station"}, "X-Many": {"a", "b"}, "X-Forwarded-For": {"192.0.2.7"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	send(t, socket, `[2,"1","Heartbeat",{}]`)
	eventually(t, "the message arrives", func() bool { return len(s.of("message")) == 1 })
	socket.Close(4000, "bye")
	eventually(t, "the end arrives", func() bool { return len(s.of("disconnect")) == 1 })

	const common = "apiId authorizer connectedAt connectionId domainName eventType extendedRequestId identity messageDirection requestId requestTime requestTimeEpoch routeKey stage"
	sorted := func(more string) string {
		all := strings.Fields(common + " " + more)
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	tests := []struct{ function, members, context string }{
		{"authorize", "headers isBase64Encoded methodArn multiValueHeaders multiValueQueryStringParameters queryStringParameters requestContext type",
			strings.Replace(common, "authorizer ", "", 1)},
		{"connect", "headers isBase64Encoded multiValueHeaders multiValueQueryStringParameters queryStringParameters requestContext", common},
		{"message", "body isBase64Encoded requestContext", sorted("messageId")},
		{"disconnect", "headers isBase64Encoded multiValueHeaders requestContext", sorted("disconnectStatusCode disconnectReason")},
	}
	var id string
	for _, test := range tests {
		got := s.of(test.function)[0]
		if keys(got.fields) != test.members {
			t.Errorf("%s has\n%s, want\n%s", test.function, keys(got.fields), test.members)
		}
		if members := keys(got.fields["requestContext"].(map[string]any)); members != test.context {
			t.Errorf("requestContext of %s has\n%s, want\n%s", test.function, members, test.context)
		}
		context := got.event.RequestContext
		if id == "" {
			id = context.ConnectionID
		}
		if context.ConnectionID != id || !regexp.MustCompile(`^[A-Za-z0-9_-]{15}=$`).MatchString(id) {
			t.Errorf("connection id %q, then %q in %s", id, context.ConnectionID, test.function)
		}
		if context.DomainName != "abcdef1234.execute-api.us-east-1.amazonaws.com" || context.Stage != "ocpp" || context.APIID != "abcdef1234" {
			t.Errorf("%s came from %+v", test.function, context)
		}
		if _, err := time.Parse(requestTime, context.RequestTime); err != nil {
			t.Error(err)
		}
		if context.Identity != (identity{"station", "127.0.0.1"}) {
			t.Errorf("identity of %s: %+v", test.function, context.Identity)
		}
		const authorizer = `{"chargePointId":"CP001","flag":"true","number":"7","principalId":"CP001"}`
		if test.function != "authorize" && string(context.Authorizer) != authorizer {
			t.Errorf("authorizer of %s: %s", test.function, context.Authorizer)
		}
	}

	connect := s.of("connect")[0].event
	if connect.QueryStringParameters["chargePointId"] != "CP 001" || connect.QueryStringParameters["x"] != "2" ||
		!slices.Equal(connect.MultiValueQueryStringParameters["x"], []string{"1", "2"}) {
		t.Errorf("query %v %v", connect.QueryStringParameters, connect.MultiValueQueryStringParameters)
	}
	for name, want := range map[string]string{
		"Sec-WebSocket-Version": "13", "X-Many": "b", "X-Forwarded-For": "192.0.2.7, 127.0.0.1", "X-Forwarded-Proto": "https",
		"Host": "abcdef1234.execute-api.us-east-1.amazonaws.com", "Upgrade": "", "Connection": "",
	} {
		if connect.Headers[name] != want {
			t.Errorf("header %s is %q, want %q", name, connect.Headers[name], want)
		}
	}
	if !slices.Equal(connect.MultiValueHeaders["X-Many"], []string{"a", "b"}) {
		t.Errorf("X-Many %q", connect.MultiValueHeaders["X-Many"])
	}
	if arn := s.of("authorize")[0].event.MethodARN; arn != "arn:aws:execute-api:us-east-1:000000000000:abcdef1234/ocpp/$connect" {
		t.Errorf("methodArn %s", arn)
	}
	if body := s.of("message")[0].event.Body; body == nil || *body != `[2,"1","Heartbeat",{}]` {
		t.Errorf("body %v", body)
	}
	end := s.of("disconnect")[0].event.RequestContext
	if end.DisconnectStatusCode != 4000 || *end.DisconnectReason != "bye" {
		t.Errorf("disconnected with %d %q", end.DisconnectStatusCode, *end.DisconnectReason)
	}
}

func TestQueryMapsAreAbsentWhenThereIsNone(t *testing.T) {
	s := newStage(t, nil)
	s.dial(t, nil)
	for _, function := range []string{"authorize", "connect"} {
		if members := keys(s.of(function)[0].fields); strings.Contains(members, "uery") {
			t.Errorf("%s has %s", function, members)
		}
	}
}

func TestPolicy(t *testing.T) {
	const arn = "arn:aws:execute-api:us-east-1:000000000000:abcdef1234/ocpp/$connect"
	tests := []struct {
		name, statement string
		want            bool
	}{
		{"exact", `{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"` + arn + `"}`, true},
		{"lists", `[{"Effect":"Allow","Action":["execute-api:*"],"Resource":["x","arn:aws:execute-api:*:*:abcdef1234/*"]}]`, true},
		{"question mark", `{"Effect":"Allow","Action":"*","Resource":"arn:aws:execute-api:us-east-?:000000000000:abcdef1234/ocpp/$connect"}`, true},
		{"wildcard in the middle", `{"Effect":"Allow","Action":"*","Resource":"*/ocpp/*connect"}`, true},
		{"other action", `{"Effect":"Allow","Action":"execute-api:ManageConnections","Resource":"*"}`, false},
		{"other resource", `{"Effect":"Allow","Action":"*","Resource":"` + arn + `/more"}`, false},
		{"denied as well", `[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"` + arn + `"}]`, false},
		{"nothing", `[]`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var p policy
			if err := json.Unmarshal([]byte(`{"Statement":`+test.statement+`}`), &p); err != nil {
				t.Fatal(err)
			}
			if got := p.allows(arn); got != test.want {
				t.Errorf("allows = %v, want %v", got, test.want)
			}
		})
	}
}
