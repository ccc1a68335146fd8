package cloudwatch

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// SigningName is the service in signatures of calls.
const SigningName = "monitoring"

// Namespace is that of all answers.
const Namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"

const most = 500 // queries of one call

var (
	errBackwards = errors.New("The parameter StartTime must be less than the parameter EndTime.")
	errNoQueries = errors.New("The parameter MetricDataQueries is required.")
)

// Access implements awsapi.Service. Metrics are no resources of IAM.
func (m *Metrics) Access(_ *http.Request, body []byte) (string, []string) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") == "" {
		return "", nil
	}
	return "cloudwatch:" + form.Get("Action"), []string{"*"}
}

// ServeHTTP implements awsapi.Service.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		fail(w, http.StatusBadRequest, "MalformedQueryString", err.Error())
		return
	}
	if action := r.Form.Get("Action"); action != "GetMetricData" {
		fail(w, http.StatusBadRequest, "InvalidAction", "Could not find operation "+action+"; of CloudWatch there is GetMetricData only, in the query protocol.")
		return
	}
	answer, err := m.getMetricData(r.Form)
	if err != nil {
		fail(w, http.StatusBadRequest, "ValidationError", err.Error())
		return
	}
	write(w, http.StatusOK, answer)
}

// Deny implements awsapi.Service.
func (m *Metrics) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	fail(w, http.StatusForbidden, "AccessDenied", message)
}

// metricData is the answer of GetMetricData.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
type metricData struct {
	XMLName xml.Name `xml:"GetMetricDataResponse"`
	Xmlns   string   `xml:"xmlns,attr"`
	Results []result `xml:"GetMetricDataResult>MetricDataResults>member"`
}

type result struct {
	ID         string `xml:"Id"`
	Label      string
	Timestamps []string  `xml:"Timestamps>member"`
	Values     []float64 `xml:"Values>member"`
	StatusCode string
}

func (m *Metrics) getMetricData(form url.Values) (metricData, error) {
	answer := metricData{Xmlns: Namespace}
	from, err := moment(form, "StartTime")
	if err != nil {
		return answer, err
	}
	to, err := moment(form, "EndTime")
	if err != nil {
		return answer, err
	}
	if !from.Before(to) {
		return answer, errBackwards
	}
	for i := 1; form.Has(fmt.Sprintf("MetricDataQueries.member.%d.Id", i)); i++ {
		if i > most {
			return answer, fmt.Errorf("The collection MetricDataQueries must not have a size greater than %d.", most)
		}
		prefix := fmt.Sprintf("MetricDataQueries.member.%d.", i)
		found, err := m.query(form, prefix, from, to)
		if err != nil {
			return answer, err
		}
		if form.Get("ScanBy") != "TimestampAscending" { // CloudWatch begins with the latest
			slices.Reverse(found.Timestamps)
			slices.Reverse(found.Values)
		}
		answer.Results = append(answer.Results, found)
	}
	if len(answer.Results) == 0 {
		return answer, errNoQueries
	}
	return answer, nil
}

// query answers one of the queries; those by an expression are not here.
func (m *Metrics) query(form url.Values, prefix string, from, to time.Time) (result, error) {
	stat, metric := prefix+"MetricStat.", prefix+"MetricStat.Metric."
	found := result{ID: form.Get(prefix + "Id"), Label: form.Get(metric + "MetricName"), StatusCode: "Complete"}
	seconds, err := strconv.Atoi(form.Get(stat + "Period"))
	if err != nil || seconds < 60 || seconds%60 != 0 {
		return found, fmt.Errorf("The parameter %sPeriod must be a multiple of 60.", stat)
	}
	statistic, known := statistics[form.Get(stat+"Stat")]
	if !known {
		return found, fmt.Errorf("The statistic %q is not part of this stand-in, which knows Sum, SampleCount, Average, Minimum and Maximum.", form.Get(stat+"Stat"))
	}
	dimensions := map[string]string{}
	for i := 1; ; i++ {
		name := form.Get(fmt.Sprintf("%sDimensions.member.%d.Name", metric, i))
		if name == "" {
			break
		}
		dimensions[name] = form.Get(fmt.Sprintf("%sDimensions.member.%d.Value", metric, i))
	}
	begins, buckets := m.read(key(form.Get(metric+"Namespace"), found.Label, dimensions), from, to, time.Duration(seconds)*time.Second)
	for i, begin := range begins {
		found.Timestamps = append(found.Timestamps, begin.Format(time.RFC3339))
		found.Values = append(found.Values, statistic(buckets[i]))
	}
	return found, nil
}

var statistics = map[string]func(bucket) float64{
	"Sum":         func(b bucket) float64 { return b.sum },
	"SampleCount": func(b bucket) float64 { return b.count },
	"Average":     func(b bucket) float64 { return b.sum / b.count },
	"Minimum":     func(b bucket) float64 { return b.least },
	"Maximum":     func(b bucket) float64 { return b.most },
}

func moment(form url.Values, name string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, form.Get(name))
	if err != nil {
		return at, fmt.Errorf("The parameter %s must be a time such as 2026-06-01T12:00:00Z.", name)
	}
	return at, nil
}
