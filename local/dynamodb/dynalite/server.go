// Package dynalite runs dynalite, an implementation of DynamoDB in JavaScript, as a child process. Tests compare it with the one in Go:
// it was written against recordings of DynamoDB, by other people. Nothing else uses it.
package dynalite

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

//go:embed server.js
var serverScript string

const (
	// startTimeout is how long dynalite may take to listen: tables on disk are opened first.
	startTimeout = 20 * time.Second
	// stopTimeout is how long it may take to end after standard input did; server.js gives itself two seconds.
	stopTimeout = 5 * time.Second
)

// Server is a dynalite process.
type Server struct {
	command *exec.Cmd
	stdin   io.WriteCloser // its end ends the process
	address string         // host:port
	stderr  *lastLines
	ended   chan struct{} // closed when the process has ended
}

// Config says where dynalite is, and where its tables are to be.
type Config struct {
	// NodeModules is the folder that holds the package dynalite.
	NodeModules string
	// Dir keeps the tables. Default "": they are in memory.
	Dir string
	// Region and Account are parts of table ARNs.
	Region, Account string
	// Logger gets what the process writes on standard error.
	Logger *slog.Logger
}

// Start starts dynalite and returns when it listens. An error is one sentence that says what is missing and what to do about it.
func Start(config Config) (*Server, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("dynalite needs Node.js 20 or later, and there is no node in PATH: install it")
	}
	modules, err := filepath.Abs(config.NodeModules)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", config.NodeModules, err)
	}
	dynalite := filepath.Join(modules, "dynalite")
	if _, err := os.Stat(dynalite); err != nil {
		return nil, fmt.Errorf("there is no dynalite in %s: run npm ci in %s", modules, filepath.Dir(modules))
	}
	tables := ""
	if config.Dir != "" {
		if tables, err = filepath.Abs(config.Dir); err != nil {
			return nil, fmt.Errorf("folder %s: %w", config.Dir, err)
		}
		if err := os.MkdirAll(tables, 0o700); err != nil {
			return nil, fmt.Errorf("cannot make the folder of the tables: %w", err)
		}
		tables = filepath.Join(tables, "tables")
	}
	command := exec.Command(node, "--eval", serverScript, dynalite, tables)
	// Nothing is inherited: proxies and options for Node of the person who runs this would change its behaviour.
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"AWS_ACCOUNT_ID=" + config.Account, // dynalite builds ARNs of these
		"AWS_REGION=" + config.Region,
	}
	c := &Server{command: command, stderr: &lastLines{log: config.Logger}, ended: make(chan struct{})}
	command.Stderr = c.stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("dynalite: %w", err)
	}
	if c.stdin, err = command.StdinPipe(); err != nil {
		return nil, fmt.Errorf("dynalite: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("cannot start dynalite: %w", err)
	}
	if err := c.awaitPort(stdout); err != nil {
		// The process may be gone already; what matters is that it is gone afterwards.
		_ = command.Process.Kill()
		_ = command.Wait()
		if said := c.stderr.String(); said != "" {
			err = fmt.Errorf("%w: %s", err, said)
		}
		return nil, err
	}
	go c.wait()
	return c, nil
}

// awaitPort reads the first line that server.js writes.
func (c *Server) awaitPort(stdout io.Reader) error {
	type greeting struct {
		Port  int
		Error string
	}
	greetings, failed := make(chan greeting, 1), make(chan error, 1)
	go func() {
		var g greeting
		line, err := bufio.NewReader(stdout).ReadBytes('\n')
		if err != nil {
			failed <- errors.New("dynalite ended before it listened")
		} else if err := json.Unmarshal(line, &g); err != nil {
			failed <- fmt.Errorf("dynalite began with %q instead of its port", line)
		} else {
			greetings <- g
		}
	}()
	select {
	case err := <-failed:
		return err
	case g := <-greetings:
		if g.Error != "" {
			return errors.New(g.Error)
		}
		c.address = fmt.Sprintf("127.0.0.1:%d", g.Port)
		return nil
	case <-time.After(startTimeout):
		return fmt.Errorf("dynalite did not listen within %v", startTimeout)
	}
}

func (c *Server) wait() {
	// How it ended is of no use to anybody: requests fail then, and what it wrote has been logged.
	_ = c.command.Wait()
	close(c.ended)
}

// URL is where it listens.
func (c *Server) URL() string { return "http://" + c.address }

// Stop ends the process and returns when it has ended.
func (c *Server) Stop() {
	_ = c.stdin.Close() // fails when the process has ended already
	select {
	case <-c.ended:
	case <-time.After(stopTimeout):
		_ = c.command.Process.Kill() // fails when it has just ended
		<-c.ended
	}
}

// lastLines logs what the process writes on standard error, and keeps the end of it for the error message.
type lastLines struct {
	log  *slog.Logger
	mu   sync.Mutex
	text string
}

// keptText is enough for the message and the first frames of a JavaScript exception.
const keptText = 2000

func (l *lastLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log.Warn("dynalite writes", "text", strings.TrimSpace(string(p)))
	l.text += string(p)
	l.text = l.text[max(0, len(l.text)-keptText):]
	return len(p), nil
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(l.text)
}
