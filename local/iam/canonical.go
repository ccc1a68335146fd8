package iam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// signatureOf computes a Signature Version 4 straight from a request, without a copy of it: every call of every function is
// verified, and this takes a fifth of the time of the SDK's signer. It takes path, query and headers to be in their canonical
// form, as SDKs send them, but for the escaping of the path; a request that is not gets another signature than its own, and the
// SDK's signer has the last word on it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (s session) signatureOf(r *http.Request, auth Authorization, payloadHash string, signedAt time.Time) string {
	request := make([]byte, 0, 1024)
	request = append(request, r.Method...)
	request = append(request, '\n')
	request = appendPath(request, r.URL.EscapedPath())
	request = append(request, '\n')
	request = append(request, r.URL.RawQuery...)
	request = append(request, '\n')
	for _, name := range auth.SignedHeaders {
		request = append(request, name...)
		request = append(request, ':')
		switch name {
		case "host": // net/http takes both out of the headers
			request = append(request, r.Host...)
		case "content-length":
			request = strconv.AppendInt(request, r.ContentLength, 10)
		default:
			for i, value := range r.Header[headerKey(name)] {
				if i > 0 {
					request = append(request, ',')
				}
				request = append(request, strings.TrimSpace(value)...)
			}
		}
		request = append(request, '\n')
	}
	request = append(request, '\n')
	request = appendJoined(request, auth.SignedHeaders, ';')
	request = append(request, '\n')
	request = append(request, payloadHash...)
	digest := sha256.Sum256(request)

	toSign := request[:0] // its digest is all that is left of it
	toSign = append(toSign, algorithm+"\n"...)
	toSign = signedAt.AppendFormat(toSign, "20060102T150405Z")
	toSign = append(toSign, '\n')
	toSign = appendJoined(toSign, []string{auth.Date, auth.Region, auth.Service, "aws4_request"}, '/')
	toSign = append(toSign, '\n')
	toSign = hex.AppendEncode(toSign, digest[:])
	return hex.EncodeToString(keyed(s.keys.of(s.credentials.SecretAccessKey, auth), toSign))
}

// headerKeys are the keys in http.Header of the names that SDKs sign, which net/http would make anew each time.
var headerKeys = func() map[string]string {
	keys := map[string]string{}
	for _, name := range []string{
		"amz-sdk-invocation-id", "amz-sdk-request", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token",
		"x-amz-target", "x-amzn-query-mode", "x-amzn-trace-id",
	} {
		keys[name] = http.CanonicalHeaderKey(name)
	}
	return keys
}()

func headerKey(name string) string {
	if key, known := headerKeys[name]; known {
		return key
	}
	return http.CanonicalHeaderKey(name)
}

func appendJoined(to []byte, parts []string, separator byte) []byte {
	for i, part := range parts {
		if i > 0 {
			to = append(to, separator)
		}
		to = append(to, part...)
	}
	return to
}

// appendPath escapes a path that is escaped already once more, as all services but S3 want it.
func appendPath(to []byte, path string) []byte {
	const upper = "0123456789ABCDEF"
	if path == "" {
		return append(to, '/')
	}
	for i := range len(path) {
		c := path[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("/-._~", c) >= 0:
			to = append(to, c)
		default:
			to = append(to, '%', upper[c>>4], upper[c&15])
		}
	}
	return to
}

// signingKeys remembers the keys that were derived from one secret: a new day has new ones.
type signingKeys struct {
	mu   sync.Mutex
	kept map[keyScope][]byte
}

type keyScope struct{ date, region, service string }

// mostKeys is above the number of services in one Region, so that those of past days, or of made-up scopes, do not pile up.
const mostKeys = 32

func (k *signingKeys) of(secret string, auth Authorization) []byte {
	scope := keyScope{auth.Date, auth.Region, auth.Service}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.kept[scope]; ok {
		return key
	}
	if k.kept == nil || len(k.kept) >= mostKeys {
		k.kept = map[keyScope][]byte{}
	}
	key := []byte("AWS4" + secret)
	for _, part := range []string{auth.Date, auth.Region, auth.Service, "aws4_request"} {
		key = keyed(key, []byte(part))
	}
	k.kept[scope] = key
	return key
}

func keyed(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message) // documented never to fail
	return mac.Sum(nil)
}
