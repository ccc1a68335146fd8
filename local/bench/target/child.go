// Package target runs the systems that a benchmark measures, each in a process of its own so that the load client's share of
// the machine can be told from theirs: the whole stack on the stand-ins, and a peer to compare it with.
//
// The processes are the benchmark's own program once more: its main, or TestMain, calls Serve first.
package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/peer"
	"github.com/serverless-ocpp/backend/local/cloud"
)

// role is the variable that makes the program one of its children, and says which.
const role = "OCPP_BENCH_CHILD"

// The roles.
const (
	roleStandIn = "stand-in"
	rolePeer    = "peer"
)

// lastWork is how long a child may take to end.
const lastWork = 20 * time.Second

// child is a running process that says in JSON where it listens, and ends when its standard input does: also when the
// benchmark is killed.
type child struct {
	command *exec.Cmd
	input   io.Closer
	at      cloud.Addresses
}

// options are what a stand-in is told by its parent.
type options struct {
	Template, BuildDir string
	Profile            string // file for a CPU profile of the whole run; "" is none
}

// Serve is the life of a child, which ends the process; in any other process it returns at once.
func Serve() {
	as := os.Getenv(role)
	if as == "" {
		return
	}
	// Ctrl-C goes to all processes of a terminal; the parent ends its children in order.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	var err error
	switch as {
	case roleStandIn:
		err = serveStandIn()
	case rolePeer:
		err = peer.Serve(announce, ended())
	default:
		err = fmt.Errorf("%s is %q, which this program cannot be", role, as)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// announce tells the parent that charge points may connect.
func announce(chargePoints string) error {
	return json.NewEncoder(os.Stdout).Encode(cloud.Addresses{ChargePoints: chargePoints})
}

// ended is closed when the parent wants the child to end, or is gone.
func ended() <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The parent writes nothing; whatever ends the reading ends the child.
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return done
}

// start starts this program as a child and waits until it listens.
func start(ctx context.Context, as string, settings options) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, string(encoded))
	command.Env = []string{role + "=" + as, "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	c := &child{command: command, input: input}
	if err := json.NewDecoder(output).Decode(&c.at); err != nil {
		return nil, errors.Join(fmt.Errorf("the %s did not start: %w", as, err), c.Close())
	}
	return c, nil
}

// ChargePoints is the URL to which a charge point appends / and its identity.
func (c *child) ChargePoints() string { return c.at.ChargePoints }

// CPU is how much processor time the process and its own children have used so far.
func (c *child) CPU() (time.Duration, error) { return cpuOf(c.command.Process.Pid) }

// Close ends the process and its children.
func (c *child) Close() error {
	if err := c.input.Close(); err != nil {
		return err
	}
	late := time.AfterFunc(lastWork, func() { _ = c.command.Process.Kill() }) // it fails when the process is gone
	defer late.Stop()
	return c.command.Wait()
}
