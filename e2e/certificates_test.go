package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	edgefunction "github.com/serverless-ocpp/backend/functions/edge"
	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/edge"
	"github.com/serverless-ocpp/backend/local/template"
)

// knownSecret is the edge's in these tests, for an edge of their own.
const knownSecret = "between-the-edge-and-the-authorizer"

// Charge points with certificates, and with those of others, over TLS, through the edge's function and the authorizer that are
// deployed. Specification: A00.FR.401 to A00.FR.430, in as much as a central system is their subject.
func TestClientCertificates(t *testing.T) {
	t.Parallel()
	at := startAsking(t)
	now := time.Now()
	authority := certificate(t, "Authority", nil, now)
	stranger := certificate(t, "Stranger", nil, now)
	of := func(name string) *tls.Certificate { return certificate(t, name, authority, now) }
	keys := make(map[string]string)
	for _, id := range []string{"CERT1", "CERT2"} {
		keys[id] = callURL(t, http.MethodPost, at.Addresses().HTTP+"/charge-points", `{"chargePointId":"`+id+`","key":true}`).text("key")
	}
	asking := func(mode string) *httptest.Server { return edgeWithTLS(t, at, mode, authority.Leaf) }
	optional, required := asking("optional"), asking("required")

	for _, test := range []struct {
		name   string
		server *httptest.Server
		path   string
		shown  *tls.Certificate
		key    string
		header http.Header
		want   int    // 0 for a TLS handshake that fails
		reason string // on the charge point's record; "" if there is to be none
	}{
		{name: "its certificate, without a key", server: optional, path: "/CERT1", shown: of("CERT1"), want: 101},
		{name: "its certificate, behind a prefix", server: required, path: "/any/prefix/CERT1", shown: of("CERT1"), want: 101},
		{name: "its certificate names it alone", server: optional, path: "/", shown: of("CERT1"), want: 101},
		{name: "its certificate and a wrong key", server: optional, path: "/CERT1", shown: of("CERT1"), key: "CERT1:wrong", want: 101},
		{name: "an expired one", server: optional, path: "/CERT1", shown: certificate(t, "CERT1", authority, now.Add(-3*time.Hour)), key: "CERT1:" + keys["CERT1"]},
		{name: "one of another authority", server: optional, path: "/CERT1", shown: certificate(t, "CERT1", stranger, now), key: "CERT1:" + keys["CERT1"]},
		{name: "one that signed itself", server: required, path: "/CERT1", shown: certificate(t, "CERT1", nil, now)},
		{name: "that of another charge point", server: optional, path: "/CERT1", shown: of("CERT2"), want: 401, reason: "two identities are claimed at once, CERT1 and CERT2"},
		{name: "that of another, with the own key", server: optional, path: "/CERT1", shown: of("CERT2"), key: "CERT1:" + keys["CERT1"], want: 401},
		{name: "one whose name none can have", server: optional, path: "/CERT1", shown: of("CERT 1"), want: 401},
		{name: "one of nobody who is known", server: optional, path: "/CERT3", shown: of("CERT3"), want: 404},
		{name: "none, and the key", server: optional, path: "/CERT1", key: "CERT1:" + keys["CERT1"], want: 101},
		{name: "none, and no key", server: optional, path: "/CERT2", want: 401, reason: "charge point CERT2 sent no key"},
		{name: "none, where one is required", server: required, path: "/CERT1", key: "CERT1:" + keys["CERT1"]},
		{name: "none, but a claim of one", server: optional, path: "/CERT2", want: 401, header: http.Header{
			"Cloudfront-Viewer-Cert-Present": {"1"}, "Cloudfront-Viewer-Cert-Subject": {"CN=CERT2"},
			"X-Ocpp-Certificate-Subject": {"CN=CERT2"}, "X-Ocpp-Edge-Secret": {"guessed"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := handshakeWith(t, test.server, test.path, test.shown, test.key, test.header)
			if got != test.want {
				t.Errorf("it got %d (0 is none), %v; want %d", got, err, test.want)
			}
			if test.reason != "" {
				eventually(t, func() string {
					id := strings.TrimPrefix(test.path, "/")
					records := callURL(t, http.MethodGet, at.Addresses().HTTP+"/charge-points/"+id+"/messages", "").list("messages")
					for _, record := range records {
						if record["reason"] == test.reason {
							return ""
						}
					}
					return "no refusal on record: " + test.reason
				})
			}
		})
	}

	// Round the edge there are no certificates, whoever claims one.
	for name, test := range map[string]struct {
		header http.Header
		want   int
	}{
		"a subject without the secret":    {http.Header{"X-Ocpp-Certificate-Subject": {"CN=CERT1"}}, 401},
		"a subject with a guessed secret": {http.Header{"X-Ocpp-Certificate-Subject": {"CN=CERT1"}, "X-Ocpp-Edge-Secret": {"guessed"}}, 401},
		"cloudfront's own headers":        {http.Header{"Cloudfront-Viewer-Cert-Present": {"1"}, "Cloudfront-Viewer-Cert-Subject": {"CN=CERT1"}}, 401},
		"the key":                         {http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("CERT1:"+keys["CERT1"]))}}, 101},
	} {
		_, response, err := websocket.Dial(t.Context(), at.Addresses().Stage+"?chargePointId=CERT1", &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}, HTTPHeader: test.header})
		if response == nil || response.StatusCode != test.want {
			t.Errorf("%s at the raw stage: %v, %v; want %d", name, response, err, test.want)
		}
	}
}

