package chaos

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

func TestShortRunsHaveShortBursts(t *testing.T) {
	for _, length := range []time.Duration{6 * time.Second, allBursts, 4 * time.Minute} {
		plan := planOf(Config{Seed: 1, Mix: 0.3, For: length})
		if err := plan.Check(); err != nil {
			t.Errorf("%v: %v", length, err)
		}
		for _, rule := range plan.Rules {
			if comes := time.Duration(rule.After); comes > length {
				t.Errorf("%v: %s of %s begins after %v", length, rule.Kind, rule.Target, comes)
			}
		}
	}
	if plan := planOf(Config{Seed: 1, For: time.Second}); len(plan.Rules) > 0 {
		t.Errorf("without a mix: %v", plan.Rules)
	}
}

func TestPortsAreThoseOfTheAddresses(t *testing.T) {
	ports, err := portsOf(cloud.Addresses{ChargePoints: "ws://127.0.0.1:1", HTTP: "http://127.0.0.1:2", AWS: "http://127.0.0.1:3", MQTT: "mqtt://127.0.0.1:4"})
	if err != nil || ports != (cloud.Ports{ChargePoints: 1, HTTP: 2, AWS: 3, MQTT: 4}) {
		t.Errorf("%+v, %v", ports, err)
	}
	if ports, err := portsOf(cloud.Addresses{}); err != nil || ports != (cloud.Ports{}) {
		t.Errorf("%+v, %v", ports, err)
	}
}
