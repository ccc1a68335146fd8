package durable

// Change is one write: of Value under Key, or, when Value is nil, the removal of Key.
type Change struct {
	Bucket, Key string
	Value       []byte
}

// Write makes all changes or, when it returns an error, none.
func (s *Store) Write(changes ...Change) error {
	return s.Stage(changes...).Wait()
}

// Stage puts changes in line and returns at once; Wait on the Receipt writes them. Changes take
// effect in the order of the Stage calls, so a caller may stage while it holds a lock of its own and wait after
// letting go of it: everything staged meanwhile is written together, and no caller waits for its turn alone.
// The changes of one call are made together or not at all. Values must not be changed after the call.
func (s *Store) Stage(changes ...Change) Receipt {
	if len(changes) == 0 {
		return Receipt{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.staged == nil {
		s.staged = &batch{}
	}
	s.staged.changes = append(s.staged.changes, changes...)
	return Receipt{store: s, batch: s.staged}
}

// Flush writes what is staged, whoever staged it.
func (s *Store) Flush() error {
	s.mu.Lock()
	b := s.staged
	s.mu.Unlock()
	return Receipt{store: s, batch: b}.Wait()
}

// Receipt stands for staged changes. The zero Receipt stands for none.
type Receipt struct {
	store *Store
	batch *batch
}

// batch is what is written in one transaction. done and err are guarded by Store.commit.
type batch struct {
	changes []Change
	done    bool
	err     error
}

// Wait returns when the changes are written. An error means that none of them is, nor is
// anything that others staged at the same time; each of them is told.
func (r Receipt) Wait() error {
	if r.batch == nil {
		return nil
	}
	s := r.store
	s.commit.Lock()
	defer s.commit.Unlock()
	if r.batch.done {
		return r.batch.err
	}
	// A batch that is not done is the staged one, because whoever takes it out of there writes it
	// before the commit lock is free again.
	s.mu.Lock()
	s.staged = nil
	s.mu.Unlock()
	r.batch.err = s.backend.write(r.batch.changes)
	r.batch.done = true
	r.batch.changes = nil
	return r.batch.err
}
