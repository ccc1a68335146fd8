// Package fault decides which faults the stand-in injects, so that what AWS does rarely can be tried at will: throttling,
// errors, lost answers, functions that die, connections that break, deliveries that repeat.
//
// A Plan is a list of rules. The parts of the stand-in ask an Injector at named points, just before something is done that
// may go wrong, and do themselves what the rule that fires asks for: how a fault looks is known where it happens.
//
//	switch f := faults.At(fault.Disconnect, fault.About{}); f.Kind {
//	case fault.Lose:
//		return
//	…
//
// Without a plan an answer costs one atomic load, and nothing with a nil Injector.
//
// Each rule draws from a generator of its own, made of the plan's seed and the rule's place in the plan. The n-th time that
// a rule is asked it decides the same in every run of the same seed; which call is the n-th is up to the run's goroutines.
//
// docs/faults.md shows the plans as JSON, and the control API.
package fault
