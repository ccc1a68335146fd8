package fleet

import (
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// has21 reports whether the station speaks 2.1.
func (s *Station) has21() bool { return s.config.Version == ocppj.V21 }

// tariff21 is what of a TariffType is remembered.
type tariff21 struct {
	ID string `json:"tariffId"`
}

func setDefaultTariff(s *Station, r struct {
	EVSE   int      `json:"evseId"`
	Tariff tariff21 `json:"tariff"`
}) (any, func()) {
	if s.selected(r.EVSE) == nil {
		return status(rejected), nil
	}
	put(&s.notes.tariffs, r.EVSE, r.Tariff.ID)
	return status(accepted), nil
}

func getTariffs(s *Station, r struct {
	EVSE int `json:"evseId"`
}) (any, func()) {
	var assignments []object
	for _, evse := range slices.Sorted(maps.Keys(s.notes.tariffs)) {
		if r.EVSE != 0 && evse != r.EVSE {
			continue
		}
		one := object{"tariffId": s.notes.tariffs[evse], "tariffKind": "DefaultTariff"}
		if evse != 0 {
			one["evseIds"] = []int{evse}
		}
		assignments = append(assignments, one)
	}
	if assignments == nil {
		return status("NoTariff"), nil
	}
	return object{"status": accepted, "tariffAssignments": assignments}, nil
}

func clearTariffs(s *Station, r struct {
	IDs  []string `json:"tariffIds"`
	EVSE *int     `json:"evseId"`
}) (any, func()) {
	var results []object
	for evse, id := range s.notes.tariffs {
		if (r.IDs == nil || slices.Contains(r.IDs, id)) && (r.EVSE == nil || *r.EVSE == evse) {
			delete(s.notes.tariffs, evse)
			results = append(results, object{"tariffId": id, "status": accepted})
		}
	}
	if results == nil {
		results = []object{{"status": "NoTariff"}}
	}
	return object{"clearTariffsResult": results}, nil
}

func changeTransactionTariff(s *Station, r struct {
	TransactionID string `json:"transactionId"`
}) (any, func()) {
	if s.transaction(r.TransactionID) == nil {
		return status("TxNotFound"), nil
	}
	return status(accepted), nil
}

func usePriorityCharging(s *Station, r struct {
	TransactionID string `json:"transactionId"`
}) (any, func()) {
	if s.transaction(r.TransactionID) == nil {
		return status(rejected), nil
	}
	return status("NoProfile"), nil // no PriorityCharging profile is kept
}
