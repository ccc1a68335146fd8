package chargepoint

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// keyBytes is the length of a Basic-auth key: OCPP-J 1.6 section 6.2.2 fixes it at 20 bytes, and its
// 40 hex digits are a valid BasicAuthPassword of OCPP 2.0.1 (16 to 40 characters).
const keyBytes = 20

// NewKey makes a Basic-auth key of 20 random bytes, as 40 hex digits. It is handed out once and never stored.
func NewKey() string {
	key := make([]byte, keyBytes)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(key)
}

// hashPrefix names the way of hashing, so that another can follow. One round of SHA-256 is enough for
// keys of 160 random bits; it would not be for passwords that people choose.
const hashPrefix = "sha256$"

// Hash makes the salted hash that is stored for a key.
func Hash(key string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return hashWith(salt, key)
}

// Matches compares a password from an Authorization header with a stored hash in constant time. The
// password may be the raw bytes of the key or its hex digits in either case: OCPP 1.6 charge points send both.
func Matches(hash, password string) bool {
	encoded, _, found := strings.Cut(strings.TrimPrefix(hash, hashPrefix), "$")
	salt, err := base64.RawStdEncoding.DecodeString(encoded)
	if !found || err != nil || !strings.HasPrefix(hash, hashPrefix) {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(hash), []byte(hashWith(salt, password))) == 1
}

func hashWith(salt []byte, key string) string {
	sum := sha256.Sum256(append(salt[:len(salt):len(salt)], rawKey(key)...))
	return hashPrefix + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// rawKey undoes the hex digits of a key, so that both spellings are one key.
func rawKey(key string) []byte {
	if len(key) == 2*keyBytes {
		if raw, err := hex.DecodeString(key); err == nil {
			return raw
		}
	}
	return []byte(key)
}

// PendingKey is a key that a charge point was sent and may have taken.
type PendingKey struct {
	Hash      string // as of Hash
	CommandID string // that told it
}

// HighestCheckedProfile is security profile 2, Basic authentication over TLS: the highest that a key is enough for, and so
// that this system can check (OCPP 2.0.1 part 2, A 1.3).
const HighestCheckedProfile = 2

// MaxPendingKeys bounds the keys whose fate is not known: a charge point that never answers could be sent any number.
const MaxPendingKeys = 3
