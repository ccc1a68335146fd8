package dynamo

import (
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Specification: OCPP 1.6 section 5.10; OCPP 2.x D02.
func TestListVersion(t *testing.T) {
	store := registered(t)
	next := func(want int) {
		t.Helper()
		got, err := store.NextListVersion(t.Context(), "CP001")
		must(t, err)
		if got != want {
			t.Errorf("version %d, want %d", got, want)
		}
	}
	next(1)
	next(2)
	for _, told := range []int{-1, 0, 1, 2} {
		must(t, store.ListVersionTold(t.Context(), "CP001", told))
	}
	next(3)
	must(t, store.ListVersionTold(t.Context(), "CP001", 40))
	must(t, store.ListVersionTold(t.Context(), "CP001", 7))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.ListVersion != 40 {
		t.Errorf("kept version %d, want 40", got.ListVersion)
	}
	next(41)
}

func TestListVersionToldFirst(t *testing.T) {
	store := registered(t)
	must(t, store.ListVersionTold(t.Context(), "CP001", 12))
	got, err := store.NextListVersion(t.Context(), "CP001")
	if must(t, err); got != 13 {
		t.Errorf("version %d, want 13", got)
	}
}

// Neither makes the row of a charge point that is gone.
func TestListVersionOfNoChargePoint(t *testing.T) {
	store := newChargePoints(t)
	_, err := store.NextListVersion(t.Context(), "CP404")
	wantFault(t, err, fault.NotFound)
	must(t, store.ListVersionTold(t.Context(), "CP404", 3))
	_, err = store.Get(t.Context(), "CP404")
	wantFault(t, err, fault.NotFound)
}

func TestListVersionsAtOnceDiffer(t *testing.T) {
	store := registered(t)
	versions := make([]int, 30)
	errs := atOnce(len(versions), func(i int) (err error) {
		if i%3 == 0 { // meanwhile the charge point tells old versions, and one that is new
			if err := store.ListVersionTold(t.Context(), "CP001", 1+i%2*100); err != nil {
				return err
			}
		}
		versions[i], err = store.NextListVersion(t.Context(), "CP001")
		return err
	})
	if count(errs, "") != len(versions) {
		t.Fatalf("errors %v", errs)
	}
	slices.Sort(versions)
	if distinct := slices.Compact(slices.Clone(versions)); len(distinct) != len(versions) || versions[0] < 1 {
		t.Errorf("versions %v were given twice", versions)
	}
	if versions[len(versions)-1] <= 101 {
		t.Errorf("the highest version %d is not above the 101 that was told", versions[len(versions)-1])
	}
}
