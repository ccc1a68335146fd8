package expression

import "sync"

// Cache keeps parsed expressions by their texts: programs use few texts, and put what differs into values. The zero Cache is ready to
// use, by many goroutines.
type Cache struct {
	conditions  cacheOf[*Condition]
	updates     cacheOf[*Update]
	projections cacheOf[*Projection]
}

// maximumCached is how many texts of a kind are kept. A client that writes values into its texts would fill the memory otherwise.
const maximumCached = 1000

type cacheOf[T any] struct {
	mu     sync.RWMutex
	parsed map[string]parsed[T]
}

type parsed[T any] struct {
	expression T
	err        error
}

// Condition is ParseCondition.
func (c *Cache) Condition(text string) (*Condition, error) {
	return c.conditions.get(text, ParseCondition)
}

// Update is ParseUpdate.
func (c *Cache) Update(text string) (*Update, error) { return c.updates.get(text, ParseUpdate) }

// Projection is ParseProjection.
func (c *Cache) Projection(text string) (*Projection, error) {
	return c.projections.get(text, ParseProjection)
}

func (c *cacheOf[T]) get(text string, parse func(string) (T, error)) (T, error) {
	c.mu.RLock()
	found, kept := c.parsed[text]
	c.mu.RUnlock()
	if kept {
		return found.expression, found.err
	}
	found.expression, found.err = parse(text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.parsed == nil || len(c.parsed) >= maximumCached {
		c.parsed = make(map[string]parsed[T])
	}
	c.parsed[text] = found
	return found.expression, found.err
}
