// Package issuer is an OpenID Connect issuer for tests: it lets in whoever comes, with the scopes that the test says, by the
// authorization code flow with PKCE (RFC 7636).
package issuer

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"
)

// ClientID is the only client that the issuer knows, and Audience whom its tokens are for.
const (
	ClientID = "console"
	Audience = "depot"
)

const keyID = "test"

// Issuer is one that listens on this machine. Its URL is the issuer's name.
type Issuer struct {
	*httptest.Server
	key *rsa.PrivateKey

	mu    sync.Mutex
	scope string
	begun map[string]begun // by code
}

// begun is what the browser said at the authorization endpoint.
type begun struct{ redirect, challenge string }

// New starts an issuer, which runs until Close.
func New() (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	i := &Issuer{key: key, scope: "openid ocpp/read ocpp/operate", begun: map[string]begun{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{
			"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token",
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "kid": keyID, "alg": "RS256", "use": "sig",
			"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("PUT /grant/{scope...}", func(_ http.ResponseWriter, r *http.Request) { i.Grant(r.PathValue("scope")) })
	i.Server = httptest.NewServer(mux)
	return i, nil
}

// Grant says which scopes the next person who comes in has; PUT /grant/<scopes> does the same for tests in another process.
func (i *Issuer) Grant(scope string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.scope = scope
}

func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Get("client_id") != ClientID || query.Get("response_type") != "code" || query.Get("code_challenge_method") != "S256" {
		http.Error(w, "this is no request for a code with PKCE of the client "+ClientID, http.StatusBadRequest)
		return
	}
	code := rand.Text()
	i.mu.Lock()
	i.begun[code] = begun{query.Get("redirect_uri"), query.Get("code_challenge")}
	i.mu.Unlock()
	back := url.Values{"code": {code}, "state": {query.Get("state")}}
	http.Redirect(w, r, query.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*") // issuers of public clients let browsers ask
	i.mu.Lock()
	defer i.mu.Unlock()
	known, is := i.begun[r.FormValue("code")]
	delete(i.begun, r.FormValue("code")) // a code is good for once
	verifier := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !is || known.redirect != r.FormValue("redirect_uri") || known.challenge != encode(verifier[:]) || r.FormValue("client_id") != ClientID {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	token, err := i.Sign(map[string]any{
		"iss": i.URL, "aud": Audience, "client_id": ClientID, "sub": "ada", "scope": i.scope, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": i.scope})
}

// Sign makes a token of any claims.
func (i *Issuer) Sign(claims map[string]any) (string, error) {
	unsigned, err := content("RS256", claims)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(unsigned))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
	return unsigned + "." + encode(signature), err
}

// Unsigned makes a token that says it needs no signature, as attackers do.
func Unsigned(claims map[string]any) (string, error) {
	token, err := content("none", claims)
	return token + ".", err
}

func content(algorithm string, claims map[string]any) (string, error) {
	header, err := json.Marshal(map[string]any{"alg": algorithm, "kid": keyID, "typ": "JWT"})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	return encode(header) + "." + encode(body), err
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that has left gets no answer
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
