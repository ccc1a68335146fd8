package dynamo

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

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
