// Package secret knows the secrets in OCPP messages: the Basic-auth key that a charge point is sent, those of
// its network access, and the passwords in URLs. The record of who asked for what is kept for weeks and shown to observers; they are not.
package secret

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Mask stands where a secret was.
const Mask = `"***"`

// names are the configuration keys (OCPP 1.6) and variables (2.x) whose value is a secret, in lower case: names
// compare without case (OCPP 2.0.1 part 2, 2.1.2).
var names = map[string]bool{
	"authorizationkey":  true, // OCPP 1.6 security whitepaper, section 2.1
	"basicauthpassword": true, // SecurityCtrlr; NetworkConfiguration in 2.1, as those below
	"apnpassword":       true,
	"simpin":            true,
	"vpnpassword":       true,
	"vpnkey":            true,
}

// credentials are those of them that a charge point logs in with.
var credentials = map[string]bool{"authorizationkey": true, "basicauthpassword": true}

// Named tells whether a configuration key or variable of that name holds a secret.
func Named(name string) bool { return names[strings.ToLower(name)] }

// Masked returns the frame, payload or result with "***" in the place of each secret, and every other byte as it
// is. Without a secret it returns its argument itself, and nearly always without reading it as JSON; so it does
// when that is no JSON.
//
// Secrets are the values that belong to a name as above (ChangeConfiguration, GetConfiguration, SetVariables,
// GetVariables, NotifyReport, NotifyEvent), those of a network profile (SetNetworkProfile), and the password of any URL
// (the locations of firmware, logs and diagnostics), of which the rest stays.
func Masked(json []byte) []byte {
	if !suspicious(json) {
		return json
	}
	found := find(json)
	if len(found) == 0 {
		return json
	}
	masked := make([]byte, 0, len(json))
	end := 0
	for _, f := range found {
		if f.start < end {
			continue // inside of one that is masked, or the same
		}
		masked = append(append(masked, json[end:f.start]...), cmp.Or(f.instead, Mask)...)
		end = f.end
	}
	return append(masked, json[end:]...)
}

// Sets tells whether a CALL from the central system gives a charge point another key to log in with. That has
// to be known, or the charge point could not log in any more.
func Sets(action string, payload []byte) bool {
	switch action {
	case "ChangeConfiguration", "SetVariables", "SetNetworkProfile":
		return slices.ContainsFunc(find(payload), func(f finding) bool { return f.credential })
	}
	return false
}

// hints are what a message with a secret has somewhere, in lower case; a URL with a password has an @. An escaped character
// could hide one.
var hints = [][]byte{[]byte("authorizationkey"), []byte("password"), []byte("simpin"), []byte("vpn"), []byte("@"), []byte(`\u`)}

// suspicious tells, without allocating, whether there may be a secret.
func suspicious(json []byte) bool {
	return slices.ContainsFunc(hints, func(hint []byte) bool { return containsFold(json, hint) })
}

// containsFold is bytes.Contains without regard to case.
func containsFold(text, part []byte) bool {
	for i := 0; i+len(part) <= len(text); i++ {
		if (text[i]|0x20) == (part[0]|0x20) && bytes.EqualFold(text[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
