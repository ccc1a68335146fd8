package chargepoint

import "slices"

// Keyring holds the keys (as of Hash) that are valid for a charge point at one moment. Its methods are the rules of
// Keys without the storage: they return the ring after the change, which is the same one when nothing changes.
//
// The order of Pending is that in which the charge point is told, for Tell puts each key behind all others, so a key that it
// has taken ends those before it. Those behind it stay: they may still be on their way, and a charge point that takes one has
// no other then. A key that was ended before it was told must not be told any more.
type Keyring struct {
	Present string // "": it has none yet
	Pending []PendingKey
}

// Keyring returns the keys that are valid for the charge point.
func (c ChargePoint) Keyring() Keyring { return Keyring{Present: c.Credential, Pending: c.PendingKeys} }

// Propose adds a key behind the others. full tells that there is no room for it. A command may propose another key than
// it did before, when it was prepared twice: then nobody knows which of them it tells, and both count.
func (r Keyring) Propose(key PendingKey) (after Keyring, full bool) {
	if slices.Contains(r.Pending, key) {
		return r, false
	}
	if len(r.Pending) >= MaxPendingKeys {
		return r, true
	}
	return Keyring{Present: r.Present, Pending: append(slices.Clone(r.Pending), key)}, false
}

// Tell puts the keys of a command behind the others: the charge point is told one of them next. Rotations are not sent in the
// order in which they were proposed when several are ordered at once. pending is false if none is left: one that was told
// before has been taken since, and this command must not be sent.
func (r Keyring) Tell(commandID string) (after Keyring, pending bool) {
	var told, others []PendingKey
	for _, key := range r.Pending {
		if key.CommandID == commandID {
			told = append(told, key)
		} else {
			others = append(others, key)
		}
	}
	return Keyring{Present: r.Present, Pending: append(others, told...)}, len(told) > 0
}

// Settle ends what a command began. Of several keys of one command nobody knows which one was accepted: they stay until
// the charge point shows one.
func (r Keyring) Settle(commandID string, accepted bool) Keyring {
	ofCommand := func(key PendingKey) bool { return key.CommandID == commandID }
	if !accepted {
		return Keyring{Present: r.Present, Pending: slices.DeleteFunc(slices.Clone(r.Pending), ofCommand)}
	}
	at := slices.IndexFunc(r.Pending, ofCommand)
	if at < 0 || slices.ContainsFunc(r.Pending[at+1:], ofCommand) {
		return r
	}
	return r.taken(at)
}

// Promote makes a pending key the present one: the charge point has shown it.
func (r Keyring) Promote(hash string) Keyring {
	at := slices.IndexFunc(r.Pending, func(key PendingKey) bool { return key.Hash == hash })
	if at < 0 {
		return r
	}
	return r.taken(at)
}

// taken is the ring of a charge point that has taken the pending key at that place. Another key of the same command
// was never told.
func (r Keyring) taken(at int) Keyring {
	key := r.Pending[at]
	later := slices.Clone(r.Pending[at+1:])
	return Keyring{Present: key.Hash, Pending: slices.DeleteFunc(later, func(k PendingKey) bool { return k.CommandID == key.CommandID })}
}

// Match compares a password with every key in constant time each, the present one first, and returns the hash of the one
// it is. pending tells that Promote has to make it the present one.
func (r Keyring) Match(password string) (hash string, pending, ok bool) {
	if r.Present != "" && Matches(r.Present, password) {
		return r.Present, false, true
	}
	for _, key := range r.Pending {
		if Matches(key.Hash, password) {
			return key.Hash, true, true
		}
	}
	return "", false, false
}

// Equal tells whether two rings hold the same keys in the same order.
func (r Keyring) Equal(other Keyring) bool {
	return r.Present == other.Present && slices.Equal(r.Pending, other.Pending)
}
