package registry

import (
	"fmt"
	"maps"

	"github.com/google/uuid"
	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Thing is an entry of the registry.
type Thing struct {
	Name       string            `json:"name"`
	ID         string            `json:"id"` // UUID; another one after the Thing was deleted and created again
	TypeName   string            `json:"typeName,omitempty"`
	Attributes map[string]string `json:"attributes"`
	Version    int64             `json:"version"` // 1 when created, plus 1 with every update
}

// ThingConfig is what a Thing is created with.
type ThingConfig struct {
	TypeName     string
	BillingGroup string
	Attributes   map[string]string
}

// Create makes a Thing. Creating it again with the same configuration returns what is there; with another one
// it is a ResourceAlreadyExistsException.
func (r *Registry) Create(name string, config ThingConfig) (Thing, error) {
	if err := checkName("thingName", name); err != nil {
		return Thing{}, err
	}
	if config.BillingGroup != "" { // there are none here, as in a new account
		return Thing{}, fault.NotFound("Billing group %s not found", config.BillingGroup)
	}
	if err := r.checkType(config.TypeName); err != nil {
		return Thing{}, err
	}
	thing := Thing{Name: name, ID: uuid.NewString(), TypeName: config.TypeName, Version: 1, Attributes: withoutEmpty(config.Attributes)}
	if err := checkAttributes(thing); err != nil {
		return Thing{}, err
	}

	r.changes.Lock()
	defer r.changes.Unlock()
	if there, found := lookup(r, r.things, name); found {
		if there.TypeName == thing.TypeName && maps.Equal(there.Attributes, thing.Attributes) {
			return there, nil
		}
		return Thing{}, fault.Exists(there.ID, r.ARN("thing/"+name),
			"Thing %s already exists in account with different properties", name)
	}
	if err := store(r, r.thingStore, r.things, name, thing); err != nil {
		return Thing{}, err
	}
	r.log.Info("IoT Thing created", "thingName", name)
	r.announce(created, thing)
	return thing, nil
}

// Describe returns a Thing, or ResourceNotFoundException.
func (r *Registry) Describe(name string) (Thing, error) {
	if err := checkName("thingName", name); err != nil {
		return Thing{}, err
	}
	thing, found := lookup(r, r.things, name)
	if !found {
		return Thing{}, fault.NotFound("Thing %s not found in account", name)
	}
	return thing, nil
}

// Change is what Update does to a Thing.
type Change struct {
	// Attributes replace those that are there, or are merged into them when Merge is set; then an empty value removes
	// its attribute. Nil leaves the attributes alone.
	Attributes map[string]string
	Merge      bool
	TypeName   string // empty leaves the type alone
	RemoveType bool
	// ExpectedVersion is the version the Thing must have; 0 takes any.
	ExpectedVersion int64
}

// Update changes a Thing: ResourceNotFoundException, VersionConflictException or InvalidRequestException if it cannot.
func (r *Registry) Update(name string, change Change) error {
	if err := checkName("thingName", name); err != nil {
		return err
	}
	if change.RemoveType && change.TypeName != "" {
		return fault.Invalid("thingTypeName and removeThingType cannot be given together")
	}
	if err := r.checkType(change.TypeName); err != nil {
		return err
	}
	r.changes.Lock()
	defer r.changes.Unlock()
	thing, err := r.Describe(name)
	if err != nil {
		return err
	}
	if err := checkVersion(thing, change.ExpectedVersion); err != nil {
		return err
	}
	switch {
	case change.Attributes == nil:
	case change.Merge:
		merged := maps.Clone(thing.Attributes)
		maps.Copy(merged, change.Attributes)
		thing.Attributes = withoutEmpty(merged)
	default:
		thing.Attributes = withoutEmpty(change.Attributes)
	}
	if change.TypeName != "" || change.RemoveType {
		thing.TypeName = change.TypeName
	}
	if err := checkAttributes(thing); err != nil {
		return err
	}
	thing.Version++
	if err := store(r, r.thingStore, r.things, name, thing); err != nil {
		return err
	}
	r.log.Info("IoT Thing updated", "thingName", name)
	r.announce(updated, thing)
	return nil
}

// Delete removes a Thing. One that does not exist is no error, as on AWS; a version other than the expected one
// (0 takes any) is a VersionConflictException. The Thing's shadow stays.
func (r *Registry) Delete(name string, expectedVersion int64) error {
	if err := checkName("thingName", name); err != nil {
		return err
	}
	r.changes.Lock()
	defer r.changes.Unlock()
	thing, found := lookup(r, r.things, name)
	if !found {
		return nil
	}
	if err := checkVersion(thing, expectedVersion); err != nil {
		return err
	}
	if err := r.thingStore.Delete(name); err != nil {
		return fmt.Errorf("deleting Thing %s: %w", name, err)
	}
	r.mu.Lock()
	delete(r.things, name)
	r.mu.Unlock()
	r.log.Info("IoT Thing deleted", "thingName", name)
	r.announce(deleted, thing)
	return nil
}

func checkVersion(thing Thing, expected int64) error {
	if expected != 0 && expected != thing.Version {
		return fault.VersionConflict("The version for thing %s does not match the expected version. Expected: %d, actual: %d",
			thing.Name, expected, thing.Version)
	}
	return nil
}

// withoutEmpty returns a copy without empty values: an attribute without a value is none.
func withoutEmpty(attributes map[string]string) map[string]string {
	kept := make(map[string]string, len(attributes))
	for name, value := range attributes {
		if value != "" {
			kept[name] = value
		}
	}
	return kept
}
