package event

import "context"

// None tells nobody: events are switched off.
type None struct{}

var _ Publisher = None{}

// Publish implements Publisher.
func (None) Publish(context.Context, Event) error { return nil }
