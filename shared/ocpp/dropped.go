package ocpp

// Dropped is what a message says that its schema allows, and that can be kept nowhere. Whoever applies it tells the operator.
type Dropped struct{ Reason string }

func (Dropped) isEffect() {}
