package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// authenticate checks the key. The charge point's own security profile or the stack's, whichever is
// higher, says whether one is needed; a charge point that has a key must always show it. While it is not known whether
// it has taken a new key, the present one and the new one are valid. A client certificate needs no key beside
// it (security profile 3). A *refusal, or an error of storage.
func (h *Handler) authenticate(ctx context.Context, cp chargepoint.ChargePoint, from caller) error {
	profile := max(h.MinSecurityProfile, cp.SecurityProfile)
	switch {
	case from.Certified:
		return nil
	case profile <= chargepoint.HighestCheckedProfile:
	case h.Trust.ClientCertificates:
		return refuse(http.StatusUnauthorized, "charge point %s needs security profile %d, but showed no client certificate", cp.ID, profile)
	default:
		return refuse(http.StatusUnauthorized, "charge point %s needs security profile %d, a client certificate, which this stack does not ask for", cp.ID, profile)
	}
	if from.HasAuth {
		switch hash, pending, ok := cp.Keyring().Match(from.Password); {
		case ok && pending:
			return h.promote(ctx, cp, from, hash)
		case ok:
			return nil
		}
	}
	switch {
	case cp.Credential == "" && profile == 0: // it has none yet: also while a first one is on its way
		return nil
	case cp.Credential == "" && len(cp.PendingKeys) == 0:
		return refuse(http.StatusUnauthorized, "charge point %s has no key yet: make one with POST /charge-points/%s/key", cp.ID, cp.ID)
	case !from.HasAuth:
		return refuse(http.StatusUnauthorized, "charge point %s sent no key", cp.ID)
	}
	return wrongKey(cp)
}

// promote makes the pending key that a charge point has shown its present one. Between the look-up and this, the answer to
// the command that told the key may have been processed, or the operator have made another key: so what counts is
// whether the key is the present one now.
func (h *Handler) promote(ctx context.Context, cp chargepoint.ChargePoint, from caller, hash string) error {
	if err := h.Keys.Promote(ctx, cp.ID, hash); err != nil {
		return err
	}
	now, err := h.Registry.Get(ctx, cp.ID)
	if err != nil {
		return err
	}
	if _, pending, ok := now.Keyring().Match(from.Password); !ok || pending {
		return wrongKey(cp)
	}
	slog.InfoContext(ctx, "charge point has taken its new key", "chargePointId", cp.ID)
	return nil
}

func wrongKey(cp chargepoint.ChargePoint) error {
	return refuse(http.StatusUnauthorized, "charge point %s sent a wrong key", cp.ID)
}
