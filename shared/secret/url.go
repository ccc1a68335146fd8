package secret

import (
	"bytes"
	"encoding/json"
	"strings"
)

// MaskedText returns a text that is no JSON, such as the value of a variable, with "***" in the place of the password if
// it is a URL that has one.
func MaskedText(text string) string {
	masked, _ := withoutPassword(text)
	return masked
}

// withoutPassword masks the password of a URL such as ftp://depot:password@files.example.com/logs, which firmware and
// logs are fetched from and sent to; has is false for any other text. The user's name stays: it tells which account to
// look at.
func withoutPassword(text string) (masked string, has bool) {
	scheme, rest, isURL := strings.Cut(text, "://")
	if !isURL {
		return text, false
	}
	authority, path := rest, ""
	if end := strings.IndexAny(rest, "/?#\\"); end >= 0 { // RFC 3986 section 3.2; a backslash ends it for browsers
		authority, path = rest[:end], rest[end:]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return text, false
	}
	user, password, _ := strings.Cut(authority[:at], ":")
	if password == "" {
		return text, false
	}
	return scheme + "://" + user + ":***" + authority[at:] + path, true
}

// quoted writes a text as JSON, with & as it is: URLs are full of it.
func quoted(text string) string {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return Mask // a string can always be written; if not, nothing is shown
	}
	return strings.TrimSuffix(written.String(), "\n")
}
