package lambda

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/localhttp"
)

const (
	maxLine = 256 << 10 // CloudWatch Logs cuts an event here
	// drainTime is how long the rest of a dead process's output may take: a
	// grandchild that left the process group could hold the pipe open for ever.
	drainTime = time.Second
)

// run is the whole life of the child process, from its start until it was waited for.
func (i *instance) run() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		i.startFailed(fmt.Errorf("opening the runtime API: %w", err))
		return
	}
	server := &localhttp.Server{Handler: i, Log: i.host.config.Logger}
	// Serve ends with ErrServerClosed when the process is dead; other ends show as
	// a process that exits because its runtime API is gone.
	go func() { _ = server.Serve(listener) }()
	defer server.Close()

	output, input, err := os.Pipe()
	if err != nil {
		i.startFailed(fmt.Errorf("opening a pipe: %w", err))
		return
	}
	defer output.Close()
	cmd, err := i.command(listener.Addr().String())
	if err == nil {
		cmd.Stdout, cmd.Stderr = input, input
		err = cmd.Start()
	}
	input.Close() // the child has its own copy
	if err != nil {
		i.startFailed(err)
		return
	}

	lines := make(chan struct{})
	go func() {
		defer close(lines)
		i.copyLines(output)
	}()
	i.running(cmd.Process.Pid)
	exit := cmd.Wait()
	i.ended(exit)
	// A deadline fails only on a closed file, and then there is nothing to wait for.
	_ = output.SetReadDeadline(time.Now().Add(drainTime))
	<-lines
}

func (i *instance) command(runtimeAPI string) (*exec.Cmd, error) {
	if err := checkBootstrap(i.fn.Bootstrap); err != nil {
		return nil, err
	}
	bootstrap, err := filepath.Abs(i.fn.Bootstrap)
	if err != nil {
		return nil, fmt.Errorf("resolving %s: %w", i.fn.Bootstrap, err)
	}
	cmd := exec.Command(bootstrap)
	cmd.Dir = filepath.Dir(bootstrap)
	cmd.Env = i.environment(runtimeAPI, cmd.Dir)
	cmd.SysProcAttr = childAttributes()
	return cmd, nil
}

// running notes the process id; an instance that was discarded meanwhile is killed.
func (i *instance) running(pid int) {
	i.host.mu.Lock()
	defer i.host.mu.Unlock()
	i.pid = pid
	i.host.config.Logger.Debug("function process started", "function", i.fn.Name, "pid", pid)
	if i.state == gone {
		i.kill()
	}
}

// kill ends the process and its children, frozen or not. Host.mu is held.
func (i *instance) kill() { i.signal(syscall.SIGKILL) }

// signal tells whether the process and its children got a signal. The only possible error is that they do not run yet or are
// dead. Host.mu is held.
func (i *instance) signal(signal syscall.Signal) bool {
	return i.pid != 0 && syscall.Kill(-i.pid, signal) == nil
}

// startFailed ends an instance whose process could not be started.
func (i *instance) startFailed(reason error) {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if i.state == gone {
		return
	}
	h.config.Logger.Error("function cannot start", "function", i.fn.Name, "error", reason)
	h.discard(i, outcome{})
	i.failStart(func(requestID string) outcome { return noEntrypoint(requestID, reason) })
	h.startInstances()
}

// ended takes the end of a process: expected when the instance is gone, else a crash.
func (i *instance) ended(exit error) {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	defer func() { i.pid = 0 }()
	switch i.state {
	case gone:
		return
	case starting:
		h.discard(i, outcome{})
		i.failStart(func(requestID string) outcome { return exited(requestID, exit) })
	case busy:
		h.config.Logger.Warn("function exited", "function", i.fn.Name, "requestId", i.current.requestID, "error", exit)
		h.discard(i, exited(i.current.requestID, exit))
	case idle, answered:
		h.discard(i, outcome{})
	}
	h.startInstances()
}

// copyLines hands the process's output to Config.Logs line by line; a line beyond
// 256 KB is cut into several.
func (i *instance) copyLines(output io.Reader) {
	reader := bufio.NewReaderSize(output, maxLine)
	for {
		line, _, err := reader.ReadLine()
		if err != nil {
			return
		}
		i.host.config.Logs(i.fn.Name, i.requestID(), string(line))
	}
}

func (i *instance) requestID() string {
	i.host.mu.Lock()
	defer i.host.mu.Unlock()
	if i.latest == nil {
		return ""
	}
	return i.latest.requestID
}
