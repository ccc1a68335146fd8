package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

const root = "../.."

const (
	running  = 5 * time.Second  // of the fleet at least: two hours of its time
	patience = 60 * time.Second // on a busy machine: until each has said something, and for what happens behind the answers
)

// A fleet charges cars for two hours of its time, loses connections, and is told to charge more of them; then the HTTP API has the
// same transactions as the charge points' ledgers. The system on this machine demands keys, as the deployed one does.
func TestTheSystemKnowsWhatTheFleetCharged(t *testing.T) {
	system := startSystem(t)
	options := fleet.Options{
		Count: 12, URL: system.Addresses().ChargePoints, Versions: []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21},
		Seed: 3, Start: time.Date(2026, 6, 1, 7, 0, 0, 0, time.UTC), Speed: 1440, Visits: 12, Outages: 12, RampUp: time.Second, Ledger: 1000,
	}
	api := system.Addresses().HTTP
	keys, err := fleet.Register(t.Context(), api, options.IDs(), options.TokensOf(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if keys, err = fleet.Register(t.Context(), api, options.IDs(), nil, nil); err != nil { // again: new keys
		t.Fatal(err)
	}
	options.Keys = keys
	f := fleet.NewFleet(options)
	ctx, stop := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	beside.Go(func() {
		time.Sleep(options.RampUp + 200*time.Millisecond)
		for !obeyed(f) && ctx.Err() == nil { // all may be offline at the moment, or lose the connection behind the CALL
			for _, id := range options.IDs() {
				remoteStart(t, api, id, options.TokensOf()[0].ID)
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	beside.Go(func() {
		defer stop()
		time.Sleep(running)
		for deadline := time.Now().Add(patience); !(allHeard(f) && obeyed(f)) && time.Now().Before(deadline); {
			time.Sleep(50 * time.Millisecond)
		}
	})
	f.Run(ctx)
	beside.Wait()

	seen := f.Statistics().Snapshot()
	if seen.Errors() > 0 || seen.Connects <= options.Count || seen.Connected != 0 || seen.Charging != 0 {
		t.Errorf("statistics %+v", seen)
	}
	count, commands := 0, 0
	for _, station := range f.Stations() {
		for _, tx := range station.Ledger().Transactions() {
			count++
			compare(t, api, station, tx)
		}
		for _, command := range station.Ledger().Commands() {
			if command.Answer == nil {
				t.Errorf("%s did not answer %+v", station.ID(), command)
			}
			commands++
		}
		if totals := station.Ledger().Totals(); len(station.Ledger().Calls()) == 0 || totals.Answered == 0 {
			t.Errorf("%s said nothing: %+v", station.ID(), totals)
		}
	}
	t.Logf("%d transactions, %d commands, %d connections, %d messages, answers p99 %v", count, commands, seen.Connects, seen.Sent, seen.Quantile(fleet.Snapshot{}, 0.99))
	if count < options.Count || commands == 0 {
		t.Errorf("%d transactions and %d commands of %d charge points", count, commands, options.Count)
	}
}

// allHeard tells whether every charge point was answered something.
func allHeard(f *fleet.Fleet) bool {
	return !slices.ContainsFunc(f.Stations(), func(s *fleet.Station) bool { return s.Ledger().Totals().Answered == 0 })
}

// obeyed tells whether any charge point was told anything.
func obeyed(f *fleet.Fleet) bool {
	return slices.ContainsFunc(f.Stations(), func(s *fleet.Station) bool { return len(s.Ledger().Commands()) > 0 })
}

// remoteStart tells a charge point to start. One that is offline at the moment is not told (409).
func remoteStart(t *testing.T, api, id, token string) {
	body := strings.NewReader(fmt.Sprintf(`{"idTag":%q}`, token))
	response, err := http.Post(api+"/charge-points/"+id+"/remote-start", "application/json", body)
	if err != nil {
		t.Error(err)
		return
	}
	response.Body.Close()
	if response.StatusCode > 299 && response.StatusCode != http.StatusConflict {
		t.Errorf("remote start of %s: %s", id, response.Status)
	}
}

// compare waits until the HTTP API says of a transaction what its ledger says.
func compare(t *testing.T, api string, station *fleet.Station, want ledger.Transaction) {
	t.Helper()
	if want.ID == "" || !want.StartAnswered || !want.EndAnswered {
		t.Errorf("%s: not acknowledged: %+v", station.ID(), want)
		return
	}
	deadline := time.Now().Add(patience)
	for {
		difference, err := differs(api, station.ID(), want)
		if err != nil {
			t.Fatal(err)
		}
		if difference == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s (%s): %s, want %+v", station.ID(), station.Version(), difference, want)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func differs(api, id string, want ledger.Transaction) (string, error) {
	response, err := http.Get(api + "/charge-points/" + id + "/transactions/" + want.ID)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var got struct {
		State     string
		StartedAt time.Time
		EndedAt   time.Time
		EnergyWh  float64
		IDToken   string
		Doubts    []string
	}
	if response.StatusCode == http.StatusNotFound {
		return "not there", nil
	}
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		return "", err
	}
	if got.State != "Ended" || !got.StartedAt.Equal(want.StartedAt) || !got.EndedAt.Equal(want.EndedAt) || got.EnergyWh != float64(want.EnergyWh()) ||
		got.IDToken != want.IDToken || got.Doubts != nil {
		return fmt.Sprintf("got %+v", got), nil
	}
	return "", nil
}

// startSystem starts the system on this machine, on free ports, with charge points' keys demanded and id tokens checked.
func startSystem(t *testing.T) *cloud.Cloud {
	t.Helper()
	options := cloud.Options{
		Template: filepath.Join(root, "stack/testdata/AwsOcppGatewayStack.template.json"), BuildDir: filepath.Join(root, cloud.DefaultBuildDir()),
		Environment: map[string]string{"MIN_SECURITY_PROFILE": "1", "UNKNOWN_ID_TOKENS": "Invalid"},
	}
	if _, err := os.Stat(options.BuildDir); errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the functions are not built: run `make test`, which builds them first")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	system, err := cloud.Start(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := system.Close(); err != nil {
			t.Error(err)
		}
	})
	return system
}
