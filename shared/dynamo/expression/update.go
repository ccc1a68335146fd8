package expression

// Update changes an item; none of its methods changes the Update itself. What it reads is the item before all changes.
type Update struct{ set, remove, add func(*Writer) } // nil for no change of the kind

// Set begins an update.
func Set(attribute, to Operand) Update { return Update{}.Set(attribute, to) }

// Remove begins an update.
func Remove(attribute Operand) Update { return Update{}.Remove(attribute) }

// Add begins an update.
func Add(attribute, value Operand) Update { return Update{}.Add(attribute, value) }

// Set gives an attribute a value.
func (u Update) Set(attribute, to Operand) Update {
	u.set = listed(u.set, attribute.compared(" = ", to))
	return u
}

// Remove takes an attribute away.
func (u Update) Remove(attribute Operand) Update {
	u.remove = listed(u.remove, attribute)
	return u
}

// Add adds a value to a number or a set, and to none as if that were 0 or empty.
func (u Update) Add(attribute, value Operand) Update {
	u.add = listed(u.add, attribute.compared(" ", value))
	return u
}

func listed(before, next func(*Writer)) func(*Writer) {
	if before == nil {
		return next
	}
	return func(w *Writer) {
		before(w)
		w.text(", ")
		next(w)
	}
}
