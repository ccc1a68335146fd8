package metric_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/metric"
)

// line is what CloudWatch reads of a document of the embedded metric format.
type line struct {
	AWS struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	} `json:"_aws"`
	Stack, Result  string
	Answers        []float64
	HandlerLatency []float64
}

func lines(t *testing.T, out *bytes.Buffer) (found []line) {
	t.Helper()
	for text := range strings.Lines(out.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		found = append(found, l)
	}
	return found
}

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestLine(t *testing.T) {
	var out bytes.Buffer
	r := metric.New("S", &out, func() time.Time { return began })
	r.Count(metric.Answers, metric.By{Dimension: "Result", Value: "result"})
	r.Count(metric.Answers, metric.By{Dimension: "Result", Value: "result"})
	r.Settle()
	found := lines(t, &out)
	if len(found) != 1 {
		t.Fatalf("lines %q", out.String())
	}
	got := found[0]
	directive := got.AWS.CloudWatchMetrics[0]
	if got.AWS.Timestamp != began.UnixMilli() || got.Stack != "S" || got.Result != "result" || !reflect.DeepEqual(got.Answers, []float64{1, 1}) ||
		directive.Namespace != "OCPP/Gateway" || !reflect.DeepEqual(directive.Dimensions, [][]string{{"Stack"}, {"Stack", "Result"}}) ||
		directive.Metrics[0].Name != "Answers" || directive.Metrics[0].Unit != "Count" {
		t.Errorf("%+v", got)
	}
}

func TestDuration(t *testing.T) {
	var out bytes.Buffer
	r := metric.New("S", &out, func() time.Time { return began })
	r.Duration(metric.HandlerLatency, metric.By{}, 1500*time.Microsecond)
	r.Settle()
	got := lines(t, &out)[0]
	directive := got.AWS.CloudWatchMetrics[0]
	if !reflect.DeepEqual(got.HandlerLatency, []float64{1.5}) || directive.Metrics[0].Unit != "Milliseconds" || !reflect.DeepEqual(directive.Dimensions, [][]string{{"Stack"}}) {
		t.Errorf("%+v", got)
	}
}

// A line has one value of each dimension, and each metric once; else there is another line.
func TestFewLines(t *testing.T) {
	var out bytes.Buffer
	r := metric.New("S", &out, func() time.Time { return began })
	r.Count(metric.Answers, metric.By{Dimension: "Result", Value: "result"})
	r.Count(metric.Messages, metric.By{Dimension: "Protocol", Value: "ocpp1.6"})
	r.Duration(metric.HandlerLatency, metric.By{}, time.Millisecond)
	r.Settle()
	got := lines(t, &out)
	if len(got) != 1 || len(got[0].AWS.CloudWatchMetrics) != 3 || got[0].Result != "result" || len(got[0].Answers) != 1 || len(got[0].HandlerLatency) != 1 {
		t.Errorf("%+v", got)
	}
	out.Reset()
	r = metric.New("S", &out, func() time.Time { return began })
	r.Count(metric.Answers, metric.By{Dimension: "Result", Value: "result"})
	r.Count(metric.Answers, metric.By{Dimension: "Result", Value: "FormatViolation"})
	r.Count(metric.Answers, metric.By{})
	r.Settle()
	if got := lines(t, &out); len(got) != 3 || len(got[0].Answers) != 1 || len(got[1].Answers) != 1 || len(got[2].Answers) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestWritesOnceASecondWhenBusy(t *testing.T) {
	var out bytes.Buffer
	now := began
	r := metric.New("S", &out, func() time.Time { return now })
	settle := func(times int) (sizes []int) {
		out.Reset()
		for range times {
			r.Count(metric.Answers, metric.By{})
			r.Settle()
			now = now.Add(10 * time.Millisecond)
		}
		for _, line := range lines(t, &out) {
			sizes = append(sizes, len(line.Answers))
		}
		return sizes
	}
	// Some invocations one after the other, after which Lambda may freeze the function for an hour: nothing waits for the next one.
	if got := settle(10); !reflect.DeepEqual(got, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}) {
		t.Errorf("a few: lines of %v values", got)
	}
	if got := settle(291); !reflect.DeepEqual(got, []int{91, 100, 100}) {
		t.Errorf("many: lines of %v values", got)
	}
	now = now.Add(time.Hour)
	if got := settle(2); !reflect.DeepEqual(got, []int{1, 1}) {
		t.Errorf("after an hour: lines of %v values", got)
	}
}

// What comes with every message waits for others, and for what is out of the ordinary.
func TestTheOrdinaryIsGathered(t *testing.T) {
	var out bytes.Buffer
	now := began
	r := metric.New("S", &out, func() time.Time { return now })
	answer := func(result string) (sizes []int) {
		out.Reset()
		r.Count(metric.Messages, metric.By{Dimension: "Protocol", Value: "ocpp1.6"})
		r.Count(metric.Answers, metric.By{Dimension: "Result", Value: result})
		r.Settle()
		for _, line := range lines(t, &out) {
			sizes = append(sizes, len(line.Answers))
		}
		return sizes
	}
	for i, step := range []struct {
		after  time.Duration
		result string
		want   []int
	}{
		{0, metric.CallResult, []int{1}}, {time.Second, metric.CallResult, nil}, {8 * time.Second, metric.CallResult, nil}, {time.Second, metric.CallResult, []int{3}},
		{time.Second, metric.CallResult, nil}, {time.Second, "InternalError", []int{1, 1}}, {9 * time.Second, metric.CallResult, nil}, {time.Second, metric.CallResult, []int{2}},
	} {
		now = now.Add(step.after)
		if got := answer(step.result); !reflect.DeepEqual(got, step.want) {
			t.Errorf("%d, %s: lines of %v answers, want %v", i, step.result, got, step.want)
		}
	}
}

func TestLineHasAHundredValuesAtMost(t *testing.T) {
	var out bytes.Buffer
	r := metric.New("S", &out, func() time.Time { return began })
	var all sync.WaitGroup
	for range 250 {
		all.Go(func() { r.Count(metric.Answers, metric.By{}) })
	}
	all.Wait()
	if found := lines(t, &out); len(found) != 2 || len(found[0].Answers) != 100 || len(found[1].Answers) != 100 {
		t.Errorf("%d lines", len(found))
	}
}

func TestVisitsOfTheCanaryAreNotCounted(t *testing.T) {
	var lines bytes.Buffer
	r := metric.New("S", &lines, time.Now)
	r.For("S-Canary").Count(metric.Messages, metric.By{})
	r.For("S").Count(metric.Violations, metric.By{})
	r.Settle()
	if text := lines.String(); strings.Contains(text, "Messages") || !strings.Contains(text, `"Violations":[1]`) {
		t.Errorf("wrote %s", text)
	}
}

func TestNoRecorder(t *testing.T) {
	var r *metric.Recorder
	r.Count(metric.Answers, metric.By{})
	r.Settle()
}
