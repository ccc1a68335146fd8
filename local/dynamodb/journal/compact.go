package journal

import (
	"bufio"
	"errors"
	"fmt"
	"os"
)

// Compact begins a new log and replaces the old one by a snapshot. snapshot calls write with every record that is to be kept. Records
// may be staged meanwhile: they are in the new log, which is replayed after the snapshot, so it does no harm when they are in the
// snapshot too. What was staged before Compact was called must be in the snapshot. Compact must not be called while it runs.
func (j *Journal) Compact(snapshot func(write func(record []byte) error) error) error {
	generation, err := j.rotate()
	if err != nil {
		return err
	}
	unfinished := j.path("unfinished", generation) // load passes over it
	if err := writeSnapshot(unfinished, snapshot); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	if err := os.Rename(unfinished, j.path("snapshot", generation)); err != nil {
		return fmt.Errorf("cannot keep the snapshot of a table: %w", err)
	}
	return j.removeBefore(generation)
}

// rotate begins the next log.
func (j *Journal) rotate() (generation int, err error) {
	j.commit.Lock()
	defer j.commit.Unlock()
	j.writeStaged()
	if j.failed != nil {
		return 0, j.failed
	}
	old := j.file
	j.generation++
	if err := j.openLog(); err != nil {
		j.generation--
		j.file = old
		return 0, err
	}
	j.size.Store(0)
	if err := old.Close(); err != nil {
		return 0, fmt.Errorf("cannot close the log of a table: %w", err)
	}
	return j.generation, nil
}

func writeSnapshot(path string, snapshot func(write func([]byte) error) error) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the snapshot of a table: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewWriterSize(file, 1<<20)
	if err := snapshot(func(record []byte) error {
		if _, err := lines.Write(record); err != nil {
			return err
		}
		return lines.WriteByte('\n')
	}); err != nil {
		return fmt.Errorf("cannot write the snapshot of a table: %w", err)
	}
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("cannot write the snapshot of a table: %w", err)
	}
	return nil
}

// removeBefore removes the snapshots and logs of earlier generations.
func (j *Journal) removeBefore(generation int) error {
	snapshots, logs, err := j.files()
	if err != nil {
		return err
	}
	for kind, generations := range map[string][]int{"snapshot": snapshots, "log": logs} {
		for _, g := range generations {
			if g >= generation {
				continue
			}
			if err := os.Remove(j.path(kind, g)); err != nil {
				return fmt.Errorf("cannot remove what a snapshot of a table replaces: %w", err)
			}
		}
	}
	return nil
}
