package dynamodb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// item is an item or a key: attributes with their types, as on the wire.
type item map[string]map[string]any

// call sends a request of our own to dynalite and decodes the answer into out. An error answer is an *Error.
func (s *Service) call(ctx context.Context, action string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.child.address+"/", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+action)
	r.Header.Set("X-Amz-Date", "20000101T000000Z") // dynalite wants a date and a signature, and looks at neither
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20000101/"+s.config.Region+"/dynamodb/aws4_request, SignedHeaders=host, Signature=none")
	response, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(answer, out); err != nil {
			return fmt.Errorf("%s: dynalite's answer cannot be decoded: %w", action, err)
		}
		return nil
	}
	var failure struct {
		Type    string `json:"__type"`
		Message string // or message
	}
	if err := json.Unmarshal(answer, &failure); err != nil {
		return fmt.Errorf("%s: dynalite answered status %d with %q", action, response.StatusCode, answer)
	}
	return &Error{response.StatusCode, failure.Type, failure.Message}
}
