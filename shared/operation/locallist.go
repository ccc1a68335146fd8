package operation

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// LocalList sends the local authorization list, by which a charge point decides while it is offline, from the token table
// (OCPP 1.6 section 5.15, OCPP 2.x part 2 use case D01). A long one becomes several CALLs, each with a version of its own:
// the first as ordered, the rest differential. What became of each is in the commands' results; as long as one of them
// waits for a charge point that is offline, the list is incomplete.
type LocalList struct {
	// UpdateType is "full" to replace the list, or "differential" to add, renew or remove some entries.
	UpdateType string `json:"updateType" required:"true" enum:"full,differential"`
	// IDTokens are the id tokens that the update is about, at most 5,000, and required for a differential one. Those that
	// the token table has are on the list afterwards, the others are not. For a full update, left out means the whole
	// token table, except for id tokens that the charge point cannot hold (1.6: longer than 20 characters; 2.0.1: longer
	// than 36, or of a type that it does not know) and those that were made for a remote start and have expired; []
	// empties the list.
	IDTokens []ListedToken `json:"idTokens" maxItems:"5000"`
	// Version is the number of the list, of its first CALL if it becomes several. Left out: the next that this charge
	// point was not sent yet. A differential update of a version that is not above its list's is refused by the charge point.
	Version int `json:"version" minimum:"1"`
	// EntriesPerCall is the most entries in one CALL, 1 to 100, for charge points that take fewer (1.6
	// SendLocalListMaxLength, 2.x ItemsPerMessage). Left out: 100.
	EntriesPerCall int `json:"entriesPerCall" minimum:"1" maximum:"100"`

	chunks   [][]json.RawMessage // entries by CALL, in the words of the version; nil before Prepare
	versions []int               // of each CALL
}

// ListedToken is an id token of a local list; the id alone stands for {"idToken": id}.
type ListedToken struct {
	IDToken string `json:"idToken" required:"true"`
	// Type of the id token (2.x), for one to be taken off the list: the token table does not know it. Left out: ISO14443.
	Type string `json:"type,omitempty"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *ListedToken) UnmarshalJSON(data []byte) error {
	type plain ListedToken // without this method
	return readShorthand(data, &t.IDToken, (*plain)(t))
}

// Bounds of a local list.
const (
	// maxListed keeps an order within one call of this system, and a list within what charge points hold.
	maxListed = 5000
	// maxEntries is the most entries in a CALL. Charge points of 1.6 must say their own limit, and few take more.
	maxEntries = 100
	// maxListBytes keeps a frame below the 32 KB in which API Gateway sends it in one piece.
	maxListBytes = 24 << 10
	// maxListCalls bounds how many commands one order becomes; each waits for the answer to the one before.
	maxListCalls = 200
)

var updateTypes = map[string]string{"full": "Full", "differential": "Differential"}

// Prepare implements Prepared: it reads the tokens, and takes a version for each CALL.
func (l *LocalList) Prepare(ctx context.Context, desk Desk, target Target) error {
	if err := l.check(target.Version); err != nil {
		return err
	}
	entries, err := l.entries(ctx, desk, target)
	if err != nil {
		return err
	}
	if l.chunks, err = l.split(entries); err != nil {
		return err
	}
	return l.takeVersions(ctx, desk, target)
}

// check returns what is wrong with the body.
func (l *LocalList) check(version ocppj.Version) error {
	_, err := word(version, "updateType", l.UpdateType, updateTypes)
	switch {
	case err != nil:
		return err
	case l.UpdateType == "differential" && len(l.IDTokens) == 0:
		return missing("idTokens")
	case len(l.IDTokens) > maxListed:
		return fault.New(fault.Invalid, "'idTokens' must be at most %d, not %d", maxListed, len(l.IDTokens))
	case l.Version < 0:
		return fault.New(fault.Invalid, "'version' must be positive, or left out")
	case l.EntriesPerCall < 0 || l.EntriesPerCall > maxEntries:
		return fault.New(fault.Invalid, "'entriesPerCall' must be 1 to %d, or left out", maxEntries)
	}
	seen := make(map[string]bool, len(l.IDTokens))
	for i, listed := range l.IDTokens {
		key := token.Key(listed.IDToken)
		switch {
		case key == "":
			return missing(fmt.Sprintf("idTokens[%d].idToken", i))
		case seen[key]: // a charge point would refuse the whole list
			return fault.New(fault.Invalid, "'idTokens[%d]' must not be named twice; id tokens compare without case", i)
		}
		seen[key] = true
	}
	return nil
}

// split deals the entries out to CALLs. A full update without entries is one CALL, too.
func (l *LocalList) split(entries []json.RawMessage) ([][]json.RawMessage, error) {
	most := l.EntriesPerCall
	if most == 0 {
		most = maxEntries
	}
	chunks, size := [][]json.RawMessage{nil}, 0
	for _, entry := range entries {
		last := len(chunks) - 1
		if len(chunks[last]) == most || size+len(entry) > maxListBytes && size > 0 {
			chunks, size = append(chunks, nil), 0
			last++
		}
		chunks[last] = append(chunks[last], entry)
		size += len(entry)
	}
	if len(chunks) > maxListCalls {
		return nil, fault.New(fault.Invalid, "'entriesPerCall' must be higher: the list of %d entries would take %d CALLs, and at most %d are sent", len(entries), len(chunks), maxListCalls)
	}
	return chunks, nil
}

// takeVersions gives each CALL its version. What is given up half way leaves a gap, which harms nothing: versions rise.
func (l *LocalList) takeVersions(ctx context.Context, desk Desk, target Target) error {
	l.versions = make([]int, len(l.chunks))
	for i := range l.versions {
		l.versions[i] = l.Version + i
		if l.Version > 0 {
			continue
		}
		var err error
		if l.versions[i], err = desk.Lists.NextListVersion(ctx, target.ChargePoint.ID); err != nil {
			return err
		}
	}
	last := l.versions[len(l.versions)-1]
	if last > math.MaxInt32 {
		return fault.New(fault.Conflict, "the version %d of charge point %s's local list is too high: send a full update with a lower 'version'", last, target.ChargePoint.ID)
	}
	if l.Version == 0 {
		return nil
	}
	return desk.Lists.ListVersionTold(ctx, target.ChargePoint.ID, last) // the next one chosen is above it
}

// Calls implements Operation.
func (l *LocalList) Calls(version ocppj.Version) ([]Call, error) {
	if err := l.check(version); err != nil {
		return nil, err
	}
	if l.chunks == nil {
		return nil, fault.New(fault.Internal, "a local list was ordered without the tokens read")
	}
	number := "versionNumber"
	if version == ocppj.V16 {
		number = "listVersion"
	}
	calls := make([]Call, len(l.chunks))
	for i, chunk := range l.chunks {
		payload := map[string]any{number: l.versions[i], "updateType": updateTypes[l.UpdateType]}
		if i > 0 {
			payload["updateType"] = updateTypes["differential"]
		}
		if len(chunk) > 0 { // else it empties the list: an empty array is not allowed in 2.x
			payload["localAuthorizationList"] = chunk
		}
		calls[i] = Call{"SendLocalList", payload}
	}
	return calls, nil
}

// Said implements Telling: the version that the list has in the end.
func (l *LocalList) Said() Said {
	if len(l.versions) == 0 {
		return Said{}
	}
	return Said{ListVersion: l.versions[len(l.versions)-1]}
}
