package chargepoint

import (
	"encoding/hex"
	"strings"
	"testing"
)

// Specification: OCPP-J 1.6 section 6.2.2; A00.FR.205; A01.FR.06; A01.FR.07; A01.FR.08.
func TestKeyMatchesInEverySpelling(t *testing.T) {
	key := NewKey()
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != 20 {
		t.Fatalf("a key is 20 bytes in hex, got %q", key)
	}
	hash := Hash(key)
	for name, password := range map[string]string{"hex": key, "upper case hex": strings.ToUpper(key), "raw bytes": string(raw)} {
		if !Matches(hash, password) {
			t.Errorf("%s: the right key is refused", name)
		}
	}
	for name, password := range map[string]string{"empty": "", "another key": NewKey(), "cut": key[:39], "the hash itself": hash} {
		if Matches(hash, password) {
			t.Errorf("%s: a wrong key is taken", name)
		}
	}
	if Hash(key) == hash {
		t.Error("two hashes of one key are equal: there is no salt")
	}
	if strings.Contains(hash, key) {
		t.Error("the hash shows the key")
	}
}

func TestNoHashMatchesNothing(t *testing.T) {
	for _, hash := range []string{"", "sha256$", "sha256$$", "md5$abc$def", "sha256$!!$x"} {
		if Matches(hash, "") || Matches(hash, "secret") {
			t.Errorf("hash %q matches", hash)
		}
	}
}

// Specification: OCPP-J 1.6 section 6.2.2; A00.FR.205.
func TestPlainTextPassword(t *testing.T) {
	if hash := Hash("a pass:word of 2.0.1"); !Matches(hash, "a pass:word of 2.0.1") || Matches(hash, "a pass:word of 2.0.2") {
		t.Error("a password that is no hex is compared as it is")
	}
}
