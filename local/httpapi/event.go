package httpapi

import (
	"crypto/rand"
	"encoding/base64"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// event is payload format 2.0. Members that a request gives no reason for are absent.
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	Authorizer   *Caller     `json:"authorizer,omitempty"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpContext `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`      // 12/Mar/2020:19:03:58 +0000
	TimeEpoch    int64       `json:"timeEpoch"` // Unix milliseconds
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// requestTime is API Gateway's form of a time in requestContext.
const requestTime = "02/Jan/2006:15:04:05 -0700"

func (a *API) newEvent(r *http.Request, routeKey, path string, proxy map[string]string, body []byte, requestID string, caller *Caller) event {
	now := time.Now().UTC()
	prefix, _, _ := strings.Cut(a.config.DomainName, ".")
	e := event{
		Version:        "2.0",
		RouteKey:       routeKey,
		RawPath:        path,
		PathParameters: proxy,
		RawQueryString: r.URL.RawQuery,
		Cookies:        cookies(r),
		Headers:        headers(r, a.config.DomainName),
		RequestContext: requestContext{
			AccountID:    a.config.AccountID,
			APIID:        a.config.APIID,
			Authorizer:   caller,
			DomainName:   a.config.DomainName,
			DomainPrefix: prefix,
			HTTP: httpContext{
				Method: r.Method, Path: path, Protocol: r.Proto, SourceIP: sourceIP(r), UserAgent: r.UserAgent(),
			},
			RequestID: requestID,
			RouteKey:  routeKey,
			Stage:     a.config.Stage,
			Time:      now.Format(requestTime),
			TimeEpoch: now.UnixMilli(),
		},
	}
	// A query that cannot be parsed keeps the parameters that can.
	query, _ := url.ParseQuery(r.URL.RawQuery)
	for name, values := range query {
		if e.QueryStringParameters == nil {
			e.QueryStringParameters = map[string]string{}
		}
		e.QueryStringParameters[name] = strings.Join(values, ",")
	}
	e.Body, e.IsBase64Encoded = string(body), !isText(r.Header.Get("Content-Type"), body)
	if e.IsBase64Encoded {
		e.Body = base64.StdEncoding.EncodeToString(body)
	}
	return e
}

// rawPath is not raw: HTTP APIs decode it, and cut it at a decoded question mark.
// inStage is false when the path is not below the stage's name.
func (a *API) rawPath(r *http.Request) (path string, inStage bool) {
	path, _, _ = strings.Cut(r.URL.Path, "?")
	if a.config.Stage == "$default" {
		return path, true
	}
	prefix := "/" + a.config.Stage
	return path, path == prefix || strings.HasPrefix(path, prefix+"/")
}

// inStage is a path without the name of its stage.
func (a *API) inStage(path string) string {
	if a.config.Stage == "$default" {
		return path
	}
	return strings.TrimPrefix(path, "/"+a.config.Stage)
}

// headers are the client's, in lower case and joined by commas, without cookies,
// with the ones that the gateway adds.
func headers(r *http.Request, domainName string) map[string]string {
	all := map[string]string{}
	for name, values := range r.Header {
		switch name {
		case "Cookie", "Connection":
		default:
			all[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	forwarded := sourceIP(r)
	if earlier := r.Header.Values("X-Forwarded-For"); len(earlier) > 0 {
		forwarded = strings.Join(earlier, ", ") + ", " + forwarded
	}
	all["host"] = domainName
	all["x-forwarded-for"] = forwarded
	all["x-forwarded-port"] = "443"
	all["x-forwarded-proto"] = "https"
	if r.ContentLength >= 0 {
		all["content-length"] = strconv.FormatInt(r.ContentLength, 10)
	}
	return all
}

// cookies are the single pairs of all Cookie headers.
func cookies(r *http.Request) []string {
	var pairs []string
	for _, line := range r.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if pair = strings.TrimSpace(pair); pair != "" {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// isText tells whether a body is passed as it is. API Gateway goes by the content
// type; what is not UTF-8 could not be put into JSON in any case.
func isText(contentType string, body []byte) bool {
	if !utf8.Valid(body) {
		return false
	}
	if contentType == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind { // a form, though it is text, is passed as base64
	case "application/json", "application/javascript", "application/xml":
		return true
	default:
		return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
	}
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// newRequestID makes an id as HTTP APIs do: 11 bytes in base64url, 16 characters ending in "=".
func newRequestID() string {
	var id [11]byte
	rand.Read(id[:]) // never fails
	return base64.URLEncoding.EncodeToString(id[:])
}
