package httpapi

import (
	"context"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha256" // RS256
	_ "crypto/sha512" // RS384, RS512
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// JWT is an authorizer that takes tokens of one issuer, as an HTTP API does. RSA-based algorithms only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
type JWT struct {
	Issuer    string
	Audiences []string // the token must be for one of them, by aud, or where that is missing by client_id
	Scopes    []string // of the route; the token must have one of them. None: any token will do
	Client    *http.Client
	Now       func() time.Time

	mu   sync.Mutex
	keys map[string]*rsa.PublicKey // of the issuer, by kid
}

// Token is requestContext.authorizer.jwt.
type Token struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"` // null where the route names none
}

var algorithms = map[string]crypto.Hash{"RS256": crypto.SHA256, "RS384": crypto.SHA384, "RS512": crypto.SHA512}

// Authorize is Route.Authorize: 401 for a token that is missing or not valid, 403 for one without the route's scopes.
func (j *JWT) Authorize(r *http.Request, _ []byte) (*Caller, error) {
	given := r.Header.Get("Authorization")
	if scheme, token, two := strings.Cut(given, " "); two && strings.EqualFold(scheme, "Bearer") {
		given = token
	}
	claims, err := j.verified(r.Context(), given)
	if err != nil {
		return nil, &Refusal{http.StatusUnauthorized, "Unauthorized", fmt.Errorf("JWT of %s: %w", j.Issuer, err)}
	}
	token := &Token{Claims: make(map[string]string, len(claims))}
	for name, value := range claims {
		token.Claims[name] = claimText(value)
	}
	granted := strings.FieldsFunc(token.Claims["scope"]+" "+token.Claims["scp"], func(r rune) bool { return strings.ContainsRune(" []", r) })
	if len(j.Scopes) > 0 {
		token.Scopes = granted
		if !slices.ContainsFunc(j.Scopes, func(wanted string) bool { return slices.Contains(granted, wanted) }) {
			return nil, &Refusal{http.StatusForbidden, "Forbidden", fmt.Errorf("the token has none of the scopes %v", j.Scopes)}
		}
	}
	return &Caller{JWT: token}, nil
}

// verified returns the claims of a token whose signature, issuer, audience and times are right.
func (j *JWT) verified(ctx context.Context, token string) (map[string]any, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("the header Authorization has no token")
	}
	var header struct{ Alg, Kid string }
	var claims map[string]any
	if err := errors.Join(readPart(parts[0], &header), readPart(parts[1], &claims)); err != nil {
		return nil, err
	}
	hash, known := algorithms[header.Alg]
	if !known {
		return nil, fmt.Errorf("its algorithm is %q", header.Alg)
	}
	key, err := j.key(ctx, header.Kid)
	if err != nil {
		return nil, err
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	digest := hash.New()
	digest.Write([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(key, hash, digest.Sum(nil), signature); err != nil {
		return nil, err
	}
	return claims, j.check(claims)
}

func (j *JWT) check(claims map[string]any) error {
	if claims["iss"] != j.Issuer {
		return fmt.Errorf("it is of the issuer %v", claims["iss"])
	}
	audiences, several := claims["aud"].([]any)
	if !several {
		audiences = []any{claims["aud"]}
	}
	if claims["aud"] == nil {
		audiences = []any{claims["client_id"]}
	}
	if !slices.ContainsFunc(audiences, func(a any) bool { text, _ := a.(string); return slices.Contains(j.Audiences, text) }) {
		return fmt.Errorf("it is for %v", audiences)
	}
	now := float64(j.Now().Unix())
	if expires, is := claims["exp"].(float64); !is || now >= expires {
		return errors.New("it has expired")
	}
	for _, name := range []string{"nbf", "iat"} {
		if from, is := claims[name].(float64); is && now < from {
			return fmt.Errorf("its %s is in the future", name)
		}
	}
	return nil
}

// key finds a key of the issuer, which is asked again for one that is not known.
func (j *JWT) key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.keys[kid] != nil {
		return j.keys[kid], nil
	}
	var metadata struct {
		Keys string `json:"jwks_uri"`
	}
	var set struct {
		Keys []struct{ Kty, Kid, N, E string }
	}
	if err := j.fetch(ctx, strings.TrimSuffix(j.Issuer, "/")+"/.well-known/openid-configuration", &metadata); err != nil {
		return nil, err
	}
	if err := j.fetch(ctx, metadata.Keys, &set); err != nil {
		return nil, err
	}
	j.keys = map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		n, errN := base64.RawURLEncoding.DecodeString(key.N)
		e, errE := base64.RawURLEncoding.DecodeString(key.E)
		if key.Kty == "RSA" && errN == nil && errE == nil {
			j.keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
		}
	}
	if j.keys[kid] == nil {
		return nil, fmt.Errorf("the issuer has no key %q", kid)
	}
	return j.keys[kid], nil
}

func (j *JWT) fetch(ctx context.Context, url string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := j.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func readPart(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// claimText is a claim as API Gateway passes it on: lists as [one two].
func claimText(value any) string {
	if text, is := value.(string); is {
		return text
	}
	if number, is := value.(float64); is {
		return fmt.Sprintf("%.0f", number)
	}
	return fmt.Sprint(value)
}
