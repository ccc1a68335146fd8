package fleet

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// streamSettings are the parameters of a periodic event stream.
type streamSettings struct {
	Interval int `json:"interval,omitempty"`
	Values   int `json:"values,omitempty"`
}

func adjustPeriodicEventStream(s *Station, r struct {
	ID     int            `json:"id"`
	Params streamSettings `json:"params"`
}) (any, func()) {
	if _, ok := s.notes.streams[r.ID]; !ok {
		return status(rejected), nil
	}
	s.notes.streams[r.ID] = r.Params
	return status(accepted), nil
}

func getPeriodicEventStream(s *Station, _ struct{}) (any, func()) {
	var streams []object
	for _, id := range slices.Sorted(maps.Keys(s.notes.streams)) {
		streams = append(streams, object{"id": id, "variableMonitoringId": id, "params": s.notes.streams[id]})
	}
	if streams == nil {
		return object{}, nil // an optional list is left out when it is empty
	}
	return object{"constantStreamData": streams}, nil
}

// openStream asks for a stream of the values of a monitor, and begins it when the central system has agreed (2.1, N11).
func (s *Station) openStream(id int, params streamSettings) {
	m := say("OpenPeriodicEventStream", object{"constantStreamData": object{"id": id, "variableMonitoringId": id, "params": params}})
	m.done = func(a answer) {
		var told registration
		if a.err != nil || json.Unmarshal(a.payload, &told) != nil || told.Status != accepted {
			return
		}
		put(&s.notes.streams, id, params)
		s.streamNext(id, s.now())
	}
	s.tell(m)
}

// slowestStream is the interval of a stream that names none.
const slowestStream = time.Minute

// streamNext sends one value per interval, as a SEND, which has no answer.
func (s *Station) streamNext(id int, after time.Time) {
	every := max(time.Duration(s.notes.streams[id].Interval)*time.Second, time.Second)
	if s.notes.streams[id].Interval == 0 {
		every = slowestStream
	}
	s.agenda.add(after.Add(every), func(at time.Time) {
		if _, open := s.notes.streams[id]; !open {
			return
		}
		m := say("NotifyPeriodicEventStream", object{
			"id": id, "pending": 0, "basetime": timestamp(at), "data": []object{{"t": 0, "v": "0"}},
		})
		m.send = true
		s.tell(m)
		s.streamNext(id, at)
	})
}

// closeStream ends the stream of a monitor, if it has one.
func (s *Station) closeStream(id int) {
	if _, open := s.notes.streams[id]; !open {
		return
	}
	delete(s.notes.streams, id)
	s.tell(say("ClosePeriodicEventStream", object{"id": id}))
}
