package eventsource

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/serverless-ocpp/backend/local/sqs"
)

// failures reads which messages of a batch failed from the answer of a function that reports them:
//
//	{"batchItemFailures": [{"itemIdentifier": "<messageId>"}]}
//
// No list, an empty one or null means that none did. An error means that all did: the answer is no JSON object, an identifier is
// missing, empty or null, or none of the batch ("Success and failure conditions" in the Lambda Developer Guide).
func failures(answer []byte, batch []sqs.Message) (map[string]bool, error) {
	failed := make(map[string]bool)
	if len(bytes.TrimSpace(answer)) == 0 {
		return failed, nil
	}
	// Maps, because the names of struct fields would match in any case.
	var response map[string]json.RawMessage
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, fmt.Errorf("the answer is no JSON object: %w", err)
	}
	list, given := response["batchItemFailures"]
	if !given {
		return failed, nil
	}
	var items []map[string]json.RawMessage
	if err := json.Unmarshal(list, &items); err != nil {
		return nil, fmt.Errorf("batchItemFailures is no list of objects: %w", err)
	}
	known := make(map[string]bool, len(batch))
	for _, message := range batch {
		known[message.ID] = true
	}
	for i, item := range items {
		var id *string
		if err := json.Unmarshal(item["itemIdentifier"], &id); err != nil || id == nil || *id == "" {
			return nil, fmt.Errorf("item %d of batchItemFailures has no itemIdentifier", i)
		}
		if !known[*id] {
			return nil, fmt.Errorf("item %d of batchItemFailures names %q, which is no message of the batch", i, *id)
		}
		failed[*id] = true
	}
	return failed, nil
}
