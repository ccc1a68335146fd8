package main

import (
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
)

func TestSchemas(t *testing.T) {
	r := newRig(t)
	r.do("GET", "/schemas/ocpp1.6", "").want(200, `{"action":"DataTransfer","sentBy":"both"}`, `{"action":"Reset","sentBy":"centralSystem"}`)
	r.do("GET", "/schemas/ocpp2.0.1/Reset", "").want(200, `"required":["type"]`, `"#/types/ResetEnumType"`, `"types":{`)
	if got := r.do("GET", "/schemas/ocpp2.1/NotifyPeriodicEventStream", "").want(200); strings.Contains(got.text, `"response"`) {
		t.Error("a SEND has a response")
	}
	r.do("GET", "/schemas/ocpp3", "").want(404, "ocpp2.0.1")
	r.do("GET", "/schemas/ocpp1.6/NotifyReport", "").want(404, "no action")
}

func TestConnectorsOfTheFleet(t *testing.T) {
	r := newRig(t)
	connectors := r.api.Connectors.(*dynamo.Connectors)
	for id, status := range map[string]string{"CP16": "Faulted", "CP201": "Available", "CP21": "Faulted"} {
		r.must(connectors.Put(t.Context(), chargepoint.Connector{ChargePointID: id, Connector: "1", Status: status, ReceivedAt: time.Now()}))
	}
	if got := r.do("GET", "/connectors", "").want(200); len(got.body["connectors"].([]any)) != 3 {
		t.Errorf("all: %s", got.text)
	}
	first := r.do("GET", "/connectors?status=Faulted&limit=1", "").want(200, `"status":"Faulted"`, `"nextCursor"`)
	r.do("GET", "/connectors?status=Faulted&cursor="+first.body["nextCursor"].(string), "").want(200, `"status":"Faulted"`, `"chargePointId":"CP`)
	r.do("GET", "/connectors?status=Unknown", "").want(200, `"connectors":[]`)
	_, _, err := connectors.Occupy(t.Context(), "CP201", "1", "TX", time.Now())
	r.must(err)
	if got := r.do("GET", "/connectors?charging=true", "").want(200, `"transactionId":"TX"`); len(got.body["connectors"].([]any)) != 1 {
		t.Errorf("charging: %s", got.text)
	}
	r.do("GET", "/connectors?charging=true&status=Faulted", "").want(200, `"connectors":[]`)
	r.do("GET", "/connectors?charging=maybe", "").want(422, "'charging'")
	r.do("GET", "/connectors?limit=0", "").want(422)
}
