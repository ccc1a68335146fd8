package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/serverless-ocpp/backend/local/bench/program"
)

// figures are resident bytes after a fiftieth of the messages, after half of them, and after all.
type figures struct {
	messages          int
	early, half, late int64
}

// measureAll measures the functions, as many at once as there are processors: memory is no matter of time.
func measureAll(ctx context.Context, options Options, stack *program.Stack) ([]figures, error) {
	all := make([]figures, len(subjects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, s := range subjects {
		group.Go(func() (err error) {
			if all[i], err = measure(ctx, options, s, stack); err != nil {
				return fmt.Errorf("function %s: %w", s.function, err)
			}
			return nil
		})
	}
	return all, group.Wait()
}

// measure gives one instance of a function its events, one after the other.
func measure(ctx context.Context, options Options, s subject, stack *program.Stack) (f figures, err error) {
	event, err := s.events(options.Samples)
	if err != nil {
		return f, err
	}
	p, _, err := program.Start(filepath.Join(options.BuildDir, s.function, "bootstrap"), stack.Environments[s.function])
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, p.Stop()) }()
	f.messages = max(options.Messages/s.share, fewest)
	events := 0
	for _, part := range []struct {
		until    int
		resident *int64
	}{{f.messages / 50, &f.early}, {f.messages / 2, &f.half}, {f.messages, &f.late}} {
		for ; events*s.batch < part.until; events++ {
			if err := give(ctx, p, event(events*s.batch)); err != nil {
				return f, fmt.Errorf("event %d: %w", events, err)
			}
		}
		if *part.resident, err = p.Resident(); err != nil {
			return f, err
		}
	}
	if answered := int(stack.Answered.Load()); s.calls > 0 && answered != s.calls*events {
		return f, fmt.Errorf("it should have made %d calls as a charge point, and made %d", s.calls*events, answered)
	}
	return f, nil
}

func give(ctx context.Context, p *program.Program, event []byte) error {
	answer, err := p.Invoke(ctx, event)
	if err != nil {
		return err
	}
	return check(answer)
}

// check fails when a function could not do its work, which then is not what is measured.
func check(answer []byte) error {
	var response struct {
		StatusCode        int   // of functions behind API Gateway
		BatchItemFailures []any // of those behind queues
	}
	if err := json.Unmarshal(answer, &response); err != nil {
		return err
	}
	if response.StatusCode >= http.StatusInternalServerError || len(response.BatchItemFailures) > 0 {
		return fmt.Errorf("it answered %.500s", answer)
	}
	return nil
}
