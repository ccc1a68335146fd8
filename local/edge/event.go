package edge

import (
	"net/http"
	"strings"
)

// event is what a viewer-request function gets, version 1.0 of the event structure.
type event struct {
	Version string       `json:"version"`
	Context eventContext `json:"context"`
	Viewer  viewer       `json:"viewer"`
	Request request      `json:"request"`
}

type eventContext struct {
	DistributionDomainName string `json:"distributionDomainName"`
	DistributionID         string `json:"distributionId"`
	EventType              string `json:"eventType"`
	RequestID              string `json:"requestId"`
}

type viewer struct {
	IP string `json:"ip"`
}

// request is the part of a request that a function sees and may change.
type request struct {
	Method      string           `json:"method"`
	URI         string           `json:"uri"`         // the path, percent-encoded as the viewer sent it
	QueryString map[string]value `json:"querystring"` // percent-encoded likewise
	Headers     map[string]value `json:"headers"`     // names in lower case, without cookie
	Cookies     map[string]value `json:"cookies"`
}

// value is a value, or several of the same name: then value is the first of multiValue.
type value struct {
	Value      string  `json:"value"`
	MultiValue []value `json:"multiValue,omitempty"`
}

// invisible are the headers that a function neither sees nor may set.
// See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
var invisible = map[string]bool{
	"connection": true, "expect": true, "keep-alive": true, "proxy-authenticate": true, "proxy-authorization": true,
	"proxy-connection": true, "trailer": true, "upgrade": true, "x-accel-buffering": true, "x-accel-charset": true,
	"x-accel-limit-rate": true, "x-accel-redirect": true, "x-amzn-auth": true, "x-cache": true, "x-forwarded-proto": true, "x-real-ip": true,
}

// readOnly are the headers that a viewer-request function sees and may not change.
var readOnly = map[string]bool{"cdn-loop": true, "content-length": true, "host": true, "transfer-encoding": true, "via": true}

func isInvisible(name string) bool {
	return invisible[name] || strings.HasPrefix(name, "x-amz-cf-") || strings.HasPrefix(name, "x-edge-")
}

func (d *Distribution) newEvent(r *http.Request, requestID string) event {
	return event{
		Version: "1.0",
		Context: eventContext{
			DistributionDomainName: d.config.DomainName,
			DistributionID:         d.config.DistributionID,
			EventType:              "viewer-request",
			RequestID:              requestID,
		},
		Viewer: viewer{IP: ipOf(r.RemoteAddr)},
		Request: request{
			Method:      r.Method,
			URI:         r.URL.EscapedPath(),
			QueryString: queryOf(r.URL.RawQuery),
			Headers:     headersOf(r),
			Cookies:     cookiesOf(r),
		},
	}
}

func headersOf(r *http.Request) map[string]value {
	headers := map[string]value{"host": {Value: r.Host}}
	for name, values := range r.Header {
		name = strings.ToLower(name)
		if name != "cookie" && !isInvisible(name) {
			for _, text := range values {
				add(headers, name, text)
			}
		}
	}
	return headers
}

func queryOf(raw string) map[string]value {
	query := map[string]value{}
	for pair := range strings.SplitSeq(raw, "&") {
		if name, text, _ := strings.Cut(pair, "="); name != "" {
			add(query, name, text)
		}
	}
	return query
}

func cookiesOf(r *http.Request) map[string]value {
	cookies := map[string]value{}
	for _, line := range r.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if name, text, _ := strings.Cut(strings.TrimSpace(pair), "="); name != "" {
				add(cookies, name, text)
			}
		}
	}
	return cookies
}

// add adds one more value of a name.
func add(values map[string]value, name, text string) {
	known, exists := values[name]
	switch {
	case !exists:
		known = value{Value: text}
	case known.MultiValue == nil:
		known.MultiValue = []value{{Value: known.Value}, {Value: text}}
	default:
		known.MultiValue = append(known.MultiValue, value{Value: text})
	}
	values[name] = known
}

// all are the values of a name, one or several.
func (v value) all() []string {
	if len(v.MultiValue) == 0 {
		return []string{v.Value}
	}
	texts := make([]string, len(v.MultiValue))
	for i, one := range v.MultiValue {
		texts[i] = one.Value
	}
	return texts
}
