package command_test

import (
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
)

// go test ./shared/command -run Interleavings -args -interleavings 5000 -seed 17
var (
	interleavings = flag.Int("interleavings", 80, "how many random interleavings are tried")
	firstSeed     = flag.Uint64("seed", 1, "the seed of the first interleaving; the others follow")
)

// Functions that submit, send, answer, time out, connect, disconnect and cancel run at once, in steps, on one charge
// point. Any of them may die at any step, or not learn whether it is done; the order of the steps is drawn from the seed. Whatever it is, the
// promises of world hold.
//
// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestInterleavings(t *testing.T) {
	store := dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	commands := dynamo.NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
	const workers = 4 // for each waits for the tables most of the time
	var (
		running sync.WaitGroup
		seeds   = make(chan uint64)
		seen    tally
	)
	for range workers {
		running.Go(func() {
			for seed := range seeds {
				w := newWorld(t.Context(), seed, store, commands)
				w.run()
				for _, broken := range w.broken {
					t.Errorf("%s\nseed %d: go test ./shared/command -run Interleavings -args -interleavings 1 -seed %d", broken, seed, seed)
				}
				seen.add(w)
			}
		})
	}
	for i := range *interleavings {
		if t.Failed() {
			break // one is enough to read
		}
		seeds <- *firstSeed + uint64(i)
	}
	close(seeds)
	running.Wait()
	t.Log(seen.String())
	if *interleavings >= 50 { // a few need not have everything in them
		seen.wantEverything(t)
	}
}

// tally counts what happened in all interleavings, so that a test which tries nothing does not pass.
type tally struct {
	mu                     sync.Mutex
	runs, steps, deaths    int
	final                  map[command.State]int
	posts, returned, early int
	doubts                 int
}

func (s *tally) add(w *world) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.final == nil {
		s.final = map[command.State]int{}
	}
	s.runs++
	s.steps += w.steps
	s.deaths += w.deaths
	s.posts += w.posts
	s.returned += w.returned
	s.early += w.early
	s.doubts += w.doubts
	for _, record := range w.records {
		s.final[record.State]++
	}
}

func (s *tally) String() string {
	return fmt.Sprintf("%d runs, %d steps, %d deaths, %d posts, %d put back, %d early timers, %d doubtful steps, %v", s.runs, s.steps, s.deaths, s.posts, s.returned, s.early, s.doubts, s.final)
}

func (s *tally) wantEverything(t *testing.T) {
	for _, state := range states {
		if state.Final() && s.final[state] == 0 {
			t.Errorf("no command ended as %s: the interleavings leave something out", state)
		}
	}
	if s.deaths == 0 || s.returned == 0 || s.early == 0 || s.doubts == 0 {
		t.Errorf("the interleavings leave something out: %s", s)
	}
}

// pause is how long steps take by the world's clock.
const pause = time.Millisecond
