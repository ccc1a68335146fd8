// Package report is the vocabulary of what charge points report beside their status, transactions,
// readings and variables: firmware and log uploads, security events, charging limits and profiles,
// certificate requests, and whatever else a message tells that an operator may ask for later.
package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Kind says what a report is about. It names the resource on the HTTP API.
type Kind string

const (
	Firmware            Kind = "firmware"
	PublishedFirmware   Kind = "published-firmware"
	Log                 Kind = "log"
	Diagnostics         Kind = "diagnostics" // 1.6
	SecurityEvent       Kind = "security-event"
	CertificateRequest  Kind = "certificate-request"
	Inventory           Kind = "inventory" // NotifyReport
	Event               Kind = "event"     // NotifyEvent
	Monitoring          Kind = "monitoring"
	CustomerInformation Kind = "customer-information"
	DisplayMessages     Kind = "display-messages"
	ChargingLimit       Kind = "charging-limit"
	ChargingProfiles    Kind = "charging-profiles"
	ChargingNeeds       Kind = "charging-needs"
	ChargingSchedule    Kind = "charging-schedule"
	PriorityCharging    Kind = "priority-charging" // 2.1, as all below
	Reservation         Kind = "reservation"
	Settlement          Kind = "settlement"
	BatterySwap         Kind = "battery-swap"
	DERControl          Kind = "der-control"
	DERAlarm            Kind = "der-alarm"
	DERStartStop        Kind = "der-start-stop"
	EventStream         Kind = "event-stream"
	DataTransfer        Kind = "data-transfer" // every version
	Disconnect          Kind = "disconnect"    // the end of a connection, which no message tells but the gateway
)

// Kinds are all kinds.
var Kinds = []Kind{
	Firmware, PublishedFirmware, Log, Diagnostics, SecurityEvent, CertificateRequest, Inventory, Event, Monitoring,
	CustomerInformation, DisplayMessages, ChargingLimit, ChargingProfiles, ChargingNeeds, ChargingSchedule, PriorityCharging,
	Reservation, Settlement, BatterySwap, DERControl, DERAlarm, DERStartStop, EventStream, DataTransfer, Disconnect,
}

// Lasts tells whether a kind is a state that holds until the next report replaces it. The reports of every
// other kind pile up: an event each, an answer to each request, a word on each transaction or reservation.
func (k Kind) Lasts() bool {
	switch k {
	case Firmware, PublishedFirmware, Log, Diagnostics, ChargingLimit, DERControl:
		return true
	case SecurityEvent, CertificateRequest, Inventory, Event, Monitoring, CustomerInformation, DisplayMessages, ChargingProfiles,
		ChargingNeeds, ChargingSchedule, PriorityCharging, Reservation, Settlement, BatterySwap, DERAlarm, DERStartStop, EventStream, DataTransfer, Disconnect:
	}
	return false
}

// Report is one row of the ReportTable. Of several with the same kind and key the one received last is kept.
type Report struct {
	ChargePointID string
	Kind          Kind
	Key           string // what it is about within its kind; see Latest, ByTime, Part
	Action        string // the OCPP action that brought it
	At            time.Time
	ReceivedAt    time.Time
	Data          json.RawMessage // the payload, whole
	SeqNo         int             // of a part
	Continues     bool            // another part follows ("tbc", to be continued)
}

// Latest is the key of what there is one of: the state of the firmware, say.
const Latest = "latest"

// ByTime is the key of what happens again and again: each is kept. hash tells apart what happens at the same moment.
func ByTime(at time.Time, hash string) string {
	return at.UTC().Format("2006-01-02T15:04:05.000Z") + "#" + hash
}

// ByRequest is the key of what answers a request of ours.
func ByRequest(requestID int) string { return fmt.Sprintf("%010d", requestID) }

// Part is the key of one part of an answer that comes in several messages.
func Part(requestID, seqNo int) string { return fmt.Sprintf("%s/%05d", ByRequest(requestID), seqNo) }

// Complete tells whether the parts of one request are all there: an unbroken run from 0 to one that
// says that none follows. The order of the parts does not matter.
func Complete(parts []Report) bool {
	var seqNos []int
	last := -1
	for _, part := range parts {
		seqNos = append(seqNos, part.SeqNo)
		if !part.Continues {
			last = max(last, part.SeqNo)
		}
	}
	slices.Sort(seqNos)
	seqNos = slices.Compact(seqNos)
	return last >= 0 && len(seqNos) > last && seqNos[last] == last
}

// InOrder puts the parts of one request into their order; those that carry no number came in it. Where a request
// id was used again, what is left of the answer before is dropped: parts behind the end of the later answer.
func InOrder(parts []Report) []Report {
	parts = slices.SortedStableFunc(slices.Values(parts), func(a, b Report) int {
		return cmp.Or(cmp.Compare(a.SeqNo, b.SeqNo), a.ReceivedAt.Compare(b.ReceivedAt))
	})
	var end, before *Report // the ends of the answer that was received last and of the one before
	for i := range parts {
		switch part := &parts[i]; {
		case part.Continues:
		case end == nil || !part.ReceivedAt.Before(end.ReceivedAt):
			end, before = part, end
		case before == nil || part.ReceivedAt.After(before.ReceivedAt):
			before = part
		}
	}
	if end == nil || before == nil {
		return parts
	}
	last, numbered, previous := *end, end.SeqNo != before.SeqNo, before.ReceivedAt
	return slices.DeleteFunc(parts, func(part Report) bool {
		if numbered {
			return part.SeqNo > last.SeqNo
		}
		return !part.ReceivedAt.After(previous)
	})
}

// Store keeps reports.
type Store interface {
	// Put stores a report unless one of the same kind and key is stored that was received later.
	// fault.Invalid if the key is too long for the store.
	Put(ctx context.Context, report Report) error
	// List returns a page of a charge point's reports of a kind, the last key first, which is the newest of what
	// happens again and again; a key prefix narrows it down (ByRequest: the parts of that request). Reports can
	// be large, so that a page may have fewer than limit although there is a next.
	List(ctx context.Context, chargePointID string, kind Kind, prefix, cursor string, limit int) (reports []Report, next string, err error)
	// Newest returns one report of each kind that a charge point has reported: of a state the one received
	// last, else the one with the last key.
	Newest(ctx context.Context, chargePointID string) ([]Report, error)
}
