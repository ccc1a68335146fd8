package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/serverless-ocpp/backend/local/fault"
)

// highestSeed keeps drawn seeds short enough to be copied by hand.
const highestSeed = 1_000_000

// faultFlags say what is to go wrong from the start on. docs/faults.md tells about it.
type faultFlags struct {
	file string
	mix  float64
	seed uint64
}

func (f *faultFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.file, "faults", "", "let things go wrong as the plan in this JSON `file` says (docs/faults.md)")
	flags.Float64Var(&f.mix, "fault-mix", 0, "let everything go wrong now and then, with an `intensity` from 0 to 1")
	flags.Uint64Var(&f.seed, "fault-seed", 0, "`seed` of -fault-mix, to repeat a run; 0 draws one")
}

// plan reads the plan that the flags ask for; it is empty when they ask for none.
func (f *faultFlags) plan() (fault.Plan, error) {
	switch {
	case f.file != "" && f.mix != 0:
		return fault.Plan{}, fmt.Errorf("-faults and -fault-mix exclude each other")
	case !(f.mix >= 0 && f.mix <= 1): // nor what is not a number
		return fault.Plan{}, fmt.Errorf("-fault-mix %g: it is 0 to 1", f.mix)
	case f.mix > 0:
		if f.seed == 0 {
			f.seed = 1 + rand.Uint64N(highestSeed)
		}
		return fault.Mix(f.seed, f.mix), nil
	case f.file == "":
		return fault.Plan{}, nil
	}
	file, err := os.Open(f.file)
	if err != nil {
		return fault.Plan{}, err
	}
	defer file.Close()
	plan, err := fault.Read(file)
	if err != nil {
		return fault.Plan{}, fmt.Errorf("%s: %w", f.file, err)
	}
	return plan, nil
}
