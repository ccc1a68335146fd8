package edge

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

const (
	// maxFunctionCode is CloudFront's limit of a function, in bytes.
	maxFunctionCode = 10 << 10
	// idleLimit is how long CloudFront keeps a WebSocket on which the origin sends nothing.
	idleLimit = 10 * time.Minute
	// edgeAddress is what the origin sees as the sender of every request: an address
	// out of the ranges that CloudFront publishes. The viewer's is in X-Forwarded-For.
	edgeAddress = "64.252.64.1:443"
)

// Config describes a distribution with one origin and one behaviour, whose origin
// request policy is AllViewerExceptHostHeader and whose cache policy is CachingDisabled.
type Config struct {
	DistributionID string // "E1ABCDEF"
	DomainName     string // "d111111abcdef8.cloudfront.net"

	// FunctionCode is the JavaScript of the viewer-request function, which defines
	// handler(event); empty when the distribution has none.
	FunctionCode string

	// ClientCertificates tells that the distribution asks viewers for certificates. Who listens, with ViewerTLS, has checked
	// them: what the TLS connection of a request has is passed on.
	ClientCertificates bool

	// AllowedMethods are those that the distribution takes, such as GET and HEAD; all when nil. Others are answered 403.
	AllowedMethods []string

	OriginDomain  string            // becomes the request's Host
	OriginPath    string            // put before the path; empty or "/…"
	OriginHeaders map[string]string // set on every request to the origin, whatever the viewer sent
	Origin        http.Handler      // required

	// ErrorsKept is for how long errors of the origin are kept, by status, where that is not ten seconds.
	ErrorsKept map[int]time.Duration

	// IdleTimeout is how long a WebSocket lives without a byte from the origin; the
	// default is CloudFront's 10 minutes.
	IdleTimeout time.Duration
	Logger      *slog.Logger // nil means slog.Default()
}

func (c Config) withDefaults() (Config, error) {
	if c.Origin == nil || c.OriginDomain == "" {
		return c, fmt.Errorf("edge: an Origin and its OriginDomain are required")
	}
	if len(c.FunctionCode) > maxFunctionCode {
		return c, fmt.Errorf("edge: the function has %d bytes, CloudFront takes %d", len(c.FunctionCode), maxFunctionCode)
	}
	c.DistributionID = cmp.Or(c.DistributionID, "ELOCAL")
	c.DomainName = cmp.Or(c.DomainName, "local.cloudfront.net")
	c.IdleTimeout = cmp.Or(c.IdleTimeout, idleLimit)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c, nil
}
