package program

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
)

const root = "../../../"

func TestAProgramDealsWithEvents(t *testing.T) {
	stack, err := NewStack(root + "stack/testdata/AwsOcppGatewayStack.template.json")
	if err != nil {
		t.Fatal(err)
	}
	defer stack.Close()
	p, took, err := Start(root+cloud.DefaultBuildDir()+"/canary/bootstrap", stack.Environments["canary"])
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := p.Invoke(t.Context(), []byte(`{}`)); err != nil || string(answer) != "null" {
		t.Errorf("%s, %v", answer, err)
	}
	if calls := stack.Answered.Load(); calls != 2 {
		t.Errorf("the canary made %d calls", calls)
	}
	if resident, err := p.Resident(); err != nil || resident < 1<<20 || took <= 0 {
		t.Errorf("%d bytes after %v, %v", resident, took, err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if answer, err := p.Invoke(t.Context(), []byte(`{}`)); err == nil {
		t.Errorf("a program that was stopped answers %s", answer)
	}
}

func TestAProgramThatDoesNotStart(t *testing.T) {
	for bootstrap, want := range map[string]string{"/bin/true": "ended before it asked", t.TempDir() + "/bootstrap": "no such file"} {
		if _, _, err := Start(bootstrap, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", bootstrap, err)
		}
	}
}

func TestRows(t *testing.T) {
	for request, want := range map[string]string{
		`{"TableName":"S-ChargePointTable","Key":{"chargePointId":{"S":"CP1"}}}`:              "registration",
		`{"TableName":"S-CommandTable","Key":{"chargePointId":{"S":"CP1"}}}`:                  "state",
		`{"TableName":"S-CampaignTable","Key":{"campaignId":{"S":"#"},"member":{"S":"1"}}}`:   "phase",
		`{"TableName":"S-CampaignTable","Key":{"campaignId":{"S":"1"},"member":{"S":"CP1"}}}`: "commandId",
		`{"TableName":"S-TokenTable","Key":{"idToken":{"S":"1"}}}`:                            "",
	} {
		var answer struct{ Item row }
		if err := json.Unmarshal(answerTo("DynamoDB_20120810.GetItem", []byte(request)), &answer); err != nil {
			t.Error(err)
		}
		if _, has := answer.Item[want]; has != (want != "") {
			t.Errorf("%s: %v, want %q in it", request, answer.Item, want)
		}
	}
}
