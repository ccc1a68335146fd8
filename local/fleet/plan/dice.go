package plan

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// Dice returns random numbers that depend on the seed and on what they are for, and on nothing else: a decision that is
// added somewhere changes no other.
func Dice(seed uint64, purpose ...string) *rand.Rand {
	return rand.New(rand.NewPCG(seed, Hash(seed, purpose...)))
}

// Hash is a number that seed and parts make, the same in every run.
func Hash(seed uint64, parts ...string) uint64 {
	hash := fnv.New64a()
	hash.Write(binary.BigEndian.AppendUint64(nil, seed)) // hash.Hash never fails to write
	for _, part := range parts {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	return hash.Sum64()
}

// poisson draws how often something happens that happens mean times on average (Knuth's way: means are small here).
func poisson(dice *rand.Rand, mean float64) int {
	limit, product, count := math.Exp(-mean), dice.Float64(), 0
	for product > limit {
		product *= dice.Float64()
		count++
	}
	return count
}

// between draws a duration of whole seconds, as charge points' clocks count.
func between(dice *rand.Rand, low, high time.Duration) time.Duration {
	return (low + time.Duration(dice.Float64()*float64(high-low))).Truncate(time.Second)
}

// midnight begins the UTC day of a moment.
func midnight(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }
