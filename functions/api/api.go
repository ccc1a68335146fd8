// Package main is the HTTP API: operators keep charge points and id tokens with it, integrators send
// commands and read what happened. API Gateway has checked the caller's signature before.
//
// One file per resource; routes.go lists what there is. Errors are problem documents (problem.go).
package main

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// API holds what the routes work with.
type API struct {
	ChargePoints ChargePoints
	Things       Things
	Connections  Connections
	Connectors   interface {
		List(ctx context.Context, chargePointID string) ([]chargepoint.Connector, error)
		// ListAll lists those of all charge points, in no order; status "" is any, occupied those with a transaction.
		ListAll(ctx context.Context, status string, occupied bool, cursor string, limit int) (connectors []chargepoint.Connector, next string, err error)
	}
	Transactions interface {
		Get(ctx context.Context, chargePointID, id string) (transaction.Transaction, error)
		List(ctx context.Context, chargePointID, cursor string, limit int) (transactions []transaction.Transaction, next string, err error)
		// ListByDay lists those of all charge points that started on a day in UTC, the latest first.
		ListByDay(ctx context.Context, day time.Time, cursor string, limit int) (transactions []transaction.Transaction, next string, err error)
	}
	Readings interface {
		List(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (readings []transaction.Reading, next string, err error)
		// Events lists what came with readings alone since the record was written.
		Events(ctx context.Context, chargePointID, transactionID string, since time.Time) ([]transaction.Event, error)
	}
	Variables interface {
		List(ctx context.Context, chargePointID, cursor string, limit int) (variables []variable.Variable, next string, err error)
	}
	Reports interface {
		List(ctx context.Context, chargePointID string, kind report.Kind, prefix, cursor string, limit int) (reports []report.Report, next string, err error)
		Newest(ctx context.Context, chargePointID string) ([]report.Report, error)
	}
	Reservations interface {
		List(ctx context.Context, chargePointID, cursor string, limit int) (reservations []reservation.Reservation, next string, err error)
	}
	Campaigns   Campaigns
	Commands    command.Store
	Idempotency Idempotency
	Tokens      token.Store
	Messages    interface {
		List(ctx context.Context, chargePointID, cursor string, limit int) (messages []dynamo.Message, next string, err error)
	}

	// Incidents and Traffic are what the overview is made of.
	Incidents Incidents
	Traffic   *Traffic

	// Desk is what operations read and note before they become commands.
	Desk operation.Desk

	// Submit stores a command and sends it when it is its turn: Dispatcher.Submit.
	Submit func(ctx context.Context, c command.Command) error
	// Events tells integrators of commands that are cancelled; nil when nobody is told.
	Events event.Publisher

	Registration chargepoint.Registration // what new charge points start as
	Now          func() time.Time
}

// ChargePoints is the registry as operators need it.
type ChargePoints interface {
	// Get reads a charge point. fault.NotFound if there is none.
	Get(ctx context.Context, id string) (chargepoint.ChargePoint, error)
	// Create makes the row of a Thing that was just made, or completes the one that the Thing's event
	// made meanwhile. fault.Conflict if the charge point is in use.
	Create(ctx context.Context, cp chargepoint.ChargePoint) error
	// Delete of a charge point that does not exist is no error.
	Delete(ctx context.Context, id string) error
	// List returns a page of charge points in no order; connected nil: all of them.
	List(ctx context.Context, connected *bool, cursor string, limit int) (page []chargepoint.ChargePoint, next string, err error)
	// SetRegistration stores the operator's will. fault.NotFound if there is no such charge point.
	SetRegistration(ctx context.Context, id string, registration chargepoint.Registration) error
	// SetValidation sets how strictly its messages are taken. fault.NotFound if there is no such charge point.
	SetValidation(ctx context.Context, id string, validation chargepoint.Validation) error
	// SetSecurityProfile sets the least security profile that it must use; 0 leaves it to the stack. fault.NotFound as above.
	SetSecurityProfile(ctx context.Context, id string, profile int) error
	// SetCredential stores the hash of a new key, which ends the old one. fault.NotFound as above.
	SetCredential(ctx context.Context, id, hash string) error
}

// Things makes and deletes the IoT Things behind charge points.
type Things interface {
	chargepoint.Things
	// Create makes a Thing. One that is there already, with the same attributes, is returned and is no error.
	Create(ctx context.Context, name string, attributes map[string]string) (chargepoint.Thing, error)
	// Delete of a Thing that does not exist is no error.
	Delete(ctx context.Context, name string) error
}

// Connections ends connections of charge points.
type Connections interface {
	// Close ends a connection. One that does not exist is no error.
	Close(ctx context.Context, connectionID string) error
}
