package ordered

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLikeAMap does the same to a Map and to a Go map, and compares.
func TestLikeAMap(t *testing.T) {
	for name, key := range map[string]func(r *rand.Rand, i int) string{
		"at random":  func(r *rand.Rand, _ int) string { return fmt.Sprintf("%05d", r.IntN(3000)) },
		"ascending":  func(_ *rand.Rand, i int) string { return fmt.Sprintf("%05d", i) },
		"descending": func(_ *rand.Rand, i int) string { return fmt.Sprintf("%05d", 99999-i) },
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var m Map[int]
			model := map[string]int{}
			for i := range 5000 {
				k := key(r, i)
				if r.IntN(3) == 0 {
					k = key(r, r.IntN(i+1))
					m.Delete(k)
					delete(model, k)
				} else {
					m.Set(k, i)
					model[k] = i
				}
				if got, found := m.Get(k); found != (model[k] != 0 || i == 0 && len(model) > 0) || got != model[k] {
					t.Fatalf("%s is %d, %v; want %d", k, got, found, model[k])
				}
			}
			compare(t, &m, model, r)
		})
	}
}

func compare(t *testing.T, m *Map[int], model map[string]int, r *rand.Rand) {
	t.Helper()
	if m.Len() != len(model) {
		t.Errorf("it has %d keys, want %d", m.Len(), len(model))
	}
	all := slices.Sorted(maps.Keys(model))
	for range 200 {
		from, to := fmt.Sprintf("%05d", r.IntN(100000)), fmt.Sprintf("%05d", r.IntN(100000))
		if r.IntN(2) == 0 {
			from = fmt.Sprintf("%05d", r.IntN(3000))
		}
		if r.IntN(4) == 0 {
			to = ""
		}
		var want []string
		for _, key := range all {
			if key >= from && (to == "" || key < to) {
				want = append(want, key)
			}
		}
		if got := keys(m.Ascend(from, to)); !slices.Equal(got, want) {
			t.Fatalf("from %s to %s there are %v, want %v", from, to, got, want)
		}
		slices.Reverse(want)
		if got := keys(m.Descend(from, to)); !slices.Equal(got, want) {
			t.Fatalf("back from %s to %s there are %v, want %v", to, from, got, want)
		}
	}
}

func keys(seq iter.Seq2[string, int]) (all []string) {
	for key := range seq {
		all = append(all, key)
	}
	return all
}

func BenchmarkSet(b *testing.B) {
	var m Map[int]
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; b.Loop(); i++ {
		m.Set(fmt.Sprintf("%020d", r.Int64()), i)
	}
}
