package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/serverless-ocpp/backend/local/chaos/check"
)

// registrar makes, changes and deletes Things that no charge point connects as: their events repeat and overtake each other.
type registrar struct {
	system *system
	dice   *rand.Rand // of run alone
}

const (
	thingCount   = 10
	betweenActs  = 200 * time.Millisecond
	deletedOnce  = 4 // in so many acts
	registerName = "CHAOS-THING-%02d"
)

func newRegistrar(seed uint64, system *system) *registrar {
	return &registrar{system, rand.New(rand.NewPCG(seed, 2))}
}

// run acts until ctx is done. What became of an act that failed is seen in the end.
func (r *registrar) run(ctx context.Context) error {
	ticker := time.NewTicker(betweenActs)
	defer ticker.Stop()
	for acts := 0; ; acts++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		name := fmt.Sprintf(registerName, r.dice.IntN(thingCount))
		if err := r.act(ctx, name, r.dice.IntN(deletedOnce) == 0, acts); err != nil && !passing(err) {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

func (r *registrar) act(ctx context.Context, name string, remove bool, number int) error {
	things := r.system.things
	if remove {
		_, err := things.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: &name})
		return err
	}
	_, err := things.CreateThing(ctx, &iot.CreateThingInput{ThingName: &name})
	if err != nil && !passing(err) {
		return err
	}
	_, err = things.UpdateThing(ctx, &iot.UpdateThingInput{
		ThingName: &name, AttributePayload: &iottypes.AttributePayload{Attributes: map[string]string{"act": strconv.Itoa(number)}},
	})
	return err
}

// passing tells whether an error is what happens while faults strike, or a Thing that is gone or there already. What an operator
// gets wrong is not.
func passing(err error) bool {
	invalid, denied := (*iottypes.InvalidRequestException)(nil), (*iottypes.UnauthorizedException)(nil)
	return !errors.As(err, &invalid) && !errors.As(err, &denied)
}

// all are the Things with what the system knows of them.
func (r *registrar) all(ctx context.Context) (all []check.Thing, err error) {
	for number := range thingCount {
		thing := check.Thing{Name: fmt.Sprintf(registerName, number)}
		described, err := r.system.things.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: &thing.Name})
		missing := (*iottypes.ResourceNotFoundException)(nil)
		switch {
		case err == nil:
			thing.ID, thing.Version = *described.ThingId, described.Version
		case !errors.As(err, &missing):
			return nil, fmt.Errorf("describe %s: %w", thing.Name, err)
		}
		table := stack + "ChargePointTable"
		read, err := r.system.tables.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &table, ConsistentRead: new(true), Key: map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: thing.Name}},
		})
		if err != nil {
			return nil, fmt.Errorf("read the row of %s: %w", thing.Name, err)
		}
		item, err := decode(read.Item)
		if err != nil {
			return nil, fmt.Errorf("read the row of %s: %w", thing.Name, err)
		}
		version, _ := item["thingVersion"].(float64)
		thing.RowID, thing.RowVersion = item.text("thingId"), int64(version)
		all = append(all, thing)
	}
	return all, nil
}
