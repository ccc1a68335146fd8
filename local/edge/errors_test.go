package edge

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// An error of the origin is the answer to everybody with the same path behind the function, until it is old.
func TestErrorsAreKept(t *testing.T) {
	const onePath = `function handler(event) { event.request.headers['x-who'] = { value: event.request.uri }; event.request.uri = '/ocpp'; return event.request; }`
	for name, test := range map[string]struct {
		status  int
		control string
		kept    map[int]time.Duration
		again   bool // the origin is asked by the second viewer
	}{
		"unknown":                          {status: 404},
		"no function was free":             {status: 500},
		"bad gateway, unheeded":            {status: 502, control: "no-store"},
		"unknown, not to be kept":          {status: 404, control: "Private", again: true},
		"unknown, where errors stay new":   {status: 404, kept: map[int]time.Duration{404: 0}, again: true},
		"failure, where others stay new":   {status: 500, kept: map[int]time.Duration{404: 0}},
		"unknown, kept for a moment":       {status: 404, kept: map[int]time.Duration{404: time.Nanosecond}, again: true},
		"a wrong key":                      {status: 401, again: true},
		"no identity":                      {status: 400, again: true},
		"too many":                         {status: 429, again: true},
		"no error":                         {status: 200, again: true},
		"forbidden, which is kept on wish": {status: 403, again: true},
	} {
		asked := ""
		d, err := New(Config{FunctionCode: onePath, OriginDomain: "o", ErrorsKept: test.kept, Origin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked += r.Header.Get("X-Who")
			w.Header().Set("Cache-Control", test.control)
			w.Header().Set("X-Of", r.Header.Get("X-Who"))
			w.WriteHeader(test.status)
			w.Write([]byte("says the origin"))
		})})
		if err != nil {
			t.Fatal(err)
		}
		var w *httptest.ResponseRecorder
		for _, viewer := range []string{"/CP404", "/CP001"} {
			w = httptest.NewRecorder()
			d.ServeHTTP(w, get(viewer, nil))
			if w.Code != test.status || w.Body.String() != "says the origin" {
				t.Errorf("%s: %s is answered %d %s", name, viewer, w.Code, w.Body)
			}
		}
		if again := asked == "/CP404/CP001"; again != test.again || (w.Header().Get("X-Of") == "/CP001") != test.again {
			t.Errorf("%s: the origin was asked by %s", name, asked)
		}
	}
}
