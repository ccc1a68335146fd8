package footprint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// measure measures one function.
func measure(ctx context.Context, options Options, name string, environment []string) (figures, error) {
	f := figures{name: name}
	bootstrap := filepath.Join(options.BuildDir, name, "bootstrap")
	var err error
	if f.zip, err = zipped(bootstrap); err != nil {
		return f, err
	}
	for i := range options.Starts {
		p, start, err := run(bootstrap, environment)
		if err != nil {
			return f, err
		}
		f.starts = append(f.starts, start)
		if i == options.Starts-1 {
			err = f.remember(ctx, p, options)
		}
		if err := errors.Join(err, p.stop()); err != nil {
			return f, err
		}
	}
	slices.Sort(f.starts)
	return f, nil
}

// remember measures the memory of a running program before and after messages.
func (f *figures) remember(ctx context.Context, p *program, options Options) (err error) {
	if f.fresh, err = p.memory(); err != nil {
		return err
	}
	switch f.name {
	case "message":
		for n := range options.Messages {
			if _, err := p.invoke(ctx, messageEvent(n)); err != nil {
				return err
			}
		}
	case "processor":
		for n := 0; n < options.Messages; n += batch {
			answer, err := p.invoke(ctx, processorEvent(n))
			if err != nil {
				return err
			}
			if err := allDone(answer); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	f.after, err = p.memory()
	return err
}

// allDone fails when the processor has returned messages to the queue: then it has not done what is measured.
func allDone(answer []byte) error {
	var response struct{ BatchItemFailures []any }
	if err := json.Unmarshal(answer, &response); err != nil {
		return err
	}
	if len(response.BatchItemFailures) > 0 {
		return fmt.Errorf("%d of %d messages failed", len(response.BatchItemFailures), batch)
	}
	return nil
}
