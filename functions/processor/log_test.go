package main

import (
	"slices"
	"strings"
	"testing"
)

// logged are the frames in the message log of CP001, newest first, as "direction action frame".
func (r *rig) logged() []string {
	r.t.Helper()
	messages, _, err := r.messages.List(r.t.Context(), "CP001", "", 100)
	r.must(err)
	var frames []string
	for _, m := range messages {
		if m.MessageID == "" || m.ConnectionID != "connection=" || !m.At.Equal(now) {
			r.t.Errorf("logged %+v", m)
		}
		frames = append(frames, strings.TrimSpace(string(m.Direction)+" "+m.Action)+" "+string(m.Frame))
	}
	return frames
}

func TestFramesAreLogged(t *testing.T) {
	const call, answer = `[2,"1","FirmwareStatusNotification",{"status":"Idle"}]`, `[3,"1",{}]`
	r := newRig(t)
	for range 2 { // every record may come again
		r.process("ocpp1.6", call, answer)
	}
	if want := []string{"out FirmwareStatusNotification " + answer, "in FirmwareStatusNotification " + call}; !slices.Equal(r.logged(), want) {
		t.Errorf("logged %v", r.logged())
	}
}

func TestAnswersAreLoggedUnderTheActionOfTheirCommand(t *testing.T) {
	r := newRig(t)
	r.ask("c1", "ocpp1.6", "GetConfiguration")
	secret := `[3,"c1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"0102"}]}]`
	r.process("ocpp1.6", secret, "")
	r.process("ocpp1.6", `[4,"c9","InternalError","",{}]`, "") // an answer to nothing
	masked := strings.Replace(secret, "0102", "***", 1)
	if want := []string{`in [4,"c9","InternalError","",{}]`, "in GetConfiguration " + masked}; !slices.Equal(r.logged(), want) {
		t.Errorf("logged %v", r.logged())
	}
	if got := string(r.patches[0]); strings.Contains(got, "0102") || !strings.Contains(got, "***") {
		t.Errorf("the shadow: %s", got)
	}
	if value, has := r.known()["/authorizationkey"]; !has || value != "" {
		t.Errorf("the variable: %q, known: %v", value, has)
	}
}

func TestLogIsSwitchedOff(t *testing.T) {
	r := newRig(t)
	r.handler.Log = noLog{}
	r.process("ocpp1.6", `[2,"1","FirmwareStatusNotification",{"status":"Idle"}]`, `[3,"1",{}]`)
	if got := r.logged(); len(got) != 0 {
		t.Errorf("logged %v", got)
	}
}
