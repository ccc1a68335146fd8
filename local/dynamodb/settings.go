package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// tableSettings are what dynalite does not know of a table.
type tableSettings struct {
	TimeToLiveAttribute string `json:",omitempty"`
	PointInTimeRecovery bool   `json:",omitempty"`
	// RecoverableSince is when point-in-time recovery was switched on.
	RecoverableSince time.Time `json:",omitzero"`
}

// settings are those of all tables, kept in a file beside the tables.
type settings struct {
	path string // empty: they end with the process

	mu     sync.Mutex
	tables map[string]tableSettings
}

func openSettings(dir string) (*settings, error) {
	s := &settings{tables: make(map[string]tableSettings)}
	if dir == "" {
		return s, nil
	}
	s.path = filepath.Join(dir, "settings.json")
	data, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s.tables)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the settings of the tables (delete %s to start without): %w", s.path, err)
	}
	return s, nil
}

func (s *settings) of(table string) tableSettings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tables[table]
}

func (s *settings) all() map[string]tableSettings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.tables)
}

// change replaces the settings of a table by what edit makes of none.
func (s *settings) change(table string, edit func(*tableSettings)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.tables[table]
	var after tableSettings
	edit(&after)
	if after.PointInTimeRecovery {
		after.RecoverableSince = before.RecoverableSince
		if !before.PointInTimeRecovery {
			after.RecoverableSince = time.Now()
		}
	}
	if after == before {
		return nil
	}
	s.tables[table] = after
	if after == (tableSettings{}) {
		delete(s.tables, table)
	}
	return s.write()
}

// write replaces the file as a whole, so that it is never half written.
func (s *settings) write() error {
	if s.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(s.tables, "", "  ")
	if err != nil {
		return fmt.Errorf("settings of the tables: %w", err)
	}
	if err := os.WriteFile(s.path+".new", data, 0o600); err != nil {
		return fmt.Errorf("settings of the tables: %w", err)
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		return fmt.Errorf("settings of the tables: %w", err)
	}
	return nil
}
