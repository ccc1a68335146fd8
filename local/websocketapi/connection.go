package websocketapi

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// connection is one client. The fields above socket do not change after the handshake.
type connection struct {
	api         *API
	id          string
	connectedAt time.Time
	identity    identity
	principal   string          // principalId of the authorizer; "" without one
	authorizer  json.RawMessage // its context and principalId, as events have them; nil without one
	frames      *frameMeter
	socket      *websocket.Conn

	underWay   chan struct{} // holds one for each message that is waiting for its function or in it
	out        chan outgoing // what waits for the client, in order
	ended      chan struct{} // closed when nothing is read any more
	lastActive atomic.Int64  // Unix nanoseconds of the latest message either way

	endOnce sync.Once
	end     atomic.Pointer[closure] // nil until the gateway begins to close
}

// outgoing is a message to the client, or the wish to close once all before it is sent.
type outgoing struct {
	message []byte
	end     *closure
}

func newConnection(a *API, r *http.Request) *connection {
	c := &connection{
		api:         a,
		id:          newID(),
		connectedAt: time.Now(),
		identity:    identity{UserAgent: r.UserAgent(), SourceIP: sourceIP(r)},
		frames:      &frameMeter{},
		underWay:    make(chan struct{}, a.config.MessagesUnderWay),
		out:         make(chan outgoing, a.config.OutgoingMessages),
		ended:       make(chan struct{}),
	}
	c.lastActive.Store(c.connectedAt.UnixNano())
	return c
}

// run is the life of an open connection, until its $disconnect has been handled.
func (c *connection) run() {
	go c.write()
	go c.watch()
	how := c.read()
	c.api.forget(c)
	close(c.ended)
	c.api.config.OnEnd(time.Since(c.connectedAt))
	c.disconnected(how)
}

// watch closes the connection at its idle limit and at its lifetime limit, or cuts it when a fault wants that.
func (c *connection) watch() {
	idleLimit, lifeLimit := c.limits()
	idle := time.NewTimer(idleLimit)
	defer idle.Stop()
	lifetime := time.NewTimer(lifeLimit)
	defer lifetime.Stop()
	broken, stop := c.breaks()
	defer stop()
	for {
		select {
		case <-idle.C:
			quiet := time.Since(time.Unix(0, c.lastActive.Load()))
			if quiet >= idleLimit {
				c.close(goingAway)
				return
			}
			idle.Reset(idleLimit - quiet)
		case <-lifetime.C:
			c.close(goingAway)
			return
		case <-broken:
			c.cut()
			return
		case <-c.ended:
			return
		}
	}
}

// touch notes a message in either direction. Pings do not count; AWS does not say
// whether they should.
func (c *connection) touch() {
	c.lastActive.Store(time.Now().UnixNano())
}
