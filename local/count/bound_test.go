package count_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/serverless-ocpp/backend/local/count"
)

// Who names actions without end, of which there are none, takes no more than a bounded part of the memory, and all is counted.
func TestActionsWithoutEndAreCountedTogether(t *testing.T) {
	c := count.New(nil)
	const messages = 30_000
	for n := range messages {
		trace := fmt.Sprint("trace", n)
		c.Began(trace, fmt.Sprint("request", n), function, messageEvent(fmt.Sprintf(`[2,"1","Nonsense%d",{}]`, n)))
		c.Arrived(count.Call{Action: "execute-api:ManageConnections", Method: http.MethodPost, Function: function, Trace: trace}).Left()
	}
	s := c.Snapshot()
	in := 0.0
	for _, line := range s.Lines {
		in += line.Count
	}
	if in != messages {
		t.Errorf("%v messages are counted, of %d", in, messages)
	}
	answers := 0
	for _, byTrips := range s.Answers {
		answers += byTrips[0]
	}
	if answers != messages {
		t.Errorf("%d answers are counted, of %d", answers, messages)
	}
	if len(s.Lines) > 11_000 || len(s.Answers) > 1_100 {
		t.Errorf("%d lines, and answers to %d causes", len(s.Lines), len(s.Answers))
	}
	if others := line(t, s, count.Others, "apigateway", "MessageIn"); others.Count == 0 {
		t.Errorf("others: %+v", others)
	}
}
