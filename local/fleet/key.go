package fleet

import (
	"encoding/hex"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

const (
	keyDigits   = 40 // an AuthorizationKey of 1.6 (OCPP-J 1.6 section 6.2.2)
	shortestKey = 16 // a BasicAuthPassword (OCPP 2.0.1 part 2, A00.FR.205)
	longestKey  = 64 // of 2.1; 2.0.1 has 40
)

// goodKey reports whether a charge point takes value as its key.
func goodKey(version ocppj.Version, value string) bool {
	if version == ocppj.V16 {
		_, err := hex.DecodeString(value)
		return err == nil && len(value) <= keyDigits && len(value) >= 2*shortestKey
	}
	return len(value) >= shortestKey && len(value) <= longestKey
}

// password is what goes into the Authorization header: 1.6 sends the bytes that the hex digits of a key stand for, 2.x the
// text itself.
func password(version ocppj.Version, key string) string {
	if raw, err := hex.DecodeString(key); version == ocppj.V16 && len(key) == keyDigits && err == nil {
		return string(raw)
	}
	return key
}
