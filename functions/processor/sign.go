package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/signer"
)

// Signer signs certificate requests; signer.Function does.
type Signer interface {
	// Sign returns a certificate chain, PEM. fault.NotFound if nobody signs here.
	Sign(ctx context.Context, request signer.Request) (certificateChain string, err error)
}

// signedFor is how long a certificate waits for its charge point to come online.
const signedFor = 24 * time.Hour

// sign has a certificate request signed, if the stack has a signer, and sends the certificate. A request that
// is not signed stays with the operator, who finds it among the reports; it holds nothing up, for the
// charge point asks again after a while (OCPP 2.0.1 A02.FR.17).
func (h *Handler) sign(ctx context.Context, record journal.Record, frame ocppj.Frame, requested ocpp.CertificateRequested) error {
	log := slog.With("chargePointId", record.ChargePointID, "messageId", frame.ID, "action", frame.Action)
	chain, err := h.Signer.Sign(ctx, signer.Request{
		ChargePointID: record.ChargePointID, CSR: requested.CSR, CertificateType: requested.CertificateType, RequestID: requested.RequestID,
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		log.ErrorContext(ctx, "certificate request not signed: it is among the charge point's reports", "error", err)
		return nil
	}
	payload, err := json.Marshal(struct {
		CertificateChain string `json:"certificateChain"`
		CertificateType  string `json:"certificateType,omitempty"`
		RequestID        *int   `json:"requestId,omitempty"`
	}{chain, requested.CertificateType, requested.RequestID})
	if err != nil {
		return err
	}
	const action = "CertificateSigned"
	if err := callcheck.Check(ocppj.Version(record.Protocol), action, payload); err != nil {
		log.ErrorContext(ctx, "the signer's certificate cannot be sent", "error", err)
		return nil
	}
	err = h.Commands.Submit(ctx, command.Command{
		ChargePointID: record.ChargePointID, ID: commandFor(record, requested), Action: action, Payload: payload, Protocol: record.Protocol,
		Origin: command.OriginHTTP, State: command.Queued, CreatedAt: record.ReceivedAt, ExpiresAt: record.ReceivedAt.Add(signedFor), Timeout: command.DefaultTimeout,
	})
	if fault.Is(err, fault.Invalid) { // it would be as large the next time
		log.ErrorContext(ctx, "the signer's certificate cannot be sent", "error", err)
		return nil
	}
	return err
}

// commandFor is the same id whenever the same record comes again, so that a certificate is sent once.
func commandFor(record journal.Record, requested ocpp.CertificateRequested) string {
	name := record.ChargePointID + record.ReceivedAt.Format(time.RFC3339Nano) + requested.CSR
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}
