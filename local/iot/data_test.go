package iot_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiot "github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/serverless-ocpp/backend/local/iot/rules"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

const patience = 5 * time.Second // for what comes within milliseconds

// observe returns what comes on a topic filter, to a real MQTT client.
func (w world) observe(t *testing.T, filter string) <-chan paho.Message {
	t.Helper()
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + w.broker.Addr()).SetClientID("observer"))
	messages := make(chan paho.Message, 10)
	for _, step := range []func() paho.Token{
		client.Connect,
		func() paho.Token {
			return client.Subscribe(filter, 1, func(_ paho.Client, m paho.Message) { messages <- m })
		},
	} {
		if token := step(); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatalf("the broker's answer: %v", token.Error())
		}
	}
	t.Cleanup(func() { client.Disconnect(0) })
	return messages
}

func next(t *testing.T, messages <-chan paho.Message) paho.Message {
	t.Helper()
	select {
	case m := <-messages:
		return m
	case <-time.After(patience):
		t.Fatal("no message came")
		return nil
	}
}

func TestPublishOverHTTP(t *testing.T) {
	w := start(t)
	messages := w.observe(t, "+/out")
	if _, err := w.data.Publish(t.Context(), &iotdataplane.PublishInput{Topic: aws.String("CP001/out"), Qos: 1,
		Payload: []byte(`[2,"1","Reset",{}]`)}); err != nil {
		t.Fatal(err)
	}
	if m := next(t, messages); m.Topic() != "CP001/out" || string(m.Payload()) != `[2,"1","Reset",{}]` {
		t.Errorf("got %s on %s", m.Payload(), m.Topic())
	}
	for what, test := range map[string]struct {
		input       iotdataplane.PublishInput
		code, words string
	}{
		"QoS 2":            {iotdataplane.PublishInput{Topic: aws.String("a"), Qos: 2}, "InvalidRequestException", "QoS"},
		"a wildcard":       {iotdataplane.PublishInput{Topic: aws.String("a/#")}, "InvalidRequestException", "wildcard"},
		"eight slashes":    {iotdataplane.PublishInput{Topic: aws.String("a/b/c/d/e/f/g/h/i")}, "InvalidRequestException", "slashes"},
		"a long topic":     {iotdataplane.PublishInput{Topic: aws.String(strings.Repeat("x", 257))}, "InvalidRequestException", "257 bytes"},
		"retained":         {iotdataplane.PublishInput{Topic: aws.String("a"), Retain: true}, "InvalidRequestException", "Retained"},
		"a reserved one":   {iotdataplane.PublishInput{Topic: aws.String("$aws/events/thing/a/created")}, "ForbiddenException", "reserved"},
		"129 KB":           {iotdataplane.PublishInput{Topic: aws.String("a"), Payload: make([]byte, 129<<10)}, "RequestEntityTooLargeException", "exceeds"},
		"a whole megabyte": {iotdataplane.PublishInput{Topic: aws.String("a"), Payload: make([]byte, 1<<20)}, "RequestEntityTooLargeException", "exceeds"},
	} {
		_, err := w.data.Publish(t.Context(), &test.input)
		wantCode(t, what, err, test.code, test.words)
	}
}

