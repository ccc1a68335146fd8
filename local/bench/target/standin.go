package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/pprof"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// A StandIn is the whole stack on this machine: what make run starts, without the lines that it shows people.
type StandIn struct {
	*child
	stack string
}

// Config says what a StandIn is made of; see cloud.Options.
type Config struct {
	Template string
	BuildDir string
	Profile  string // file for a CPU profile of the stand-in, which is written when it is closed; "" is none
}

// RequestsPerSecond is the account's quota of messages and @connections calls in a StandIn. AWS's 10,000, which it raises on demand,
// would be what a fast machine measures.
const RequestsPerSecond = 50_000

// StartStandIn starts the stack.
func StartStandIn(ctx context.Context, config Config) (*StandIn, error) {
	c, err := start(ctx, roleStandIn, options(config))
	if err != nil {
		return nil, err
	}
	return &StandIn{c, cloud.Options{Template: config.Template}.StackName()}, nil
}

// serveStandIn is the life of the child process.
func serveStandIn() (err error) {
	var settings options
	if err := json.Unmarshal([]byte(os.Args[1]), &settings); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	cloud.Settle(log) // as make run does
	if settings.Profile != "" {
		file, err := os.Create(settings.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer func() {
			pprof.StopCPUProfile()
			err = errors.Join(err, file.Close())
		}()
	}
	running, err := cloud.Start(context.Background(), cloud.Options{
		Template: settings.Template, BuildDir: settings.BuildDir, Log: log, Quotas: cloud.Quotas{RequestsPerSecond: RequestsPerSecond},
	})
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(running.Addresses()); err != nil {
		return errors.Join(err, running.Close())
	}
	<-ended()
	return running.Close()
}

// Register makes things of these names, and waits until the registry knows them all.
func (s *StandIn) Register(ctx context.Context, names []string) error {
	before, err := s.registered(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.ask(ctx, "/things/"+name, "", `{}`, nil); err != nil {
			return fmt.Errorf("create thing %s: %w", name, err)
		}
	}
	return eventually(ctx, func() (bool, error) {
		count, err := s.registered(ctx)
		return count >= before+len(names), err
	})
}

func (s *StandIn) registered(ctx context.Context) (int, error) {
	var page struct{ Count int }
	err := s.ask(ctx, "/", "DynamoDB_20120810.Scan", fmt.Sprintf(`{"TableName":%q,"Select":"COUNT"}`, s.stack+"-ChargePointTable"), &page)
	return page.Count, err
}

// Drain waits until all that was journaled is processed.
func (s *StandIn) Drain(ctx context.Context) error {
	return eventually(ctx, func() (bool, error) {
		waiting, err := s.backlog(ctx)
		return waiting == 0, err
	})
}

// backlog is how many messages the journal holds, those included that are being processed.
func (s *StandIn) backlog(ctx context.Context) (int, error) {
	var answer struct{ Attributes map[string]string }
	queue := s.at.AWS + "/" + cloud.Account + "/" + s.stack + "-IncomingMessages.fifo"
	err := s.ask(ctx, "/", "AmazonSQS.GetQueueAttributes", fmt.Sprintf(`{"QueueUrl":%q,"AttributeNames":["All"]}`, queue), &answer)
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		number, err := strconv.Atoi(answer.Attributes[name])
		if err != nil {
			return 0, fmt.Errorf("%s of %s is %q", name, queue, answer.Attributes[name])
		}
		sum += number
	}
	return sum, nil
}

// ask calls an AWS API as the administrator, who needs no signature.
func (s *StandIn) ask(ctx context.Context, path, target, body string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.at.AWS+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	document, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s is answered %s: %s", path, target, answer.Status, document)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(document, into)
}

// lookPause is how often is looked for something that is awaited: seldom enough to cost nothing, and little beside the seconds
// that are measured.
const lookPause = 5 * time.Millisecond

func eventually(ctx context.Context, done func() (bool, error)) error {
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-time.After(lookPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
