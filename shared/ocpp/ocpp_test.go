package ocpp

import (
	"encoding/json"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
)

type sample struct {
	Plain
	Notice
	IDTag string `json:"idTag"`
	EVSE  struct {
		ID int `json:"id"`
	} `json:"evse"`
	At *Time `json:"timestamp"`
}

func (sample) Needs() Needs              { return Needs{} }
func (sample) Effects(Received) []Effect { return nil }

// TestNamesOfMembersHaveTheirCase: what a schema takes for a member that it does not know is not read, whatever is in it.
// Specification: OCPP-J 1.6 table 4; OCPP 2.0.1 part 4 section 4.1.6.
func TestNamesOfMembersHaveTheirCase(t *testing.T) {
	for _, payload := range []string{
		`{"idTag":"GOOD","IDTAG":"EVIL","evse":{"id":1,"ID":9}}`,
		`{"IDTAG":"EVIL","idTag":"GOOD","evse":{"Id":"x","id":1},"Evse":7}`,
		`{"idTag":"GOOD","idtag":{},"evse":{"id":1},"TimeStamp":"garbage"}`,
	} {
		message, err := Of[sample]().Decode(json.RawMessage(payload))
		if got, _ := message.(sample); err != nil || got.IDTag != "GOOD" || got.EVSE.ID != 1 || got.At != nil {
			t.Errorf("%s: %+v, %v", payload, message, err)
		}
	}
}

// TestWhatCannotBeReadIsSaidInWordsOfOCPP: the error goes to a charge point.
func TestWhatCannotBeReadIsSaidInWordsOfOCPP(t *testing.T) {
	for payload, want := range map[string]string{
		`{"idTag":5}`:                          "the payload cannot be read: 'idTag' is of another type than is wanted",
		`{"evse":{"id":99999999999999999999}}`: "the payload cannot be read: 'evse.id' is of another type than is wanted",
		`{"timestamp":"garbage"}`:              `the payload cannot be read: "garbage" is no timestamp such as 2006-01-02T15:04:05Z`,
		`{"timestamp":5}`:                      "the payload cannot be read: 'timestamp' is of another type than is wanted",
		`{`:                                    "the payload cannot be read",
	} {
		if _, err := Of[sample]().Decode(json.RawMessage(payload)); !fault.Is(err, fault.Malformed) || err.Error() != want {
			t.Errorf("%s: %v, want %s", payload, err, want)
		}
	}
}
