package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// lockWait is how long Open waits for the lock of the file: long enough for a process that is
// just ending, short enough for a person who started the stand-in twice.
const lockWait = 500 * time.Millisecond

// Store is a set of buckets in one file, or in memory.
type Store struct {
	backend backend

	commit sync.Mutex // held while a batch is written; batches are written one after another
	mu     sync.Mutex // guards staged
	staged *batch     // what was staged and not yet written; nil when there is nothing
}

// backend is where a Store's data lies: a file or memory.
type backend interface {
	write(changes []Change) error
	get(bucket, key string) ([]byte, error)
	entries(bucket string) ([]entry, error)
	close() error
}

type entry struct {
	key   string
	value []byte
}

// Open opens the file at path, and makes it, and its folder, when it does not exist. The file is locked for
// this process; Open fails with a sentence that says so when another process holds it.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder for %s: %w", path, err)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout:        lockWait,
		NoSync:         true,
		NoGrowSync:     true,
		NoFreelistSync: true, // the list of free pages is found again on open; not writing it makes each commit smaller
		FreelistType:   bolt.FreelistMapType,
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("%s is in use by another process: stop that one, or choose another data folder", path)
	case err != nil:
		return nil, fmt.Errorf("cannot open %s (delete it to start with nothing): %w", path, err)
	}
	return &Store{backend: file{db}}, nil
}

// Memory returns a store that forgets everything when the process ends.
func Memory() *Store {
	return &Store{backend: &memory{buckets: make(map[string]map[string][]byte)}}
}

// Close writes what is staged and lets go of the file. The store must not be used afterwards.
func (s *Store) Close() error {
	return errors.Join(s.Flush(), s.backend.close())
}
