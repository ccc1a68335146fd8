package dynamo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// A token that was just put may charge, also where DynamoDB's replicas are behind.
func TestTokensAreReadConsistently(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, string(body))
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	tokens := NewTokens(dynamodb.NewFromConfig(aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")},
		func(o *dynamodb.Options) { o.BaseEndpoint = &server.URL }), "TokenTable")
	_, err := tokens.Find(t.Context(), "TAG")
	wantFault(t, err, fault.NotFound)
	_, _, err = tokens.List(t.Context(), "", 1) // of which local lists are made
	must(t, err)
	if len(asked) != 2 || !strings.Contains(asked[0], `"ConsistentRead":true`) || !strings.Contains(asked[1], `"ConsistentRead":true`) {
		t.Errorf("asked %q", asked)
	}
}
