package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestReplacingDeletesWhatIsNotThereAnyMore(t *testing.T) {
	old := json.RawMessage(`{"status":"Accepted","configurationKey":[1],"statusInfo":{"reasonCode":"x","additionalInfo":"y"}}`)
	got := replacing(old, map[string]any{"status": "Rejected", "statusInfo": map[string]any{"reasonCode": "z"}})
	want := map[string]any{"status": "Rejected", "configurationKey": nil, "statusInfo": map[string]any{"reasonCode": "z", "additionalInfo": nil}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := replacing(nil, map[string]any{"status": "Accepted"}); len(got) != 1 {
		t.Errorf("without a payload before: %v", got)
	}
}

func TestWithoutRemains(t *testing.T) {
	data := withoutRemains(cut(json.RawMessage(`{"eventType":"Updated","seqNo":3,"transactionInfo":{"transactionId":"T1"}}`)))
	for _, name := range []string{"idToken", "evse", "meterValue", "offline"} {
		if value, has := data[name]; !has || value != nil {
			t.Errorf("%s keeps what an earlier event said", name)
		}
	}
	info := data["transactionInfo"].(map[string]any)
	if value, has := info["stoppedReason"]; !has || value != nil || info["transactionId"] != "T1" {
		t.Errorf("transactionInfo %v", info)
	}
	if data["seqNo"] != 3.0 {
		t.Errorf("seqNo %v was changed", data["seqNo"])
	}
}

func TestCutLeavesOutWhatIsTooLarge(t *testing.T) {
	data := cut(json.RawMessage(`{"a":"` + strings.Repeat("x", dataLimit) + `"}`))
	if data["omitted"] == nil || data["a"] != nil {
		t.Errorf("%v", data)
	}
}
