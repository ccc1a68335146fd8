package signer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestNobodySigns(t *testing.T) {
	if _, err := New(nil, "").Sign(t.Context(), Request{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestSign(t *testing.T) {
	for _, test := range []struct {
		name, answer, functionError string
		want                        fault.Code
	}{
		{"signed", `{"certificateChain":"PEM"}`, "", ""},
		{"no chain", `{"chain":"PEM"}`, "", fault.Invalid},
		{"no JSON", `PEM`, "", fault.Invalid},
		{"the function failed", `{"errorMessage":"no"}`, "Unhandled", fault.Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var got Request
				if err := json.NewDecoder(r.Body).Decode(&got); err != nil || got.ChargePointID != "CP001" || got.CSR != "CSR" || !strings.Contains(r.URL.Path, "/functions/sign/invocations") {
					t.Errorf("%s %+v %v", r.URL.Path, got, err)
				}
				if test.functionError != "" {
					w.Header().Set("X-Amz-Function-Error", test.functionError)
				}
				if _, err := w.Write([]byte(test.answer)); err != nil {
					t.Error(err)
				}
			}))
			defer server.Close()
			api := lambda.NewFromConfig(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
			chain, err := New(api, "sign").Sign(t.Context(), Request{ChargePointID: "CP001", CSR: "CSR"})
			if fault.CodeOf(err) != test.want || err == nil && chain != "PEM" {
				t.Errorf("%q %v", chain, err)
			}
		})
	}
}
