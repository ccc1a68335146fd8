package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// words are commands of one meaning, by version.
func words(version ocppj.Version, v16, v2x string) (action, payload string) {
	text := v2x
	if version == ocppj.V16 {
		text = v16
	}
	action, payload, _ = strings.Cut(text, " ")
	return action, payload
}

// startRemotely starts a transaction on connector 1.
func (r *rig) startRemotely() {
	r.t.Helper()
	action, payload := words(r.Version(), `RemoteStartTransaction {"idTag":"CARD","connectorId":1}`,
		`RequestStartTransaction {"remoteStartId":77,"evseId":1,"idToken":{"idToken":"CARD","type":"ISO14443"}}`)
	if got := r.order(action, payload); got["status"] != "Accepted" {
		r.t.Fatalf("remote start: %v", got)
	}
	if tx := r.Ledger().Transactions(); len(tx) != 1 || tx[0].IDToken != "CARD" || tx[0].ID == "" {
		r.t.Fatalf("transactions %+v", tx)
	}
}

func TestRemoteStartAndStop(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			r.startRemotely()
			if version != ocppj.V16 && !r.said("TransactionEvent", `"remoteStartId":77`) {
				t.Error("the transaction does not tell which remote start led to it")
			}
			r.wait(10 * time.Minute)
			id := r.Ledger().Transactions()[0].ID
			action, payload := words(version, fmt.Sprintf(`RemoteStopTransaction {"transactionId":%s}`, id), fmt.Sprintf(`RequestStopTransaction {"transactionId":%q}`, id))
			if got := r.order(action, payload); got["status"] != "Accepted" {
				t.Errorf("%s: %v", version, got)
			}
			if tx := r.Ledger().Transactions()[0]; tx.Reason != "Remote" || !tx.EndAnswered || tx.EnergyWh() < 1000 {
				t.Errorf("%s: %+v", version, tx)
			}
			if got := r.order(action, payload); got["status"] != "Rejected" {
				t.Errorf("%s, again: %v", version, got)
			}
		})
	}
}

// A station that ends its run begins nothing more, for nobody would end it.
func TestNoRemoteStartAtTheEnd(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			r.finishing = true
			action, payload := words(version, `RemoteStartTransaction {"idTag":"CARD","connectorId":1}`,
				`RequestStartTransaction {"remoteStartId":77,"evseId":1,"idToken":{"idToken":"CARD","type":"ISO14443"}}`)
			if got := r.order(action, payload); got["status"] != "Rejected" || len(r.Ledger().Transactions()) > 0 {
				t.Errorf("%s: %v", version, got)
			}
		})
	}
}

// What the meter signs is told at the beginning and the end.
func TestSignedMeterValues(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			r.startRemotely()
			r.wait(6 * time.Hour)
			action, text := "TransactionEvent", `"encodingMethod":"OCMF"`
			if version == ocppj.V16 {
				action, text = "StopTransaction", `"format":"SignedData"`
			}
			signed := 0
			for _, frame := range r.calls(action) {
				signed += strings.Count(string(frame.Payload), text)
			}
			if signed != 2 {
				t.Errorf("%s: %d signed values, want 2", version, signed)
			}
		})
	}
}

// A limit holds from the moment it is set.
func TestProfilesLimitPower(t *testing.T) {
	profile16 := `SetChargingProfile {"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile",
		"chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":6000}]}}}`
	profile2x := `SetChargingProfile {"evseId":1,"chargingProfile":{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","transactionId":"%s",
		"chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":6000}]}]}}`
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			action, payload := words(version, profile16, profile2x)
			if got := r.order(action, payload); got["status"] != "Rejected" {
				t.Errorf("%s, without a transaction: %v", version, got)
			}
			r.startRemotely()
			if got := r.order(action, payload); got["status"] != "Accepted" {
				t.Errorf("%s: %v", version, got)
			}
			r.wait(6 * time.Minute)
			action, text := "TransactionEvent", `"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W"},"value":6000}`
			if version == ocppj.V16 {
				action, text = "MeterValues", `"measurand":"Power.Active.Import","unit":"W","value":"6000"`
			}
			if !r.said(action, text) {
				t.Errorf("%s: no reading shows 6 kW: %s", version, r.calls(action)[len(r.calls(action))-1].Payload)
			}
			action, payload = words(version, `GetCompositeSchedule {"connectorId":1,"duration":600}`, `GetCompositeSchedule {"evseId":1,"duration":600}`)
			if got := fmt.Sprint(r.order(action, payload)); !strings.Contains(got, "limit:6000") {
				t.Errorf("%s: composite schedule %s", version, got)
			}
		})
	}
}

