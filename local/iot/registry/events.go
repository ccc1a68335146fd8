package registry

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// eventTypes are the kinds of events that an account can switch on; a new account has none of them.
// https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateEventConfigurations.html
var eventTypes = []string{"THING", "THING_GROUP", "THING_TYPE", "THING_GROUP_MEMBERSHIP", "THING_GROUP_HIERARCHY",
	"THING_TYPE_ASSOCIATION", "JOB", "JOB_EXECUTION", "POLICY", "CERTIFICATE", "CA_CERTIFICATE"}

const eventsKey = "event-configurations"

// Events returns every kind of event and whether it is switched on.
func (r *Registry) Events() map[string]bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	events := make(map[string]bool, len(eventTypes))
	for _, name := range eventTypes {
		events[name] = r.events[name]
	}
	return events
}

// SetEvents switches kinds of events on or off and leaves those alone that are not named.
func (r *Registry) SetEvents(change map[string]bool) error {
	for name := range change {
		if !slices.Contains(eventTypes, name) {
			return fault.Invalid("%s is not an event type; these are: %v", name, eventTypes)
		}
	}
	r.changes.Lock()
	defer r.changes.Unlock()
	events := r.Events()
	maps.Copy(events, change)
	encoded, err := json.Marshal(events)
	if err != nil {
		return fmt.Errorf("storing the event configurations: %w", err)
	}
	if err := r.settings.Put(eventsKey, encoded); err != nil {
		return fmt.Errorf("storing the event configurations: %w", err)
	}
	r.mu.Lock()
	r.events = events
	r.mu.Unlock()
	r.log.Info("IoT event configurations changed", "events", change)
	return nil
}

// operation is the last level of an event's topic and, in capitals, its "operation".
type operation struct{ topic, name string }

var (
	created = operation{"created", "CREATED"}
	updated = operation{"updated", "UPDATED"}
	deleted = operation{"deleted", "DELETED"}
)

// thingEvent is the payload of $aws/events/thing/{thingName}/{created|updated|deleted}.
// https://docs.aws.amazon.com/iot/latest/developerguide/registry-events.html#registry-events-thing
type thingEvent struct {
	EventType        string            `json:"eventType"`
	EventID          string            `json:"eventId"`
	Timestamp        int64             `json:"timestamp"` // milliseconds since 1970
	Operation        string            `json:"operation"`
	AccountID        string            `json:"accountId"`
	ThingID          string            `json:"thingId"`
	ThingName        string            `json:"thingName"`
	VersionNumber    int64             `json:"versionNumber"`
	ThingTypeName    *string           `json:"thingTypeName"`
	BillingGroupName *string           `json:"billingGroupName"`
	Attributes       map[string]string `json:"attributes"`
}

// announce publishes a thing event if they are switched on. It is called with changes held, so that the events of a
// Thing go out in the order of its versions.
func (r *Registry) announce(op operation, thing Thing) {
	if r.publish == nil || !r.Events()["THING"] {
		return
	}
	event := thingEvent{
		EventType:     "THING_EVENT",
		EventID:       uuid.NewString(),
		Timestamp:     time.Now().UnixMilli(),
		Operation:     op.name,
		AccountID:     r.account,
		ThingID:       thing.ID,
		ThingName:     thing.Name,
		VersionNumber: thing.Version,
		Attributes:    thing.Attributes,
	}
	if thing.TypeName != "" {
		event.ThingTypeName = &thing.TypeName
	}
	payload, err := json.Marshal(event)
	if err == nil {
		err = r.publish("$aws/events/thing/"+thing.Name+"/"+op.topic, payload, 1)
	}
	if err != nil {
		r.log.Error("IoT thing event not published", "thingName", thing.Name, "error", err)
	}
}
