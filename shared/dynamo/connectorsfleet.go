package dynamo

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// Forget removes the connectors of a charge point that was deleted at that time. What is newer is another's of the same name.
func (t *Connectors) Forget(ctx context.Context, chargePointID string, deleted time.Time) error {
	found, err := t.List(ctx, chargePointID)
	if err != nil {
		return err
	}
	at := value(deleted)
	older := name("receivedAt").LessThanEqual(at).Or(absent("receivedAt").And(name("startedAt").LessThanEqual(at)))
	for _, connector := range found {
		if _, err := t.remove(ctx, t.row(chargePointID, connector.Connector), older); err != nil {
			return err
		}
	}
	return nil
}

// ListAll returns a page of the connectors of all charge points, in no order but those of one charge point together.
// status "" is any; otherwise only those with exactly that status, in the word of the charge point's version. occupied
// leaves only those on which a transaction runs. The whole table is read for any of it, a page at a time.
func (t *Connectors) ListAll(ctx context.Context, status string, occupied bool, cursor string, limit int) (connectors []chargepoint.Connector, next string, err error) {
	filter := present("status")
	if status != "" {
		filter = name("status").Equal(value(status))
	}
	if occupied {
		running := present("transactionId")
		if status != "" {
			running = running.And(filter)
		}
		filter = running
	}
	items, next, err := t.scan(ctx, &filter, false, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	connectors, err = decodeAll(items, connectorItem.value)
	return connectors, next, err
}
