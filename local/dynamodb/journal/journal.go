// Package journal keeps the records of a table in a folder, so that they outlive the process.
//
// Records are lines of text, added to a log. What Wait has returned for survives kill -9: it is then in the operating
// system's hands. It may not survive a power cut, because waiting for the disk (fsync) would cost milliseconds for each write of a
// tool that runs on one machine.
//
// A log only grows, so now and then Compact begins a new one beside a snapshot of what counts. Files are numbered by generation:
//
//	snapshot-00000002 log-00000002            a snapshot, and what came after it began
//	snapshot-00000002 log-00000002 log-00000003  while the third snapshot is being written, or after a kill in the midst of it
//	snapshot-00000003 log-00000003
package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Journal is the log of one folder. A nil Journal keeps nothing.
type Journal struct {
	dir  string
	size atomic.Int64 // bytes in the log

	commit     sync.Mutex // held while a batch is written
	file       *os.File
	generation int
	failed     error // the first error of writing: what follows a half written line could not be read again

	mu     sync.Mutex // guards staged
	staged *batch
}

// batch is records that are written together. done and err are guarded by Journal.commit.
type batch struct {
	data []byte
	done bool
	err  error
}

// Open reads the records of a folder, the oldest first, and makes the folder when there is none. An error of replay ends it.
func Open(dir string, replay func(record []byte) error) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder of a table: %w", err)
	}
	j := &Journal{dir: dir}
	if err := j.load(replay); err != nil {
		return nil, err
	}
	return j, j.openLog()
}

func (j *Journal) openLog() (err error) {
	j.file, err = os.OpenFile(j.path("log", j.generation), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("cannot open the log of a table: %w", err)
	}
	return nil
}

func (j *Journal) path(kind string, generation int) string {
	return filepath.Join(j.dir, fmt.Sprintf("%s-%08d", kind, generation))
}

// Stage puts a record in line, which write appends to what it is given, without a line break. It returns at once; Wait on the Receipt
// writes it. Records are written in the order of the Stage calls, so a caller may stage while it holds a lock and wait after letting go
// of it: what is staged meanwhile is written together.
func (j *Journal) Stage(write func([]byte) []byte) Receipt {
	if j == nil {
		return Receipt{}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.staged == nil {
		j.staged = &batch{}
	}
	j.staged.data = append(write(j.staged.data), '\n')
	return Receipt{j, j.staged}
}

// Receipt stands for a staged record. The zero Receipt stands for none.
type Receipt struct {
	journal *Journal
	batch   *batch
}

// Wait returns when the record is written. After an error nothing more is written, and every Wait returns that error.
func (r Receipt) Wait() error {
	if r.batch == nil {
		return nil
	}
	j := r.journal
	j.commit.Lock()
	defer j.commit.Unlock()
	if !r.batch.done {
		j.writeStaged()
	}
	return r.batch.err
}

// writeStaged writes the staged batch. A batch that is not done is the staged one, because whoever takes it out of there writes it
// before commit is free again.
func (j *Journal) writeStaged() {
	j.mu.Lock()
	b := j.staged
	j.staged = nil
	j.mu.Unlock()
	if b == nil {
		return
	}
	b.done = true
	if j.failed == nil {
		n, err := j.file.Write(b.data)
		j.size.Add(int64(n))
		if err != nil {
			j.failed = fmt.Errorf("a write to the table's log failed, and nothing is written to it any more: %w", err)
		}
	}
	b.err = j.failed
	b.data = nil
}

// Size is how many bytes the log has since the last snapshot.
func (j *Journal) Size() int64 {
	if j == nil {
		return 0
	}
	return j.size.Load()
}

// Close writes what is staged and closes the log.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	j.commit.Lock()
	defer j.commit.Unlock()
	j.writeStaged()
	return errors.Join(j.failed, j.file.Close())
}