// startAsking starts a system of its own whose authorizer believes the certificates that the edge tells of, and wants a key of whoever has none.
func startAsking(t *testing.T) *cloud.Cloud {
	t.Helper()
	at, err := start(cloud.Options{Environment: map[string]string{
		"EDGE_SECRET": knownSecret, "CLIENT_CERTIFICATES": "optional", "MIN_SECURITY_PROFILE": "1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := at.Close(); err != nil {
			t.Error(err)
		}
	})
	return at
}

// deployedEdge is the distribution of the template that is deployed.
func deployedEdge(t *testing.T) template.Distribution {
	t.Helper()
	document, err := os.ReadFile(filepath.Join("..", "stack", "testdata", "AwsOcppGatewayStack.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := template.Parse(document, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	calls, err := parsed.CustomCalls()
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range calls {
		parsed.Supply(call.LogicalID, map[string]string{"RandomPassword": knownSecret})
	}
	distribution, ok, err := parsed.Distribution()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return distribution
}

// edgeWithTLS is an edge that asks charge points for certificates of an authority, in front of the system's WebSocket API.
func edgeWithTLS(t *testing.T, at *cloud.Cloud, mode string, authority *x509.Certificate) *httptest.Server {
	t.Helper()
	stage, err := url.Parse("http" + strings.TrimPrefix(at.Addresses().Stage, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	toStage := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: stage.Scheme, Host: stage.Host})
		r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
	}}
	distribution, err := edge.New(edge.Config{
		FunctionCode: edgefunction.Code, OriginDomain: stage.Host, Origin: toStage, ClientCertificates: true,
		OriginHeaders: map[string]string{"X-Ocpp-Edge-Secret": knownSecret}, ErrorsKept: deployedEdge(t).ErrorsKept, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(distribution)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of handshakes that are to fail
	server.StartTLS()
	t.Cleanup(server.CloseClientConnections)
	authorities := x509.NewCertPool()
	authorities.AddCert(authority)
	asked, err := edge.ViewerTLS(server.TLS.Certificates[0], mode, authorities)
	if err != nil {
		t.Fatal(err)
	}
	server.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return asked, nil }
	return server
}

// handshakeWith connects with a certificate, nil for none, and returns the status, 0 where TLS failed.
func handshakeWith(t *testing.T, server *httptest.Server, path string, shown *tls.Certificate, key string, header http.Header) (int, error) {
	t.Helper()
	transport := server.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if shown == nil {
			return new(tls.Certificate), nil
		}
		return shown, nil // whichever authorities the server names
	}
	options := &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}, HTTPHeader: http.Header{}, HTTPClient: &http.Client{Transport: transport}}
	for name, values := range header {
		options.HTTPHeader[name] = values
	}
	if key != "" {
		options.HTTPHeader.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key)))
	}
	connection, response, err := websocket.Dial(t.Context(), "wss"+strings.TrimPrefix(server.URL, "https")+path, options)
	if connection != nil {
		t.Cleanup(func() { connection.CloseNow() })
	}
	if response == nil {
		return 0, err
	}
	return response.StatusCode, err
}

// certificate is one of a common name around a time, signed by an authority, or by itself where that is nil.
func certificate(t *testing.T, name string, authority *tls.Certificate, around time.Time) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name, Organization: []string{"ACME"}},
		NotBefore: around.Add(-time.Hour), NotAfter: around.Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: authority == nil, BasicConstraintsValid: true,
	}
	signer := &tls.Certificate{PrivateKey: key, Leaf: form}
	if authority != nil {
		signer = authority
	}
	der, err := x509.CreateCertificate(rand.Reader, form, signer.Leaf, &key.PublicKey, signer.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
