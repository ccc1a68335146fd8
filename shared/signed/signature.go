package signed

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// signature signs plain requests to one service, to the byte as the SDK's signer does. That makes half of the garbage of a call, and
// takes a quarter of its time, for what requests of ours do not have: several values of a header, queries in any order,
// signatures in the query. Requests that have some of it are left to the SDK.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type signature struct {
	service, region string

	mutex sync.Mutex
	key   key // the one used last
}

// key signs what one user says on one day.
type key struct {
	day, id, secret string
	mac             hash.Hash
}

// field is a header as it is signed. name is in the form that http.Header has.
type field struct{ name, value string }

const (
	algorithm   = "AWS4-HMAC-SHA256"
	longTime    = "20060102T150405Z"
	lengthOfDay = len("20060102") // which a time begins with
)

// sign adds the headers of a signature. It returns false, and changes nothing, if the request is not plain.
func (s *signature) sign(request *http.Request, by aws.Credentials, body []byte, at time.Time) bool {
	fields, plain := fieldsOf(request)
	if !plain || !plainQuery(request.URL.RawQuery) {
		return false
	}
	when := at.UTC().Format(longTime)
	fields = append(fields, field{"X-Amz-Date", when})
	request.Header["X-Amz-Date"] = []string{when}
	if by.SessionToken != "" {
		fields = append(fields, field{"X-Amz-Security-Token", by.SessionToken})
		request.Header["X-Amz-Security-Token"] = []string{by.SessionToken}
	}
	slices.SortFunc(fields, func(a, b field) int { return compareFolded(a.name, b.name) })
	scope := when[:lengthOfDay] + "/" + s.region + "/" + s.service + "/aws4_request"
	text, names := canonical(make([]byte, 0, 1024), request, fields, body)
	sum := sha256.Sum256(text)
	toSign := hex.AppendEncode(add(make([]byte, 0, 256), algorithm, "\n", when, "\n", scope, "\n"), sum[:])
	mac := s.mac(by, when[:lengthOfDay], toSign)
	told := add(make([]byte, 0, 512), algorithm, " Credential=", by.AccessKeyID, "/", scope, ", SignedHeaders=")
	told = add(append(told, names...), ", Signature=")
	request.Header["Authorization"] = []string{string(hex.AppendEncode(told, mac[:]))}
	return true
}

// add appends texts.
func add(to []byte, texts ...string) []byte {
	for _, text := range texts {
		to = append(to, text...)
	}
	return to
}

// canonical is the request as it is signed, and the names of its fields.
func canonical(to []byte, request *http.Request, fields []field, body []byte) (text, names []byte) {
	to = appendPath(add(to, request.Method, "\n"), cmp.Or(request.URL.EscapedPath(), "/"))
	to = add(to, "\n", request.URL.RawQuery, "\n")
	for _, f := range fields {
		to = add(appendFolded(to, f.name), ":", f.value, "\n")
	}
	to = add(to, "\n")
	begin := len(to)
	for i, f := range fields {
		if i > 0 {
			to = append(to, ';')
		}
		to = appendFolded(to, f.name)
	}
	end, sum := len(to), sha256.Sum256(body)
	to = hex.AppendEncode(add(to, "\n"), sum[:])
	return to, to[begin:end]
}

// mac is the code of a text.
func (s *signature) mac(by aws.Credentials, day string, text []byte) (code [sha256.Size]byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if k := s.key; k.mac == nil || k.day != day || k.id != by.AccessKeyID || k.secret != by.SecretAccessKey {
		secret := []byte("AWS4" + by.SecretAccessKey)
		for _, part := range []string{day, s.region, s.service, "aws4_request"} {
			derived := hmac.New(sha256.New, secret)
			derived.Write([]byte(part))
			secret = derived.Sum(nil)
		}
		s.key = key{day, by.AccessKeyID, by.SecretAccessKey, hmac.New(sha256.New, secret)}
	}
	s.key.mac.Reset()
	s.key.mac.Write(text)
	s.key.mac.Sum(code[:0])
	return code
}

// fieldsOf are the headers of a request that are signed, in any order.
func fieldsOf(request *http.Request) (fields []field, plain bool) {
	fields = append(make([]field, 0, 12), field{"Host", cmp.Or(request.Host, request.URL.Host)})
	if strings.HasSuffix(fields[0].value, ":80") || strings.HasSuffix(fields[0].value, ":443") {
		return nil, false // the port that goes without saying is not sent
	}
	if request.ContentLength > 0 {
		fields = append(fields, field{"Content-Length", strconv.FormatInt(request.ContentLength, 10)})
	}
	for name, values := range request.Header {
		switch name {
		case "Authorization", "User-Agent", "X-Amzn-Trace-Id", "Expect", "Transfer-Encoding", "Content-Length", "X-Amz-Date", "X-Amz-Security-Token":
			continue
		}
		if len(values) != 1 || strings.TrimSpace(values[0]) != values[0] || strings.Contains(values[0], "  ") {
			return nil, false
		}
		fields = append(fields, field{name, values[0]})
	}
	return fields, true
}

// plainQuery tells whether there is no query, or a single parameter that needs no escape.
func plainQuery(query string) bool {
	name, value, _ := strings.Cut(query, "=")
	return query == "" || name != "" && len(query) == len(name)+1+len(value) && strings.IndexFunc(name+value, reserved) < 0
}

func reserved(c rune) bool { return c > 'z' && c != '~' || c < 0x80 && !unreserved(byte(c)) }

// unreserved tells whether a character stands for itself (RFC 3986 section 2.3).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// appendPath appends a path, which is escaped, escaped once more.
func appendPath(to []byte, path string) []byte {
	const digits = "0123456789ABCDEF"
	for _, c := range []byte(path) {
		if c == '/' || unreserved(c) {
			to = append(to, c)
		} else {
			to = append(to, '%', digits[c>>4], digits[c&15])
		}
	}
	return to
}

func folded(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// appendFolded appends a name in lower case.
func appendFolded(to []byte, name string) []byte {
	for _, c := range []byte(name) {
		to = append(to, folded(c))
	}
	return to
}

// compareFolded compares names as if they were in lower case.
func compareFolded(a, b string) int {
	for i := range min(len(a), len(b)) {
		if order := cmp.Compare(folded(a[i]), folded(b[i])); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}
