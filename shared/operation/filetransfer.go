package operation

import (
	"net/url"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Retrying is what firmware and logs, which are both transferred in the background, have in common.
type Retrying struct {
	// Retries is how often the charge point tries again when the transfer fails. Left out: as it likes.
	Retries *int `json:"retries" minimum:"0"`
	// RetryIntervalSeconds is how long it waits before it does. Left out: as it likes.
	RetryIntervalSeconds *int `json:"retryIntervalSeconds" minimum:"0"`
}

// add adds the members to a CALL, which have the same names in every one.
func (r Retrying) add(payload map[string]any) error {
	for _, member := range []struct {
		name, said string
		value      *int
	}{{"retries", "retries", r.Retries}, {"retryIntervalSeconds", "retryInterval", r.RetryIntervalSeconds}} {
		switch {
		case member.value == nil:
		case *member.value < 0:
			return fault.New(fault.Invalid, "'%s' must be 0 or more, or left out", member.name)
		default:
			payload[member.said] = *member.value
		}
	}
	return nil
}

// fileSchemes are the ways to transfer a file that charge points may have (FileTransferProtocols in OCPP 2.x,
// SupportedFileTransferProtocols in 1.6).
var fileSchemes = []string{"http", "https", "ftp", "ftps", "sftp"}

// checkURL returns fault.Invalid for anything but a URL with one of those schemes and a host. It repeats nothing of it,
// for it may have a password.
func checkURL(member, text string, schemes ...string) error {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || !slices.Contains(schemes, strings.ToLower(parsed.Scheme)) {
		return fault.New(fault.Invalid, "'%s' must be a URL that starts with %s://", member, strings.Join(schemes, ":// or "))
	}
	return nil
}
