package fleet

import (
	"context"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// PlugIn brings a car that is not in the plan to a connector. The driver presents the token at once, and stays as the seed
// decides. ctx ends the waiting for the station, which must run.
//
// Errors: no such connector; it is occupied, out of service or reserved for another token; ctx is done.
func (s *Station) PlugIn(ctx context.Context, connector int, token string) error {
	var refused error
	err := s.do(ctx, func() {
		c := s.connector(connector)
		if c == nil || !c.free(token) {
			refused = fmt.Errorf("%s: connector %d cannot be used with this token now", s.config.ID, connector)
			return
		}
		now := s.now()
		s.arrive(plan.Guest(s.config.Seed, s.charger, connector, now, token), now)
	})
	if err != nil {
		return err
	}
	return refused
}

// Disconnect ends the connection, with a close frame or without, and makes another after simulated time. It returns when
// the connection is ended; the error is that of ctx.
func (s *Station) Disconnect(ctx context.Context, clean bool, away time.Duration) error {
	return s.do(ctx, func() { s.lose(clean, s.now().Add(away)) })
}

// Calm ends the plan: no car comes and no outage begins any more; those that have come leave when they were to, and an outage that
// lasts ends. The error is that of ctx.
func (s *Station) Calm(ctx context.Context) error {
	return s.do(ctx, func() { s.calm = true })
}

// do has something done on the station's goroutine, and waits for it. A station that does not run leaves ctx to end this.
func (s *Station) do(ctx context.Context, f func()) error {
	done := make(chan struct{})
	select {
	case s.inbox <- func() { f(); close(done) }:
		<-done
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s does not run: %w", s.config.ID, ctx.Err())
	}
}
