package fleet

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

const (
	signingMethod  = "ECDSA-secp256r1-SHA256"
	encodingMethod = "OCMF"
)

// sign makes the text that a calibrated meter of S.A.F.E. hands out: OCMF|what was measured|its signature
// (Open Charge Metering Format 1.0). The signature is real and, as all of a run, the same for the same seed.
func (s *Station) sign(c *connector, r reading) string {
	tx := "B"
	if r.context == atEnd {
		tx = "E"
	}
	document, err := json.Marshal(object{
		"FV": "1.0", "GI": s.charger.Vendor + " " + s.charger.Model, "GS": s.charger.Serial, "GV": firmwareVersion,
		"PG": fmt.Sprintf("T%d", c.register()%100_000), "MV": s.charger.Vendor, "MS": fmt.Sprintf("%s-%d", s.charger.Serial, c.number),
		"IS": true, "IL": "HEARSAY", "IF": []string{"OCPP_AUTH"}, "IT": "ISO14443", "ID": c.session.Token.ID,
		"RD": []object{{"TM": r.at.Format("2006-01-02T15:04:05,000-0700") + " S", "TX": tx, "RV": float64(r.registerWh) / 1000, "RI": "01-00:98.08.00.FF", "RU": "kWh", "ST": "G"}},
	})
	if err != nil {
		panic("fleet: a reading cannot be encoded: " + err.Error()) // it consists of texts and numbers
	}
	digest := sha256.Sum256(document)
	signature, err := s.meterKey(c).Sign(nil, digest[:], crypto.SHA256) // without randomness as of RFC 6979
	if err != nil {
		panic("fleet: a reading cannot be signed: " + err.Error())
	}
	return "OCMF|" + string(document) + `|{"SA":"` + signingMethod + `","SD":"` + hex.EncodeToString(signature) + `"}`
}

// meterKey is the key of a connector's meter. It is made again each time: thousands of stations need not keep theirs.
func (s *Station) meterKey(c *connector) *ecdsa.PrivateKey {
	secret := make([]byte, 0, 32)
	for part := range 4 {
		secret = binary.BigEndian.AppendUint64(secret, plan.Hash(s.config.Seed, s.config.ID, "meter key", fmt.Sprint(c.number, part)))
	}
	secret[0] &= 0x7f // below the order of the curve
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret)
	if err != nil {
		panic("fleet: no key: " + err.Error())
	}
	return key
}

// publicKey is how a meter's key is told with its readings.
func (s *Station) publicKey(c *connector) string {
	der, err := x509.MarshalPKIXPublicKey(&s.meterKey(c).PublicKey)
	if err != nil {
		panic("fleet: a public key cannot be encoded: " + err.Error())
	}
	return "oca:base16:asn1:" + hex.EncodeToString(der)
}

// timestamp writes a time as all versions read it.
func timestamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
