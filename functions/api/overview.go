package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/queue"
)

// overviewRoutes are about the whole stack at once.
func (a *API) overviewRoutes() []route {
	return []route{
		{method: "GET", path: "/overview", id: "getOverview", tag: tagSystem, summary: "Read what goes on in the whole fleet, and what somebody should look at",
			description: "Messages and errors by the minute of the last hour, as the metrics of the stack have them; failed commands and refused connections of today and " +
				"yesterday in UTC, the latest twenty of each; dead letters. It is meant to be read once a minute: metrics are at most two minutes old.",
			answers: map[int]any{http.StatusOK: overviewView{}}, serve: a.overview},
	}
}

// mostIncidents of a kind are listed: who has more of them looks for a cause, and not at each.
const mostIncidents = 20

// overviewView is what goes on in the whole fleet.
type overviewView struct {
	Traffic            *trafficView     `json:"traffic,omitempty"`  // none while the metrics cannot be read
	DeadLetters        []queue.Letters  `json:"deadLetters"`        // every dead letter queue, empty ones as well
	FailedCommands     []commandView    `json:"failedCommands"`     // rejected, callError, invalidResult, timedOut or expired
	RefusedConnections []dynamo.Message `json:"refusedConnections"` // under any identity, also of nobody
}

// Incidents finds what went wrong with charge points.
type Incidents struct {
	Commands interface {
		ListFailed(ctx context.Context, now time.Time, limit int) ([]command.Command, error)
	}
	Connections interface {
		ListRefused(ctx context.Context, now time.Time, limit int) ([]dynamo.Message, error)
	}
	DeadLetters interface {
		Count(ctx context.Context) ([]queue.Letters, error)
	}
}

// overview asks all sources at the same time.
func (a *API) overview(r *http.Request) (answer, error) {
	var (
		view    overviewView
		failed  []command.Command
		problem [3]error
		all     sync.WaitGroup
	)
	now := a.Now()
	all.Go(func() { view.DeadLetters, problem[0] = a.Incidents.DeadLetters.Count(r.Context()) })
	all.Go(func() { failed, problem[1] = a.Incidents.Commands.ListFailed(r.Context(), now, mostIncidents) })
	all.Go(func() {
		view.RefusedConnections, problem[2] = a.Incidents.Connections.ListRefused(r.Context(), now, mostIncidents)
	})
	all.Go(func() { view.Traffic = a.traffic(r.Context()) })
	all.Wait()
	if err := cmp.Or(problem[:]...); err != nil {
		return answer{}, err
	}
	view.FailedCommands = views(failed, a.viewCommand)
	view.RefusedConnections = append([]dynamo.Message{}, view.RefusedConnections...)
	return reply(http.StatusOK, view), nil
}

// traffic leaves the picture out when CloudWatch does not give it: the rest is worth more than a 500.
func (a *API) traffic(ctx context.Context) *trafficView {
	found, err := a.Traffic.latest(ctx, a.Now())
	if err != nil {
		slog.ErrorContext(ctx, "the overview lacks its metrics", "error", err)
		return nil
	}
	return found
}
