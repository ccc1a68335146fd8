package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// load replays the newest snapshot and the logs since, and removes what is older than that.
func (j *Journal) load(replay func([]byte) error) error {
	snapshots, logs, err := j.files()
	if err != nil {
		return err
	}
	if len(snapshots) > 0 {
		j.generation = slices.Max(snapshots)
		if _, err := replayFile(j.path("snapshot", j.generation), replay); err != nil {
			return err
		}
	}
	snapshot := j.generation
	for i, generation := range logs {
		if generation < snapshot {
			continue
		}
		path := j.path("log", generation)
		whole, err := replayFile(path, replay)
		if torn, is := errors.AsType[*tornError](err); is && i == len(logs)-1 {
			// The process was killed while it wrote this line, so nobody was told that it is kept.
			err = os.Truncate(path, torn.whole)
		}
		if err != nil {
			return err
		}
		j.generation = generation
		j.size.Add(whole)
	}
	return j.removeBefore(snapshot)
}

// files lists the generations of which there are snapshots and logs, in order.
func (j *Journal) files() (snapshots, logs []int, err error) {
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the folder of a table: %w", err)
	}
	for _, entry := range entries { // sorted by name
		kind, number, _ := strings.Cut(entry.Name(), "-")
		generation, err := strconv.Atoi(number)
		switch {
		case err != nil: // no file of ours, or a snapshot that was not finished
		case kind == "snapshot":
			snapshots = append(snapshots, generation)
		case kind == "log":
			logs = append(logs, generation)
		}
	}
	return snapshots, logs, nil
}

// tornError is a file whose last line has no end.
type tornError struct {
	path  string
	whole int64 // bytes in front of that line
}

func (e *tornError) Error() string {
	return fmt.Sprintf("the last line of %s is incomplete: the file was cut", e.path)
}

// replayFile returns how many bytes were read in whole lines.
func replayFile(path string, replay func([]byte) error) (whole int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("cannot read the records of a table: %w", err)
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		switch {
		case err == io.EOF && len(line) > 0:
			return whole, &tornError{path, whole}
		case err == io.EOF:
			return whole, nil
		case err != nil:
			return whole, fmt.Errorf("cannot read %s: %w", path, err)
		}
		if err := replay(line[:len(line)-1]); err != nil {
			return whole, fmt.Errorf("%s, at byte %d: %w", path, whole, err)
		}
		whole += int64(len(line))
	}
}
