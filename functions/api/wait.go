package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// maxPatienceSeconds leaves time for the answer within the 30 s that an HTTP API waits for its integration.
const maxPatienceSeconds = 25

// patience reads "Prefer: wait=N" (RFC 7240 section 4.3) in seconds: 0 without it. A longer wait is cut
// and a malformed one ignored, as for every preference.
func patience(r *http.Request) time.Duration {
	for _, line := range r.Header.Values("Prefer") {
		for preference := range strings.FieldsFuncSeq(line, func(c rune) bool { return c == ',' || c == ';' }) {
			name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
			seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			if strings.EqualFold(strings.TrimSpace(name), "wait") && err == nil && seconds > 0 {
				return time.Duration(min(seconds, maxPatienceSeconds)) * time.Second
			}
		}
	}
	return 0
}

// Pauses between two looks at a command: most charge points answer within half a second, and a read a
// second is cheap beside the function's own time.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = time.Second
)

// settle reads a command until it is final or the patience is at an end.
func (a *API) settle(ctx context.Context, chargePointID, id string, patience time.Duration) (command.Command, error) {
	enough := a.Now().Add(patience)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		c, err := a.Commands.Get(ctx, chargePointID, id)
		if err == nil && c.State == command.Queued && !a.Now().Before(c.ExpiresAt) {
			c, err = a.expire(ctx, c)
		}
		if err != nil || c.State.Final() {
			return c, err
		}
		left := enough.Sub(a.Now())
		if left <= 0 {
			return c, nil
		}
		select {
		case <-ctx.Done():
			return c, nil // the state as it was is an answer, too
		case <-time.After(min(pause, left)):
		}
	}
}
