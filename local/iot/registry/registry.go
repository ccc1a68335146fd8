// Package registry is the thing registry of AWS IoT Core on one machine: Things, thing types, the
// event configurations, and the policies that the stack made.
//
// Methods return *fault.Error for what AWS IoT refuses. What they acknowledged is in the store.
package registry

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"

	"github.com/serverless-ocpp/backend/local/durable"
)

// Config names the account of a registry and what it needs.
type Config struct {
	Account string // 12 digits
	Region  string
	Store   *durable.Store // where Things, types and event configurations are kept
	// Policies are the IoT policies there are, name to JSON document.
	Policies map[string]string
	// Publish sends a registry event; nil sends none. It must not change the registry before it returns.
	Publish func(topic string, payload []byte, qos byte) error
	Log     *slog.Logger // nil: slog.Default()
}

// Registry holds everything in memory and writes every change to its store before it answers.
type Registry struct {
	account, region string
	publish         func(topic string, payload []byte, qos byte) error
	log             *slog.Logger
	policies        map[string]string

	// changes orders changes and their events, mu guards the maps: an event's receiver may look into the registry.
	changes    sync.Mutex
	mu         sync.RWMutex
	things     map[string]Thing
	types      map[string]Type
	events     map[string]bool
	thingStore durable.Bucket
	typeStore  durable.Bucket
	settings   durable.Bucket
}

// New returns a registry with what the store holds.
func New(config Config) (*Registry, error) {
	r := &Registry{
		account:    config.Account,
		region:     config.Region,
		publish:    config.Publish,
		log:        config.Log,
		policies:   config.Policies,
		things:     make(map[string]Thing),
		types:      make(map[string]Type),
		events:     make(map[string]bool),
		thingStore: config.Store.Bucket("iot-things"),
		typeStore:  config.Store.Bucket("iot-thing-types"),
		settings:   config.Store.Bucket("iot-settings"),
	}
	if r.log == nil {
		r.log = slog.Default()
	}
	if err := load(r.thingStore, r.things); err != nil {
		return nil, fmt.Errorf("reading the stored Things: %w", err)
	}
	if err := load(r.typeStore, r.types); err != nil {
		return nil, fmt.Errorf("reading the stored thing types: %w", err)
	}
	stored, err := r.settings.Get(eventsKey)
	if err != nil {
		return nil, fmt.Errorf("reading the event configurations: %w", err)
	}
	if stored != nil {
		if err := json.Unmarshal(stored, &r.events); err != nil {
			return nil, fmt.Errorf("reading the event configurations: %w", err)
		}
	}
	return r, nil
}

func load[V any](bucket durable.Bucket, into map[string]V) error {
	return bucket.ForEach(func(key string, stored []byte) error {
		var value V
		if err := json.Unmarshal(stored, &value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		into[key] = value
		return nil
	})
}

// store writes value under key into the bucket and then into the map.
func store[V any](r *Registry, bucket durable.Bucket, into map[string]V, key string, value V) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("storing %s: %w", key, err)
	}
	if err := bucket.Put(key, encoded); err != nil {
		return fmt.Errorf("storing %s: %w", key, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	into[key] = value
	return nil
}

func lookup[V any](r *Registry, in map[string]V, key string) (V, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	value, found := in[key]
	return value, found
}

// ARN returns the ARN of one of the account's IoT resources, such as ARN("thing/CP001").
func (r *Registry) ARN(resource string) string {
	return "arn:aws:iot:" + r.region + ":" + r.account + ":" + resource
}
