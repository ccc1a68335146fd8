package sqs

import "container/heap"

// ordered is a heap whose items know their place in it, so that any of them can be removed.
type ordered[T any] struct {
	items []T
	less  func(a, b T) bool
	place func(item T) *int // where the item keeps its index; -1 while it is not in the heap
}

func (h *ordered[T]) Len() int           { return len(h.items) }
func (h *ordered[T]) Less(i, j int) bool { return h.less(h.items[i], h.items[j]) }

func (h *ordered[T]) Swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i]) = i
	*h.place(h.items[j]) = j
}

// Push is for package heap; use add.
func (h *ordered[T]) Push(item any) {
	*h.place(item.(T)) = len(h.items)
	h.items = append(h.items, item.(T))
}

// Pop is for package heap; use remove.
func (h *ordered[T]) Pop() any {
	var none T
	last := len(h.items) - 1
	item := h.items[last]
	h.items[last] = none // lets go of the memory
	h.items = h.items[:last]
	*h.place(item) = -1
	return item
}

func (h *ordered[T]) add(item T) { heap.Push(h, item) }

// remove takes the item out, if it is there.
func (h *ordered[T]) remove(item T) {
	if i := *h.place(item); i >= 0 {
		heap.Remove(h, i)
	}
}

// first returns the least item without taking it out; ok is false when there is none.
func (h *ordered[T]) first() (item T, ok bool) {
	if len(h.items) == 0 {
		return item, false
	}
	return h.items[0], true
}
