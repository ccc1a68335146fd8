package main

import (
	"context"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/cloudwatch"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// trafficView is what the stack's metrics say of the last hour.
type trafficView struct {
	PeriodSeconds int          `json:"periodSeconds"`
	Periods       []periodView `json:"periods"` // every one of the hour, the oldest first; the latest may still grow
}

// periodView is what happened in one period.
type periodView struct {
	At                 time.Time `json:"at"`
	Messages           int       `json:"messages"` // from charge points
	Errors             int       `json:"errors"`   // CALLERRORs that charge points were answered
	FailedCommands     int       `json:"failedCommands"`
	RefusedConnections int       `json:"refusedConnections"`
	Connected          *int      `json:"connected,omitempty"` // counted every five minutes, in the period in which it was
}

// measured are the series of the picture, in the order of the constants.
var measured = []cloudwatch.Series{
	messages:  {Name: metric.Messages, Statistic: cloudwatch.Sum},
	answers:   {Name: metric.Answers, Statistic: cloudwatch.Sum},
	results:   {Name: metric.Answers, By: metric.By{Dimension: "Result", Value: ocppj.CallResult.String()}, Statistic: cloudwatch.Sum},
	ended:     {Name: metric.Commands, Statistic: cloudwatch.Sum},
	accepted:  {Name: metric.Commands, By: metric.By{Dimension: "State", Value: string(command.Accepted)}, Statistic: cloudwatch.Sum},
	cancelled: {Name: metric.Commands, By: metric.By{Dimension: "State", Value: string(command.Cancelled)}, Statistic: cloudwatch.Sum},
	refused:   {Name: metric.RefusedConnections, Statistic: cloudwatch.Sum},
	connected: {Name: metric.ActiveConnections, Statistic: cloudwatch.Maximum},
}

const (
	messages = iota
	answers
	results
	ended
	accepted
	cancelled
	refused
	connected
)

const (
	trafficPeriod = time.Minute
	trafficSpan   = time.Hour
	// trafficAge bounds what the picture costs: CloudWatch takes a cent for a thousand series, so that an instance of the
	// function spends at most a quarter of a cent an hour, however many pages are open.
	trafficAge = 2 * time.Minute
)

// Traffic remembers the picture, for as long as it is good enough, for all requests that this instance answers.
type Traffic struct {
	Metrics interface {
		Read(ctx context.Context, series []cloudwatch.Series, from, to time.Time, period time.Duration) ([]map[time.Time]float64, error)
	}

	mu    sync.Mutex
	at    time.Time
	found *trafficView
}

// latest returns a picture that is at most trafficAge old; nil without metrics. The errors are those of Metrics.
func (t *Traffic) latest(ctx context.Context, now time.Time) (*trafficView, error) {
	t.mu.Lock()
	defer t.mu.Unlock() // who comes meanwhile waits for the same picture
	if t.found != nil && now.Sub(t.at) < trafficAge {
		return t.found, nil
	}
	to := now.UTC().Truncate(trafficPeriod).Add(trafficPeriod)
	from := to.Add(-trafficSpan)
	series, err := t.Metrics.Read(ctx, measured, from, to, trafficPeriod)
	if err != nil {
		return nil, err
	}
	t.found, t.at = picture(series, from, to), now
	return t.found, nil
}

func picture(series []map[time.Time]float64, from, to time.Time) *trafficView {
	view := &trafficView{PeriodSeconds: int(trafficPeriod.Seconds())}
	for at := from; at.Before(to); at = at.Add(trafficPeriod) {
		of := func(index int) int { return int(series[index][at]) }
		period := periodView{
			At: at, Messages: of(messages), Errors: max(0, of(answers)-of(results)),
			FailedCommands: max(0, of(ended)-of(accepted)-of(cancelled)), RefusedConnections: of(refused),
		}
		if _, counted := series[connected][at]; counted {
			period.Connected = new(of(connected))
		}
		view.Periods = append(view.Periods, period)
	}
	return view
}
