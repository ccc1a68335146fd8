package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// settings are what can be changed of a table.
type settings struct {
	TimeToLiveAttribute string `json:",omitempty"`
	PointInTimeRecovery bool   `json:",omitempty"`
	// RecoverableSince is when point-in-time recovery was switched on.
	RecoverableSince time.Time `json:",omitzero"`
}

// table is a table with its settings, which are guarded by catalog.mu.
type table struct {
	*store.Table
	settings settings
}

// kept is what of a table is kept in the catalog's file; its items are in the folder of its ID.
type kept struct {
	Definition store.Definition
	Settings   settings
}

// catalog is all tables by their names.
type catalog struct {
	dir  string // empty: in memory
	log  *slog.Logger
	file *durable.Store

	mu     sync.RWMutex
	tables map[string]*table
}

const (
	catalogBucket    = "tables"
	resourceNotFound = "Requested resource not found"
)

func openCatalog(dir string, log *slog.Logger) (*catalog, error) {
	c := &catalog{dir: dir, log: log, tables: make(map[string]*table), file: durable.Memory()}
	if dir != "" {
		var err error
		if c.file, err = durable.Open(filepath.Join(dir, "tables.db")); err != nil {
			return nil, err
		}
	}
	err := c.file.Bucket(catalogBucket).ForEach(func(name string, data []byte) error {
		var k kept
		if err := json.Unmarshal(data, &k); err != nil {
			return fmt.Errorf("cannot read what table %s is (delete %s to start without tables): %w", name, dir, err)
		}
		opened, err := store.Open(k.Definition, c.folder(k.Definition.ID), log)
		if err != nil {
			return fmt.Errorf("%w (delete %s to start without tables)", err, dir)
		}
		c.tables[name] = &table{opened, k.Settings}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *catalog) folder(id string) string {
	if c.dir == "" {
		return ""
	}
	return filepath.Join(c.dir, "items", id)
}

func (c *catalog) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, t := range c.tables {
		errs = append(errs, t.Close())
	}
	return errors.Join(append(errs, c.file.Close())...)
}

// find returns the table of that name or ARN. The error is what all actions on items answer.
func (c *catalog) find(name string) (*table, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if t := c.tables[nameInARN(name)]; t != nil {
		return t, nil
	}
	return nil, notFound(resourceNotFound)
}

func (c *catalog) names() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Sorted(maps.Keys(c.tables))
}

// create makes a table; made is false when there is one of that name.
func (c *catalog) create(definition store.Definition) (t *table, made bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.tables[definition.Name]; t != nil {
		return t, false, nil
	}
	opened, err := store.Open(definition, c.folder(definition.ID), c.log)
	if err != nil {
		return nil, false, err
	}
	t = &table{Table: opened}
	if err := c.keep(t); err != nil {
		return nil, false, errors.Join(err, opened.Close())
	}
	c.tables[definition.Name] = t
	return t, true, nil
}

// remove deletes a table and everything in it.
func (c *catalog) remove(t *table) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.file.Bucket(catalogBucket).Delete(t.Name); err != nil {
		return err
	}
	delete(c.tables, t.Name)
	if err := t.Close(); err != nil {
		return err
	}
	if folder := c.folder(t.ID); folder != "" {
		return os.RemoveAll(folder)
	}
	return nil
}

func (c *catalog) settingsOf(t *table) settings {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return t.settings
}

// change changes the settings of a table.
func (c *catalog) change(t *table, edit func(*settings)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := t.settings
	edit(&t.settings)
	switch {
	case !t.settings.PointInTimeRecovery:
		t.settings.RecoverableSince = time.Time{}
	case !before.PointInTimeRecovery:
		t.settings.RecoverableSince = time.Now()
	}
	if t.settings == before {
		return nil
	}
	return c.keep(t)
}

func (c *catalog) keep(t *table) error {
	data, err := json.Marshal(kept{t.Definition, t.settings})
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	return c.file.Bucket(catalogBucket).Put(t.Name, data)
}
