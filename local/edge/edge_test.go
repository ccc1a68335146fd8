package edge

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ask sends a request through a distribution with the given function and returns what
// reached the origin, nil if nothing did, and what the viewer was answered.
func ask(t *testing.T, code string, change func(*Config), viewer *http.Request) (*http.Request, *httptest.ResponseRecorder) {
	t.Helper()
	var arrived *http.Request
	config := Config{
		DistributionID: "E1", DomainName: "d1.cloudfront.net", FunctionCode: code, OriginDomain: "origin.example.com",
		Origin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			arrived = r
			w.WriteHeader(http.StatusTeapot)
		}),
		Logger: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&config)
	}
	d, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, viewer)
	return arrived, w
}

func get(target string, header http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.RemoteAddr = "192.0.2.7:1234"
	for name, values := range header {
		r.Header[name] = values
	}
	return r
}

const passOn = `function handler(event) { return event.request; }`

func TestPassesOn(t *testing.T) {
	for name, code := range map[string]string{"no function": "", "function": passOn} {
		t.Run(name, func(t *testing.T) {
			arrived, w := ask(t, code, func(c *Config) {
				c.OriginHeaders = map[string]string{"X-Ocpp-Edge-Secret": "s3cret"}
			}, get("/a%2Fb/c?y=2&x=1&x=3", http.Header{
				"Authorization": {"Basic eDp5"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"},
				"X-Many": {"a", "b"}, "Cookie": {"c=1; d=2"}, "X-Forwarded-For": {"198.51.100.1"}, "X-Ocpp-Edge-Secret": {"forged"},
			}))
			if w.Code != http.StatusTeapot {
				t.Fatalf("status %d", w.Code)
			}
			if arrived.Host != "origin.example.com" || arrived.URL.EscapedPath() != "/a%2Fb/c" || arrived.RemoteAddr != edgeAddress {
				t.Errorf("host %s, path %s, from %s", arrived.Host, arrived.URL.EscapedPath(), arrived.RemoteAddr)
			}
			if query := arrived.URL.Query(); !slices.Equal(query["x"], []string{"1", "3"}) || query.Get("y") != "2" {
				t.Errorf("query %s", arrived.URL.RawQuery)
			}
			for name, want := range map[string]string{
				"Authorization": "Basic eDp5", "Connection": "Upgrade", "Upgrade": "websocket", "Cookie": "c=1; d=2",
				"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Ocpp-Edge-Secret": "s3cret", "Via": "1.1 d1.cloudfront.net (CloudFront)",
			} {
				if got := arrived.Header.Get(name); got != want {
					t.Errorf("header %s is %q, want %q", name, got, want)
				}
			}
			if !slices.Equal(arrived.Header.Values("X-Many"), []string{"a", "b"}) {
				t.Errorf("X-Many %q", arrived.Header.Values("X-Many"))
			}
		})
	}
}

// The function tells what it was given in a response of its own.
func TestFunctionSeesTheEvent(t *testing.T) {
	_, w := ask(t, `function handler(event) { return {statusCode: 200, body: JSON.stringify(event)}; }`, nil,
		get("/CP%20001?x=%20a&x=b&y", http.Header{"Upgrade": {"websocket"}, "X-Amz-Cf-Id": {"1"}, "Accept": {"a", "b"}, "Cookie": {"c=1"}}))
	for _, want := range []string{
		`"version":"1.0"`, `"eventType":"viewer-request"`, `"distributionId":"E1"`, `"viewer":{"ip":"192.0.2.7"}`,
		`"method":"GET","uri":"/CP%20001"`,
		`"querystring":{"x":{"value":"%20a","multiValue":[{"value":"%20a"},{"value":"b"}]},"y":{"value":""}}`,
		`"headers":{"accept":{"value":"a","multiValue":[{"value":"a"},{"value":"b"}]},"host":{"value":"example.com"}}`,
		`"cookies":{"c":{"value":"1"}}`,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the event lacks %s:\n%s", want, w.Body)
		}
	}
}

func TestFunctionRewrites(t *testing.T) {
	arrived, _ := ask(t, `function handler(event) {
		var r = event.request;
		var id = decodeURIComponent(r.uri.split('/').pop());
		r.uri = '/ocpp';
		r.querystring = {chargePointId: {value: encodeURIComponent(id)}};
		r.headers['x-new'] = {value: 'n'};
		delete r.headers['x-old'];
		r.cookies = {};
		return r;
	}`, func(c *Config) { c.OriginPath = "/prod" }, get("/station/CP%26001?chargePointId=other", http.Header{"X-Old": {"o"}, "Cookie": {"c=1"}}))
	if arrived.URL.Path != "/prod/ocpp" || arrived.URL.RawQuery != "chargePointId=CP%26001" {
		t.Errorf("the origin is asked for %s", arrived.URL)
	}
	if arrived.Header.Get("X-New") != "n" || arrived.Header.Get("X-Old") != "" || arrived.Header.Get("Cookie") != "" {
		t.Errorf("headers %v", arrived.Header)
	}
}

