package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Idempotency remembers what the requests with an Idempotency-Key became.
type Idempotency interface {
	// Claim binds a key to a request and returns the id of what counts: the given one if the key is new, which first
	// tells, else the one that the same request was given before. fault.Invalid if the key was used for another request.
	Claim(ctx context.Context, scope, key, fingerprint, id string, at time.Time) (counts string, first bool, err error)
}

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
	// maxKey is what everybody allows who has such a header, and more than a UUID needs.
	maxKey = 255
)

// claim returns the id under which a request is to be carried out: a new one that the caller made, or the one that
// the same request had before, which repeated tells. Whether it was carried out then nobody knows: it may have
// ended half way. Without an Idempotency-Key every request is new. scope is the charge point, or campaigns.
//
// fault.Malformed for a key that is none, fault.Invalid for one that was used for another request.
func (a *API) claim(r *http.Request, scope string, body []byte, id string) (counts string, repeated bool, err error) {
	key, given, err := idempotencyKey(r)
	if err != nil || !given {
		return id, false, err
	}
	counts, first, err := a.Idempotency.Claim(r.Context(), scope, key, fingerprint(r, body), id, a.Now())
	return counts, !first, err
}

// idempotencyKey reads the header. fault.Malformed if it is there and cannot be a key.
func idempotencyKey(r *http.Request) (key string, given bool, err error) {
	values := r.Header.Values(keyHeader)
	if len(values) == 0 {
		return "", false, nil
	}
	if key = values[0]; len(values) > 1 || key == "" || len(key) > maxKey || !printable(key) {
		return "", true, fault.New(fault.Malformed, "an %s must be given once and have 1 to %d printable characters of ASCII", keyHeader, maxKey)
	}
	return key, true, nil
}

// fingerprint tells requests apart: method, path and body.
func fingerprint(r *http.Request, body []byte) string {
	sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.Path+"\n"), body...))
	return hex.EncodeToString(sum[:])
}
