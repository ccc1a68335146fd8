package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/operation"
)

const start = `{"idTag":"TAG1"}`

func TestIdempotencyKey(t *testing.T) {
	r := newRig(t)
	first := r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1").want(202)
	again := r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1").want(202)
	if again.text != first.text || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("first %s, again %s", first.text, again.text)
	}
	if first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("first %v, again %v", first.header, again.header)
	}
	r.posted() // once

	r.do("POST", "/charge-points/CP201/remote-start", `{"idTag":"TAG2"}`, "Idempotency-Key: k1").want(422, "k1")
	r.do("POST", "/charge-points/CP201/remote-stop", `{"transactionId":"1"}`, "Idempotency-Key: k1").want(422, "k1")
	r.do("POST", "/charge-points/CP16/remote-start", start, "Idempotency-Key: k1").want(202) // another charge point's key
	if other := r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k2").want(202); other.body["commandId"] == first.body["commandId"] {
		t.Error("another key, the same command")
	}
	for _, wrong := range []string{"", strings.Repeat("k", 256), "a\tb", "schlüssel"} {
		r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: "+wrong).want(400, "Idempotency-Key")
	}
	r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: "+strings.Repeat("k", 255)).want(202)
}

// TestIdempotencyKeyOfEveryOperation: the repetition is told what the first request was told.
func TestIdempotencyKeyOfEveryOperation(t *testing.T) {
	r := newRig(t)
	for _, kind := range operation.Kinds {
		for _, cp := range []string{"CP16", "CP201", "CP21"} {
			key := "Idempotency-Key: " + kind.Name
			first := r.do(kind.Method, pathOf(kind, cp), exampleFor(kind, cp), key)
			again := r.do(kind.Method, pathOf(kind, cp), exampleFor(kind, cp), key).want(first.status)
			if first.text != again.text {
				t.Errorf("%s at %s:\nfirst %s\nagain %s", kind.Name, cp, first.text, again.text)
			}
		}
	}
}

// TestIdempotencyKeyAfterTheEnd: whoever asks again when all is over is told how it ended, also when the charge point is
// offline by then.
func TestIdempotencyKeyAfterTheEnd(t *testing.T) {
	r := newRig(t)
	r.answers("CP16", "Accepted")
	for _, path := range []string{"/remote-start", "/remote-start-transaction"} {
		body := `{"chargePointId":"CP16","idTag":"TAG1"}`
		r.do("POST", path, body, "Idempotency-Key: "+path, "Prefer: wait=20").want(200, `"state":"accepted"`)
	}
	_, err := r.chargePoints.Close(t.Context(), "CP16", "c-CP16", 1001, "Going away", r.api.Now())
	r.must(err)
	again := r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`, "Idempotency-Key: /remote-start").want(200, `"state":"accepted"`)
	if again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%v", again.header)
	}
}

// TestIdempotencyKeyHealsACrash: the process dies, or the tables fail, between the claim and the command.
func TestIdempotencyKeyHealsACrash(t *testing.T) {
	r := newRig(t)
	works := r.api.Submit
	r.api.Submit = func(context.Context, command.Command) error { return errors.New("the process dies here") }
	r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1").want(500)
	r.api.Submit = works
	got := r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1").want(202)
	r.posted()
	again := r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1").want(202)
	if again.body["commandId"] != got.body["commandId"] {
		t.Errorf("%s, then %s", got.text, again.text)
	}
	r.posted()
}

func TestIdempotencyKeyTwiceAtOnce(t *testing.T) {
	r := newRig(t)
	var answers [8]response
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = r.do("POST", "/charge-points/CP201/remote-start", start, "Idempotency-Key: k1")
		})
	}
	all.Wait()
	for _, got := range answers {
		got.want(202)
		if got.body["commandId"] != answers[0].body["commandId"] {
			t.Errorf("%s and %s", got.text, answers[0].text)
		}
	}
	_, payload := r.posted()
	for _, got := range answers {
		if got.body["remoteStartId"] != payload["remoteStartId"] {
			t.Errorf("sent %v, told %s", payload["remoteStartId"], got.text)
		}
	}
}
