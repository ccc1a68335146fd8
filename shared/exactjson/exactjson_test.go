package exactjson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
)

type start struct {
	IDTag string `json:"idTag"`
	Meter struct {
		Wh int `json:"wh"`
	} `json:"meter"`
	Places []struct {
		ID int `json:"id"`
	} `json:"places"`
	Raw json.RawMessage `json:"raw"`
}

func TestNamesHaveTheirCase(t *testing.T) {
	for _, text := range []string{
		`{"idTag":"GOOD","IDTAG":"EVIL","meter":{"wh":7,"WH":"x"},"places":[{"id":1,"Id":2}]}`,
		`{"IDTAG":"EVIL","idTag":"GOOD","Meter":5,"meter":{"Wh":9,"wh":7},"places":[{"ID":{},"id":1}]}`,
		`{"idtag":null,"id\u0054ag":"GOOD","meter":{"wh":7},"places":[{"id":1}],"Places":[]}`,
	} {
		var got start
		if err := exactjson.Unmarshal([]byte(text), &got); err != nil || got.IDTag != "GOOD" || got.Meter.Wh != 7 || len(got.Places) != 1 || got.Places[0].ID != 1 {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, test := range []struct{ text, once, known string }{
		{`{"idTag":"A","raw":{"a":1}}`, "", ""},
		{`{"idTag":"A","more":1}`, "", "'more' is not known"},
		{`{"idTag":"A","IdTag":"B"}`, "", "'IdTag' is not known"},
		{`{"places":[{},{"Id":1}]}`, "", "'places[1].Id' is not known"},
		{`{"` + strings.Repeat("é", 1000) + `":1}`, "", "'" + strings.Repeat("é", 80) + "' is not known"},
		{`{"idTag":"A","idTag":"A"}`, "'idTag' is given twice", "'idTag' is given twice"},
		{`{"idTag":"A","id\u0054ag":"B"}`, "'idTag' is given twice", "'idTag' is given twice"},
		{`{"meter":{"wh":1,"wh":2}}`, "'meter.wh' is given twice", "'meter.wh' is given twice"},
		{`{"meter":{"wh":"1"}}`, "cannot unmarshal", "cannot unmarshal"},
		{`{"idTag"`, "unexpected end", "unexpected end"},
	} {
		for want, read := range map[*string]func([]byte, any) error{&test.once: exactjson.UnmarshalOnce, &test.known: exactjson.UnmarshalKnown} {
			err := read([]byte(test.text), new(start))
			if *want == "" && err == nil {
				continue
			}
			if err == nil || *want == "" || !strings.Contains(err.Error(), *want) || strings.HasPrefix(*want, "'") && !fault.Is(err, fault.Malformed) {
				t.Errorf("%.80s: got %v, want %q", test.text, err, *want)
			}
		}
	}
}
