package registry

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Type is a thing type.
type Type struct {
	Name                 string    `json:"name"`
	ID                   string    `json:"id"`
	Description          string    `json:"description,omitempty"`
	SearchableAttributes []string  `json:"searchableAttributes,omitempty"`
	Created              time.Time `json:"created"`
}

// CreateType makes a thing type. Creating it again with the same properties returns what is there; with others
// it is a ResourceAlreadyExistsException.
func (r *Registry) CreateType(name, description string, searchable []string) (Type, error) {
	if err := checkName("thingTypeName", name); err != nil {
		return Type{}, err
	}
	searchable = slices.Sorted(slices.Values(searchable))
	r.changes.Lock()
	defer r.changes.Unlock()
	if there, found := lookup(r, r.types, name); found {
		if there.Description == description && slices.Equal(there.SearchableAttributes, searchable) {
			return there, nil
		}
		return Type{}, fault.Exists(there.ID, r.ARN("thingtype/"+name),
			"Thing type %s already exists in account with different properties", name)
	}
	made := Type{Name: name, ID: uuid.NewString(), Description: description, SearchableAttributes: searchable, Created: time.Now().UTC()}
	return made, store(r, r.typeStore, r.types, name, made)
}

// DescribeType returns a thing type, or ResourceNotFoundException.
func (r *Registry) DescribeType(name string) (Type, error) {
	if err := checkName("thingTypeName", name); err != nil {
		return Type{}, err
	}
	if err := r.checkType(name); err != nil {
		return Type{}, err
	}
	found, _ := lookup(r, r.types, name) // types are never deleted
	return found, nil
}
