package shadow

import (
	"encoding/json"
	"math/big"
)

// merge returns content with change merged into it: null removes a member, an object is merged into an object,
// everything else replaces what was there. The metadata of what change names gets the timestamp. Nothing that is given is
// changed; nil stands for no content.
func merge(content, metadata, change section, timestamp int64) (section, section) {
	merged, stamps := clone(content), clone(metadata)
	for name, value := range change {
		switch value := value.(type) {
		case nil:
			delete(merged, name)
			delete(stamps, name)
		case section:
			inner, _ := merged[name].(section) // what is no object is replaced
			var innerStamps section
			if inner != nil {
				innerStamps, _ = stamps[name].(section)
			}
			merged[name], stamps[name] = merge(inner, innerStamps, value, timestamp)
		default:
			merged[name] = value
			stamps[name] = stamp(timestamp)
		}
	}
	return merged, stamps
}

// difference returns the members of desired that reported lacks or has otherwise, and their metadata.
func difference(desired, reported, metadata section) (delta, stamps section) {
	add := func(name string, value, stamp any) {
		if delta == nil {
			delta, stamps = section{}, section{}
		}
		delta[name], stamps[name] = value, stamp
	}
	for name, want := range desired {
		have, reportedAtAll := reported[name]
		wantObject, wantsObject := want.(section)
		haveObject, hasObject := have.(section)
		switch {
		case wantsObject && hasObject:
			innerMetadata, _ := metadata[name].(section)
			if inner, innerStamps := difference(wantObject, haveObject, innerMetadata); inner != nil {
				add(name, inner, innerStamps)
			}
		case !reportedAtAll || !equal(want, have):
			add(name, want, metadata[name])
		}
	}
	return delta, stamps
}

// equal compares JSON values; numbers by value, so that 1 is 1.0.
func equal(a, b any) bool {
	switch a := a.(type) {
	case section:
		b, ok := b.(section)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			other, has := b[name]
			if !has || !equal(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumbers(a, b)
	default:
		return a == b
	}
}

func equalNumbers(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, _, errX := big.ParseFloat(a.String(), 10, 128, big.ToNearestEven)
	y, _, errY := big.ParseFloat(b.String(), 10, 128, big.ToNearestEven)
	return errX == nil && errY == nil && x.Cmp(y) == 0
}

// stampsOf returns metadata of the shape of what a request sets.
func stampsOf(change section, timestamp int64) section {
	stamps := section{}
	for name, value := range change {
		switch value := value.(type) {
		case nil:
		case section:
			stamps[name] = stampsOf(value, timestamp)
		default:
			stamps[name] = stamp(timestamp)
		}
	}
	return stamps
}

func stamp(timestamp int64) section { return section{"timestamp": timestamp} }

// clone copies one level; merge replaces what lies deeper instead of changing it.
func clone(s section) section {
	c := make(section, len(s)+1)
	for name, value := range s {
		c[name] = value
	}
	return c
}
