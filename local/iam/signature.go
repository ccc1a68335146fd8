package iam

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// signatureValidity is how far a signature's time may be from now.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const signatureValidity = 5 * time.Minute

const algorithm = "AWS4-HMAC-SHA256"

// A SignatureError is a call signed with credentials issued here whose signature is not right.
type SignatureError struct{ Reason string }

func (e *SignatureError) Error() string { return e.Reason }

// An Authorization is a Signature Version 4 Authorization header taken apart.
type Authorization struct {
	AccessKeyID   string
	Date          string // 20260102
	Region        string
	Service       string // the signing name, e.g. "dynamodb", "iotdata", "execute-api"
	SignedHeaders []string
	Signature     string
}

// ParseAuthorization reads the Authorization header of a request; ok is false when there is none of Signature Version 4.
func ParseAuthorization(r *http.Request) (auth Authorization, ok bool) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme != algorithm {
		return Authorization{}, false
	}
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Credential":
			scope := strings.Split(value, "/")
			if len(scope) != 5 {
				return Authorization{}, false
			}
			auth.AccessKeyID, auth.Date, auth.Region, auth.Service = scope[0], scope[1], scope[2], scope[3]
		case "SignedHeaders":
			auth.SignedHeaders = strings.Split(value, ";")
		case "Signature":
			auth.Signature = value
		}
	}
	return auth, auth.AccessKeyID != "" && auth.Signature != ""
}

// Identify finds out who sends a request whose body was read. A caller without a signature, or with an access key that
// was not issued here (every AWS tool on this machine has some), is the administrator, with Signed false. A wrong, stale or
// changed signature of credentials issued here is a *SignatureError.
func (d *Directory) Identify(r *http.Request, body []byte, now time.Time) (Caller, error) {
	auth, ok := ParseAuthorization(r)
	if !ok {
		return d.administrator(), nil
	}
	session, ok := d.session(auth.AccessKeyID)
	if !ok {
		return d.administrator(), nil
	}
	if err := session.verify(d.signer, r, auth, body, now); err != nil {
		return Caller{}, err
	}
	return session.caller, nil
}

func (s session) verify(signer *v4.Signer, r *http.Request, auth Authorization, body []byte, now time.Time) error {
	signedAt, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || signedAt.Format("20060102") != auth.Date {
		return &SignatureError{fmt.Sprintf("X-Amz-Date %q is not a time on the date of the credential scope, %s.", r.Header.Get("X-Amz-Date"), auth.Date)}
	}
	if age := now.Sub(signedAt); age.Abs() > signatureValidity {
		return &SignatureError{fmt.Sprintf("Signature expired: it was made %s from now; at most %s is allowed.", age.Round(time.Second), signatureValidity)}
	}
	if !slices.Contains(auth.SignedHeaders, "host") {
		return &SignatureError{"'Host' must be a signed header."}
	}
	token := r.Header.Get("X-Amz-Security-Token")
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.credentials.SessionToken)) != 1 {
		return &SignatureError{"The security token included in the request is invalid."}
	}
	digest := sha256.Sum256(body)
	payloadHash := hex.EncodeToString(digest[:])
	if claimed := r.Header.Get("X-Amz-Content-Sha256"); claimed != "" && claimed != payloadHash {
		return &SignatureError{"The value of X-Amz-Content-Sha256 is not the hash of the body."}
	}
	if matches(s.signatureOf(r, auth, payloadHash, signedAt), auth.Signature) {
		return nil
	}
	expected, err := s.sign(signer, r, auth, payloadHash, signedAt)
	if err != nil {
		return fmt.Errorf("recompute the signature of %s %s: %w", r.Method, r.URL.Path, err)
	}
	if !matches(expected, auth.Signature) {
		return &SignatureError{"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."}
	}
	return nil
}

func matches(expected, signature string) bool {
	return subtle.ConstantTimeCompare([]byte(expected), []byte(signature)) == 1
}

// sign makes the signature that the caller should have made: of the same request with the headers it says it signed.
func (s session) sign(signer *v4.Signer, r *http.Request, auth Authorization, payloadHash string, signedAt time.Time) (string, error) {
	copied := &http.Request{Method: r.Method, URL: r.URL, Host: r.Host, Header: http.Header{}}
	for _, name := range auth.SignedHeaders {
		switch name {
		case "host": // the signer takes it from Host
		case "content-length": // the signer signs it when the length is positive, and only then
			copied.ContentLength = r.ContentLength
		default:
			copied.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	url := *r.URL
	url.Host = r.Host
	copied.URL = &url
	credentials := aws.Credentials{
		AccessKeyID:     s.credentials.AccessKeyID,
		SecretAccessKey: s.credentials.SecretAccessKey,
		SessionToken:    s.credentials.SessionToken,
	}
	if err := signer.SignHTTP(context.Background(), credentials, copied, payloadHash, auth.Service, auth.Region, signedAt); err != nil {
		return "", err
	}
	resigned, ok := ParseAuthorization(copied)
	if !ok {
		return "", errors.New("the signer left no Authorization header")
	}
	return resigned.Signature, nil
}
