package shadow

import (
	"time"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Update merges a request state document into the shadow, makes it if there is none, and returns the accepted
// document. It refuses with InvalidRequestException, ConflictException (the request names another version),
// RequestEntityTooLargeException or UnsupportedDocumentEncodingException. What changed goes to …/update/accepted,
// …/update/documents and, where desired and reported differ, …/update/delta.
func (s *Service) Update(id ID, payload []byte) ([]byte, error) {
	if err := id.check(); err != nil {
		return nil, err
	}
	r, err := parse(payload)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.shadows[id.key()]
	if r.version != nil && *r.version != before.Version {
		return nil, fault.Conflict("Version conflict")
	}
	now := time.Now()
	after := r.applyTo(before, now.Unix())
	if err := s.keep(id, after); err != nil {
		return nil, err
	}
	s.log.Debug("shadow updated", "thingName", id.Thing, "shadow", id.Name, "version", after.Version)
	return s.tellUpdate(id, r, before, after, now)
}

func (r request) applyTo(before document, timestamp int64) document {
	after := document{Version: before.Version + 1}
	after.Desired, after.DesiredMetadata = r.desired.applyTo(before.Desired, before.DesiredMetadata, timestamp)
	after.Reported, after.ReportedMetadata = r.reported.applyTo(before.Reported, before.ReportedMetadata, timestamp)
	return after
}

func (p part) applyTo(content, metadata section, timestamp int64) (section, section) {
	switch {
	case !p.named:
		return content, metadata
	case p.content == nil:
		return nil, nil
	}
	content, metadata = merge(content, metadata, p.content, timestamp)
	if len(content) == 0 { // a section that has become empty is none
		return nil, nil
	}
	return content, metadata
}

// tellUpdate publishes what an update did and returns the accepted document.
func (s *Service) tellUpdate(id ID, r request, before, after document, now time.Time) ([]byte, error) {
	accepted, err := encode(r.accepted(after.Version, now))
	if err != nil {
		return nil, err
	}
	topic := id.topic() + "/update"
	s.tell(topic+"/accepted", accepted)
	err = s.tellDocument(topic+"/documents", func() any {
		return documents{Previous: before.snapshot(), Current: after.snapshot(), Timestamp: now.Unix(), ClientToken: r.clientToken}
	})
	if err != nil {
		return nil, err
	}
	if state, metadata := after.delta(); state != nil {
		err = s.tellDocument(topic+"/delta", func() any {
			return response{State: state, Metadata: metadata, Version: after.Version, Timestamp: now.Unix(), ClientToken: r.clientToken}
		})
		if err != nil {
			return nil, err
		}
	}
	return accepted, nil
}

// accepted is the answer to an update: what the request said, nulls included, not the whole shadow.
func (r request) accepted(version int64, now time.Time) response {
	state, metadata := section{}, section{}
	for name, p := range map[string]part{"desired": r.desired, "reported": r.reported} {
		if !p.named {
			continue
		}
		if p.content == nil {
			state[name] = nil
			continue
		}
		state[name], metadata[name] = p.content, stampsOf(p.content, now.Unix())
	}
	return response{State: state, Metadata: metadata, Version: version, Timestamp: now.Unix(), ClientToken: r.clientToken}
}