// A new key is used at once, in the form of the version.
func TestKeyRotation(t *testing.T) {
	const key = "00112233445566778899aabbccddeeff00112233"
	for _, version := range versions {
		run(t, version, func(c *Config) { c.Key = "the key before it" }, func(r *rig) {
			action, payload := words(version, `ChangeConfiguration {"key":"AuthorizationKey","value":"`+key+`"}`,
				`SetVariables {"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"`+key+`"}]}`)
			if got := fmt.Sprint(r.order(action, payload)); !strings.Contains(got, "Accepted") {
				t.Errorf("%s: %s", version, got)
			}
			want := key
			if version == ocppj.V16 {
				want = "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x00\x11\x22\x33"
			}
			targets := r.central.targets
			if len(targets) != 2 || targets[0].Password != "the key before it" || targets[1].Password != want {
				t.Errorf("%s: connected as %q", version, targets)
			}
			if len(r.calls("BootNotification")) != 1 {
				t.Errorf("%s: booted again, though it was accepted", version)
			}
			action, payload = words(version, `GetConfiguration {"key":["AuthorizationKey"]}`,
				`GetVariables {"getVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`)
			if got := fmt.Sprint(r.order(action, payload)); strings.Contains(got, key) {
				t.Errorf("%s: the key can be read: %s", version, got)
			}
		})
	}
}

// An update tells its steps, takes the station out of service, and is told as installed after the boot.
func TestFirmwareUpdate(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			action, payload := words(version, `UpdateFirmware {"location":"https://x/f","retrieveDate":"2026-06-01T06:05:00Z"}`,
				`UpdateFirmware {"requestId":9,"firmware":{"location":"https://x/f","retrieveDateTime":"2026-06-01T06:05:00Z"}}`)
			r.order(action, payload)
			r.wait(10 * time.Minute)
			told := ""
			for _, frame := range r.calls("FirmwareStatusNotification") {
				for _, word := range []string{"Downloading", "Downloaded", "Installing", "Installed"} {
					if strings.Contains(string(frame.Payload), `"`+word+`"`) {
						told += word + " "
					}
				}
			}
			if told != "Downloading Downloaded Installing Installed " {
				t.Errorf("%s: told %s", version, told)
			}
			boots := r.calls("BootNotification")
			if len(boots) != 2 || !strings.Contains(string(boots[1].Payload), `"firmwareVersion":"1.1.0"`) {
				t.Errorf("%s: boots %s", version, boots[len(boots)-1].Payload)
			}
		})
	}
}

func TestAvailabilityReservationAndLocalList(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			say := func(v16, v2x, want string) {
				t.Helper()
				action, payload := words(version, v16, v2x)
				if got := r.order(action, payload)["status"]; got != want {
					t.Errorf("%s %s: %v, want %s", version, action, got, want)
				}
			}
			say(`ChangeAvailability {"connectorId":1,"type":"Inoperative"}`, `ChangeAvailability {"operationalStatus":"Inoperative","evse":{"id":1}}`, "Accepted")
			if !r.said("StatusNotification", `"Unavailable"`) {
				t.Errorf("%s: nobody was told of it", version)
			}
			say(`RemoteStartTransaction {"idTag":"CARD","connectorId":1}`, `RequestStartTransaction {"remoteStartId":1,"evseId":1,"idToken":{"idToken":"CARD","type":"ISO14443"}}`, "Rejected")
			say(`ReserveNow {"connectorId":2,"reservationId":5,"idTag":"MINE","expiryDate":"2026-06-01T07:00:00Z"}`,
				`ReserveNow {"evseId":2,"id":5,"idToken":{"idToken":"MINE","type":"ISO14443"},"expiryDateTime":"2026-06-01T07:00:00Z"}`, "Accepted")
			say(`RemoteStartTransaction {"idTag":"CARD","connectorId":2}`, `RequestStartTransaction {"remoteStartId":1,"evseId":2,"idToken":{"idToken":"CARD","type":"ISO14443"}}`, "Rejected")
			say(`RemoteStartTransaction {"idTag":"mine","connectorId":2}`, `RequestStartTransaction {"remoteStartId":1,"evseId":2,"idToken":{"idToken":"mine","type":"ISO14443"}}`, "Accepted")
			if tx := r.Ledger().Transactions(); len(tx) != 1 || tx[0].ReservationID != 5 {
				t.Errorf("%s: transactions %+v", version, tx)
			}
			say(`CancelReservation {"reservationId":5}`, `CancelReservation {"reservationId":5}`, "Rejected")
			say(`SendLocalList {"listVersion":3,"updateType":"Full","localAuthorizationList":[{"idTag":"A","idTagInfo":{"status":"Accepted"}}]}`,
				`SendLocalList {"versionNumber":3,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"A","type":"ISO14443"},"idTokenInfo":{"status":"Accepted"}}]}`, "Accepted")
			say(`SendLocalList {"listVersion":3,"updateType":"Differential"}`, `SendLocalList {"versionNumber":3,"updateType":"Differential"}`, "VersionMismatch")
			if got := fmt.Sprint(r.order("GetLocalListVersion", "{}")); !strings.Contains(got, ":3") {
				t.Errorf("%s: local list version %s", version, got)
			}
		})
	}
}

// A hard reset ends what goes on, and is followed by a boot.
func TestReset(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			r.startRemotely()
			action, payload := words(version, `Reset {"type":"Hard"}`, `Reset {"type":"Immediate"}`)
			if got := r.order(action, payload); got["status"] != "Accepted" {
				t.Errorf("%s: %v", version, got)
			}
			r.wait(2 * time.Minute)
			if tx := r.Ledger().Transactions()[0]; !tx.EndAnswered || len(r.calls("BootNotification")) != 2 {
				t.Errorf("%s: %d boots, %+v", version, len(r.calls("BootNotification")), tx)
			}
		})
	}
}
