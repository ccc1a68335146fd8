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

// signed is a certificate of a subject, signed by an authority, or by itself where that is nil.
func signed(t *testing.T, subject pkix.Name, authority *tls.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: subject, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
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

// TestCertificateReachesTheOrigin shows a certificate to a listener that checks it, as CloudFront does, and follows its
// subject through the function that is deployed.
func TestCertificateReachesTheOrigin(t *testing.T) {
	authority := signed(t, pkix.Name{CommonName: "Authority"}, nil)
	stranger := signed(t, pkix.Name{CommonName: "Stranger"}, nil)
	shown := signed(t, pkix.Name{CommonName: "CP001", Organization: []string{"ACME, Inc."}}, &authority)
	forgery := signed(t, pkix.Name{CommonName: "CP001"}, &stranger)

	d, err := New(Config{
		FunctionCode: edge.Code, OriginDomain: "origin.example.com", ClientCertificates: true, Logger: slog.New(slog.DiscardHandler),
		Origin: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.URL.RawQuery+" "+r.Header.Get("X-Ocpp-Certificate-Subject")) // a client that left is not missed
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(d)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.TLS = &tls.Config{ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: x509.NewCertPool()}
	server.TLS.ClientCAs.AddCert(authority.Leaf)
	server.StartTLS()
	defer server.Close()

	for _, test := range []struct {
		name         string
		certificates []tls.Certificate
		want         string // "" for no answer
	}{
		{"a trusted one", []tls.Certificate{shown}, `chargePointId=CP001 CN=CP001,O=ACME\, Inc.`},
		{"none", nil, "chargePointId=CP001 "},
		{"one that nobody trusted has signed", []tls.Certificate{forgery}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := server.Client()
			transport := client.Transport.(*http.Transport).Clone()
			// Whichever authorities the server names: a charge point has one certificate.
			transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if test.certificates == nil {
					return new(tls.Certificate), nil
				}
				return &test.certificates[0], nil
			}
			defer transport.CloseIdleConnections()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/CP001", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("CloudFront-Viewer-Cert-Present", "1")
			request.Header.Set("CloudFront-Viewer-Cert-Subject", "CN=CP002")
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
