package count

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// A Call is a call of an AWS API that has arrived.
type Call struct {
	Action   string // of IAM: "dynamodb:PutItem"
	Method   string // of HTTP
	Resource string // ARN, the first of several
	Function string // that calls; "" for whoever is no function
	Trace    string // the id of the invocation, as the SDK sends it
	Bytes    int    // of its body
}

// postToConnection is POST @connections, by which a message gets to a charge point. Its IAM action is that of all methods.
const (
	manageConnections = "execute-api:ManageConnections"
	postToConnection  = "PostToConnection"
)

func (call Call) key() Key {
	service, operation, _ := strings.Cut(call.Action, ":")
	if call.Action == manageConnections {
		switch call.Method {
		case http.MethodPost:
			operation = postToConnection
		case http.MethodDelete:
			operation = "DeleteConnection"
		default:
			operation = "GetConnection"
		}
	}
	return Key{Function: call.Function, Service: service, Operation: operation}
}

// A Pending is a call that is being served.
type Pending struct {
	counter *Counter
	call    Call
	run     *invocation // nil when no function calls, or nobody knows which invocation
}

// Arrived notes that a call is being served, for round trips: those that are under way at once are one. The first
// @connections POST of an invocation that has a message is its answer.
func (c *Counter) Arrived(call Call) *Pending {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &Pending{counter: c, call: call, run: c.invocations[call.Trace]}
	if p.run == nil {
		return p
	}
	if p.run.answers && call.key().Operation == postToConnection {
		p.run.answers = false
		c.answered(p.run.shares[0].cause, p.run.trips)
	}
	if p.run.underWay == 0 {
		p.run.trips++
	}
	p.run.underWay++
	return p
}

// Left notes that a call was answered, or nobody waits any more.
func (p *Pending) Left() {
	if p == nil || p.run == nil {
		return
	}
	p.counter.mu.Lock()
	defer p.counter.mu.Unlock()
	p.run.underWay--
}

// Served counts the call with the status and size of its answer and, for DynamoDB, the units that it took. Call it once, and not for
// a call that AWS throttled: that is not billed.
func (p *Pending) Served(status, answerBytes int, units float64) {
	if p == nil {
		return
	}
	p.counter.mu.Lock()
	defer p.counter.mu.Unlock()
	shares := only(Outside)
	switch {
	case p.run != nil:
		shares = p.run.shares
	case p.call.Function != "":
		shares = only(Unnamed)
	}
	billed := p.call.billed(status, answerBytes, units)
	if p.call.Action == "iot:Publish" && status == http.StatusOK {
		p.counter.triggered(shares, topicOf(p.call.Resource), p.call.Bytes)
	}
	p.counter.spread(shares, p.call.key(), 1, float64(p.call.Bytes), 0, billed...)
}

// billed is what a call costs.
func (call Call) billed(status, answerBytes int, units float64) []amount {
	service, verb, _ := strings.Cut(call.Action, ":")
	switch service {
	case "dynamodb":
		item := WriteUnit
		if strings.HasPrefix(verb, "Get") || strings.HasPrefix(verb, "BatchGet") || verb == "Query" || verb == "Scan" {
			item = ReadUnit
		}
		return []amount{{item, units}}
	case "sqs":
		item := SQSRequest
		if strings.HasSuffix(call.Resource, ".fifo") {
			item = SQSFIFORequest
		}
		return []amount{{item, blocks(call.Bytes, 64<<10)}}
	case "iot":
		switch {
		case status == http.StatusTooManyRequests:
			return nil
		case verb == "Publish":
			return []amount{{IoTMessage, blocks(call.Bytes, 5<<10)}}
		}
		return []amount{{IoTOperation, blocks(max(call.Bytes, answerBytes), 1<<10)}}
	case "execute-api":
		if call.Method == http.MethodPost && status == http.StatusOK {
			return []amount{{WebSocketMessage, blocks(call.Bytes, 32<<10)}, {EdgeByte, float64(call.Bytes)}}
		}
	}
	return nil
}

// topicOf takes the topic out of arn:aws:iot:us-east-1:000000000000:topic/CP001/in.
func topicOf(arn string) string {
	_, topic, _ := strings.Cut(arn, ":topic/")
	return topic
}

// Units reads what DynamoDB says that it has consumed, in an answer to a request with ReturnConsumedCapacity TOTAL. A write whose
// condition failed says nothing, and takes one unit where items are below 1 KB, as those with conditions are here.
func Units(answer []byte) (units float64) {
	const member = `"CapacityUnits":`
	if bytes.Contains(answer, []byte(`ConditionalCheckFailedException"`)) {
		return 1
	}
	for {
		_, after, found := bytes.Cut(answer, []byte(member))
		if !found {
			return units
		}
		end := bytes.IndexAny(after, ",}")
		if end < 0 {
			return units
		}
		number, err := strconv.ParseFloat(string(after[:end]), 64)
		if err != nil {
			return units // no answer of DynamoDB's
		}
		units, answer = units+number, after[end:]
	}
}
