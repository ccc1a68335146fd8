package token

import (
	"testing"
	"time"
)

func TestAuthorize(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		found *Token
		want  Status
	}{
		{"unknown", nil, Unknown},
		{"accepted", &Token{Status: Accepted}, Accepted},
		{"accepted for now", &Token{Status: Accepted, ExpiresAt: now.Add(time.Second)}, Accepted},
		{"expires this moment", &Token{Status: Accepted, ExpiresAt: now}, Expired},
		{"blocked stays blocked when it expires", &Token{Status: Blocked, ExpiresAt: now.Add(-time.Hour)}, Blocked},
	} {
		if got := Authorize(test.found, Unknown, now); got.Status != test.want {
			t.Errorf("%s: %s, want %s", test.name, got.Status, test.want)
		}
	}
	if got := Authorize(nil, Accepted, now); got.Status != Accepted {
		t.Errorf("a stack that takes unknown tokens: %s", got.Status)
	}
	if got := Authorize(&Token{Status: Accepted, GroupID: "FLEET"}, Invalid, now); got.GroupID != "FLEET" {
		t.Errorf("group lost: %+v", got)
	}
}

// Specification: OCPP 1.6 section 7.28; OCPP 2.0.1 part 2 IdTokenType.
func TestKeyAndMask(t *testing.T) {
	if Key("AbC1") != Key("aBc1") {
		t.Error("id tokens compare without case")
	}
	for token, want := range map[string]string{"": "", "abcd": "****", "04A1B2C3": "******C3"} {
		if got := Mask(token); got != want {
			t.Errorf("Mask(%q) = %q, want %q", token, got, want)
		}
	}
}
