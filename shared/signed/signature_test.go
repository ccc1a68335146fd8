package signed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// both signs a request here and by the SDK, and tells whether it was done here.
func both(t *testing.T, s *signature, by aws.Credentials, at time.Time, method, url string, header http.Header, body string) bool {
	t.Helper()
	request := func() *http.Request {
		made, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range header {
			made.Header[name] = append([]string(nil), values...)
		}
		return made
	}
	here, there := request(), request()
	signed := s.sign(here, by, []byte(body), at)
	if !signed {
		if !reflect.DeepEqual(here.Header, request().Header) {
			t.Errorf("%s %s %v: changed to %v", method, url, header, here.Header)
		}
		return false
	}
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(t.Context(), by, there, hex.EncodeToString(sum[:]), s.service, s.region, at); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(here.Header, there.Header) || here.URL.String() != there.URL.String() || here.Host != there.Host {
		t.Errorf("%s %s %v:\n%v, want\n%v", method, url, header, here.Header, there.Header)
	}
	return true
}

var (
	user = aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", SessionToken: strings.Repeat("token/+=", 200)}
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
)

func TestSignaturesAreThoseOfTheSDK(t *testing.T) {
	const host = "https://x.execute-api.eu-central-1.amazonaws.com"
	long := http.Header{"X-Amz-Target": {"DynamoDB_20120810.PutItem"}, "Content-Type": {"application/x-amz-json-1.0"}, "Accept": {"*/*"}}
	for _, test := range []struct {
		url    string
		header http.Header
		body   string
		here   bool
	}{
		{host, nil, "", true},
		{host + "/", long, `{"a":1}`, true},
		{host + "/ocpp/@connections/L0SM9cOF%2Fv%2BHcCIhw%3D", nil, "[3,\"1\",{}]", true},
		{host + "/topics/CP%3A001%2Fin?qos=1", long, strings.Repeat("x", 10_000), true},
		{host + "/things/a%20b/shadow?name=", nil, "", true},
		{"http://127.0.0.1:4566/x", nil, "b", true},
		{host + "/~a-b._c/ü/%C3%BC", nil, "", true},
		{host, http.Header{"X-Amzn-Trace-Id": {"Root=1"}, "User-Agent": {"a  b"}, "Expect": {"x"}}, "", true},
		{host, http.Header{"X-A": {"1"}, "X-A-B": {"2"}, "X-Ab": {"3"}}, "", true},

		{host + "?b=2&a=1", nil, "", false},
		{host + "?a", nil, "", false},
		{host + "?a=%20", nil, "", false},
		{host + "?a=ü", nil, "", false},
		{host + ":443/", nil, "", false},
		{"http://example.org:80/", nil, "", false},
		{host, http.Header{"X-A": {"1", "2"}}, "", false},
		{host, http.Header{"X-A": {" 1"}}, "", false},
		{host, http.Header{"X-A": {"1  2"}}, "", false},
	} {
		s := &signature{service: "execute-api", region: "eu-central-1"}
		for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
			if here := both(t, s, user, noon, method, test.url, test.header, test.body); here != test.here {
				t.Errorf("%s %v: signed here %t, want %t", test.url, test.header, here, test.here)
			}
		}
	}
}

// TestOtherUsersAndDays: the key that was used last is not that of somebody else.
func TestOtherUsersAndDays(t *testing.T) {
	s := &signature{service: "sqs", region: "us-east-1"}
	at, by := noon, user
	for i, change := range []func(){
		func() {}, func() { at = at.Add(23 * time.Hour) }, func() { by.SecretAccessKey += "x" }, func() { by.AccessKeyID += "x" }, func() { by.SessionToken = "" }, func() { at = noon },
	} {
		if change(); !both(t, s, by, at, http.MethodPost, "https://sqs.us-east-1.amazonaws.com/", nil, "body") {
			t.Errorf("change %d: not signed here", i)
		}
	}
}

func TestSignaturesOfMany(t *testing.T) {
	s := &signature{service: "dynamodb", region: "eu-central-1"}
	var all sync.WaitGroup
	for seed := range uint64(8) {
		all.Go(func() {
			random, here := rand.New(rand.NewPCG(seed, 1)), 0
			for range 200 {
				header := http.Header{}
				for range random.IntN(5) {
					header[http.CanonicalHeaderKey("x-"+some(random, "ab-Z9", 6)+"q")] = []string{some(random, "aZ 9;:,=", 20)}
				}
				url := "https://h/" + fmt.Sprintf("%s?%s=%s", some(random, "ab/%2F~:@+$&(", 12), some(random, "ab~", 2), some(random, "a9._", 3))
				if _, err := http.NewRequest(http.MethodGet, url, nil); err == nil && both(t, s, user, noon, http.MethodPost, url, header, some(random, "xy", 50)) {
					here++
				}
			}
			if here < 20 {
				t.Errorf("%d of 200 were signed here", here)
			}
		})
	}
	all.Wait()
}

func some(random *rand.Rand, of string, most int) string {
	var text bytes.Buffer
	for range random.IntN(most + 1) {
		text.WriteByte(of[random.IntN(len(of))])
	}
	return text.String()
}

func BenchmarkSign(b *testing.B) {
	body := bytes.Repeat([]byte("x"), 700)
	s, sdk := &signature{service: "dynamodb", region: "eu-central-1"}, v4.NewSigner()
	for name, sign := range map[string]func(*http.Request) error{
		"ours": func(r *http.Request) error { s.sign(r, user, body, time.Now()); return nil },
		"SDK": func(r *http.Request) error {
			sum := sha256.Sum256(body)
			return sdk.SignHTTP(b.Context(), user, r, hex.EncodeToString(sum[:]), s.service, s.region, time.Now())
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			request, err := http.NewRequest(http.MethodPost, "https://dynamodb.eu-central-1.amazonaws.com/", bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			request.Header["X-Amz-Target"], request.Header["Content-Type"] = []string{"DynamoDB_20120810.PutItem"}, []string{"application/x-amz-json-1.0"}
			for b.Loop() {
				if err := sign(request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
