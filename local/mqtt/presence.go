package mqtt

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/google/uuid"
	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// session is one connection of a client as presence events describe it.
type session struct {
	id      string
	version int64
	refused bool // it published what is refused
}

// presence is the payload of $aws/events/presence/{connected|disconnected}/{clientId}.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
type presence struct {
	ClientID          string `json:"clientId"`
	Timestamp         int64  `json:"timestamp"` // milliseconds since 1970
	EventType         string `json:"eventType"`
	Initiated         *bool  `json:"clientInitiatedDisconnect,omitempty"`
	SessionIdentifier string `json:"sessionIdentifier"`
	Principal         string `json:"principalIdentifier"`
	IPAddress         string `json:"ipAddress,omitempty"`
	DisconnectReason  string `json:"disconnectReason,omitempty"`
	VersionNumber     int64  `json:"versionNumber"`
}

// OnSessionEstablished announces a client.
func (h *hook) OnSessionEstablished(client *mochi.Client, _ packets.Packet) {
	h.mu.Lock()
	version := h.versions[client.ID]
	h.versions[client.ID]++
	s := session{id: strings.ReplaceAll(uuid.NewString(), "-", ""), version: version}
	h.sessions[client] = s
	h.mu.Unlock()

	host, _, err := net.SplitHostPort(client.Net.Remote)
	if err != nil {
		host = client.Net.Remote
	}
	h.log.Info("MQTT client connected", "clientId", client.ID)
	h.announce(presence{ClientID: client.ID, EventType: "connected", SessionIdentifier: s.id, IPAddress: host, VersionNumber: s.version})
}

// OnDisconnect announces that a client has gone, and why.
func (h *hook) OnDisconnect(client *mochi.Client, cause error, _ bool) {
	h.mu.Lock()
	s, known := h.sessions[client]
	delete(h.sessions, client)
	h.mu.Unlock()
	if !known { // it never got as far as a session
		return
	}
	reason := disconnectReason(client, s, cause)
	initiated := reason == "CLIENT_INITIATED_DISCONNECT"
	h.log.Info("MQTT client disconnected", "clientId", client.ID, "reason", reason)
	h.announce(presence{ClientID: client.ID, EventType: "disconnected", SessionIdentifier: s.id,
		Initiated: &initiated, DisconnectReason: reason, VersionNumber: s.version})
}

func (h *hook) refuse(client *mochi.Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.sessions[client]
	s.refused = true
	h.sessions[client] = s
}

func disconnectReason(client *mochi.Client, s session, cause error) string {
	var network net.Error
	switch {
	case s.refused:
		return "FORBIDDEN_ACCESS"
	case client.IsTakenOver():
		return "DUPLICATE_CLIENTID"
	case cause == nil:
		return "CLIENT_INITIATED_DISCONNECT"
	case errors.As(cause, &network) && network.Timeout():
		return "MQTT_KEEP_ALIVE_TIMEOUT"
	case errors.Is(cause, io.EOF), errors.Is(cause, net.ErrClosed), errors.As(cause, &network):
		return "CONNECTION_LOST"
	default:
		return "CLIENT_ERROR"
	}
}

func (h *hook) announce(p presence) {
	if strings.ContainsAny(p.ClientID, "#+") { // AWS IoT sends no events for these
		return
	}
	p.Timestamp = time.Now().UnixMilli()
	p.Principal = "local" // nobody has credentials here
	payload, err := json.Marshal(p)
	if err == nil {
		err = h.broker.Publish("$aws/events/presence/"+p.EventType+"/"+p.ClientID, payload, 0)
	}
	if err != nil {
		h.log.Warn("MQTT presence event not published", "clientId", p.ClientID, "error", err)
	}
}
