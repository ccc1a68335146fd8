package durable

// Bucket is a named set of keys and values in a Store. It needs no creation: a bucket that nothing was put into is empty.
type Bucket struct {
	store *Store
	name  string
}

// Bucket returns the bucket of that name.
func (s *Store) Bucket(name string) Bucket {
	return Bucket{store: s, name: name}
}

// Put keeps value under key, in place of what was there. When it returns nil the value survives kill -9.
// A nil value is kept as an empty one.
func (b Bucket) Put(key string, value []byte) error {
	return b.store.Write(b.PutChange(key, value))
}

// Delete removes key. Removing what is not there is no error.
func (b Bucket) Delete(key string) error {
	return b.store.Write(b.DeleteChange(key))
}

// PutChange is the Change that Put makes, for use with Store.Write and Store.Stage.
func (b Bucket) PutChange(key string, value []byte) Change {
	if value == nil {
		value = []byte{}
	}
	return Change{Bucket: b.name, Key: key, Value: value}
}

// DeleteChange is the Change that Delete makes, for use with Store.Write and Store.Stage.
func (b Bucket) DeleteChange(key string) Change {
	return Change{Bucket: b.name, Key: key}
}

// Get returns a copy of the value under key, or nil when there is none. An empty value is not nil.
func (b Bucket) Get(key string) ([]byte, error) {
	if err := b.store.Flush(); err != nil {
		return nil, err
	}
	return b.store.backend.get(b.name, key)
}

// ForEach calls visit with every key and a copy of its value, in the order of the keys' bytes, as they were
// when ForEach was called; visit may write to the store. The first error of visit ends it and is returned.
func (b Bucket) ForEach(visit func(key string, value []byte) error) error {
	if err := b.store.Flush(); err != nil {
		return err
	}
	entries, err := b.store.backend.entries(b.name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := visit(e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}
