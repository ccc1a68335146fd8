package e2e

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// flooded is a system with charge points that behave, and one that does not.
type flooded struct {
	*cloud.Cloud
	logs functionLog
}

const bootFrame = `[2,"0","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`

// flooder is the name of the one that does not behave.
const flooder = "FLOODER"

// startFlooded starts a system in which as many instances of a function work at once; 0 are as many as the machine has use for.
func startFlooded(t *testing.T, instances int) flooded {
	t.Helper()
	lines := newFunctionLog(slog.DiscardHandler)
	started, err := start(cloud.Options{Log: slog.New(lines), Crowd: instances})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(missingGrants(started), started.Close()); err != nil {
			t.Error(err)
		}
	})
	return flooded{started, lines}
}

// url is where a charge point connects.
func (f flooded) url(id string) string { return f.Addresses().ChargePoints + "/" + id }

func (f flooded) call(t *testing.T, method, path, body string) answer {
	t.Helper()
	return callURL(t, method, f.Addresses().HTTP+path, body)
}

// flooding goes on, in some loops at once, until its context ends; it returns how often it came to the end of a loop.
type flooding func(ctx context.Context, url string) (times int)

// sending floods with frames, and never waits for an answer. Its connections, when they are closed, are replaced.
func sending(frame string) flooding {
	return func(ctx context.Context, url string) (connections int) {
		for ctx.Err() == nil {
			conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}})
			if err != nil {
				continue // the handshake waits behind the messages, too
			}
			connections++
			frames := []string{bootFrame, frame}
			go func() { // what comes is read, as a charge point's network does it
				for {
					if _, _, err := conn.Read(ctx); err != nil {
						return
					}
				}
			}()
			for n := 0; conn.Write(ctx, websocket.MessageText, []byte(frames[min(n, 1)])) == nil; n++ {
			}
			conn.CloseNow()
		}
		return connections
	}
}

// handshaking connects and leaves, or is refused, over and over. key "" is none.
func handshaking(key string) flooding {
	return func(ctx context.Context, url string) (handshakes int) {
		header := http.Header{}
		if key != "" {
			header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key)))
		}
		for ctx.Err() == nil {
			conn, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}, HTTPHeader: header})
			if err == nil {
				conn.CloseNow()
			}
			if response != nil {
				handshakes++
			}
		}
		return handshakes
	}
}

// While one charge point floods, the others are answered, each message of each of them, and everything that they say is stored.
// What the flooder did can be seen, and afterwards it is served as before.
func TestAFloodHarmsNoOther(t *testing.T) {
	f := startFlooded(t, 0)
	f.call(t, http.MethodPost, "/charge-points", `{"chargePointId":"`+flooder+`"}`).want(t, http.StatusCreated)
	for _, test := range []struct {
		name  string
		flood flooding
		shows func() string // "" when the flood can be seen where an operator looks; nil when that is not waited for
	}{
		// How soon it is noticed depends on how much work the messages are: where few instances share a slow machine, not soon.
		{"heartbeats", sending(`[2,"1","Heartbeat",{}]`), nil},
		{"meter values", sending(`[2,"1","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T10:00:00Z","sampledValue":[{"value":"1"}]}]}]`), nil},
		{"broken JSON", sending(`[2,"1","Heartbeat",{]`), f.saysItFloods},
		{"connects and leaves", handshaking(""), nil}, // its connections are in the log one by one
		{"wrong passwords", handshaking(flooder + ":" + strings.Repeat("00", 20)), f.saysTheKeyIsWrong},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "wrong passwords" {
				f.call(t, http.MethodPost, "/charge-points/"+flooder+"/key", "").want(t, http.StatusCreated)
			}
			*f.logs.lines = nil
			ctx, stop := context.WithCancel(t.Context())
			var flood sync.WaitGroup
			var loops atomic.Int64
			flood.Go(func() { loops.Add(int64(test.flood(ctx, f.url(flooder)))) })
			prefix := strings.ReplaceAll(strings.ToUpper(test.name), " ", "-")
			f.othersAreServed(t, prefix)
			if test.shows != nil {
				seen(t, test.shows)
			}
			stop()
			flood.Wait()
			t.Logf("%d connections or handshakes of the flooder", loops.Load())
			f.othersAreStored(t, prefix)
		})
	}
}

