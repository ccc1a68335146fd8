package edge

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// CloudFront keeps errors of an origin also where nothing else is kept: for ten seconds, unless the distribution says otherwise for the
// status, all requests of the same cache key are answered with the error, and the origin is not asked. The key of the policy
// CachingDisabled is the path alone, as the function made it.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html

// keptByDefault is how long an error is kept.
const keptByDefault = 10 * time.Second

var (
	// alwaysKept are the statuses that are kept whatever the origin says, but for the next ones. Those that are kept only because the
	// origin says so (Cache-Control max-age) are not reproduced: API Gateway says nothing.
	alwaysKept = []int{404, 405, 414, 500, 501, 502, 503, 504}
	// unlessForbidden are those that Cache-Control keeps from being kept.
	unlessForbidden = []int{404, 410, 414, 501}
)

// errorCache holds errors by the path of a request.
type errorCache struct {
	kept map[int]time.Duration // by status: how long, other than by default

	mu     sync.Mutex
	errors map[string]*keptError
}

type keptError struct {
	until  time.Time
	status int
	header http.Header
	body   bytes.Buffer
}

// answer answers a request from the cache, if that has an error for it.
func (c *errorCache) answer(w http.ResponseWriter, key string) bool {
	c.mu.Lock()
	found := c.errors[key]
	c.mu.Unlock()
	if found == nil || time.Now().After(found.until) {
		return false
	}
	maps.Copy(w.Header(), found.header)
	w.Header().Set("X-Cache", "Error from cloudfront")
	w.WriteHeader(found.status)
	_, _ = w.Write(found.body.Bytes()) // a viewer that has left gets no answer
	return true
}

// keeps tells for how long an error is kept.
func (c *errorCache) keeps(status int, header http.Header) time.Duration {
	control := strings.ToLower(header.Get("Cache-Control"))
	forbidden := slices.ContainsFunc([]string{"no-store", "no-cache", "private"}, func(directive string) bool { return strings.Contains(control, directive) })
	if !slices.Contains(alwaysKept, status) || forbidden && slices.Contains(unlessForbidden, status) {
		return 0
	}
	if kept, given := c.kept[status]; given {
		return kept
	}
	return keptByDefault
}

// errorKeeper passes an answer of the origin on, and keeps an error.
type errorKeeper struct {
	http.ResponseWriter
	cache *errorCache
	found keptError
	keep  time.Duration
}

func (k *errorKeeper) WriteHeader(status int) {
	k.keep = k.cache.keeps(status, k.Header())
	k.found.status, k.found.header = status, k.Header().Clone()
	k.ResponseWriter.WriteHeader(status)
}

func (k *errorKeeper) Write(b []byte) (int, error) {
	if k.keep > 0 {
		k.found.body.Write(b)
	}
	return k.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what the writer below can do.
func (k *errorKeeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// done keeps the error, if it was one, once it is whole.
func (k *errorKeeper) done(key string) {
	if k.keep == 0 {
		return
	}
	k.found.until = time.Now().Add(k.keep)
	k.cache.mu.Lock()
	defer k.cache.mu.Unlock()
	if k.cache.errors == nil {
		k.cache.errors = make(map[string]*keptError)
	}
	k.cache.errors[key] = &k.found
}
