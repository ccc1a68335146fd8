package cost

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/count"
)

const root = "../../.."

func quick() Options {
	return Options{
		Template: filepath.Join(root, "stack/testdata/AwsOcppGatewayStack.template.json"), BuildDir: filepath.Join(root, cloud.DefaultBuildDir()),
		Quick: true, Versions: []Version{V16},
	}
}

// A charge point of OCPP 1.6 has a short day in the whole system, and what is counted is what took place.
func TestADayIsCounted(t *testing.T) {
	t.Parallel()
	s, err := start(t.Context(), slog.New(slog.DiscardHandler), quick(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	measured, err := s.alone(t.Context(), quick())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Figures{}
	for _, m := range measured {
		byName[m.Name] = m.perMessage()
	}
	heartbeat, boot, readings := byName["Heartbeat"], byName["BootNotification"], byName["MeterValues"]
	if heartbeat.Operations[columnSQS] != 0 || heartbeat.Operations[columnGateway] != 2 || heartbeat.Operations[columnLambda] != 1 {
		t.Errorf("a heartbeat causes %v, want a message each way and one invocation", heartbeat.Operations)
	}
	if sent := boot.Billed[count.SQSFIFORequest]; sent != 3 {
		t.Errorf("BootNotification makes %v requests of the journal, want to be sent, received and deleted once", sent)
	}
	if readings.RoundTrips != 1 || readings.Operations[columnSQS] != 0 {
		t.Errorf("MeterValues is answered after %d round trips, with %v of the journal, want that to the tables alone", readings.RoundTrips, readings.Operations[columnSQS])
	}
	if byName["Authorize"].RoundTrips != 2 {
		t.Errorf("Authorize is answered after %d round trips, want that to the table and the journal's", byName["Authorize"].RoundTrips)
	}
	if readings.Milliseconds < 2*float64(awsLatency.Milliseconds()) || readings.BytesIn < 100 || readings.BytesOut < 10 {
		t.Errorf("MeterValues: %v ms, %v bytes in, %v bytes out", readings.Milliseconds, readings.BytesIn, readings.BytesOut)
	}
	for _, m := range measured {
		kept := m.Stored["MeterValueTable"]
		if m.Name == "MeterValues" && (kept < 300 || kept > 600 || m.Stored["MessageTable"] < 500) || m.Name == "Heartbeat" && kept != 0 {
			t.Errorf("%s leaves %v bytes in tables", m.Name, m.Stored)
		}
	}
	everyCallHasACause(t, s)
	response, err := http.Get(s.Addresses().AWS + count.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var views []count.View
	if err := json.NewDecoder(response.Body).Decode(&views); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(views, func(view count.View) bool { return view.Cause == "MeterValues" })
	if i < 0 || views[i].Services["dynamodb"] == 0 || views[i].RoundTrips[1] == 0 {
		t.Errorf("%s tells %+v", count.Path, views)
	}
}

// everyCallHasACause compares with the plain counts of the AWS APIs, and finds nothing that is attributed to nobody.
func everyCallHasACause(t *testing.T, s *system) {
	t.Helper()
	calls, caused := map[string]float64{}, map[string]float64{}
	for call, n := range s.Calls().Snapshot() {
		calls[call.Service] += float64(n)
	}
	for _, line := range s.Counter().Snapshot().Lines {
		switch {
		case line.Cause == count.Unnamed:
			t.Errorf("%s %s by %s has no cause", line.Service, line.Operation, line.Function)
		case line.Service == "apigateway" || line.Service == "lambda" || line.Service == "logs" || line.Service == "cloudfront",
			strings.HasPrefix(line.Operation, "Rule"),
			line.Operation == "ReceiveMessage" || line.Operation == "DeleteMessageBatch":
			continue // what no function calls
		}
		caused[line.Service] += line.Count
	}
	for service, n := range calls {
		if math.Abs(caused[service]-n) > 1e-6 {
			t.Errorf("%v calls of %s have a cause, of %v", caused[service], service, n)
		}
	}
	if calls["dynamodb"] == 0 || calls["sqs"] == 0 || calls["iot"] == 0 {
		t.Errorf("calls: %v", calls)
	}
}
