package awsapi

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/serverless-ocpp/backend/local/fault"
)

// servePart carries out the first half of the writes to each table and returns the others as unprocessed, as DynamoDB does when
// it is throttled in the middle of a batch. When that leaves nothing to do, the whole is throttled.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
func servePart(service Service, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeError(w, http.StatusBadRequest, "IncompleteBody", err.Error())
		return
	}
	first, rest, err := halve(body)
	if err != nil { // what DynamoDB does not understand either, it shall refuse itself
		r.Body = io.NopCloser(bytes.NewReader(body))
		service.ServeHTTP(w, r)
		return
	}
	if first == nil {
		refusalOf("dynamodb", fault.Fault{Kind: fault.Throttle}).write(w)
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(first)), int64(len(first))
	answer := &heard{unheard: newUnheard(), status: http.StatusOK}
	service.ServeHTTP(answer, r)
	var document map[string]json.RawMessage
	if answer.status != http.StatusOK || json.Unmarshal(answer.body.Bytes(), &document) != nil {
		answer.pass(w)
		return
	}
	document["UnprocessedItems"] = rest
	whole, err := json.Marshal(document)
	if err != nil {
		panic(err) // it was JSON before
	}
	refusal{
		status:  http.StatusOK,
		header:  map[string]string{"Content-Type": answer.header.Get("Content-Type")},
		body:    string(whole),
		checked: true,
	}.write(w)
}

// halve splits the writes of a batch: first is the body with the first half of them, nil when that is nothing, rest are the
// others as UnprocessedItems has them.
func halve(body []byte) (first, rest []byte, err error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, nil, err
	}
	var items map[string][]json.RawMessage
	if err := json.Unmarshal(whole["RequestItems"], &items); err != nil {
		return nil, nil, err
	}
	left := map[string][]json.RawMessage{}
	for table, writes := range items {
		half := len(writes) / 2
		items[table], left[table] = writes[:half], writes[half:]
		if half == 0 {
			delete(items, table)
		}
	}
	if rest, err = json.Marshal(left); err != nil || len(items) == 0 {
		return nil, rest, err
	}
	if whole["RequestItems"], err = json.Marshal(items); err != nil {
		return nil, nil, err
	}
	first, err = json.Marshal(whole)
	return first, rest, err
}

// heard is a ResponseWriter that keeps the answer.
type heard struct {
	unheard
	status int
	body   bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) { return h.body.Write(p) }
func (h *heard) WriteHeader(status int)      { h.status = status }

// pass hands the answer on.
func (h *heard) pass(w http.ResponseWriter) {
	for name, values := range h.header {
		w.Header()[name] = values
	}
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes()) // as in refusal.write
}
