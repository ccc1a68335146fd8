package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strconv"
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
	// Get returns the reported state and its version; an empty state and version 0 if there is none. fault.Throttled
	// if it was asked for too often, as from Update.
	Get(ctx context.Context, chargePointID string) (reported json.RawMessage, version int64, err error)
	// Update merges a patch into the reported state: null deletes. version 0 is unconditional, else
	// fault.Conflict if the shadow has another version by now. fault.Invalid if it would grow too large.
	Update(ctx context.Context, chargePointID string, patch json.RawMessage, version int64) error
}

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

// Answered reports the last answer to a command. The payloads of different actions have nothing in
// common, so the one before is read, to be replaced and not merged with.
func (s *Shadow) Answered(ctx context.Context, chargePointID, messageID string, at time.Time, payload json.RawMessage) error {
	return s.revise(ctx, chargePointID, func(state reported) map[string]any {
		return map[string]any{
			"lastCallResult": map[string]any{"messageId": messageID, "receivedAt": at, "payload": replacing(state.LastCallResult.Payload, cut(payload))},
		}
	})
}

// TransactionChanged reports an event, and the transactions that run after it. Updates are merged
// unread; a start or an end reads the shadow first, because others may be running.
func (s *Shadow) TransactionChanged(ctx context.Context, t transaction.Transaction, event transaction.Event, receivedAt time.Time, payload json.RawMessage) error {
	last := map[string]any{
		"eventType":     event.Kind,
		"timestamp":     event.At,
		"transactionId": t.ID,
		"receivedAt":    receivedAt,
		"data":          withoutRemains(cut(payload)),
	}
	if event.Kind == transaction.EventUpdated {
		return s.update(ctx, t.ChargePointID, map[string]any{"lastTransactionEvent": last}, 0)
	}
	return s.revise(ctx, t.ChargePointID, func(state reported) map[string]any {
		patch := follow(state.Active, t)
		patch["lastTransactionEvent"] = last
		return patch
	})
}

// reported is the part of the reported state that is read back.
type reported struct {
	Active         map[string]running `json:"activeTransactions"`
	LastCallResult struct {
		Payload json.RawMessage `json:"payload"`
	} `json:"lastCallResult"`
}

// revise reads the shadow, and writes a patch that rests on what was read.
func (s *Shadow) revise(ctx context.Context, chargePointID string, patch func(reported) map[string]any) error {
	for try := 1; ; try++ {
		document, version, err := s.Documents.Get(ctx, chargePointID)
		if err != nil {
			return unlessBehind(ctx, chargePointID, err)
		}
		var state reported
		if len(document) > 0 {
			if err := json.Unmarshal(document, &state); err != nil {
				return fault.Wrap(fault.Internal, err, "the shadow of charge point %s is not as the processor writes it", chargePointID)
			}
		}
		err = s.update(ctx, chargePointID, patch(state), version)
		if !fault.Is(err, fault.Conflict) || try == tries {
			return err
		}
	}
}

// running is a transaction under way, as the shadow shows it.
type running struct {
	TransactionID string    `json:"transactionId"`
	StartTime     time.Time `json:"startTime"`
	EVSEID        int       `json:"evseId"`
	IDToken       string    `json:"idToken"`
}

func (r running) document() map[string]any {
	return map[string]any{"transactionId": r.TransactionID, "startTime": orNullTime(r.StartTime), "evseId": r.EVSEID, "idToken": orNull(r.IDToken)}
}

// follow makes the patch that shows which transactions run once t is as it is.
func follow(active map[string]running, t transaction.Transaction) map[string]any {
	active = maps.Clone(active)
	if active == nil {
		active = make(map[string]running)
	}
	changed := make(map[string]any)
	patch := map[string]any{"activeTransactions": changed, "activeTransaction": nil}
	if t.State == transaction.Ended {
		delete(active, t.ID)
		changed[t.ID] = nil
		patch["lastCompletedTransaction"] = map[string]any{
			"transactionId": t.ID,
			"startTime":     orNullTime(t.StartedAt),
			"stopTime":      t.EndedAt,
			"stoppedReason": orNull(t.StopReason),
		}
	} else {
		evse, _, _ := strings.Cut(t.Connector, "#")
		number, _ := strconv.Atoi(evse) // 0, the charge point as a whole, while the EVSE is not known
		started := running{TransactionID: t.ID, StartTime: t.StartedAt, EVSEID: number, IDToken: t.IDToken}
		for id, other := range active {
			if id != t.ID && other.EVSEID == number && other.StartTime.Before(started.StartTime) {
				delete(active, id) // its end was lost: an EVSE serves one transaction at a time
				changed[id] = nil
			}
		}
		active[t.ID] = started
		changed[t.ID] = started.document()
	}
	if len(active) > 0 {
		patch["activeTransaction"] = latest(active).document()
	}
	return patch
}

// latest is the transaction that started last, by name where the times are equal.
func latest(active map[string]running) running {
	return slices.MaxFunc(slices.Collect(maps.Values(active)), func(a, b running) int {
		return cmp.Or(a.StartTime.Compare(b.StartTime), strings.Compare(a.TransactionID, b.TransactionID))
	})
}

// update writes a patch. One that is refused is written without what it copies of a message, which charge points may nest as deep as they
// like: what the shadow says of transactions is not to hang on that.
func (s *Shadow) update(ctx context.Context, chargePointID string, patch map[string]any, version int64) error {
	err := s.write(ctx, chargePointID, patch, version)
	if fault.Is(err, fault.Invalid) && leaveOut(patch) {
		slog.WarnContext(ctx, "the device shadow does not take a copy of the message, which is left out", "chargePointId", chargePointID, "error", err)
		err = s.write(ctx, chargePointID, patch, version)
	}
	return unlessBehind(ctx, chargePointID, err)
}

func (s *Shadow) write(ctx context.Context, chargePointID string, patch map[string]any, version int64) error {
	document, err := json.Marshal(patch)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "patch of the shadow of charge point %s", chargePointID)
	}
	return s.Documents.Update(ctx, chargePointID, document, version)
}

// unlessBehind drops the error that a shadow takes no more: of its 8 KB, or of the 20 requests a second that each Thing has.
// The tables have everything, and the record, with all that waits behind it, must not wait for a room that does not
// come. What is throttled was tried three times by then; the next transaction on the EVSE mends what is shown of this one.
func unlessBehind(ctx context.Context, chargePointID string, err error) error {
	switch fault.CodeOf(err) {
	case fault.Invalid:
		slog.ErrorContext(ctx, "device shadow not updated", "chargePointId", chargePointID, "error", err)
	case fault.Throttled:
		slog.WarnContext(ctx, "device shadow not updated: the charge point says more than its shadow takes", "chargePointId", chargePointID, "error", err)
	default:
		return err
	}
	return nil
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
