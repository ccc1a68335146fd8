// Package cloudwatch reads back what package metric has counted. It speaks one call of CloudWatch's query protocol itself:
// the SDK's client of CloudWatch would be in the program for that alone, and every start of the function would load it.
package cloudwatch

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/signed"
)

// Statistic is how CloudWatch makes one number of the values of a period.
type Statistic string

const (
	Sum     Statistic = "Sum"
	Maximum Statistic = "Maximum"
)

// Series is a metric of a stack over time.
type Series struct {
	Name      metric.Name
	By        metric.By
	Statistic Statistic
}

// Reader reads metrics of one stack.
type Reader struct {
	api   *signed.Client
	stack string
}

// NewReader reads with the credentials and the Region of config, and at its base endpoint if it has one.
func NewReader(config aws.Config, stack string) *Reader {
	return &Reader{signed.New(config, service, func() (string, error) { return endpointOf(config), nil }), stack}
}

var service = signed.Service{ID: "CloudWatch", SigningName: "monitoring"}

const apiVersion = "2010-08-01"

// Read returns the values of each series by the beginnings of the periods that have any, for periods that begin at from or
// later and before to. It is one call of GetMetricData, which costs a hundred-thousandth of a dollar for each series.
// Errors: fault.Throttled, and fault.Internal for all others.
func (r *Reader) Read(ctx context.Context, series []Series, from, to time.Time, period time.Duration) ([]map[time.Time]float64, error) {
	form := url.Values{
		"Action": {"GetMetricData"}, "Version": {apiVersion}, "ScanBy": {"TimestampAscending"},
		"StartTime": {from.UTC().Format(time.RFC3339)}, "EndTime": {to.UTC().Format(time.RFC3339)},
	}
	for i, s := range series {
		prefix := fmt.Sprintf("MetricDataQueries.member.%d.", i+1)
		stat := prefix + "MetricStat."
		form.Set(prefix+"Id", "s"+strconv.Itoa(i))
		form.Set(stat+"Period", strconv.Itoa(int(period.Seconds())))
		form.Set(stat+"Stat", string(s.Statistic))
		form.Set(stat+"Metric.Namespace", metric.Namespace)
		form.Set(stat+"Metric.MetricName", string(s.Name))
		form.Set(stat+"Metric.Dimensions.member.1.Name", "Stack")
		form.Set(stat+"Metric.Dimensions.member.1.Value", r.stack)
		if s.By.Dimension != "" {
			form.Set(stat+"Metric.Dimensions.member.2.Name", s.By.Dimension)
			form.Set(stat+"Metric.Dimensions.member.2.Value", s.By.Value)
		}
	}
	body, err := r.call(ctx, form)
	if err != nil {
		return nil, err
	}
	return decode(body, len(series))
}

// call makes one call and returns the body of its answer.
func (r *Reader) call(ctx context.Context, form url.Values) ([]byte, error) {
	answer, err := r.api.Do(ctx, signed.Call{Operation: "GetMetricData", Method: http.MethodPost, Path: "/", Header: formHeader, Body: []byte(form.Encode())})
	if refusal, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return nil, refused(refusal)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "CloudWatch does not give metrics")
	}
	return answer, nil
}

var formHeader = http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}

func endpointOf(config aws.Config) string {
	if config.BaseEndpoint != nil {
		return *config.BaseEndpoint
	}
	suffix := "amazonaws.com"
	if strings.HasPrefix(config.Region, "cn-") {
		suffix += ".cn"
	}
	return "https://monitoring." + config.Region + "." + suffix
}

// refused makes a fault of an error document of the query protocol, which retries know by its status alone.
func refused(refusal *awshttp.ResponseError) error {
	var document struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	status := refusal.HTTPStatusCode()
	if err := xml.NewDecoder(refusal.Response.Body).Decode(&document); err != nil {
		document.Code, document.Message = strconv.Itoa(status), "no error document"
	}
	code := fault.Internal
	if strings.HasPrefix(document.Code, "Throttling") || status == http.StatusTooManyRequests {
		code = fault.Throttled
	}
	return fault.New(code, "CloudWatch does not give metrics: %s: %s", document.Code, document.Message)
}

// decode reads the answer of GetMetricData.
func decode(answer []byte, count int) ([]map[time.Time]float64, error) {
	var document struct {
		Results []struct {
			ID         string      `xml:"Id"`
			Timestamps []time.Time `xml:"Timestamps>member"`
			Values     []float64   `xml:"Values>member"`
		} `xml:"GetMetricDataResult>MetricDataResults>member"`
	}
	if err := xml.Unmarshal(answer, &document); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the answer of CloudWatch is not that of GetMetricData")
	}
	found := make([]map[time.Time]float64, count)
	for i := range found {
		found[i] = map[time.Time]float64{}
	}
	for _, result := range document.Results {
		i, err := strconv.Atoi(strings.TrimPrefix(result.ID, "s"))
		if err != nil || i < 0 || i >= count || len(result.Timestamps) != len(result.Values) {
			return nil, fault.New(fault.Internal, "CloudWatch gives a series %q with %d times and %d values", result.ID, len(result.Timestamps), len(result.Values))
		}
		for n, at := range result.Timestamps {
			found[i][at.UTC()] = result.Values[n]
		}
	}
	return found, nil
}
