package cloudwatch

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/serverless-ocpp/backend/shared/cloudwatch"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// log has a recorder write what a function counts, and the metrics read it.
func log(m *Metrics, at time.Time, count func(*metric.Recorder)) {
	var lines bytes.Buffer
	recorder := metric.New("Depot", &lines, func() time.Time { return at })
	count(recorder)
	recorder.Settle()
	for line := range strings.Lines(lines.String()) {
		m.Line(line)
	}
}

// What functions log, the reader of the product gets back.
func TestMetricsComeBack(t *testing.T) {
	var metrics Metrics
	result := func(value string) metric.By { return metric.By{Dimension: "Result", Value: value} }
	log(&metrics, noon.Add(10*time.Second), func(r *metric.Recorder) {
		for range 3 {
			r.Count(metric.Answers, result("CALLRESULT"))
		}
		r.Count(metric.Answers, result("InternalError"))
		r.Add(metric.ActiveConnections, metric.By{}, 7)
	})
	log(&metrics, noon.Add(50*time.Second), func(r *metric.Recorder) {
		r.Count(metric.Answers, result("CALLRESULT"))
		r.Add(metric.ActiveConnections, metric.By{}, 5)
	})
	log(&metrics, noon.Add(61*time.Second), func(r *metric.Recorder) { r.Count(metric.Answers, result("CALLRESULT")) })
	metrics.Line(`{"level":"INFO","msg":"no metrics"}`)
	metrics.Line(`{"_aws":7}`)

	server := httptest.NewServer(&metrics)
	defer server.Close()
	reader := cloudwatch.NewReader(aws.Config{Region: "eu-central-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "Depot")
	series := []cloudwatch.Series{
		{Name: metric.Answers, Statistic: cloudwatch.Sum},
		{Name: metric.Answers, By: result("InternalError"), Statistic: cloudwatch.Sum},
		{Name: metric.ActiveConnections, Statistic: cloudwatch.Maximum},
		{Name: metric.Canary, Statistic: cloudwatch.Sum},
	}
	for _, test := range []struct {
		period time.Duration
		want   []map[time.Time]float64
	}{
		{time.Minute, []map[time.Time]float64{{noon: 5, noon.Add(time.Minute): 1}, {noon: 1}, {noon: 7}, {}}},
		{5 * time.Minute, []map[time.Time]float64{{noon: 6}, {noon: 1}, {noon: 7}, {}}},
	} {
		got, err := reader.Read(t.Context(), series, noon.Add(-time.Hour), noon.Add(time.Hour), test.period)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range test.want {
			if len(got[i]) != len(want) {
				t.Errorf("%+v by %v: %v, want %v", series[i], test.period, got[i], want)
			}
			for at, value := range want {
				if got[i][at] != value {
					t.Errorf("%+v at %v: %v, want %v", series[i], at, got[i], want)
				}
			}
		}
	}
	if _, err := reader.Read(t.Context(), series, noon, noon, time.Minute); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), "StartTime") {
		t.Errorf("an empty time: %v", err)
	}
	series[0].Statistic = "p99"
	if _, err := reader.Read(t.Context(), series, noon, noon.Add(time.Hour), time.Minute); err == nil || !strings.Contains(err.Error(), "p99") {
		t.Errorf("another statistic: %v", err)
	}
}

func TestWhatIsNotHere(t *testing.T) {
	for action, code := range map[string]string{"PutMetricAlarm": "InvalidAction", "GetMetricData": "ValidationError", "": "InvalidAction"} {
		var metrics Metrics
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action="+action))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		metrics.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusBadRequest || !strings.Contains(recorder.Body.String(), code) {
			t.Errorf("%s: %d %s", action, recorder.Code, recorder.Body)
		}
	}
	if action, resources := new(Metrics).Access(nil, []byte("Action=GetMetricData&Version=1")); action != "cloudwatch:GetMetricData" || len(resources) != 1 {
		t.Errorf("%s on %v", action, resources)
	}
}
