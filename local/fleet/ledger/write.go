package ledger

// AddCall keeps a CALL of the charge point whose fate is known.
func (l *Ledger) AddCall(call Call) { l.add(&l.calls, call) }

// AddCommand keeps a CALL of the central system with its answer.
func (l *Ledger) AddCommand(call Call) { l.add(&l.commands, call) }

func (l *Ledger) add(list *[]Call, call Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == 0 {
		return
	}
	if len(*list) == l.limit {
		copy(*list, (*list)[1:])
		*list = (*list)[:l.limit-1]
	}
	*list = append(*list, call)
}

// Count changes the totals.
func (l *Ledger) Count(change func(*Totals)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.totals)
}

// Begin keeps a new transaction and returns its number for Update.
func (l *Ledger) Begin(t Transaction) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.transactions = append(l.transactions, t)
	return len(l.transactions) - 1
}

// Update changes the transaction of that number.
func (l *Ledger) Update(number int, change func(*Transaction)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.transactions[number])
}