func TestPublishWithAPlainPath(t *testing.T) {
	w := start(t)
	messages := w.observe(t, "#")
	for _, path := range []string{"/topics/CP001/out", "/topics/CP001%2Fout?qos=1"} {
		response, err := http.Post(w.url+path, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if m := next(t, messages); response.StatusCode != http.StatusOK || m.Topic() != "CP001/out" {
			t.Errorf("%s: %s, %s", path, response.Status, m.Topic())
		}
	}
}

func TestShadowsOverHTTP(t *testing.T) {
	w := start(t)
	deltas := w.observe(t, "$aws/things/CP001/shadow/update/delta")
	_, err := w.data.GetThingShadow(t.Context(), &iotdataplane.GetThingShadowInput{ThingName: aws.String("CP001")})
	wantCode(t, "a missing shadow", err, "ResourceNotFoundException", "No shadow exists with name: 'CP001'")

	// There is no Thing CP001, and need not be one.
	updated, err := w.data.UpdateThingShadow(t.Context(), &iotdataplane.UpdateThingShadowInput{ThingName: aws.String("CP001"),
		Payload: []byte(`{"state":{"desired":{"on":true}}}`)})
	if err != nil || !bytes.Contains(updated.Payload, []byte(`"version":1`)) {
		t.Fatalf("%s, %v", updated.Payload, err)
	}
	if m := next(t, deltas); !strings.Contains(string(m.Payload()), `"state":{"on":true}`) {
		t.Errorf("delta %s", m.Payload())
	}
	_, err = w.data.UpdateThingShadow(t.Context(), &iotdataplane.UpdateThingShadowInput{ThingName: aws.String("CP001"),
		Payload: []byte(`{"state":{"desired":{"on":false}},"version":7}`)})
	wantCode(t, "another version", err, "ConflictException", "Version conflict")
	got, err := w.data.GetThingShadow(t.Context(), &iotdataplane.GetThingShadowInput{ThingName: aws.String("CP001")})
	if err != nil || !bytes.Contains(got.Payload, []byte(`"delta":{"on":true}`)) {
		t.Errorf("%s, %v", got.Payload, err)
	}
	if _, err := w.data.DeleteThingShadow(t.Context(), &iotdataplane.DeleteThingShadowInput{ThingName: aws.String("CP001")}); err != nil {
		t.Error(err)
	}
}

func TestNamedShadowsOverHTTP(t *testing.T) {
	w := start(t)
	for _, name := range []string{"a", "b", "c"} {
		if _, err := w.data.UpdateThingShadow(t.Context(), &iotdataplane.UpdateThingShadowInput{ThingName: aws.String("CP001"),
			ShadowName: &name, Payload: []byte(`{"state":{}}`)}); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for token := (*string)(nil); ; {
		page, err := w.data.ListNamedShadowsForThing(t.Context(), &iotdataplane.ListNamedShadowsForThingInput{ThingName: aws.String("CP001"),
			PageSize: aws.Int32(2), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, page.Results...)
		if token = page.NextToken; token == nil {
			break
		}
	}
	if strings.Join(names, " ") != "a b c" {
		t.Errorf("names %v", names)
	}
}

func TestShadowOverMQTT(t *testing.T) {
	w := start(t)
	answers := w.observe(t, "$aws/things/CP001/shadow/update/accepted")
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + w.broker.Addr()).SetClientID("CP001"))
	if token := client.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer client.Disconnect(0)
	client.Publish("$aws/things/CP001/shadow/update", 1, false, `{"state":{"reported":{"on":true}},"clientToken":"t"}`)
	if m := next(t, answers); !strings.Contains(string(m.Payload()), `"clientToken":"t"`) {
		t.Errorf("accepted %s", m.Payload())
	}
}

// TestThingEventReachesALambda goes the whole way: registry, event, broker, rule, action.
func TestThingEventReachesALambda(t *testing.T) {
	w := start(t)
	invoked := make(chan string, 1)
	engine := rules.NewEngine(rules.Config{Invoke: func(function string, event []byte) error {
		invoked <- function + " " + string(event)
		return nil
	}})
	err := engine.Add(rules.Rule{Name: "ThingEvents", SQL: "SELECT * FROM '$aws/events/thing/+/+'", SQLVersion: rules.SQLVersion,
		Actions: []rules.Action{{Lambda: &rules.LambdaAction{FunctionARN: "Registry"}}}})
	if err != nil {
		t.Fatal(err)
	}
	w.broker.OnMessage(func(m mqtt.Message) { engine.Handle(m) })
	if _, err := w.control.UpdateEventConfigurations(t.Context(), &awsiot.UpdateEventConfigurationsInput{
		EventConfigurations: map[string]types.Configuration{"THING": {Enabled: true}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.control.CreateThing(t.Context(), &awsiot.CreateThingInput{ThingName: aws.String("CP001")}); err != nil {
		t.Fatal(err)
	}
	select {
	case event := <-invoked:
		if !strings.HasPrefix(event, `Registry {"eventType":"THING_EVENT"`) || !strings.Contains(event, `"thingName":"CP001"`) {
			t.Errorf("invoked %s", event)
		}
	case <-time.After(patience):
		t.Error("no function was invoked")
	}
}
