package cost

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// client asks the stand-in's AWS APIs, as its administrator.
type client struct {
	address string
	stack   string
}

// How the measurement waits for what goes on in the background.
const (
	patience = 3 * time.Minute        // a backlog of all charge points is worked off in much less, on a machine with other things to do
	glance   = 20 * time.Millisecond  // between two looks
	calm     = 100 * time.Millisecond // in which the last log lines arrive
)

// workQueues must be empty before the next thing is measured.
var workQueues = []string{"IncomingMessages.fifo", "Timers"}

// register makes a Thing, and waits until the registry has it.
func (c client) register(ctx context.Context, name string) error {
	if err := c.ask(ctx, "/things/"+name, "", `{}`, nil); err != nil {
		return fmt.Errorf("create Thing %s: %w", name, err)
	}
	key := fmt.Sprintf(`{"TableName":%q,"Key":{"chargePointId":{"S":%q}}}`, c.stack+"-ChargePointTable", name)
	return eventually(ctx, "the registry does not know "+name, func() (bool, error) {
		var found struct{ Item map[string]any }
		err := c.ask(ctx, "/", "DynamoDB_20120810.GetItem", key, &found)
		return len(found.Item) > 0, err
	})
}

// drained waits until the queues are empty, of delayed messages too, and a moment longer.
func (c client) drained(ctx context.Context) error {
	for _, queue := range workQueues {
		err := eventually(ctx, "queue "+queue+" does not run dry", func() (bool, error) {
			depth, err := c.depth(ctx, queue)
			return depth == 0, err
		})
		if err != nil {
			return err
		}
	}
	select {
	case <-time.After(calm):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// depth is how many messages a queue holds: waiting, delayed and being handled.
func (c client) depth(ctx context.Context, queue string) (depth int, err error) {
	url := c.address + "/" + cloud.Account + "/" + c.stack + "-" + queue
	var answer struct{ Attributes map[string]string }
	if err := c.ask(ctx, "/", "AmazonSQS.GetQueueAttributes", fmt.Sprintf(`{"QueueUrl":%q,"AttributeNames":["All"]}`, url), &answer); err != nil {
		return 0, err
	}
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		number, err := strconv.Atoi(answer.Attributes[name])
		if err != nil {
			return 0, fmt.Errorf("%s of queue %s is %q", name, queue, answer.Attributes[name])
		}
		depth += number
	}
	return depth, nil
}

// ask posts a request, and reads the answer if that is wanted.
func (c client) ask(ctx context.Context, path, target, body string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: status %d: %s", path, target, response.StatusCode, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// eventually waits until something is so.
func eventually(ctx context.Context, otherwise string, so func() (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("%s within %s", otherwise, patience))
	defer cancel()
	for {
		done, err := so()
		if err != nil || done {
			return err
		}
		select {
		case <-time.After(glance):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
