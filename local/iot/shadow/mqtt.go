package shadow

import (
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Receive answers a message on one of the topics that shadow requests are published to, and leaves all others alone:
// $aws/things/{thing}/shadow[/name/{shadow}]/{get|update|delete}. The answer goes to …/accepted or …/rejected.
func (s *Service) Receive(topic string, payload []byte) {
	id, verb, ok := parseTopic(topic)
	if !ok {
		return
	}
	var err error
	switch verb {
	case "update": // tells the answer itself, as it does for an update over HTTP
		_, err = s.Update(id, payload)
	case "delete":
		_, err = s.delete(id, tokenOf(payload))
	case "get":
		var answer []byte
		if answer, err = s.get(id, tokenOf(payload)); err == nil {
			s.tell(topic+"/accepted", answer)
		}
	}
	if err != nil {
		s.reject(topic, payload, fault.Of(err))
	}
}

func (s *Service) reject(topic string, payload []byte, cause *fault.Error) {
	s.log.Info("shadow request rejected", "topic", topic, "code", cause.Status, "error", cause.Message)
	answer, err := encode(rejection{Code: cause.Status, Message: cause.Message, Timestamp: time.Now().Unix(), ClientToken: tokenOf(payload)})
	if err != nil {
		s.log.Error("shadow rejection not published", "topic", topic, "error", err)
		return
	}
	s.tell(topic+"/rejected", answer)
}

func parseTopic(topic string) (id ID, verb string, ok bool) {
	level := strings.Split(topic, "/")
	if len(level) < 5 || level[0] != "$aws" || level[1] != "things" || level[3] != "shadow" {
		return ID{}, "", false
	}
	id.Thing = level[2]
	rest := level[4:]
	if len(rest) == 3 && rest[0] == "name" {
		id.Name, rest = rest[1], rest[2:]
	}
	if len(rest) != 1 {
		return ID{}, "", false
	}
	switch rest[0] {
	case "get", "update", "delete":
		return id, rest[0], true
	}
	return ID{}, "", false
}
