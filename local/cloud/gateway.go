package cloud

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/template"
	"github.com/serverless-ocpp/backend/local/websocketapi"
)

// lastDisconnects is how long Close waits for charge points' $disconnect. One takes milliseconds; a thousand take their time.
const lastDisconnects = 5 * time.Second

// serveChargePoints opens the WebSocket API, with the edge in front of it.
func (c *Cloud) serveChargePoints() error {
	apis, err := c.template.APIs("WEBSOCKET")
	if err != nil {
		return err
	}
	if len(apis) != 1 {
		return fmt.Errorf("the template has %d WebSocket APIs, the stand-in knows one", len(apis))
	}
	stage, err := c.startStage(apis[0])
	if err != nil {
		return err
	}
	edge, err := c.startEdge(apis[0], stage)
	if err != nil {
		return err
	}
	c.addresses.Stage = c.addresses.ChargePoints + "/" + apis[0].Stage
	c.serveCalls("charge points", c.chargePointListener, &chargePointPort{
		stagePath:   "/" + apis[0].Stage,
		stage:       stage,
		connections: c.apis.Guard("connections", stage.Connections()),
		edge:        edge,
	})
	// Registered last, so that connections end, and tell $disconnect, before the port closes.
	c.onClose("WebSocket API", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), lastDisconnects)
		defer cancel()
		return stage.Close(ctx)
	})
	return nil
}

func (c *Cloud) startStage(api template.API) (*websocketapi.API, error) {
	routes := map[string]websocketapi.Route{}
	var authorizer *websocketapi.Authorizer
	for _, route := range api.Routes {
		if route.ResponseToClient || route.RequiresAPIKey {
			return nil, fmt.Errorf("WebSocket API %s, route %s: the stand-in knows neither route responses nor API keys", api.Name, route.Key)
		}
		routes[route.Key] = websocketapi.Route{Function: route.Function, Timeout: route.Timeout}
		switch {
		case route.Authorizer != nil && route.Key == "$connect":
			authorizer = &websocketapi.Authorizer{Function: route.Authorizer.Function, IdentitySources: route.Authorizer.IdentitySource}
		case route.Authorization != "NONE":
			return nil, fmt.Errorf("WebSocket API %s, route %s: the stand-in knows REQUEST authorizers of $connect only, not %s", api.Name, route.Key, route.Authorization)
		}
	}
	watch := newWatch(c.log)
	return websocketapi.New(websocketapi.Config{
		APIID:          api.ID,
		Stage:          api.Stage,
		Region:         Region,
		AccountID:      Account,
		RouteSelection: api.RouteSelection,
		Routes:         routes,
		Authorizer:     authorizer,
		Invoker:        watch.through(c.invokerFor(api), routes["$connect"].Function, routes["$disconnect"].Function),
		StageRate:      api.RateLimit,
		StageBurst:     api.BurstLimit,
		ConnectRate:    c.options.Quotas.ConnectsPerSecond,
		ConnectBurst:   int(c.options.Quotas.ConnectsPerSecond),
		RequestRate:    c.options.Quotas.RequestsPerSecond,
		RequestBurst:   int(c.options.Quotas.RequestsPerSecond),
		IdleTimeout:    c.options.Quotas.Idle,
		Lifetime:       c.options.Quotas.Lifetime,
		OnMessage:      watch.message,
		OnEnd:          c.counter.ConnectionEnded,
		Logger:         watch.named(),
		Faults:         c.faults,
	})
}

// chargePointPort is the one port for what are two hosts in AWS: that of CloudFront, and that of API Gateway's stage. A path behind the
// stage's is CloudFront's, where many a charge point appends its identity to /ocpp; the stage knows none.
type chargePointPort struct {
	stagePath                string // "/ocpp"
	stage, connections, edge http.Handler
}

func (p *chargePointPort) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case websocketapi.IsConnectionsPath(r):
		p.connections.ServeHTTP(w, r)
	case r.URL.Path == p.stagePath:
		p.stage.ServeHTTP(w, r)
	default:
		p.edge.ServeHTTP(w, r)
	}
}
