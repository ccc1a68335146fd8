package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fault"
)

// standIn is the system under test.
type standIn interface {
	addresses() cloud.Addresses
	strike(fault.Plan) error        // faults begin
	relent() (fault.State, error)   // faults end; what failed still comes back soon
	kill(ctx context.Context) error // without warning, and starts it again
	close() error
}

func start(ctx context.Context, config Config) (standIn, error) {
	if config.Kills > 0 {
		return startChild(ctx, config)
	}
	running, err := cloud.Start(ctx, Options(config))
	if err != nil {
		return nil, err
	}
	return inProcess{running}, nil
}

// Options are those of the system under test. It demands keys and knows id tokens, as the deployed one.
func Options(config Config) cloud.Options {
	return cloud.Options{
		Template: config.Template, BuildDir: config.Build, DataDir: config.DataDir,
		Environment: map[string]string{"MIN_SECURITY_PROFILE": "1", "UNKNOWN_ID_TOKENS": "Invalid"},
	}
}

// inProcess is a system in this process.
type inProcess struct{ *cloud.Cloud }

func (s inProcess) addresses() cloud.Addresses   { return s.Addresses() }
func (s inProcess) strike(plan fault.Plan) error { return s.Faults().Set(plan) }
func (s inProcess) relent() (fault.State, error) {
	state := s.Faults().Clear()
	return state, s.Faults().Set(fault.Patience())
}
func (s inProcess) kill(context.Context) error {
	return fmt.Errorf("a system in this process cannot be killed")
}
func (s inProcess) close() error { return s.Close() }

// control calls the control API of a system in another process.
func control(address, method string, plan any) (state fault.State, err error) {
	body, err := json.Marshal(plan)
	if err != nil {
		return state, err
	}
	request, err := http.NewRequest(method, address+fault.Path, bytes.NewReader(body))
	if err != nil {
		return state, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return state, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return state, fmt.Errorf("%s of the faults: status %d", method, response.StatusCode)
	}
	return state, json.NewDecoder(response.Body).Decode(&state)
}