// A flood that Lambda spreads over many instances, so that none of them has messages waiting, is noticed by what it costs them all.
func TestAFloodThatManyInstancesShareIsNoticed(t *testing.T) {
	f := startFlooded(t, 12)
	f.call(t, http.MethodPost, "/charge-points", `{"chargePointId":"`+flooder+`"}`).want(t, http.StatusCreated)
	ctx, stop := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	flood.Go(func() { sending(`[2,"1","Heartbeat",{}]`)(ctx, f.url(flooder)) })
	seen(t, f.saysItFloods)
	stop()
	flood.Wait()
}

// seen waits until a flood is noticed, each instance of the function by itself: longer, the slower the machine is.
func seen(t *testing.T, shows func() string) {
	t.Helper()
	for deadline := time.Now().Add(3 * patience); ; time.Sleep(20 * time.Millisecond) {
		complaint := shows()
		if complaint == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Error(complaint)
			return
		}
	}
}

const (
	others   = 6
	messages = 15 // of each
)

// othersAreServed has charge points that wait for each answer, and fails when one does not come.
func (f flooded) othersAreServed(t *testing.T, prefix string) {
	t.Helper()
	var charging sync.WaitGroup
	for n := range others {
		id := fmt.Sprintf("%s-%d", prefix, n)
		f.call(t, http.MethodPost, "/charge-points", `{"chargePointId":"`+id+`"}`).want(t, http.StatusCreated)
		charging.Go(func() {
			if err := chargesQuietly(t.Context(), f.url(id)); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	charging.Wait()
}

// chargesQuietly sends readings one by one, each after the answer to the one before.
func chargesQuietly(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}})
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	frames := []string{bootFrame}
	for n := range messages {
		frames = append(frames, fmt.Sprintf(`[2,"%d","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-03-01T10:%02d:00Z","sampledValue":[{"value":"%d"}]}]}]`, n+1, n, n))
	}
	for n, frame := range frames {
		if err := conn.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
		_, answer, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("the answer to message %d: %w", n, err)
		}
		if want := fmt.Sprintf(`[3,"%d",`, n); !strings.HasPrefix(string(answer), want) {
			return fmt.Errorf("message %d is answered with %s", n, answer)
		}
	}
	return nil
}

// othersAreStored looks whether every message of the others has reached the table.
func (f flooded) othersAreStored(t *testing.T, prefix string) {
	t.Helper()
	for n := range others {
		id := fmt.Sprintf("%s-%d", prefix, n)
		eventually(t, func() string {
			got := f.call(t, http.MethodGet, "/charge-points/"+id+"/messages?limit=200", "").want(t, http.StatusOK)
			if in := countIn(got); in != messages+1 {
				return fmt.Sprintf("%d of %d messages of %s are stored", in, messages+1, id)
			}
			return ""
		})
	}
}

// countIn counts the frames that a charge point sent.
func countIn(log answer) (count int) {
	for _, message := range log.list("messages") {
		if message["direction"] == "in" {
			count++
		}
	}
	return count
}

// saysItFloods looks for the line of the log and the metric.
func (f flooded) saysItFloods() string {
	said := f.logs.naming("the charge point floods")
	switch {
	case len(said) == 0:
		return "the log does not say that it floods"
	case said[0]["chargePointId"] != flooder:
		return fmt.Sprintf("the log names %v", said[0])
	}
	return ""
}

func (f flooded) saysTheKeyIsWrong() string {
	if len(f.logs.naming(flooder+" sent a wrong key")) == 0 {
		return "the log does not say that a wrong key was shown"
	}
	return ""
}
