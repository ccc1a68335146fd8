package main

import (
	"context"
	"errors"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/signer"
)

// authority signs, or fails.
type authority struct {
	err   error
	asked []signer.Request
}

func (a *authority) Sign(_ context.Context, request signer.Request) (string, error) {
	a.asked = append(a.asked, request)
	return "CHAIN", a.err
}

func TestCertificateRequests(t *testing.T) {
	for _, test := range []struct{ version, payload, want string }{
		{"ocpp1.6", `{"csr":"CSR"}`, `{"certificateChain":"CHAIN"}`},
		{"ocpp2.0.1", `{"csr":"CSR","certificateType":"V2GCertificate"}`, `{"certificateChain":"CHAIN","certificateType":"V2GCertificate"}`},
		{"ocpp2.1", `{"csr":"CSR","requestId":7}`, `{"certificateChain":"CHAIN","requestId":7}`},
	} {
		t.Run(test.version, func(t *testing.T) {
			r := newRig(t)
			request := func() {
				r.process(test.version, `[2,"1","SignCertificate",`+test.payload+`]`, `[3,"1",{"status":"Accepted"}]`)
			}
			signs := &authority{err: fault.New(fault.NotFound, "nobody signs here")}
			r.handler.Signer = signs
			request()
			kept, _, err := r.handler.Effects.Reports.List(t.Context(), "CP001", report.CertificateRequest, "", "", 10)
			r.must(err)
			if len(kept) != 1 || len(r.submitted) != 0 {
				t.Errorf("kept %+v, sent %+v", kept, r.submitted)
			}

			signs.err = nil
			request()
			request() // the record comes again
			if len(signs.asked) == 0 || signs.asked[0].ChargePointID != "CP001" || signs.asked[0].CSR != "CSR" {
				t.Errorf("asked %+v", signs.asked)
			}
			sent := r.submitted
			if len(sent) != 2 || sent[0].ID != sent[1].ID || sent[0].Action != "CertificateSigned" || string(sent[0].Payload) != test.want {
				t.Errorf("sent %+v", sent)
			}

			signs.err = errors.New("the authority is closed")
			request()
			if len(r.submitted) != 2 {
				t.Errorf("sent %+v", r.submitted)
			}
		})
	}
}

// A certificate chain that is larger than API Gateway sends would be so the next time.
func TestCertificateTooLargeToBeSentHoldsNothingUp(t *testing.T) {
	r := newRig(t)
	r.handler.Signer, r.submitErr = &authority{}, fault.New(fault.Invalid, "this CertificateSigned has 200000 bytes")
	r.process("ocpp2.0.1", `[2,"1","SignCertificate",{"csr":"CSR"}]`, `[3,"1",{"status":"Accepted"}]`)
	if len(r.submitted) != 1 || len(r.mirrored) != 2 {
		t.Errorf("submitted %+v, mirrored %q", r.submitted, r.mirrored)
	}
}
