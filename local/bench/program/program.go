// Package program runs a function's program by itself, as it is deployed. Around it stands the least that it needs: Lambda's
// runtime API (this file), and a stack whose services agree with everything at once (stack.go).
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	startLimit = 10 * time.Second // Lambda's limit of the init phase
	timeout    = time.Minute      // of an invocation, on a machine that is busy
)

// Program is a running function: a process, and the runtime API that it asks for events.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type Program struct {
	command *exec.Cmd
	server  *http.Server
	asked   chan time.Time // when it asked for its first event
	events  chan []byte    // what it is given
	answers chan answered  // what it makes of them
	ended   chan struct{}  // closed when the process has ended, as exit says
	exit    error
	number  int // of the event that is under way
}

type answered struct {
	failed bool
	body   []byte
}

// Start starts a bootstrap with an environment and waits until it asks for its first event, which took that long.
func Start(bootstrap string, environment []string) (p *Program, took time.Duration, err error) {
	path, err := filepath.Abs(bootstrap)
	if err != nil {
		return nil, 0, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, err
	}
	started := &Program{asked: make(chan time.Time, 1), events: make(chan []byte), answers: make(chan answered, 1), ended: make(chan struct{})}
	return started.start(path, environment, listener)
}

func (p *Program) start(path string, environment []string, listener net.Listener) (_ *Program, took time.Duration, err error) {
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: startLimit}
	go func() { _ = p.server.Serve(listener) }() // it ends when the server is closed
	p.command = exec.Command(path)
	p.command.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	p.command.Stderr = os.Stderr // a panic; logs are on the standard output
	began := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, 0, errors.Join(err, p.server.Close())
	}
	go func() {
		p.exit = p.command.Wait()
		close(p.ended)
	}()
	select {
	case at := <-p.asked:
		return p, at.Sub(began), nil
	case <-p.ended:
		err = fmt.Errorf("%s ended before it asked for an event: %v", path, p.exit)
	case <-time.After(startLimit):
		err = fmt.Errorf("%s does not ask for an event within %v", path, startLimit)
	}
	return nil, 0, errors.Join(err, p.Stop())
}

// Stop kills the process, as Lambda does.
func (p *Program) Stop() error {
	if err := p.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.ended
	return p.server.Close()
}

// Invoke gives it an event. An answer that is an error of the function is one here.
func (p *Program) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case p.events <- event:
	case <-p.ended:
		return nil, fmt.Errorf("the function ended: %v", p.exit)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case answer := <-p.answers:
		if answer.failed {
			return nil, fmt.Errorf("the function failed: %s", answer.body)
		}
		return answer.body, nil
	case <-p.ended:
		return nil, fmt.Errorf("the function ended: %v", p.exit)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ServeHTTP is the runtime API.
func (p *Program) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/invocation/next") {
		select {
		case p.asked <- time.Now():
		default: // only the first time is of interest
		}
		p.next(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process is gone
	}
	w.WriteHeader(http.StatusAccepted)
	p.answers <- answered{failed: strings.HasSuffix(r.URL.Path, "/error"), body: body}
}

func (p *Program) next(w http.ResponseWriter, r *http.Request) {
	select {
	case event := <-p.events:
		p.number++
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", strconv.Itoa(p.number))
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(timeout).UnixMilli(), 10))
		_, _ = w.Write(event) // a process that is gone does not answer, which is noticed
	case <-r.Context().Done():
	}
}

// Resident is the resident set in bytes (Linux, proc(5)).
func (p *Program) Resident() (int64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, errors.New("/proc tells no VmRSS of the process")
}
