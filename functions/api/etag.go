package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// entityTag is a strong validator of a body (RFC 9110 section 8.8.3): a client that asks again with it in If-None-Match
// gets a 304 without the body while nothing has changed. The tables are read all the same.
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:16]) + `"` // 128 bits: nobody makes two answers alike on purpose
}

// matches tells whether a value of If-None-Match has the tag. A gateway that compressed the body may have made the tag weak.
func matches(ifNoneMatch, tag string) bool {
	for candidate := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == tag || candidate == "*" {
			return true
		}
	}
	return false
}
