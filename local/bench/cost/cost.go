package cost

import (
	"context"
	"errors"
	"log/slog"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

// Tables runs the system in this process, twice: as it is deployed by default, and without mirror, message log and events.
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
	if runs.Alone, runs.Together, err = measure(ctx, log, options, nil); err != nil {
		return runs, err
	}
	runs.AloneOff, runs.TogetherOff, err = measure(ctx, log, options, watchersOff)
	return runs, err
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
