package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Shadow keeps the device shadow of each charge point: what it said last, for observers who read
// shadows. Its reported state:
//
//	chargingStation            {vendorName, model, serialNumber, firmwareVersion, modem{iccid, imsi}}
//	reason                     of the last boot (2.x)
//	lastTransactionEvent       {eventType, timestamp, transactionId, receivedAt, data}
//	activeTransaction          {transactionId, startTime, evseId, idToken}: the one that started last
//	activeTransactions         the same by transaction id, for charge points that serve several cars
//	lastCompletedTransaction   {transactionId, startTime, stopTime, stoppedReason}
//	lastCallResult             {messageId, receivedAt, payload}
type Shadow struct {
	Documents Documents
}

// Documents reads and writes the reported state of shadows.
type Documents interface {
	// Get returns the reported state and its version; an empty state and version 0 if there is none.
	Get(ctx context.Context, chargePointID string) (reported json.RawMessage, version int64, err error)
	// Update merges a patch into the reported state: null deletes. version 0 is unconditional, else
	// fault.Conflict if the shadow has another version by now. fault.NotFound if the Thing is gone.
	Update(ctx context.Context, chargePointID string, patch any, version int64) error
}

// dataLimit keeps copies of messages well inside the 8 KB that a shadow takes in all.
const dataLimit = 3 * 1024

// Booted reports what a charge point said of itself, and nothing else of its message: a charge point
// has no say in the rest of its shadow.
func (s *Shadow) Booted(ctx context.Context, chargePointID string, boot chargepoint.Boot) error {
	return s.update(ctx, chargePointID, map[string]any{
		"chargingStation": map[string]any{
			"vendorName":      orNull(boot.VendorName),
			"model":           orNull(boot.Model),
			"serialNumber":    orNull(boot.SerialNumber),
			"firmwareVersion": orNull(boot.FirmwareVersion),
			"modem":           map[string]any{"iccid": orNull(boot.ICCID), "imsi": orNull(boot.IMSI)},
		},
		"reason": orNull(boot.Reason),
	}, 0)
}

// Answered reports the last answer to a command.
func (s *Shadow) Answered(ctx context.Context, chargePointID, messageID string, at time.Time, payload json.RawMessage) error {
	return s.update(ctx, chargePointID, map[string]any{
		"lastCallResult": map[string]any{"messageId": messageID, "receivedAt": at, "payload": cut(payload)},
	}, 0)
}

// TransactionChanged reports an event, and the transactions that run after it. Updates are merged
// unread; a start or an end reads the shadow first, because others may be running.
func (s *Shadow) TransactionChanged(ctx context.Context, t transaction.Transaction, event transaction.Event, receivedAt time.Time, payload json.RawMessage) error {
	patch := map[string]any{"lastTransactionEvent": map[string]any{
		"eventType":     event.Kind,
		"timestamp":     event.At,
		"transactionId": t.ID,
		"receivedAt":    receivedAt,
		"data":          cut(payload),
	}}
	if event.Kind == transaction.EventUpdated {
		return s.update(ctx, t.ChargePointID, patch, 0)
	}
	for try := 1; ; try++ {
		reported, version, err := s.Documents.Get(ctx, t.ChargePointID)
		if err != nil {
			return err
		}
		if err := follow(patch, reported, t); err != nil {
			return err
		}
		err = s.update(ctx, t.ChargePointID, patch, version)
		if !fault.Is(err, fault.Conflict) || try == tries {
			return err
		}
	}
}

// running is a transaction under way, as the shadow shows it.
type running struct {
	TransactionID string    `json:"transactionId"`
	StartTime     time.Time `json:"startTime,omitzero"`
	EVSEID        string    `json:"evseId,omitempty"`
	IDToken       string    `json:"idToken,omitempty"`
}

// follow completes a patch with the transactions that run once t is as it is.
func follow(patch map[string]any, reported json.RawMessage, t transaction.Transaction) error {
	var state struct {
		Active map[string]running `json:"activeTransactions"`
	}
	if len(reported) > 0 {
		if err := json.Unmarshal(reported, &state); err != nil {
			return fault.Wrap(fault.Internal, err, "shadow of charge point %s", t.ChargePointID)
		}
	}
	if state.Active == nil {
		state.Active = make(map[string]running)
	}
	if t.State == transaction.Ended {
		delete(state.Active, t.ID)
		patch["activeTransactions"] = map[string]any{t.ID: nil}
		patch["lastCompletedTransaction"] = map[string]any{
			"transactionId": t.ID,
			"startTime":     orNullTime(t.StartedAt),
			"stopTime":      t.EndedAt,
			"stoppedReason": orNull(t.StopReason),
		}
	} else {
		evse, _, _ := strings.Cut(t.Connector, "#")
		state.Active[t.ID] = running{TransactionID: t.ID, StartTime: t.StartedAt, EVSEID: evse, IDToken: t.IDToken}
		patch["activeTransactions"] = map[string]any{t.ID: state.Active[t.ID]}
	}
	patch["activeTransaction"] = nil
	if len(state.Active) > 0 {
		patch["activeTransaction"] = latest(state.Active)
	}
	return nil
}

// latest is the transaction that started last, by name where the times are equal.
func latest(active map[string]running) running {
	var all []running
	for _, r := range active {
		all = append(all, r)
	}
	return slices.MaxFunc(all, func(a, b running) int {
		if byTime := a.StartTime.Compare(b.StartTime); byTime != 0 {
			return byTime
		}
		return strings.Compare(a.TransactionID, b.TransactionID)
	})
}

// update writes a patch. A charge point whose Thing was deleted has no shadow to write.
func (s *Shadow) update(ctx context.Context, chargePointID string, patch map[string]any, version int64) error {
	return unlessGone(s.Documents.Update(ctx, chargePointID, patch, version))
}

// cut replaces a payload that is too large for a shadow by a note.
func cut(payload json.RawMessage) any {
	if len(payload) > dataLimit {
		return map[string]any{"omitted": "the payload is too large for a device shadow", "bytes": len(payload)}
	}
	return payload
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orNullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
