package cost

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

// Tables runs the system in this process, as it is deployed by default, and without mirror, message log and events; each once more
// with all readings in the journal, to measure those that go there.
// It takes some minutes, and seconds when it is to be quick.
func Tables(ctx context.Context, log *slog.Logger, options Options) ([]report.Table, error) {
	runs, err := Measure(ctx, log, options)
	if err != nil {
		return nil, err
	}
	return runs.tables(), nil
}

// Measure runs the system and counts.
func Measure(ctx context.Context, log *slog.Logger, options Options) (Runs, error) {
	runs := Runs{Fleet: options.sizes().fleet}
	var err error
	if runs.Alone, runs.Together, err = both(ctx, log, options, map[string]string{}); err != nil {
		return runs, err
	}
	runs.AloneOff, runs.TogetherOff, err = both(ctx, log, options, watchersOff)
	return runs, err
}

// both measures a day, and puts behind its readings those that go through the journal.
func both(ctx context.Context, log *slog.Logger, options Options, environment map[string]string) (alone, together []Measured, err error) {
	if alone, together, err = measure(ctx, log, options, environment); err != nil {
		return nil, nil, err
	}
	journaled := maps.Clone(environment)
	maps.Copy(journaled, allFollowed)
	options.readingsOnly = true
	aloneFollowed, togetherFollowed, err := measure(ctx, log, options, journaled)
	return withFollowed(alone, aloneFollowed), withFollowed(together, togetherFollowed), err
}

func withFollowed(all, journaled []Measured) (rows []Measured) {
	for _, m := range all {
		rows = append(rows, m)
		if !slices.Contains(readingsAre, m.Name) {
			continue
		}
		for _, f := range journaled {
			if f.Version == m.Version && f.Name == m.Name {
				f.Name, f.PerDay = f.Name+", followed", followed*sessions
				rows = append(rows, f)
			}
		}
	}
	return rows
}

func measure(ctx context.Context, log *slog.Logger, options Options, environment map[string]string) (alone, together []Measured, err error) {
	s, err := start(ctx, log, options, environment)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if alone, err = s.alone(ctx, options); err != nil {
		return nil, nil, err
	}
	together, err = s.together(ctx, options)
	return alone, together, err
}
