package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fault"
)

// child is a system in a process of its own, which can be killed and started again on its data and its ports. It has nothing to read, and
// ends when that does: no system outlives the experiment, whatever ends it.
type child struct {
	config  Config
	command *exec.Cmd
	input   io.Closer // open for as long as this process lives, and nothing is written
	at      cloud.Addresses
	plan    *fault.Plan // while faults strike
	past    []fault.Count
}

func startChild(ctx context.Context, config Config) (*child, error) {
	c := &child{config: config}
	return c, c.start(ctx)
}

// start starts the process, which says its addresses in JSON when it takes connections.
func (c *child) start(context.Context) error {
	ports, err := portsOf(c.at)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(ports)
	if err != nil {
		return err
	}
	arguments := append(c.config.StandIn[1:len(c.config.StandIn):len(c.config.StandIn)], "-stand-in", string(encoded), "-data", c.config.DataDir)
	c.command = exec.Command(c.config.StandIn[0], arguments...)
	c.command.Stderr = os.Stderr
	if c.input, err = c.command.StdinPipe(); err != nil {
		return err
	}
	out, err := c.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.command.Start(); err != nil {
		return err
	}
	if err := json.NewDecoder(out).Decode(&c.at); err != nil {
		return errors.Join(fmt.Errorf("the system did not start: %w", err), c.close())
	}
	return nil
}

func (c *child) addresses() cloud.Addresses { return c.at }

func (c *child) strike(plan fault.Plan) error {
	c.plan = &plan
	_, err := control(c.at.AWS, http.MethodPut, plan)
	return err
}

func (c *child) relent() (fault.State, error) {
	state, err := control(c.at.AWS, http.MethodDelete, nil)
	if err != nil {
		return state, err
	}
	state.Rules = append(state.Rules, c.past...)
	return state, c.strike(fault.Patience())
}

// kill leaves the system no time for anything.
func (c *child) kill(ctx context.Context) error {
	state, err := control(c.at.AWS, http.MethodGet, nil)
	if err != nil {
		return err
	}
	c.past = append(c.past, state.Rules...)
	if err := c.command.Process.Kill(); err != nil {
		return err
	}
	_ = c.command.Wait() // it says that it was killed
	if err := c.start(ctx); err != nil {
		return err
	}
	if c.plan == nil {
		return nil
	}
	return c.strike(*c.plan)
}

func (c *child) close() error {
	if err := c.command.Process.Kill(); err != nil {
		return err
	}
	_ = c.command.Wait() // it says that it was killed
	return nil
}

// portsOf are the ports of addresses, all 0 of none.
func portsOf(at cloud.Addresses) (ports cloud.Ports, err error) {
	for _, each := range []struct {
		port    *int
		address string
	}{{&ports.ChargePoints, at.ChargePoints}, {&ports.HTTP, at.HTTP}, {&ports.AWS, at.AWS}, {&ports.MQTT, at.MQTT}} {
		if each.address == "" {
			continue
		}
		parsed, err := url.Parse(each.address)
		if err != nil {
			return ports, err
		}
		if *each.port, err = strconv.Atoi(parsed.Port()); err != nil {
			return ports, err
		}
	}
	return ports, nil
}
