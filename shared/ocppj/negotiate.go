package ocppj

import (
	"slices"
	"strings"
)

// ParseProtocols reads the values of the Sec-WebSocket-Protocol header: one comma list, several header lines, or
// both (RFC 6455 section 11.3.4). The order is kept, which is the client's order of preference.
func ParseProtocols(values []string) []string {
	var protocols []string
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				protocols = append(protocols, name)
			}
		}
	}
	return protocols
}

// Negotiate picks the version to speak: the first that the charge point offers and we support, since it offers in
// its order of preference (OCPP-J 1.6 section 3.1.2). Names are compared as they are, case included. It is false when nothing is
// common, also when nothing was offered.
func Negotiate(offered []string, supported []Version) (Version, bool) {
	for _, name := range offered {
		if version := Version(name); slices.Contains(supported, version) {
			return version, true
		}
	}
	return "", false
}
