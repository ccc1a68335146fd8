// Command bootstrap is a Lambda function that does what its event says, for the
// tests of the host.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do      string `json:"do"` // echo, sleep, hang, panic, fail, exit, kill, env, spawn, big, log
	Text    string `json:"text"`
	Millis  int    `json:"millis"`
	Counter string `json:"counter"` // a file that grows by a byte with each event
}

type answer struct {
	Text        string            `json:"text,omitempty"`
	PID         int               `json:"pid"`
	Child       int               `json:"child,omitempty"`
	RequestID   string            `json:"requestId"`
	FunctionARN string            `json:"functionArn"`
	LeftMillis  int64             `json:"leftMillis"`
	Env         map[string]string `json:"env,omitempty"`
}

func main() {
	switch os.Getenv("START") {
	case "exit":
		os.Exit(3)
	case "hang":
		select {}
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, e event) (answer, error) {
	called, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	a := answer{
		Text:        e.Text,
		PID:         os.Getpid(),
		RequestID:   called.AwsRequestID,
		FunctionARN: called.InvokedFunctionArn,
		LeftMillis:  time.Until(deadline).Milliseconds(),
	}
	if e.Counter != "" {
		if err := count(e.Counter); err != nil {
			return a, err
		}
	}
	switch e.Do {
	case "sleep":
		time.Sleep(time.Duration(e.Millis) * time.Millisecond)
	case "hang":
		fmt.Println("child", os.Getpid())
		for {
			time.Sleep(time.Hour)
		}
	case "panic":
		panic("as told: " + e.Text)
	case "fail":
		return a, errors.New("as told: " + e.Text)
	case "exit":
		os.Exit(4)
	case "kill":
		return a, syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "env":
		a.Env = map[string]string{}
		for _, line := range os.Environ() {
			name, value, _ := strings.Cut(line, "=")
			a.Env[name] = value
		}
	case "spawn":
		child := exec.Command("sleep", "60")
		if err := child.Start(); err != nil {
			return a, err
		}
		a.Child = child.Process.Pid
	case "big":
		a.Text = strings.Repeat("x", 7<<20)
	case "log":
		fmt.Println("to stdout: " + e.Text)
		fmt.Fprintln(os.Stderr, "to stderr: "+e.Text)
	}
	return a, nil
}

func count(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	return json.NewEncoder(file).Encode(os.Getpid())
}
