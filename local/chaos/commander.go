package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// commander gives orders, and keeps what it was told of them.
type commander struct {
	api       string
	client    *http.Client
	mqtt      *listener
	publishes bool
	answers   time.Duration
	stations  []*fleet.Station
	tokens    []string
	dice      *rand.Rand // of run alone

	mu     sync.Mutex
	orders []check.Order
}

const (
	sendFactor   = 3
	probeAnswers = time.Minute // when nothing goes wrong, whatever else the machine has to do
	mostAtOnce   = 3           // orders to one charge point, which has to take them one after the other
	attempts     = 10          // of one request
	betweenTries = time.Second
	waits        = 5                // seconds that some orders wait for their outcome
	requestLimit = 40 * time.Second // more than any function may run
)

func newCommander(config Config, api string, mqtt *listener, stations []*fleet.Station, tokens []string) *commander {
	return &commander{
		api: api, client: &http.Client{Timeout: requestLimit}, mqtt: mqtt, publishes: config.MQTT, answers: config.Answers, stations: stations, tokens: tokens,
		dice: rand.New(rand.NewPCG(config.Seed, 1)),
	}
}

// run gives orders to charge points at random until ctx is done, and returns when those that have begun are decided.
func (c *commander) run(ctx context.Context, perSecond float64) {
	var all sync.WaitGroup
	ticker := time.NewTicker(time.Duration(float64(time.Second) * (1 + mostAtOnce) / 2 / perSecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			all.Wait()
			return
		case <-ticker.C:
		}
		station := c.stations[c.dice.IntN(len(c.stations))]
		if station.Ledger().Totals().Connects == 0 {
			continue // whose version is not known yet
		}
		for range 1 + c.dice.IntN(mostAtOnce) {
			all.Go(c.next(station))
		}
	}
}

// next draws an order, which remains to be given.
func (c *commander) next(station *fleet.Station) (give func()) {
	if c.publishes && c.dice.IntN(4) == 0 {
		action, payload := published(station.Version(), c.dice.IntN(3))
		return func() { c.publish(station, action, payload) }
	}
	path, body := c.draw(station)
	order := check.Order{ChargePoint: station.ID(), Action: path}
	waiting := c.dice.IntN(2) == 0
	return func() { c.place(order, body, waiting) }
}

// draw chooses an order of the HTTP API.
func (c *commander) draw(station *fleet.Station) (path string, body map[string]any) {
	token := c.tokens[c.dice.IntN(len(c.tokens))]
	running := ""
	for _, tx := range station.Ledger().Transactions() {
		if tx.EndedAt.IsZero() && tx.ID != "" {
			running = tx.ID
		}
	}
	draw := c.dice.IntN(100)
	switch {
	case draw < 20:
		return "remote-start", map[string]any{"idTag": token, "connectorId": 1}
	case draw < 30 && running != "":
		return "remote-stop", map[string]any{"transactionId": running}
	case draw < 35:
		return "reset", map[string]any{"type": []string{"soft", "hard"}[c.dice.IntN(2)]}
	case draw < 45:
		return "availability", map[string]any{"operative": c.dice.IntN(4) > 0}
	case draw < 60:
		return "variables/get", map[string]any{"variables": []string{"HeartbeatInterval"}}
	case draw < 70:
		return "variables/set", map[string]any{"variables": []map[string]any{{"variable": "HeartbeatInterval", "value": 240 + c.dice.IntN(300)}}}
	case draw < 75:
		return "clear-cache", map[string]any{}
	case draw < 80: // a charge point that has a wrong key afterwards does not come back
		return "key-rotation", map[string]any{}
	}
	return "trigger", map[string]any{"message": "heartbeat"}
}

// published is a CALL that is given over MQTT.
func published(version ocppj.Version, number int) (action, payload string) {
	if number == 0 {
		return "ClearCache", `{}`
	}
	if version == ocppj.V16 {
		return []string{"", "GetConfiguration", "TriggerMessage"}[number], []string{"", `{"key":["HeartbeatInterval"]}`, `{"requestedMessage":"Heartbeat"}`}[number]
	}
	return "TriggerMessage", `{"requestedMessage":"Heartbeat"}`
}

func (c *commander) publish(station *fleet.Station, action, payload string) {
	id := uuid.NewString()
	if c.mqtt.publish(station.ID(), fmt.Sprintf(`[2,%q,%q,%s]`, id, action, payload)) {
		c.note(check.Order{ChargePoint: station.ID(), CommandID: id, Action: action, MQTT: true})
	}
}

// place gives an order, as often as it takes to learn what became of it.
func (c *commander) place(order check.Order, body map[string]any, waiting bool) {
	within := c.answers
	if order.Probe {
		within = probeAnswers
	}
	body["timeoutSeconds"], body["expiresInSeconds"] = within.Seconds(), sendFactor*within.Seconds()
	document, err := json.Marshal(body)
	if err != nil {
		panic("chaos: " + err.Error()) // bodies are made here, of texts and numbers
	}
	for key, try := uuid.NewString(), 0; try < attempts; try++ {
		status, command := c.request(order, key, document, waiting)
		if status >= 200 && status < 300 {
			order.CommandID, order.Outcome = command.ID, command.State
			break
		}
		if status >= 400 && status < 500 && status != http.StatusTooManyRequests {
			return // refused: there is no command
		}
		time.Sleep(betweenTries)
	}
	c.note(order)
}

// submitted is what the HTTP API says of a command.
type submitted struct {
	ID    string `json:"commandId"`
	State string `json:"state"`
}

// request returns status 0 when there was no answer.
func (c *commander) request(order check.Order, key string, document []byte, waiting bool) (status int, command submitted) {
	request, err := http.NewRequest(http.MethodPost, c.api+"/charge-points/"+order.ChargePoint+"/"+order.Action, bytes.NewReader(document))
	if err != nil {
		panic("chaos: " + err.Error()) // the address is one of ours
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	if waiting {
		request.Header.Set("Prefer", "wait="+strconv.Itoa(waits))
	}
	response, err := c.client.Do(request)
	if err != nil {
		return 0, command
	}
	defer response.Body.Close()
	if response.StatusCode < 300 && json.NewDecoder(response.Body).Decode(&command) != nil {
		return 0, command // cut off on its way
	}
	return response.StatusCode, command
}

// probe asks every charge point for something harmless.
func (c *commander) probe() {
	var all sync.WaitGroup
	for _, station := range c.stations {
		all.Go(func() {
			c.place(check.Order{ChargePoint: station.ID(), Action: "variables/get", Probe: true}, map[string]any{"variables": []string{"HeartbeatInterval"}}, false)
		})
	}
	all.Wait()
}

func (c *commander) note(order check.Order) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.orders = append(c.orders, order)
}

func tokensOf(options fleet.Options) (ids []string) {
	for _, token := range options.TokensOf() {
		if !token.Blocked {
			ids = append(ids, token.ID)
		}
	}
	return ids
}

// total adds the counts of all ledgers.
func total(stations []*fleet.Station) (sum ledger.Totals) {
	for _, s := range stations {
		t := s.Ledger().Totals()
		sum.Sent += t.Sent
		sum.Answered += t.Answered
		sum.CallErrors += t.CallErrors
		sum.TimedOut += t.TimedOut
		sum.Repeated += t.Repeated
		sum.GivenUp += t.GivenUp
		sum.Commands += t.Commands
		sum.Odd += t.Odd
		sum.Connects += t.Connects
		sum.Refused += t.Refused
		sum.Losses += t.Losses
	}
	return sum
}
