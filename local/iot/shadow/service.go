package shadow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Config says where shadows are kept and how changes are told.
type Config struct {
	Store *durable.Store
	// Publish sends what the service says on its reserved topics; nil sends nothing.
	Publish func(topic string, payload []byte, qos byte) error
	// Heard tells whether somebody gets what is published on a topic: what nobody gets is not written. nil: always.
	Heard func(topic string) bool
	Log   *slog.Logger // nil: slog.Default()
}

// Service holds all shadows in memory and writes every change to its store before it answers.
type Service struct {
	publish func(topic string, payload []byte, qos byte) error
	heard   func(topic string) bool
	log     *slog.Logger
	stored  durable.Bucket

	// mu is held while a change is made and told, so that the messages of a shadow go out in the order of its versions.
	mu      sync.Mutex
	shadows map[string]document // by key
}

// ID names a shadow.
type ID struct {
	Thing string
	Name  string // empty: the classic shadow
}

// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_UpdateThingShadow.html
var (
	thingForm = regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,128}$`)
	nameForm  = regexp.MustCompile(`^[$a-zA-Z0-9:_-]{1,64}$`)
)

// New returns a service with the shadows that the store holds.
func New(config Config) (*Service, error) {
	s := &Service{
		publish: config.Publish,
		heard:   config.Heard,
		log:     config.Log,
		stored:  config.Store.Bucket("iot-shadows"),
		shadows: make(map[string]document),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	err := s.stored.ForEach(func(key string, value []byte) error {
		decoder := json.NewDecoder(bytes.NewReader(value))
		decoder.UseNumber()
		var d document
		if err := decoder.Decode(&d); err != nil {
			return fmt.Errorf("reading the stored shadow %s: %w", key, err)
		}
		s.shadows[key] = d
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (id ID) check() error {
	if !thingForm.MatchString(id.Thing) {
		return fault.Invalid("Invalid thing name: %q", id.Thing)
	}
	if id.Name != "" && !nameForm.MatchString(id.Name) {
		return fault.Invalid("Invalid shadow name: %q", id.Name)
	}
	return nil
}

// key is the shadow's key in memory and in the store; neither name has a slash.
func (id ID) key() string { return id.Thing + "/" + id.Name }

// topic is the shadow's reserved topic, to which requests and answers are appended.
func (id ID) topic() string {
	if id.Name == "" {
		return "$aws/things/" + id.Thing + "/shadow"
	}
	return "$aws/things/" + id.Thing + "/shadow/name/" + id.Name
}

// missing is the error for a shadow that does not exist. AWS names the thing for a classic shadow.
func (id ID) missing() error {
	name := id.Name
	if name == "" {
		name = id.Thing
	}
	return fault.NotFound("No shadow exists with name: '%s'", name)
}

// Get returns the shadow's document: state with delta, metadata, version, timestamp. ResourceNotFoundException
// if there is none.
func (s *Service) Get(id ID) ([]byte, error) {
	return s.get(id, "")
}

func (s *Service) get(id ID, clientToken string) ([]byte, error) {
	if err := id.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	d, found := s.shadows[id.key()]
	s.mu.Unlock()
	if !found || d.Deleted {
		return nil, id.missing()
	}
	return encode(d.response(clientToken, time.Now()))
}

// Delete removes the shadow and returns its last version and a timestamp; ResourceNotFoundException if there is
// none. The next shadow of that name goes on counting versions.
func (s *Service) Delete(id ID) ([]byte, error) {
	return s.delete(id, "")
}

func (s *Service) delete(id ID, clientToken string) ([]byte, error) {
	if err := id.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, found := s.shadows[id.key()]
	if !found || d.Deleted {
		return nil, id.missing()
	}
	if err := s.keep(id, document{Version: d.Version, Deleted: true}); err != nil {
		return nil, err
	}
	answer, err := encode(deletion{Version: d.Version, Timestamp: time.Now().Unix(), ClientToken: clientToken})
	if err != nil {
		return nil, err
	}
	s.tell(id.topic()+"/delete/accepted", answer)
	return answer, nil
}

// Named returns the names of a thing's named shadows in order.
func (s *Service) Named(thing string) ([]string, error) {
	if err := (ID{Thing: thing}).check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for key, d := range s.shadows {
		if name, ours := strings.CutPrefix(key, thing+"/"); ours && name != "" && !d.Deleted {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// keep stores a document, unless it is too large, and then shows it.
func (s *Service) keep(id ID, d document) error {
	encoded, err := encode(d)
	if err != nil {
		return err
	}
	if len(encoded) > maxState { // else what counts of it is not larger either
		state, err := encode(sections(d.Desired, d.Reported))
		if err != nil {
			return err
		}
		if len(state) > maxState {
			return fault.TooLarge("The payload exceeds the maximum size allowed")
		}
	}
	if err := s.stored.Put(id.key(), encoded); err != nil {
		return fmt.Errorf("storing the shadow %s: %w", id.key(), err)
	}
	s.shadows[id.key()] = d
	return nil
}

// tell publishes a payload.
func (s *Service) tell(topic string, payload []byte) {
	if s.silent(topic) {
		return
	}
	if err := s.publish(topic, payload, 1); err != nil {
		s.log.Error("shadow message not published", "topic", topic, "error", err)
	}
}

// tellDocument publishes a document as JSON.
func (s *Service) tellDocument(topic string, document func() any) error {
	if s.silent(topic) {
		return nil
	}
	payload, err := encode(document())
	if err != nil {
		return err
	}
	s.tell(topic, payload)
	return nil
}

// silent reports whether nobody gets what is published on a topic.
func (s *Service) silent(topic string) bool {
	return s.publish == nil || s.heard != nil && !s.heard(topic)
}

// encode is JSON as AWS writes it: without escapes for <, > and &.
func encode(v any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding a shadow: %w", err)
	}
	return bytes.TrimRight(buffer.Bytes(), "\n"), nil
}
