package dynamo

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestTurn(t *testing.T) {
	store := registered(t)
	turn := func(command, connection string) chargepoint.Outstanding {
		return chargepoint.Outstanding{CommandID: command, ConnectionID: connection, Deadline: at(30_000)}
	}
	wantFault(t, store.Take(t.Context(), "CP001", turn("c1", "a=")), fault.Conflict) // no session
	wantFault(t, store.Take(t.Context(), "CP404", turn("c1", "a=")), fault.Conflict) // no charge point
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	wantFault(t, store.Take(t.Context(), "CP001", turn("c1", "old=")), fault.Conflict)
	must(t, store.Take(t.Context(), "CP001", turn("c1", "a=")))
	wantFault(t, store.Take(t.Context(), "CP001", turn("c2", "a=")), fault.Conflict)
	wantFault(t, store.Take(t.Context(), "CP001", turn("c1", "a=")), fault.Conflict) // a second dispatcher of the same command
	must(t, store.Give(t.Context(), "CP001", "c2"))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if want := turn("c1", "a="); got.Outstanding == nil || !reflect.DeepEqual(*got.Outstanding, want) {
		t.Errorf("outstanding %+v, want %+v", got.Outstanding, want)
	}
	must(t, store.Give(t.Context(), "CP001", "c1"))
	must(t, store.Give(t.Context(), "CP001", "c1"))
	must(t, store.Give(t.Context(), "CP404", "c1"))
	must(t, store.Take(t.Context(), "CP001", turn("c2", "a=")))
	_, err = store.Get(t.Context(), "CP404")
	wantFault(t, err, fault.NotFound)
}

// An update whose answer was lost is repeated by the client: who has the turn is told so. Another dispatcher of the same command is
// not, though it be in the same millisecond, nor does it give that turn back.
func TestATurnIsTakenAgainByItsHolder(t *testing.T) {
	store := registered(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	mine := chargepoint.Outstanding{CommandID: "c1", ConnectionID: "a=", Deadline: at(30_000), Holder: "me"}
	yours := mine
	yours.Holder = "you"
	options := dynamotest.Client().Options()
	options.HTTPClient = &lossy{}
	must(t, NewChargePoints(dynamodb.New(options), store.name).Take(t.Context(), "CP001", mine))
	wantFault(t, store.Take(t.Context(), "CP001", yours), fault.Conflict)
	must(t, store.Release(t.Context(), "CP001", yours))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Outstanding == nil || !reflect.DeepEqual(*got.Outstanding, mine) {
		t.Errorf("outstanding %+v, want %+v", got.Outstanding, mine)
	}
	must(t, store.Release(t.Context(), "CP001", mine))
	must(t, store.Take(t.Context(), "CP001", yours))
	wantFault(t, store.Take(t.Context(), "CP001", mine), fault.Conflict)
	_, err = store.Open(t.Context(), "CP001", connection("b=", 1))
	must(t, err)
	wantFault(t, store.Take(t.Context(), "CP001", yours), fault.Conflict) // its session is over
}

func TestOneOfTwentyTakesTheTurn(t *testing.T) {
	store := registered(t)
	_, err := store.Open(t.Context(), "CP001", connection("a=", 0))
	must(t, err)
	errs := atOnce(20, func(i int) error {
		return store.Take(t.Context(), "CP001", chargepoint.Outstanding{CommandID: fmt.Sprint("c", i), ConnectionID: "a=", Deadline: at(i)})
	})
	if count(errs, "") != 1 || count(errs, fault.Conflict) != 19 {
		t.Errorf("errors %v", errs)
	}
}

func TestBoot(t *testing.T) {
	store := newChargePoints(t)
	_, err := store.Boot(t.Context(), "CP001", at(0))
	wantFault(t, err, fault.NotFound)
	wantFault(t, store.DescribeBoot(t.Context(), "CP001", chargepoint.Boot{Model: "M"}, at(0)), fault.NotFound)

	must(t, store.Mirror(t.Context(), thing("A", 1, 0), chargepoint.Pending))
	booted, err := store.Boot(t.Context(), "CP001", at(5))
	must(t, err)
	want := chargepoint.ChargePoint{
		ID: "CP001", ThingID: "A", ThingVersion: 1, RegisteredAt: at(0), Registration: chargepoint.Pending,
		BootStatus: chargepoint.Pending, BootedAt: at(5), LastSeenAt: at(5),
	}
	if !reflect.DeepEqual(booted, want) {
		t.Errorf("got  %+v\nwant %+v", booted, want)
	}
	must(t, store.SetRegistration(t.Context(), "CP001", chargepoint.Accepted))
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.MayTalk() {
		t.Error("it was not told yet that it is accepted")
	}
	booted, err = store.Boot(t.Context(), "CP001", at(6))
	must(t, err)
	if !booted.MayTalk() {
		t.Errorf("it was told: %+v", booted)
	}
}

func TestDescribeBootKeepsTheLatest(t *testing.T) {
	store := registered(t)
	newer := chargepoint.Boot{VendorName: "Alpitronic", Model: "HYC", FirmwareVersion: "2.0"}
	must(t, store.DescribeBoot(t.Context(), "CP001", chargepoint.Boot{VendorName: "Alpitronic", FirmwareVersion: "1.0", IMSI: "1"}, at(1)))
	must(t, store.DescribeBoot(t.Context(), "CP001", newer, at(3)))
	wantFault(t, store.DescribeBoot(t.Context(), "CP001", chargepoint.Boot{Model: "late"}, at(2)), fault.Stale)
	must(t, store.DescribeBoot(t.Context(), "CP001", newer, at(3))) // again
	got, err := store.Get(t.Context(), "CP001")
	must(t, err)
	if got.Boot != newer {
		t.Errorf("got %+v, want %+v", got.Boot, newer)
	}
}
