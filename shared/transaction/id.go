package transaction

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// StartKey names a 1.6 start: a charge point that repeats its StartTransaction.req repeats all of
// these, under the same message id or a new one, and must get the same transaction again (OCPP 1.6 section 3.7.1).
func StartKey(connectorID int, idTag string, at time.Time, meterStart int) string {
	return fmt.Sprintf("%d|%s|%s|%d", connectorID, hashText(strings.ToLower(idTag)), at.UTC().Format(time.RFC3339Nano), meterStart)
}

// NewID derives the id of a 1.6 transaction from its start: a positive 31-bit number, the same for
// every repetition, not guessable in sequence. attempt is counted up while another start holds the id.
func NewID(chargePointID, startKey string, attempt int) int {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", chargePointID, startKey, attempt))
	if id := int(binary.BigEndian.Uint32(sum[:]) & 0x7fffffff); id > 0 {
		return id
	}
	return 1 // zero is not positive
}

// hashText keeps an id tag out of a key that is stored and logged.
func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return fmt.Sprintf("%x", sum[:8])
}
