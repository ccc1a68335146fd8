package edge

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
)

// Distribution is a running distribution, as an http.Handler.
type Distribution struct {
	config   Config
	function *function // nil without one
	errors   errorCache
}

// New returns a distribution, or an error that tells what config lacks or that the
// function cannot be compiled.
func New(config Config) (*Distribution, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	d := &Distribution{config: config, errors: errorCache{kept: config.ErrorsKept}}
	if config.FunctionCode != "" {
		if d.function, err = newFunction(config.FunctionCode, config.Logger); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// ServeHTTP runs the function and passes the request on, or answers what the
// function returned. A function that fails is answered 503, a method that is not allowed 403.
func (d *Distribution) ServeHTTP(w http.ResponseWriter, viewer *http.Request) {
	requestID := newRequestID()
	w.Header().Set("Via", d.via(viewer))
	w.Header().Set("X-Amz-Cf-Id", requestID)

	if d.config.AllowedMethods != nil && !slices.Contains(d.config.AllowedMethods, viewer.Method) {
		failed(w, http.StatusForbidden, "Error from cloudfront", "This distribution is not configured to allow the HTTP request method that was used for this request.")
		return
	}
	request := viewer.Clone(viewer.Context())
	if d.config.ClientCertificates {
		tellCertificate(request)
	}
	if d.function != nil {
		answer, err := d.rewrite(request, requestID)
		if err != nil {
			d.config.Logger.Error("edge function failed", "path", viewer.URL.Path, "error", err)
			failed(w, http.StatusServiceUnavailable, "FunctionExecutionError from cloudfront",
				"The CloudFront function associated with the CloudFront distribution is invalid or could not run.")
			return
		}
		if answer != nil {
			w.Header().Set("X-Cache", "FunctionGeneratedResponse from cloudfront")
			answer.write(w)
			return
		}
	}
	key := request.URL.EscapedPath()
	if d.errors.answer(w, key) {
		return
	}
	d.toOrigin(request, requestID)
	keeper := &errorKeeper{ResponseWriter: w, cache: &d.errors}
	d.config.Origin.ServeHTTP(&idleCutter{keeper, d.config.IdleTimeout}, request)
	keeper.done(key)
}

// rewrite runs the function and applies the request that it returns.
func (d *Distribution) rewrite(request *http.Request, requestID string) (*response, error) {
	returned, err := d.function.run(d.newEvent(request, requestID))
	if err != nil {
		return nil, err
	}
	if returned.response != nil {
		return returned.response, nil
	}
	return nil, returned.request.apply(request)
}

// toOrigin makes the request what CloudFront sends to its origin.
func (d *Distribution) toOrigin(request *http.Request, requestID string) {
	viewerIP := ipOf(request.RemoteAddr)
	if earlier := request.Header.Get("X-Forwarded-For"); earlier != "" {
		viewerIP = earlier + ", " + viewerIP
	}
	request.Header.Set("X-Forwarded-For", viewerIP)
	request.Header.Set("Via", d.via(request))
	request.Header.Set("X-Amz-Cf-Id", requestID)
	for name, value := range d.config.OriginHeaders {
		request.Header.Set(name, value)
	}
	request.Host = d.config.OriginDomain
	request.RemoteAddr = edgeAddress
	if d.config.OriginPath != "" {
		request.URL.RawPath = d.config.OriginPath + request.URL.EscapedPath()
		request.URL.Path = d.config.OriginPath + request.URL.Path
	}
	request.RequestURI = request.URL.RequestURI()
}

// via is the Via header: the protocol of the request and who received it.
func (d *Distribution) via(r *http.Request) string {
	return fmt.Sprintf("%d.%d %s (CloudFront)", r.ProtoMajor, r.ProtoMinor, d.config.DomainName)
}

// failed is CloudFront's own answer to what it does not pass on.
func failed(w http.ResponseWriter, status int, cache, reason string) {
	w.Header().Set("X-Cache", cache)
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	// A viewer that has left gets no answer.
	_, _ = fmt.Fprintf(w, "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>%d ERROR</H1>%s</BODY></HTML>\n", status, reason)
}

func ipOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// newRequestID makes an id of CloudFront's form: 56 characters that end in "==".
func newRequestID() string {
	var id [40]byte
	rand.Read(id[:]) // never fails
	return base64.URLEncoding.EncodeToString(id[:])
}

// setPath sets a path that is percent-encoded, as a function returns it.
func setPath(u *url.URL, escaped string) error {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return fmt.Errorf("uri %q: %w", escaped, err)
	}
	u.Path, u.RawPath = path, escaped
	return nil
}
