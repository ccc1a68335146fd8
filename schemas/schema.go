package schemas

import (
	"fmt"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// schema is a node of a JSON Schema, in the keywords that the generator writes.
type schema struct {
	Reference            string             `json:"$ref"`
	Type                 string             `json:"type"` // "" admits any value
	Enum                 []string           `json:"enum"`
	Format               string             `json:"format"` // date-time or uri
	MaxLength            *int               `json:"maxLength"`
	Minimum              *float64           `json:"minimum"`
	Maximum              *float64           `json:"maximum"`
	MultipleOf           *float64           `json:"multipleOf"`
	Items                *schema            `json:"items"`
	MinItems             *int               `json:"minItems"`
	MaxItems             *int               `json:"maxItems"`
	Required             []string           `json:"required"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties *bool              `json:"additionalProperties"`

	target  *schema // of Reference
	version ocppj.Version
	name    string // as a property
	bit     uint64 // as a property: its place among the parent's required ones, 0 if optional
	bits    uint64 // as an object: all of its required ones
}

// link resolves the references below s, and numbers the required properties.
func (s *schema) link(definition func(reference string) (*schema, error), version ocppj.Version) (err error) {
	s.version = version
	if s.Reference != "" {
		s.target, err = definition(s.Reference)
		return err
	}
	if s.Items != nil {
		if err := s.Items.link(definition, version); err != nil {
			return err
		}
	}
	for name, property := range s.Properties {
		property.name = name
		if err := property.link(definition, version); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(s.Required) > 64 {
		return fmt.Errorf("%d required properties, but a word has 64 bits to mark them", len(s.Required))
	}
	for i, name := range s.Required {
		property, ok := s.Properties[name]
		if !ok {
			return fmt.Errorf("%s is required but has no schema", name)
		}
		property.bit = 1 << i
		s.bits |= property.bit
	}
	return nil
}

// resolved is s, or what it refers to.
func (s *schema) resolved() *schema {
	if s.target != nil {
		return s.target
	}
	return s
}

// closed reports that an object may have no other properties than those listed.
func (s *schema) closed() bool { return s.AdditionalProperties != nil && !*s.AdditionalProperties }
