package durable

import (
	"bytes"
	"maps"
	"slices"
	"sync"
)

// memory is a backend that ends with the process.
type memory struct {
	mu      sync.Mutex
	buckets map[string]map[string][]byte
}

func (m *memory) write(changes []Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range changes {
		if c.Value == nil {
			delete(m.buckets[c.Bucket], c.Key)
			continue
		}
		if m.buckets[c.Bucket] == nil {
			m.buckets[c.Bucket] = make(map[string][]byte)
		}
		m.buckets[c.Bucket][c.Key] = c.Value
	}
	return nil
}

func (m *memory) get(bucket, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.buckets[bucket][key]), nil
}

func (m *memory) entries(bucket string) ([]entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var entries []entry
	for _, key := range slices.Sorted(maps.Keys(m.buckets[bucket])) {
		entries = append(entries, entry{key, bytes.Clone(m.buckets[bucket][key])})
	}
	return entries, nil
}

func (m *memory) close() error { return nil }
