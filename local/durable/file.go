package durable

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// file is a backend in a bbolt file.
type file struct{ db *bolt.DB }

func (f file) write(changes []Change) error {
	err := f.db.Update(func(tx *bolt.Tx) error {
		for _, c := range changes {
			bucket, err := tx.CreateBucketIfNotExists([]byte(c.Bucket))
			if err != nil {
				return fmt.Errorf("bucket %s: %w", c.Bucket, err)
			}
			if c.Value == nil {
				err = bucket.Delete([]byte(c.Key))
			} else {
				err = bucket.Put([]byte(c.Key), c.Value)
			}
			if err != nil {
				return fmt.Errorf("key %s of bucket %s: %w", c.Key, c.Bucket, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cannot write to %s: %w", f.db.Path(), err)
	}
	return nil
}

func (f file) get(bucket, key string) (value []byte, err error) {
	err = f.db.View(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(bucket)); b != nil {
			// bbolt's own memory is unmapped after the transaction.
			value = bytes.Clone(b.Get([]byte(key)))
		}
		return nil
	})
	return value, err
}

func (f file) entries(bucket string) (entries []entry, err error) {
	err = f.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return nil
		}
		return b.ForEach(func(key, value []byte) error {
			entries = append(entries, entry{string(key), bytes.Clone(value)})
			return nil
		})
	})
	return entries, err
}

func (f file) close() error { return f.db.Close() }
