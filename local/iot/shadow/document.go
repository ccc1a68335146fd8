package shadow

import (
	"time"
)

// section is the content of "desired" or "reported", or of a JSON object in it: strings, json.Number, bool, []any and
// section-like map[string]any.
type section = map[string]any

// document is a shadow as it is kept. A section without content is nil.
type document struct {
	Desired          section `json:"desired,omitempty"`
	Reported         section `json:"reported,omitempty"`
	DesiredMetadata  section `json:"desiredMetadata,omitempty"`
	ReportedMetadata section `json:"reportedMetadata,omitempty"`
	Version          int64   `json:"version"` // 1 when created, plus 1 with every update
	// Deleted marks what only remembers the version of a shadow that was deleted.
	Deleted bool `json:"deleted,omitempty"`
}

// response is a response state document.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#device-shadow-example-response-json
type response struct {
	State       section `json:"state"`
	Metadata    section `json:"metadata"`
	Version     int64   `json:"version"`
	Timestamp   int64   `json:"timestamp"` // seconds since 1970
	ClientToken string  `json:"clientToken,omitempty"`
}

// deletion is the answer to a delete.
type deletion struct {
	Version     int64  `json:"version"`
	Timestamp   int64  `json:"timestamp"`
	ClientToken string `json:"clientToken,omitempty"`
}

// documents is what goes to …/update/documents.
type documents struct {
	Previous    snapshot `json:"previous"`
	Current     snapshot `json:"current"`
	Timestamp   int64    `json:"timestamp"`
	ClientToken string   `json:"clientToken,omitempty"`
}

type snapshot struct {
	State    section `json:"state"`
	Metadata section `json:"metadata"`
	Version  int64   `json:"version"`
}

// rejection is what goes to …/{get|update|delete}/rejected.
type rejection struct {
	Code        int    `json:"code"` // HTTP status
	Message     string `json:"message"`
	Timestamp   int64  `json:"timestamp"`
	ClientToken string `json:"clientToken,omitempty"`
}

// response returns the answer to a get.
func (d document) response(clientToken string, now time.Time) response {
	state := sections(d.Desired, d.Reported)
	if delta, _ := d.delta(); delta != nil {
		state["delta"] = delta
	}
	return response{
		State:       state,
		Metadata:    sections(d.DesiredMetadata, d.ReportedMetadata),
		Version:     d.Version,
		Timestamp:   now.Unix(),
		ClientToken: clientToken,
	}
}

func (d document) snapshot() snapshot {
	return snapshot{
		State:    sections(d.Desired, d.Reported),
		Metadata: sections(d.DesiredMetadata, d.ReportedMetadata),
		Version:  d.Version,
	}
}

// delta returns what is desired and not reported so, with its metadata; nil when there is no difference.
func (d document) delta() (state, metadata section) {
	return difference(d.Desired, d.Reported, d.DesiredMetadata)
}

func sections(desired, reported section) section {
	s := section{}
	if desired != nil {
		s["desired"] = desired
	}
	if reported != nil {
		s["reported"] = reported
	}
	return s
}
