// Package ordered is a map that keeps its keys in order: a list of short sorted runs. Finding a key is two binary searches, and
// adding one moves at most a run and, once in many times, the list of runs. A B-tree of two levels, so to say: it is as
// fast as a deeper one up to millions of keys, and far shorter.
package ordered

import (
	"cmp"
	"iter"
	"slices"
)

// runLength is how many keys a run holds at most; a full one is divided. It is a compromise between what has to be moved in a run and
// how many runs there are.
const runLength = 256

// Map holds values by their keys, which sort by their bytes. The zero Map is empty and ready to use. It is not safe for use by several
// goroutines at once.
type Map[V any] struct {
	runs   [][]entry[V] // none is empty
	length int
}

type entry[V any] struct {
	key   string
	value V
}

func compareKey[V any](e entry[V], key string) int { return cmp.Compare(e.key, key) }

// Len is the number of keys.
func (m *Map[V]) Len() int { return m.length }

// find returns the place of the first key that is not below key; run is len(m.runs) when there is none.
func (m *Map[V]) find(key string) (run, at int, found bool) {
	run, _ = slices.BinarySearchFunc(m.runs, key, func(r []entry[V], key string) int {
		return cmp.Compare(r[len(r)-1].key, key)
	})
	if run == len(m.runs) {
		return run, 0, false
	}
	at, found = slices.BinarySearchFunc(m.runs[run], key, compareKey[V])
	return run, at, found
}

// Get returns the value of key.
func (m *Map[V]) Get(key string) (value V, found bool) {
	run, at, found := m.find(key)
	if !found {
		return value, false
	}
	return m.runs[run][at].value, true
}

// Set sets the value of key.
func (m *Map[V]) Set(key string, value V) {
	run, at, found := m.find(key)
	if found {
		m.runs[run][at].value = value
		return
	}
	m.length++
	e := entry[V]{key, value}
	if run == len(m.runs) { // above all others: it belongs to the end of the last run
		if run == 0 {
			m.runs = append(m.runs, []entry[V]{e})
			return
		}
		run--
		at = len(m.runs[run])
	}
	if len(m.runs[run]) < runLength {
		m.runs[run] = slices.Insert(m.runs[run], at, e)
		return
	}
	m.divide(run, at, e)
}

// divide makes two runs of a full one and puts e where it would have been. When e is the greatest of all, only e goes to the new
// run: keys often come in order, and the runs behind them stay full.
func (m *Map[V]) divide(run, at int, e entry[V]) {
	full := m.runs[run]
	middle := runLength / 2
	if run == len(m.runs)-1 && at == runLength {
		middle = runLength
	}
	upper := append(make([]entry[V], 0, runLength), full[middle:]...)
	clear(full[middle:]) // for the garbage collector
	lower := full[:middle]
	if at <= middle && middle < runLength {
		lower = slices.Insert(lower, at, e)
	} else {
		upper = slices.Insert(upper, at-middle, e)
	}
	m.runs[run] = lower
	m.runs = slices.Insert(m.runs, run+1, upper)
}

// Delete removes key, if it is there.
func (m *Map[V]) Delete(key string) {
	run, at, found := m.find(key)
	if !found {
		return
	}
	m.length--
	m.runs[run] = slices.Delete(m.runs[run], at, at+1)
	if len(m.runs[run]) == 0 {
		m.runs = slices.Delete(m.runs, run, run+1)
	}
}

// Ascend yields the keys from from (included) to to (excluded; "" for no end) in order. The map must not be changed meanwhile.
func (m *Map[V]) Ascend(from, to string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		run, at, _ := m.find(from)
		for ; run < len(m.runs); run, at = run+1, 0 {
			for _, e := range m.runs[run][at:] {
				if to != "" && e.key >= to || !yield(e.key, e.value) {
					return
				}
			}
		}
	}
}

// Descend yields the same keys as Ascend, the greatest first.
func (m *Map[V]) Descend(from, to string) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		run, at := len(m.runs), 0
		if to != "" {
			run, at, _ = m.find(to)
		}
		for {
			if at == 0 {
				if run--; run < 0 {
					return
				}
				at = len(m.runs[run])
			}
			at--
			e := m.runs[run][at]
			if e.key < from || !yield(e.key, e.value) {
				return
			}
		}
	}
}
