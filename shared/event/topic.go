package event

// Topic is where an event is published: ocpp/CP001/booted. All events of a charge point are on ocpp/CP001/+, one event
// of all charge points on ocpp/+/booted.
func (e Event) Topic() string { return "ocpp/" + e.ChargePointID + "/" + string(e.Name) }
