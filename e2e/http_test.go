package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answer is what the HTTP API said.
type answer struct {
	Status int
	Header http.Header
	Body   map[string]any
}

// text is a member of the body, nested by dots, as text.
func (a answer) text(path string) string {
	var value any = a.Body
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// list is a member of the body that is a list of objects.
func (a answer) list(name string) []map[string]any {
	var objects []map[string]any
	values, _ := a.Body[name].([]any)
	for _, value := range values {
		object, _ := value.(map[string]any)
		objects = append(objects, object)
	}
	return objects
}

// call calls the HTTP API. body "" is none; header pairs follow.
func call(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	return callURL(t, method, stack.Addresses().HTTP+path, body, header...)
}

func callURL(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{Status: response.StatusCode, Header: response.Header}
	if len(data) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber() // ids and energies are compared as they are written
		if err := decoder.Decode(&got.Body); err != nil {
			t.Fatalf("%s %s answered %d with no JSON object: %s", method, url, got.Status, data)
		}
	}
	return got
}

// want checks the status of an answer.
func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %v", a.Status, status, a.Body)
	}
	return a
}

// patience is how long something may take that happens in the background, on a machine that is busy.
const patience = 20 * time.Second

// eventually repeats check until it returns "", and fails with what it said last.
func eventually(t *testing.T, check func() string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		complaint := check()
		if complaint == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %v: %s", patience, complaint)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
