package cloudwatch

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	resolution = time.Minute    // of metrics that do not ask for a finer one
	kept       = 24 * time.Hour // CloudWatch keeps minutes for 15 days; nobody looks that far back on one machine
)

// Metrics keep what was logged. The zero value is ready to use, by many goroutines.
type Metrics struct {
	mu     sync.Mutex
	series map[string]map[int64]*bucket // by name and dimensions, then by the minute
}

// bucket is what is known of a minute.
type bucket struct{ sum, count, least, most float64 }

func (b *bucket) add(value float64) {
	if b.count == 0 || value < b.least {
		b.least = value
	}
	if b.count == 0 || value > b.most {
		b.most = value
	}
	b.sum += value
	b.count++
}

// key names a series: its order of dimensions means nothing.
func key(namespace, name string, dimensions map[string]string) string {
	var text strings.Builder
	text.WriteString(namespace + "\x00" + name)
	for _, dimension := range slices.Sorted(maps.Keys(dimensions)) {
		text.WriteString("\x00" + dimension + "\x00" + dimensions[dimension])
	}
	return text.String()
}

// document is a line of the embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type document struct {
	AWS *struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name string }
		}
	} `json:"_aws"`
}

// Line takes a line of a function's log. One that holds no metrics, or what does not keep to the format, is ignored, as
// CloudWatch does.
func (m *Metrics) Line(line string) {
	if !strings.Contains(line, `"_aws"`) {
		return
	}
	var told document
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(line), &told) != nil || told.AWS == nil || json.Unmarshal([]byte(line), &members) != nil {
		return
	}
	at := time.UnixMilli(told.AWS.Timestamp)
	for _, directive := range told.AWS.CloudWatchMetrics {
		for _, defined := range directive.Metrics {
			values := numbers(members[defined.Name])
			for _, names := range directive.Dimensions {
				if dimensions, ok := dimensionsOf(members, names); ok {
					m.add(key(directive.Namespace, defined.Name, dimensions), at, values)
				}
			}
		}
	}
}

// numbers are the values of a metric: one, or several.
func numbers(member json.RawMessage) []float64 {
	var one float64
	if json.Unmarshal(member, &one) == nil {
		return []float64{one}
	}
	var several []float64
	if json.Unmarshal(member, &several) != nil {
		return nil
	}
	return several
}

func dimensionsOf(members map[string]json.RawMessage, names []string) (map[string]string, bool) {
	dimensions := make(map[string]string, len(names))
	for _, name := range names {
		var value string
		if json.Unmarshal(members[name], &value) != nil {
			return nil, false
		}
		dimensions[name] = value
	}
	return dimensions, true
}

func (m *Metrics) add(key string, at time.Time, values []float64) {
	if len(values) == 0 {
		return
	}
	minute := at.Truncate(resolution).Unix()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.series == nil {
		m.series = map[string]map[int64]*bucket{}
	}
	minutes := m.series[key]
	if minutes == nil {
		minutes = map[int64]*bucket{}
		m.series[key] = minutes
	}
	if minutes[minute] == nil {
		oldest := at.Add(-kept).Unix()
		maps.DeleteFunc(minutes, func(begin int64, _ *bucket) bool { return begin < oldest })
		minutes[minute] = &bucket{}
	}
	for _, value := range values {
		minutes[minute].add(value)
	}
}

// read returns the periods of a series that have values, the oldest first.
func (m *Metrics) read(key string, from, to time.Time, period time.Duration) (begins []time.Time, found []bucket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	merged := map[time.Time]*bucket{}
	for minute, values := range m.series[key] {
		at := time.Unix(minute, 0).UTC()
		if at.Before(from) || !at.Before(to) {
			continue
		}
		begin := at.Truncate(period)
		if merged[begin] == nil {
			copied := *values
			merged[begin] = &copied
			continue
		}
		whole := merged[begin]
		whole.sum, whole.count = whole.sum+values.sum, whole.count+values.count
		whole.least, whole.most = min(whole.least, values.least), max(whole.most, values.most)
	}
	begins = slices.SortedFunc(maps.Keys(merged), time.Time.Compare)
	for _, begin := range begins {
		found = append(found, *merged[begin])
	}
	return begins, found
}