func TestFunctionAnswers(t *testing.T) {
	tests := []struct{ name, code, body string }{
		{"text", `{statusCode: 404, statusDescription: 'Not Found', headers: {'x-a': {value: 'b'}}, cookies: {c: {value: '1', attributes: 'Secure'}}, body: 'none'}`, "none"},
		{"encoded text", `{statusCode: 404, headers: {'x-a': {value: 'b'}}, cookies: {c: {value: '1', attributes: 'Secure'}}, body: {encoding: 'text', data: 'none'}}`, "none"},
		{"base64", `{statusCode: 404, headers: {'x-a': {value: 'b'}}, cookies: {c: {value: '1', attributes: 'Secure'}}, body: {encoding: 'base64', data: 'bm9uZQ=='}}`, "none"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			arrived, w := ask(t, `function handler(event) { return `+test.code+`; }`, nil, get("/", nil))
			if arrived != nil {
				t.Error("the origin was asked")
			}
			if w.Code != 404 || w.Body.String() != test.body || w.Header().Get("X-A") != "b" || w.Header().Get("Set-Cookie") != "c=1; Secure" {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
		})
	}
}

func TestAsyncFunction(t *testing.T) {
	arrived, _ := ask(t, `async function handler(event) { await null; event.request.uri = '/later'; return event.request; }`, nil, get("/", nil))
	if arrived == nil || arrived.URL.Path != "/later" {
		t.Errorf("the origin got %v", arrived)
	}
}

func TestFunctionFailures(t *testing.T) {
	tests := map[string]string{
		"throws":                   `throw new Error('x')`,
		"rejects":                  `return Promise.reject('x')`,
		"returns nothing":          ``,
		"returns a text":           `return 'x'`,
		"returns an object":        `return {}`,
		"loops":                    `for (;;) {}`,
		"changes the host":         `event.request.headers.host.value = 'x'; return event.request`,
		"removes the host":         `delete event.request.headers.host; return event.request`,
		"changes the method":       `event.request.method = 'POST'; return event.request`,
		"sets a header it may not": `event.request.headers.connection = {value: 'close'}; return event.request`,
		"sets a bad uri":           `event.request.uri = 'x'; return event.request`,
		"puts a query into uri":    `event.request.uri = '/x?y'; return event.request`,
		"breaks the encoding":      `event.request.uri = '/%zz'; return event.request`,
		"bad status":               `return {statusCode: 7}`,
		"bad body":                 `return {statusCode: 200, body: {encoding: 'zip', data: ''}}`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			arrived, w := ask(t, `function handler(event) { `+body+` }`, nil, get("/x", nil))
			if arrived != nil {
				t.Error("the origin was asked")
			}
			if w.Code != 503 || w.Header().Get("X-Cache") != "FunctionExecutionError from cloudfront" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	fine := Config{OriginDomain: "o", Origin: http.NotFoundHandler()}
	tests := []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"no origin", func(c *Config) { c.Origin = nil }, "Origin"},
		{"no JavaScript", func(c *Config) { c.FunctionCode = "function handler(" }, "JavaScript"},
		{"no handler", func(c *Config) { c.FunctionCode = "function handle() {}" }, "handler"},
		{"too long", func(c *Config) { c.FunctionCode = passOn + strings.Repeat(" ", maxFunctionCode) }, "10240"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := fine
			test.edit(&config)
			if _, err := New(config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %s", err, test.want)
			}
		})
	}
}

// Runtimes are pooled and each does one thing at a time.
func TestConcurrentRequests(t *testing.T) {
	d, err := New(Config{
		OriginDomain: "o", Logger: slog.New(slog.DiscardHandler),
		FunctionCode: `var last; function handler(event) { last = event.request.uri; event.request.uri = last + '/seen'; return event.request; }`,
		Origin:       http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			path := "/" + string(rune('a'+i))
			for range 50 {
				w := httptest.NewRecorder()
				d.ServeHTTP(w, get(path, nil))
				if w.Body.String() != path+"/seen" {
					t.Errorf("asked for %s, got %s", path, w.Body)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkFunction(b *testing.B) {
	d, err := New(Config{OriginDomain: "o", Origin: http.NotFoundHandler(), FunctionCode: passOn})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		d.ServeHTTP(httptest.NewRecorder(), get("/CP001", nil))
	}
}

func TestMethodsThatAreNotAllowed(t *testing.T) {
	for method, want := range map[string]int{http.MethodGet: http.StatusTeapot, http.MethodHead: http.StatusTeapot, http.MethodPost: http.StatusForbidden, http.MethodDelete: http.StatusForbidden} {
		viewer := httptest.NewRequest(method, "/CP001", nil)
		arrived, w := ask(t, passOn, func(c *Config) { c.AllowedMethods = []string{http.MethodGet, http.MethodHead} }, viewer)
		if w.Code != want || (arrived != nil) != (want == http.StatusTeapot) {
			t.Errorf("%s is answered %d and reached the origin: %v", method, w.Code, arrived != nil)
		}
	}
}
