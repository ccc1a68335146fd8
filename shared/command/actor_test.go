package command_test

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// actor is a function that runs: at each step another may come first, and it may die.
type actor struct {
	name   string
	world  *world
	yield  func(struct{}) bool
	next   func() (struct{}, bool)
	kill   func()
	born   time.Time
	stall  int  // after that many steps it is slow for a while
	wakes  int  // the moment of the world's at which it goes on
	dying  bool // after its next step
	dead   bool
	err    error
	ending func(err error) // what happens when it has ended
}

// step implements stepper.
func (a *actor) step(do func() error) error {
	if a.dead {
		return errDead
	}
	if !a.yield(struct{}{}) {
		a.dead = true
		return errDead
	}
	a.world.clock = a.world.clock.Add(pause)
	a.world.steps++
	if a.stall--; a.stall == 0 {
		a.wakes = a.world.moment + 10 + a.world.random.IntN(30)
	}
	err := do()
	if a.dying {
		a.dead = true
		return errDead
	}
	return err
}

// doubtful steps fail now and then, done or not, and their actor lives on.
type doubtful struct{ *actor }

func (d doubtful) step(do func() error) error {
	return d.actor.step(func() error {
		if w := d.world; !w.sound && w.random.IntN(30) == 0 {
			w.doubts++
			if w.random.IntN(2) == 0 {
				w.note("%s: a step is not done", d.name)
				return errUnsure
			}
			w.note("%s: nobody knows that a step is done", d.name)
			return cmp.Or(do(), errUnsure)
		}
		return do()
	})
}

// start runs a function in steps.
func (w *world) start(name string, run func(a *actor) error, ending func(err error)) {
	a := &actor{name: fmt.Sprintf("%s (%d)", name, w.steps), world: w, born: w.clock, ending: ending}
	if w.random.IntN(3) == 0 {
		a.stall = 1 + w.random.IntN(12) // a Submit that sends has about that many
	}
	a.next, a.kill = iter.Pull(func(yield func(struct{}) bool) {
		a.yield = yield
		a.err = run(a)
	})
	w.actors = append(w.actors, a)
}

// awake returns one that is not slow just now; nil if there is none.
func (w *world) awake() *actor {
	var awake []*actor
	for _, a := range w.actors {
		if w.sound || a.wakes <= w.moment {
			awake = append(awake, a)
		}
	}
	if len(awake) == 0 {
		return nil
	}
	return awake[w.random.IntN(len(awake))]
}

// resume lets an actor make a step.
func (w *world) resume(a *actor) {
	if _, alive := a.next(); !alive {
		w.end(a)
	}
}

// die ends an actor before its next step, or after it.
func (w *world) die(a *actor, after bool) {
	w.deaths++
	w.note("%s dies (after its step: %t)", a.name, after)
	if after {
		a.dying = true
		w.resume(a)
		return
	}
	a.kill()
	a.err = errDead
	w.end(a)
}

func (w *world) end(a *actor) {
	w.actors = slices.DeleteFunc(w.actors, func(other *actor) bool { return other == a })
	if a.err != nil && !errors.Is(a.err, errDead) && !errors.Is(a.err, errUnsure) {
		w.breach("a function failed: %v", a.err)
	}
	if a.ending != nil {
		a.ending(a.err)
	}
}
