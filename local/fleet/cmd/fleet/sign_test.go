package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestSigner(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKID")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	for _, test := range []struct {
		signed              bool
		token, region, want string
	}{
		{false, "", "", ""},
		{false, "abc", "", "Bearer abc"},
		{true, "", "eu-central-1", "AWS4-HMAC-SHA256 Credential=AKID/"},
		{true, "", "", "AWS_REGION"},
	} {
		t.Setenv("AWS_REGION", test.region)
		t.Setenv("AWS_DEFAULT_REGION", "")
		sign, err := signer(t.Context(), test.signed, test.token)
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%+v: %v", test, err)
			}
			continue
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x/charge-points", nil)
		if err != nil {
			t.Fatal(err)
		}
		if sign == nil {
			if test.want != "" {
				t.Errorf("%+v: nothing is signed", test)
			}
			continue
		}
		if err := sign(request, nil); err != nil || !strings.HasPrefix(request.Header.Get("Authorization"), test.want) {
			t.Errorf("%+v: %v %v", test, err, request.Header)
		}
	}
}
