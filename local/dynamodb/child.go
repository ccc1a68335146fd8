package dynamodb

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

// child is the dynalite process.
type child struct {
	command *exec.Cmd
	stdin   io.WriteCloser // its end ends the process
	address string         // host:port
	stderr  *lastLines
	ended   chan struct{} // closed when the process has ended
	err     error         // why it ended; read after ended
}

// startChild starts dynalite and returns when it listens.
func startChild(config Config) (*child, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("the tables need Node.js 20 or later, and there is no node in PATH: install it")
	}
	modules, err := filepath.Abs(config.NodeModules)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", config.NodeModules, err)
	}
	dynalite := filepath.Join(modules, "dynalite")
	if _, err := os.Stat(dynalite); err != nil {
		return nil, fmt.Errorf("the tables need dynalite, which is not in %s: run npm ci in %s", modules, filepath.Dir(modules))
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
	c := &child{command: command, stderr: &lastLines{log: config.Logger}, ended: make(chan struct{})}
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
func (c *child) awaitPort(stdout io.Reader) error {
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

func (c *child) wait() {
	err := c.command.Wait()
	if err == nil {
		err = errors.New("exit status 0")
	}
	if said := c.stderr.String(); said != "" {
		err = fmt.Errorf("%w: %s", err, said)
	}
	c.err = err
	close(c.ended)
}

// stop ends the process and returns when it has ended.
func (c *child) stop() {
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
