package chaos

import (
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// witness notes what charge points say and hear. It sits in their hooks, so that nothing is taken from their own word for it.
type witness struct {
	mu     sync.Mutex
	points map[string]*seen
	calm   atomic.Bool // charge points answer every command, and at once

	answers time.Duration // how long they may take for one
}

// seen is what was noted of one charge point.
type seen struct {
	station  *fleet.Station
	point    check.ChargePoint
	messages map[string]*check.Message
}

func newWitness(answers time.Duration) *witness {
	return &witness{points: map[string]*seen{}, answers: answers}
}

// watch begins to note for the stations, which must not run yet.
func (w *witness) watch(stations []*fleet.Station) {
	for _, s := range stations {
		w.points[s.ID()] = &seen{station: s, point: check.ChargePoint{Version: s.Version()}, messages: map[string]*check.Message{}}
	}
}

func (w *witness) hooks() fleet.Hooks { return fleet.Hooks{Frame: w.frame, Command: w.command} }

func (w *witness) frame(station string, sent bool, data []byte) {
	frame, err := ocppj.Parse(data)
	if err != nil {
		return // the fleet counts what is no OCPP
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.points[station]
	connection := p.station.Ledger().Totals().Connects
	answer := check.Answer{Connection: connection, At: time.Now(), Payload: frame.Payload, ErrorCode: frame.ErrorCode}
	request := frame.Type == ocppj.Call || frame.Type == ocppj.Send
	switch {
	case sent && request:
		m := p.messages[frame.ID]
		if m == nil {
			m = &check.Message{ID: frame.ID, Action: frame.Action, Send: frame.Type == ocppj.Send}
			p.messages[frame.ID] = m
			p.point.Messages = append(p.point.Messages, m)
		}
		m.Payload, m.Connections = frame.Payload, append(m.Connections, connection)
	case sent:
		for _, command := range p.point.Commands {
			if command.ID == frame.ID && len(command.Answers) == 0 {
				command.Answers = append(command.Answers, answer)
				break
			}
		}
	case request:
		p.point.Commands = append(p.point.Commands, &check.Command{ID: frame.ID, Action: frame.Action, Connection: connection, At: answer.At})
	default:
		if m := p.messages[frame.ID]; m != nil {
			m.Answers = append(m.Answers, answer)
		} else {
			p.point.Strays = append(p.point.Strays, check.Stray{MessageID: frame.ID, Frame: string(data)})
		}
	}
}

// refusable are the actions whose answer may be {"status":"Rejected"} in every version.
var refusable = map[string]bool{
	"TriggerMessage": true, "ClearCache": true, "ChangeAvailability": true, "Reset": true,
	"RemoteStartTransaction": true, "RequestStartTransaction": true,
}

// command makes some charge points slow, silent or unable, by the id of the command: one at a time is only tested by those that take
// their time.
func (w *witness) command(_ string, call ocppj.Frame) (fleet.Reply, bool) {
	if w.calm.Load() || !refusable[call.Action] {
		return fleet.Reply{}, false
	}
	hash := fnv.New32a()
	hash.Write([]byte(call.ID))
	refused := map[string]string{"status": "Rejected"}
	switch draw := hash.Sum32() % 100; {
	case draw < 4:
		return fleet.Reply{Silent: true}, true
	case draw < 7:
		return fleet.Reply{ErrorCode: "InternalError"}, true
	case draw < 20: // the command has timed out by then, and that remains what became of it
		return fleet.Reply{Payload: refused, Delay: w.answers + time.Second/2}, true
	case draw < 30:
		return fleet.Reply{Payload: refused, Delay: time.Duration(draw) * 60 * time.Millisecond}, true
	}
	return fleet.Reply{}, false
}

// offline are the charge points that are not connected.
func (w *witness) offline() (ids []string) {
	for id, p := range w.points {
		if totals := p.station.Ledger().Totals(); totals.Connects == totals.Losses {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// told is what was noted, and what the charge points' ledgers say of their transactions. The fleet must have ended.
func (w *witness) told() map[string]*check.ChargePoint {
	points := map[string]*check.ChargePoint{}
	for id, p := range w.points {
		p.point.Transactions = p.station.Ledger().Transactions()
		points[id] = &p.point
	}
	return points
}
