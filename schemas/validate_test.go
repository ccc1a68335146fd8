package schemas

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

const (
	boot16  = `{"chargePointVendor":"Vendor","chargePointModel":"Model","chargePointSerialNumber":"SN-0001","firmwareVersion":"1.2.3","meterType":"Meter"}`
	meter16 = `{"connectorId":1,"transactionId":12345,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"1234.5","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},{"value":"16.1","measurand":"Current.Import","phase":"L1","unit":"A"},{"value":"230.2","measurand":"Voltage","phase":"L1-N","unit":"V"}]}]}`
	boot201 = `{"reason":"PowerUp","chargingStation":{"model":"M","vendorName":"V","modem":{"iccid":"1"},"customData":{"vendorId":"com.example","anything":[{}]}}}`
)

// Specification: OCPP-J 1.6 errata 3.2 and 2.1; OCPP 2.0.1 part 4 section 9.
func TestValidateNamesEveryViolation(t *testing.T) {
	tests := []struct {
		name      string
		version   ocppj.Version
		action    string
		direction Direction
		payload   string
		want      []string // kind and sentence, sorted by path
	}{
		{"right", ocppj.V16, "BootNotification", Request, boot16, nil},
		{"right with an array", ocppj.V16, "MeterValues", Request, meter16, nil},
		{"right in 2.0.1", ocppj.V201, "BootNotification", Request, boot201, nil},
		{"white space", ocppj.V16, "StatusNotification", Request, " { \"connectorId\" : 0 ,\n\t\"errorCode\" : \"NoError\" , \"status\" : \"Available\" } ", nil},
		{"nothing for an empty message", ocppj.V16, "Heartbeat", Request, ``, nil},
		{"null for an empty message", ocppj.V16, "Heartbeat", Request, `null`, nil},
		{"both spellings of the unit", ocppj.V16, "MeterValues", Request,
			`{"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"1","unit":"Celsius"},{"value":"1","unit":"Celcius"}]}]}`, nil},
		{"no stop reason", ocppj.V16, "StopTransaction", Request, `{"transactionId":-1,"timestamp":"2026-05-01T12:00:00Z","meterStop":5}`, nil},
		{"a response", ocppj.V16, "BootNotification", Response, `{"status":"Accepted","currentTime":"2026-05-01T12:00:00.123Z","interval":300}`, nil},
		{"any data", ocppj.V201, "DataTransfer", Request, `{"vendorId":"v","data":{"a":[1,{"b":"}]"}]}}`, nil},
		{"an escaped field name", ocppj.V16, "Authorize", Request, `{"id\u0054ag":"A"}`, nil},
		{"characters, not bytes", ocppj.V16, "Authorize", Request, `{"idTag":"éééééééééééééééééé\u00e9é"}`, nil},

		{"a step in binary floating point", ocppj.V16, "RemoteStartTransaction", Request,
			`{"idTag":"A","chargingProfile":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":0.30000000000000004}]}}}`, nil},

		{"a field is missing", ocppj.V16, "BootNotification", Request, `{"chargePointVendor":"V"}`, []string{"Missing /chargePointModel is required"}},
		{"all are missing", ocppj.V16, "StartTransaction", Request, `{}`,
			[]string{"Missing /connectorId is required", "Missing /idTag is required", "Missing /meterStart is required", "Missing /timestamp is required"}},
		{"a field is missing deep inside", ocppj.V16, "MeterValues", Request, `{"connectorId":1,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"1"},{}]}]}`,
			[]string{"Missing /meterValue/0/sampledValue/1/value is required"}},
		{"a vendor is missing", ocppj.V201, "Heartbeat", Request, `{"customData":{"a":1}}`, []string{"Missing /customData/vendorId is required"}},
		{"an extra field", ocppj.V16, "Heartbeat", Request, `{"a/b~c":{"d":[1]}}`, []string{"Extra /a~1b~0c is not a field of this message"}},
		{"an extra field with a long name", ocppj.V16, "Heartbeat", Request, `{"` + strings.Repeat("é", 1000) + `":1}`,
			[]string{"Extra /" + strings.Repeat("é", 63) + "… is not a field of this message"}},
		{"another type", ocppj.V16, "StartTransaction", Request, `{"connectorId":"1","idTag":7,"meterStart":1.5,"timestamp":true,"reservationId":null}`, []string{
			"Type /connectorId is a string where an integer is wanted", "Type /idTag is a number where a string is wanted",
			"Type /meterStart is a number with a fraction or exponent where an integer is wanted",
			"Type /reservationId is null where an integer is wanted", "Type /timestamp is a boolean where a string is wanted"}},
		{"an object where an array is wanted", ocppj.V16, "MeterValues", Request, `{"connectorId":1,"meterValue":{}}`, []string{"Type /meterValue is an object where an array is wanted"}},
		{"the payload is an array", ocppj.V16, "Heartbeat", Request, `[]`, []string{"Type the payload is an array where an object is wanted"}},
		{"not one of the values", ocppj.V16, "Reset", Request, `{"type":"hard"}`, []string{"Enum /type is none of Hard, Soft"}},
		{"too long", ocppj.V16, "Authorize", Request, `{"idTag":"` + strings.Repeat("é", 21) + `"}`, []string{"Length /idTag has 21 characters, at most 20 are allowed"}},
		{"a date that does not exist", ocppj.V16, "Authorize", Response, `{"idTagInfo":{"status":"Accepted","expiryDate":"2026-13-01T12:00:00Z"}}`,
			[]string{"Format /idTagInfo/expiryDate is not a date-time such as 2026-01-31T12:00:00Z"}},
		{"beyond 64 bits", ocppj.V16, "CancelReservation", Request, `{"reservationId":9223372036854775808}`, []string{"Range /reservationId does not fit an integer of 64 bits"}},
		{"an integer with a fraction of zero", ocppj.V16, "CancelReservation", Request, `{"reservationId":1.0}`,
			[]string{"Type /reservationId is a number with a fraction or exponent where an integer is wanted"}},
		{"beyond floating point", ocppj.V16, "CancelReservation", Request, `{"reservationId":1e999999999}`,
			[]string{"Range the payload has a number that does not fit a floating-point number of 64 bits"}},
		{"too few elements", ocppj.V201, "GetVariables", Request, `{"getVariableData":[]}`, []string{"Items /getVariableData has 0 elements, at least 1 are needed"}},
		{"too many elements", ocppj.V201, "GetMonitoringReport", Request, `{"requestId":1,"monitoringCriteria":["ThresholdMonitoring","DeltaMonitoring","PeriodicMonitoring","PeriodicMonitoring"]}`,
			[]string{"Items /monitoringCriteria has 4 elements, at most 3 are allowed"}},
		{"out of range", ocppj.V201, "NotifyEVChargingNeeds", Request,
			`{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"DC","dcChargingParameters":{"evMaxCurrent":1,"evMaxVoltage":1,"bulkSoC":101,"fullSoC":-1}}}`,
			[]string{"Range /chargingNeeds/dcChargingParameters/bulkSoC is more than 100", "Range /chargingNeeds/dcChargingParameters/fullSoC is less than 0"}},
		{"too fine", ocppj.V16, "RemoteStartTransaction", Request,
			`{"idTag":"A","chargingProfile":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16.1},{"startPeriod":9,"limit":16.15}]}}}`,
			[]string{"Range /chargingProfile/chargingSchedule/chargingSchedulePeriod/1/limit is not a multiple of 0.1"}},
		{"a field twice", ocppj.V16, "Authorize", Request, `{"idTag":"A","idTag":"B"}`, []string{"Repeated /idTag is given twice"}},
		{"a field twice, the first of another type", ocppj.V16, "Authorize", Request, `{"idTag":5,"idTag":"B"}`, []string{"Repeated /idTag is given twice"}},
		{"a field thrice, in other characters", ocppj.V16, "Authorize", Request, `{"idTag":"A" , "id\u0054ag" : "B","idTag":"}\"{"}`, []string{"Repeated /idTag is given twice"}},
		{"fields twice deep inside", ocppj.V201, "DataTransfer", Request, `{"vendorId":"v","data":[[],1.5e3,{"a/b":[],"c":{"a/b":1},"a/b":2}, true,{"d":1,"d":1}]}`,
			[]string{"Repeated /data/2/a~1b is given twice", "Repeated /data/4/d is given twice"}},
		{"a field twice among many", ocppj.V201, "DataTransfer", Request, `{"vendorId":"v","data":{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"9":2}}`,
			[]string{"Repeated /data/9 is given twice"}},
		{"names alike but for their case, or in two objects", ocppj.V201, "DataTransfer", Request, `{"vendorId":"v","data":[{"a":1,"A":2},{"a":{"a":1}}]}`, nil},
		{"an unknown field twice", ocppj.V16, "Heartbeat", Request, `{"extra":1,"extra":2}`, []string{"Repeated /extra is given twice"}},
		{"not a URI", ocppj.V16, "GetDiagnostics", Request, `{"location":"somewhere"}`, []string{"Format /location is not an absolute URI such as ftp://host/path"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			violations, err := Validate(test.version, test.action, test.direction, json.RawMessage(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, violation := range violations {
				got = append(got, kindNames[violation.Kind]+" "+violation.String())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

var kindNames = map[Kind]string{Missing: "Missing", Extra: "Extra", Type: "Type", Enum: "Enum", Length: "Length", Range: "Range", Items: "Items", Format: "Format", Repeated: "Repeated"}

func TestTolerableIsWhatIsUnderstoodAllTheSame(t *testing.T) {
	tests := []struct {
		payload string
		want    bool
	}{
		{`{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2026-05-01T12:00:00Z","extra":{}}`, true},
		{`{"connectorId":1,"idTag":"` + strings.Repeat("A", 21) + `","meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, true},
		{`{"connectorId":1,"idTag":"` + strings.Repeat("A", mostTolerated) + `","meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, true},
		{`{"connectorId":1,"idTag":"` + strings.Repeat("A", mostTolerated+1) + `","meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, false},
		{`{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2026-05-01T12:00:00Z","reservationId":null}`, true},
		{`{"connectorId":1,"idTag":"A","idTag":"A","meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, false},
		{`{"connectorId":1,"idTag":null,"meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, false},
		{`{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"yesterday"}`, false},
		{`{"connectorId":1,"idTag":"A","meterStart":"0","timestamp":"2026-05-01T12:00:00Z"}`, false},
		{`{"connectorId":1,"idTag":"A","meterStart":0}`, false},
		{`{"connectorId":1,"idTag":"A","meterStart":0.5,"timestamp":"2026-05-01T12:00:00Z"}`, true},
		{`{"connectorId":1.0,"idTag":"A","meterStart":0,"timestamp":"2026-05-01T12:00:00Z"}`, false},
	}
	for _, test := range tests {
		violations, err := Validate(ocppj.V16, "StartTransaction", Request, json.RawMessage(test.payload))
		if err != nil || len(violations) != 1 {
			t.Fatalf("%s: got %v, %v; want one violation", test.payload, violations, err)
		}
		if got := violations[0].Tolerable(); got != test.want {
			t.Errorf("%s: tolerable is %t, want %t", violations[0], got, test.want)
		}
	}
}

// A time that 1.6 may write and 2.x may not is understood all the same.
func TestTimesOfAnotherVersionAreTolerable(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-05-01T12:00:00": true, "2026-05-01T12:00:00+0200": true, "2026-05-01T12:00:00+02": true,
		"2026-05-01": false, "yesterday": false, "2026-05-01T12:00:60Z": false, "9999-12-31T23:59:59-01:00": false,
	} {
		for _, version := range []ocppj.Version{ocppj.V201, ocppj.V21} {
			violations, err := Validate(version, "MeterValues", Request, json.RawMessage(`{"evseId":1,"meterValue":[{"timestamp":"`+text+`","sampledValue":[{"value":1}]}]}`))
			if err != nil || len(violations) != 1 || violations[0].Kind != Format || violations[0].Tolerable() != want {
				t.Errorf("%s %s: %v, %v; want one fault, tolerable %t", version, text, violations, err, want)
			}
		}
	}
}

// Specification: OCPP-J 1.6 table 7; OCPP 2.0.1 part 4 table 8.
func TestErrorKindOfEveryKind(t *testing.T) {
	want := map[Kind]ocppj.ErrorKind{
		Missing: ocppj.OccurrenceConstraintViolation, Items: ocppj.OccurrenceConstraintViolation,
		Extra: ocppj.FormatViolation, Type: ocppj.TypeConstraintViolation, Enum: ocppj.PropertyConstraintViolation,
		Length: ocppj.PropertyConstraintViolation, Range: ocppj.PropertyConstraintViolation, Format: ocppj.PropertyConstraintViolation,
		Repeated: ocppj.OccurrenceConstraintViolation,
	}
	for kind := Missing; kind <= Repeated; kind++ {
		if got := (Violation{Kind: kind}).ErrorKind(); got != want[kind] {
			t.Errorf("%s: got %s, want %s", kindNames[kind], got, want[kind])
		}
	}
}

func TestValidateRefusesWhatHasNoSchema(t *testing.T) {
	tests := []struct {
		name    string
		version ocppj.Version
		action  string
		payload string
		want    error // nil: any error that is neither
	}{
		{"unknown action", ocppj.V16, "Unknown", `{}`, ErrUnknownAction},
		{"case counts", ocppj.V16, "heartbeat", `{}`, ErrUnknownAction},
		{"an action of another version", ocppj.V16, "TransactionEvent", `{}`, ErrUnknownAction},
		{"no action", ocppj.V16, "", `{}`, ErrUnknownAction},
		{"a path out of the folder", ocppj.V16, "../ocpp201", `{}`, ErrUnknownAction},
		{"unknown version", "ocpp1.5", "Heartbeat", `{}`, ErrUnknownAction},
		{"the response of a SEND", ocppj.V21, "NotifyPeriodicEventStream", `{}`, ErrNoResponse},
		{"not JSON", ocppj.V16, "Heartbeat", `{"a":`, nil},
		{"more than one value", ocppj.V16, "Heartbeat", `{} {}`, nil},
		{"a bracket too many", ocppj.V16, "Heartbeat", `{}}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Validate(test.version, test.action, Response, json.RawMessage(test.payload))
			if err == nil || test.want != nil && !errors.Is(err, test.want) ||
				test.want == nil && (errors.Is(err, ErrUnknownAction) || errors.Is(err, ErrNoResponse)) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestValidateConcurrently validates while other actions, which share types, are being compiled. The race detector looks on.
func TestValidateConcurrently(t *testing.T) {
	fresh := newCatalogue(ocppj.V21, "ocpp21")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for name, read := range fresh.actions() {
				a, err := read()
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				s, err := a.request()
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if err := s.Validate(map[string]any{"customData": map[string]any{}}); err == nil {
					t.Errorf("%s: customData without vendorId is taken for right", name)
				}
			}
		})
	}
	group.Wait()
}

// TestHugeNumbersCostNothing sends numbers that are written in few bytes, but make fractions of any size run for seconds or out
// of what they can hold.
func TestHugeNumbersCostNothing(t *testing.T) {
	for _, number := range []string{"1e400", "-1e400", "1e1000000", "1e-1000000", "1e99999999999999999999", "0." + strings.Repeat("1", 100_000), strings.Repeat("9", 400)} {
		for _, payload := range []string{
			`{"connectorId":` + number + `,"meterValue":[]}`,
			`{"connectorId":1,"meterValue":[{"sampledValue":` + number + `}]}`,
			`{"connectorId":1,"meterValue":[],"extra":{"deep":[` + number + `]}}`,
		} {
			violations, err := Validate(ocppj.V16, "MeterValues", Request, json.RawMessage(payload))
			if err != nil || len(violations) != 1 || violations[0].Kind != Range || violations[0].Tolerable() {
				t.Errorf("%.40s: got %v, %v", payload, violations, err)
			}
		}
	}
	violations, err := Validate(ocppj.V201, "DataTransfer", Request, json.RawMessage(`{"vendorId":"v","data":[1.7976931348623157e308,5e-324,-0]}`))
	if err != nil || violations != nil {
		t.Errorf("the limits of floating point: got %v, %v", violations, err)
	}
}

func FuzzValidate(f *testing.F) {
	for _, payload := range []string{boot16, meter16, boot201, `{}`, `[[{"a":"\\\""}]]`, `{"vendorId":"v","data":[1.5e3,{"b":null}]}`} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		for _, action := range []string{"BootNotification", "MeterValues", "DataTransfer"} {
			for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201} {
				first, err := Validate(version, action, Request, json.RawMessage(payload))
				if (err == nil) != (json.Valid([]byte(payload)) || payload == "") {
					t.Fatalf("%s: error %v", action, err)
				}
				again, err := Validate(version, action, Request, json.RawMessage(payload))
				if !slices.Equal(first, again) {
					t.Fatalf("%s: %v, then %v, %v", action, first, again, err)
				}
			}
		}
	})
}
