// Package cloudwatch reads back what package metric has counted. It speaks one call of CloudWatch's query protocol itself:
// the SDK's client of CloudWatch would be in the program for that alone, and every start of the function would load it.
package cloudwatch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
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
	config aws.Config
	stack  string
	signer *v4.Signer
}

// NewReader reads with the credentials and the Region of config, and at its base endpoint if it has one.
func NewReader(config aws.Config, stack string) *Reader {
	return &Reader{config: config, stack: stack, signer: v4.NewSigner()}
}

const (
	apiVersion  = "2010-08-01"
	signingName = "monitoring"
	maxAnswer   = 1 << 20 // far above what some series of some hundred periods take
)

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

// call makes one signed call and returns the body of its answer.
func (r *Reader) call(ctx context.Context, form url.Values) ([]byte, error) {
	body := []byte(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.endpoint(), bytes.NewReader(body))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "CloudWatch has no usable address")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	credentials, err := r.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "there are no credentials to read metrics with")
	}
	sum := sha256.Sum256(body)
	if err := r.signer.SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), signingName, r.config.Region, time.Now()); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a call of CloudWatch cannot be signed")
	}
	client := r.config.HTTPClient
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "CloudWatch cannot be reached")
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the answer of CloudWatch cannot be read")
	}
	if response.StatusCode != http.StatusOK {
		return nil, refused(response.StatusCode, answer)
	}
	return answer, nil
}

func (r *Reader) endpoint() string {
	if r.config.BaseEndpoint != nil {
		return *r.config.BaseEndpoint + "/"
	}
	suffix := "amazonaws.com"
	if strings.HasPrefix(r.config.Region, "cn-") {
		suffix += ".cn"
	}
	return "https://monitoring." + r.config.Region + "." + suffix + "/"
}

// refused makes a fault of an error document of the query protocol.
func refused(status int, answer []byte) error {
	var document struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if err := xml.Unmarshal(answer, &document); err != nil {
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
