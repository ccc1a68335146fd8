package dynamo

import (
	"reflect"
	"testing"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

func newReservations(t *testing.T) *Reservations {
	t.Helper()
	return NewReservations(dynamotest.Client(), dynamotest.Table(t, "ReservationTable"))
}

func requested(id int, commandID string) reservation.Reservation {
	return reservation.Reservation{
		ChargePointID: "CP001", ID: id, Connector: "1", IDToken: "TAG", GroupID: "G", ExpiresAt: at(3_600_000),
		State: reservation.Requested, CommandID: commandID, ChangedAt: at(0),
	}
}

// only is the one reservation of CP001.
func (t *Reservations) only(test *testing.T) reservation.Reservation {
	test.Helper()
	all, _, err := t.List(test.Context(), "CP001", "", 10)
	must(test, err)
	if len(all) != 1 {
		test.Fatalf("%d reservations: %+v", len(all), all)
	}
	return all[0]
}

func TestReservationIsAnsweredOnce(t *testing.T) {
	store := newReservations(t)
	must(t, store.Put(t.Context(), requested(7, "c1")))
	must(t, store.Answered(t.Context(), "CP001", 7, "c0", true, at(1))) // of another command
	if got := store.only(t); !reflect.DeepEqual(got, requested(7, "c1")) {
		t.Errorf("%+v", got)
	}
	must(t, store.Answered(t.Context(), "CP001", 7, "c1", true, at(2)))
	must(t, store.Answered(t.Context(), "CP001", 7, "c1", false, at(3))) // it is answered already
	must(t, store.Put(t.Context(), requested(7, "c1")))                  // noted again, late
	want := requested(7, "c1")
	want.State, want.ChangedAt = reservation.Reserved, at(2)
	if got := store.only(t); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	must(t, store.Answered(t.Context(), "CP001", 8, "c1", true, at(2))) // nobody knows it
	store.only(t)
}

func TestReservationEndsOnce(t *testing.T) {
	for _, test := range []struct {
		name  string
		state reservation.State // before
		end   reservation.State
		want  reservation.State
	}{
		{"used", reservation.Reserved, reservation.Used, reservation.Used},
		{"used before its answer", reservation.Requested, reservation.Used, reservation.Used},
		{"cancelled after it was used", reservation.Used, reservation.Cancelled, reservation.Used},
		{"expired after it was rejected", reservation.Rejected, reservation.Expired, reservation.Rejected},
		{"removed by the charge point", reservation.Reserved, reservation.Removed, reservation.Removed},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := newReservations(t)
			before := requested(7, "c1")
			before.State = test.state
			must(t, store.Put(t.Context(), before))
			for range 2 {
				must(t, store.End(t.Context(), "CP001", 7, test.end, "T1", at(5)))
			}
			got := store.only(t)
			if changed := test.want != test.state; got.State != test.want || changed != (got.TransactionID == "T1") || changed != got.ChangedAt.Equal(at(5)) {
				t.Errorf("%+v", got)
			}
		})
	}
	store := newReservations(t)
	must(t, store.End(t.Context(), "CP001", 7, reservation.Expired, "", at(5))) // nobody knows it
	if all, _, err := store.List(t.Context(), "CP001", "", 10); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	wantFault(t, store.End(t.Context(), "CP001", 7, reservation.Reserved, "", at(5)), fault.Invalid)
}

// Specification: OCPP 1.6 section 5.13, OCPP 2.0.1 H01.FR.02.
func TestReservationOfTheSameIDIsReplaced(t *testing.T) {
	store := newReservations(t)
	before := requested(7, "c1")
	before.State = reservation.Reserved
	must(t, store.Put(t.Context(), before))
	must(t, store.Put(t.Context(), requested(7, "c2")))
	if got := store.only(t); !reflect.DeepEqual(got, requested(7, "c2")) {
		t.Errorf("%+v", got)
	}
}

func TestReservationsAreListedFromTheHighestID(t *testing.T) {
	store := newReservations(t)
	for _, id := range []int{9, 2_147_483_647, 10} {
		must(t, store.Put(t.Context(), requested(id, "c1")))
	}
	first, next, err := store.List(t.Context(), "CP001", "", 2)
	must(t, err)
	rest, last, err := store.List(t.Context(), "CP001", next, 2)
	must(t, err)
	if len(first) != 2 || first[0].ID != 2_147_483_647 || first[1].ID != 10 || len(rest) != 1 || rest[0].ID != 9 || last != "" {
		t.Errorf("%+v, %+v", first, rest)
	}
}
