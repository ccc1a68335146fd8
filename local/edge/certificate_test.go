package edge

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/functions/edge"
)

// signed is a certificate of a subject, valid until an hour after ends, signed by an authority, or by itself where that is nil.
func signed(t *testing.T, subject pkix.Name, authority *tls.Certificate, ends time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: subject, NotBefore: ends.Add(-time.Hour), NotAfter: ends.Add(time.Hour),
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
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// TestCertificates shows certificates to a distribution that asks for them, and follows their subjects through the function that
// is deployed. Whatever a viewer claims about its certificate does not count.
func TestCertificates(t *testing.T) {
	now := time.Now()
	authority := signed(t, pkix.Name{CommonName: "Authority"}, nil, now)
	stranger := signed(t, pkix.Name{CommonName: "Stranger"}, nil, now)
	trusted := signed(t, pkix.Name{CommonName: "CP001", Organization: []string{"ACME, Inc."}}, &authority, now)
	expired := signed(t, pkix.Name{CommonName: "CP001"}, &authority, now.Add(-2*time.Hour))
	early := signed(t, pkix.Name{CommonName: "CP001"}, &authority, now.Add(2*time.Hour))
	forgery := signed(t, pkix.Name{CommonName: "CP001"}, &stranger, now)
	self := signed(t, pkix.Name{CommonName: "CP001"}, nil, now)
	const withSubject = `chargePointId=CP001 CN=CP001,O=ACME\, Inc.`

	for _, test := range []struct {
		name, mode  string
		certificate tls.Certificate
		want        string // "" for a TLS handshake that fails
	}{
		{"a trusted one", "optional", trusted, withSubject},
		{"none", "optional", tls.Certificate{}, "chargePointId=CP001 "},
		{"an expired one", "optional", expired, ""},
		{"one that is not valid yet", "optional", early, ""},
		{"another authority's", "optional", forgery, ""},
		{"one that signed itself", "optional", self, ""},
		{"a trusted one", "required", trusted, withSubject},
		{"none", "required", tls.Certificate{}, ""},
		{"an expired one", "required", expired, ""},
		{"another authority's", "required", forgery, ""},
		{"a trusted one, not asked for", "", trusted, "chargePointId=CP001 "},
	} {
		t.Run(test.mode+" "+test.name, func(t *testing.T) {
			t.Parallel()
			server := distributionWithTLS(t, test.mode, authority.Leaf)
			transport := server.Client().Transport.(*http.Transport).Clone()
			// Whichever authorities the server names: a charge point has one certificate.
			transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &test.certificate, nil }
			defer transport.CloseIdleConnections()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/CP001", nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.mode != "" { // a distribution that asks for none may leave a viewer's words alone; the authorizer does not believe them then
				request.Header.Set("CloudFront-Viewer-Cert-Present", "1")
				request.Header.Set("CloudFront-Viewer-Cert-Subject", "CN=CP002")
			}
			request.Header.Set("X-Ocpp-Certificate-Subject", "CN=CP003")
			response, err := transport.RoundTrip(request)
			if test.want == "" {
				if err == nil {
					t.Errorf("it is answered %s", response.Status)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if got, err := io.ReadAll(response.Body); string(got) != test.want || err != nil {
				t.Errorf("the origin got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

// distributionWithTLS is a distribution whose origin answers what it was told of a viewer. It trusts an authority.
func distributionWithTLS(t *testing.T, mode string, authority *x509.Certificate) *httptest.Server {
	t.Helper()
	d, err := New(Config{
		FunctionCode: edge.Code, OriginDomain: "origin.example.com", ClientCertificates: mode != "", Logger: slog.New(slog.DiscardHandler),
		Origin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.URL.RawQuery+" "+r.Header.Get("X-Ocpp-Certificate-Subject")) // a client that left is not missed
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(d)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS() // makes a certificate of its own, of RSA
	t.Cleanup(server.Close)
	own := server.TLS.Certificates[0]
	authorities := x509.NewCertPool()
	authorities.AddCert(authority)
	asked, err := ViewerTLS(own, mode, authorities)
	if err != nil {
		t.Fatal(err)
	}
	server.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return asked, nil }
	return server
}

// TestSuites connects charge points that have one suite, of those that OCPP names and of those that nobody should have any more.
func TestSuites(t *testing.T) {
	server := distributionWithTLS(t, "", signed(t, pkix.Name{CommonName: "Authority"}, nil, time.Now()).Leaf)
	for _, test := range []struct {
		version, suite uint16
		taken          bool
	}{
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, true},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_256_GCM_SHA384, true},
		{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_CBC_SHA, false},
		{tls.VersionTLS12, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, false},
		{tls.VersionTLS11, tls.TLS_RSA_WITH_AES_128_CBC_SHA, false},
	} {
		config := server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		config.MinVersion, config.MaxVersion, config.CipherSuites = test.version, test.version, []uint16{test.suite}
		connection, err := tls.Dial("tcp", server.Listener.Addr().String(), config)
		if (err == nil) != test.taken {
			t.Errorf("%s in %s: %v, taken should be %v", tls.CipherSuiteName(test.suite), tls.VersionName(test.version), err, test.taken)
		}
		if err == nil {
			_ = connection.Close() // nothing was sent
		}
	}
}

func TestViewerTLSKnowsTheModes(t *testing.T) {
	if _, err := ViewerTLS(tls.Certificate{}, "verify", nil); err == nil {
		t.Error("a mode that CloudFront does not have is taken")
	}
}
