// Package link is a charge point's WebSocket: it connects, hands over what comes, and closes as charge points do, with a
// close frame or without. Who uses it decides when to connect again.
package link

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

const (
	// handshakeLimit is how long connecting may take: thousands that connect at once wait for each other.
	handshakeLimit = 60 * time.Second
	// writeLimit is how long a frame may wait for a network that does not take it.
	writeLimit = 20 * time.Second
	// readLimit is above the 128 KB that API Gateway lets through.
	readLimit = 256 << 10
)

// Target says where to connect, and as whom.
type Target struct {
	URL      string // with the identity as its last segment
	Protocol string // subprotocol to offer
	User     string // of Basic authentication
	Password string // any bytes; "" sends no Authorization header
}

// Kind tells events apart.
type Kind int

// The events of a connection, in the order in which they can come.
const (
	Connected Kind = iota + 1
	Refused        // the connection could not be made; Status if the other side said why
	Received       // Data is a frame
	Lost           // by the other side, or by the network
)

// Event is what happened to the newest connection.
type Event struct {
	Kind   Kind
	Data   []byte
	Status int // HTTP status of a refused handshake, 0 if there was no answer
	Err    error

	attempt attempt
	conn    *websocket.Conn // of Connected
}

// attempt counts connections, so that what an earlier one still had to say is not taken for the present one's.
type attempt int

// Link is one connection at a time. Its methods are called by one goroutine, which also receives from Events.
type Link struct {
	client  *http.Client
	events  chan Event
	current attempt
	conn    *websocket.Conn
	cancel  context.CancelFunc
}

// New returns a link that is not connected. Links may share a client; its Transport needs no connection pool.
func New(client *http.Client) *Link {
	return &Link{client: client, events: make(chan Event, 1), cancel: func() {}}
}

// Events tells what happens. Give each to Current before believing it.
func (l *Link) Events() <-chan Event { return l.events }

// Current reports whether an event is of the newest connection, and takes note of what it says.
func (l *Link) Current(e Event) bool {
	if e.attempt != l.current {
		return false
	}
	switch e.Kind {
	case Connected:
		l.conn = e.conn
	case Refused, Lost:
		l.conn = nil
	case Received:
	}
	return true
}

// Connect begins to connect, and gives up what was before. The event Connected or Refused follows.
func (l *Link) Connect(ctx context.Context, target Target) {
	l.Drop()
	ctx, l.cancel = context.WithCancel(ctx)
	go l.run(ctx, l.current, target)
}

// run makes a connection and reads from it to its end.
func (l *Link) run(ctx context.Context, number attempt, target Target) {
	report := func(e Event) {
		e.attempt = number
		select {
		case l.events <- e:
		case <-ctx.Done():
		}
	}
	conn, status, err := dial(ctx, l.client, target)
	if err != nil {
		report(Event{Kind: Refused, Status: status, Err: err})
		return
	}
	defer conn.CloseNow()
	report(Event{Kind: Connected, Status: status, conn: conn})
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			report(Event{Kind: Lost, Err: err})
			return
		}
		report(Event{Kind: Received, Data: data})
	}
}

func dial(ctx context.Context, client *http.Client, target Target) (*websocket.Conn, int, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeLimit)
	defer cancel()
	options := &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{target.Protocol}, HTTPHeader: http.Header{}}
	if target.Password != "" {
		credentials := base64.StdEncoding.EncodeToString([]byte(target.User + ":" + target.Password))
		options.HTTPHeader.Set("Authorization", "Basic "+credentials)
	}
	conn, response, err := websocket.Dial(ctx, target.URL, options)
	status := 0
	if response != nil {
		status = response.StatusCode
	}
	if err != nil {
		return nil, status, fmt.Errorf("connect %s: %w", target.User, err)
	}
	if got := conn.Subprotocol(); got != target.Protocol {
		conn.CloseNow()
		return nil, status, fmt.Errorf("connect %s: the central system chose the subprotocol %q, offered was %q", target.User, got, target.Protocol)
	}
	conn.SetReadLimit(readLimit)
	return conn, status, nil
}

// ErrNotConnected is what Send returns without a connection.
var ErrNotConnected = errors.New("not connected")
