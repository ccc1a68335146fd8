package expression

import "github.com/serverless-ocpp/backend/local/dynamodb/attribute"

// Projection is a parsed ProjectionExpression.
type Projection struct{ paths []Path }

// ParseProjection reads paths with commas between them.
func ParseProjection(text string) (*Projection, error) {
	p, err := newParser(text)
	if err != nil {
		return nil, err
	}
	var projection Projection
	for {
		path, err := p.path()
		if err != nil {
			return nil, err
		}
		projection.paths = append(projection.paths, path)
		if !p.takeIf(",") {
			return &projection, p.end()
		}
	}
}

// BoundProjection is a Projection with names.
type BoundProjection struct{ Paths []Path }

// Bind replaces placeholders by names.
func (p *Projection) Bind(b *Bindings) (*BoundProjection, error) {
	var found faults
	bound := &BoundProjection{make([]Path, len(p.paths))}
	for i, path := range p.paths {
		bound.Paths[i] = b.path(path, &found)
	}
	if found.first() == nil {
		checkPaths(bound.Paths, &found)
	}
	return bound, found.first()
}

// Uses calls visit with each path.
func (p *BoundProjection) Uses(visit func(Path)) {
	for _, path := range p.Paths {
		visit(path)
	}
}

// Of returns what of an item is projected.
func (p *BoundProjection) Of(item attribute.Map) attribute.Map { return Select(item, p.Paths) }
