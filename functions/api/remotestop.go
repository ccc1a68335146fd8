package main

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// remoteStop is the body of a remote stop in the words of all versions.
type remoteStop struct {
	timing
	ChargePointID string `json:"chargePointId"`
	TransactionID textID `json:"transactionId"`
}

// textID is an id that may be written as a string or as a number: 1.6 numbers its transactions.
type textID string

// UnmarshalJSON implements json.Unmarshaler.
func (id *textID) UnmarshalJSON(data []byte) error {
	var number json.Number // takes strings, too, but only those of numbers
	if err := json.Unmarshal(data, (*string)(id)); err == nil {
		return nil
	}
	if err := json.Unmarshal(data, &number); err != nil {
		return fault.New(fault.Malformed, "'transactionId' must be a string or a number")
	}
	*id = textID(number)
	return nil
}

// remoteStops are a remote stop in each version: OCPP 1.6 section 5.12, OCPP 2.0.1 F03. A new version is a line.
var remoteStops = map[ocppj.Version]func(remoteStop) (call, error){
	ocppj.V16: func(stop remoteStop) (call, error) {
		number, err := strconv.ParseInt(string(stop.TransactionID), 10, 32)
		if err != nil {
			return call{}, fault.New(fault.Invalid, "'transactionId' must be a number: charge point %s speaks OCPP 1.6", stop.ChargePointID)
		}
		return call{"RemoteStopTransaction", map[string]int64{"transactionId": number}}, nil
	},
	ocppj.V201: requestStop,
	ocppj.V21:  requestStop,
}

// requestStop is the remote stop of OCPP 2.x.
func requestStop(stop remoteStop) (call, error) {
	return call{"RequestStopTransaction", map[string]string{"transactionId": string(stop.TransactionID)}}, nil
}

func (a *API) remoteStop(r *http.Request) (answer, error) {
	var stop remoteStop
	if err := decode(r, &stop, tolerant); err != nil {
		return answer{}, err
	}
	switch {
	case stop.ChargePointID == "":
		return answer{}, missing("chargePointId")
	case stop.TransactionID == "":
		return answer{}, missing("transactionId")
	}
	if err := stop.check(); err != nil {
		return answer{}, err
	}
	cp, err := a.named(r, stop.ChargePointID)
	if err != nil {
		return answer{}, err
	}
	version, err := stop.speaks(cp)
	if err != nil {
		return answer{}, err
	}
	translate, ok := remoteStops[version]
	if !ok {
		return answer{}, fault.New(fault.Conflict, "charge point %s speaks %s, in which a remote stop is not offered", cp.ID, version)
	}
	call, err := translate(stop)
	if err != nil {
		return answer{}, err
	}
	return a.submit(r, cp, version, call, stop.timing, submitted{TransactionID: string(stop.TransactionID)})
}
