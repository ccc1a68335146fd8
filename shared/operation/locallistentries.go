package operation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// entries are what the update says of each id token, in the words of the version.
func (l *LocalList) entries(ctx context.Context, desk Desk, target Target) ([]json.RawMessage, error) {
	if l.IDTokens == nil {
		return allEntries(ctx, desk, target.Version)
	}
	found, err := l.find(ctx, desk.Tokens)
	if err != nil {
		return nil, err
	}
	var entries []json.RawMessage
	for i, listed := range l.IDTokens {
		known := found[i]
		stated := token.Token{IDToken: listed.IDToken, Type: cmp.Or(listed.Type, cardType)}
		if known != nil {
			stated = *known
		}
		if why := unlistable(target.Version, stated); why != "" {
			return nil, fault.New(fault.Invalid, "'idTokens[%d]' must not be on a local list of %s: %s", i, target.Version, why)
		}
		if known == nil && l.UpdateType == "full" {
			continue // not to be on the list, which the update replaces
		}
		entry, err := json.Marshal(listEntry(target.Version, stated, known != nil, desk.Now()))
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// readers is how many id tokens are read at once: a few thousand take seconds one by one.
const readers = 16

// find reads the id tokens of the body. One that is not in the table is nil.
func (l *LocalList) find(ctx context.Context, store token.Store) ([]*token.Token, error) {
	found := make([]*token.Token, len(l.IDTokens))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	indexes := make(chan int)
	var reading sync.WaitGroup
	for range readers {
		reading.Go(func() {
			for i := range indexes {
				switch t, err := store.Find(ctx, l.IDTokens[i].IDToken); {
				case err == nil:
					found[i] = &t
				case !fault.Is(err, fault.NotFound):
					stop(err)
				}
			}
		})
	}
	for i := range found {
		if ctx.Err() != nil {
			break
		}
		indexes <- i
	}
	close(indexes)
	reading.Wait()
	return found, context.Cause(ctx)
}

// allEntries are those of the whole token table.
func allEntries(ctx context.Context, desk Desk, version ocppj.Version) (entries []json.RawMessage, err error) {
	const pageOfTokens = 1000
	for cursor := ""; ; {
		page, next, err := desk.Tokens.List(ctx, cursor, pageOfTokens)
		if err != nil {
			return nil, err
		}
		for _, t := range page {
			spent := t.Type == centralType && token.Authorize(&t, token.Unknown, desk.Now()).Status == token.Expired // made for a remote start that is over
			if spent || unlistable(version, t) != "" {
				continue
			}
			entry, err := json.Marshal(listEntry(version, t, true, desk.Now()))
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
		}
		if len(entries) > maxListed {
			return nil, fault.New(fault.Invalid, "the token table has more than %d id tokens: name those for this charge point in 'idTokens'", maxListed)
		}
		if cursor = next; cursor == "" {
			return entries, nil
		}
	}
}

// longestID is the length of id tokens, and of their groups: OCPP 1.6 IdToken, OCPP 2.0.1 and 2.1 IdTokenType.
var longestID = map[ocppj.Version]int{ocppj.V16: 20, ocppj.V201: maxIDToken, ocppj.V21: 255}

// types201 are the types of id tokens that 2.0.1 knows (IdTokenEnumType); for 2.1 any word is one.
var types201 = map[string]bool{"Central": true, "eMAID": true, "ISO14443": true, "ISO15693": true, "KeyCode": true, "Local": true, "MacAddress": true}

// unlistable says why a version cannot have an id token on a local list, "" if it can.
func unlistable(version ocppj.Version, t token.Token) string {
	switch limit := longestID[version]; {
	case utf8.RuneCountInString(t.IDToken) > limit:
		return fmt.Sprintf("it has more than %d characters", limit)
	case t.Type == "NoAuthorization":
		return "its type says that there is no id token"
	case version == ocppj.V201 && t.Type != "" && !types201[t.Type]:
		return fmt.Sprintf("the version does not know its type %q", t.Type)
	}
	return ""
}

// listEntry is the AuthorizationData of an id token; one that is not known is taken off the list.
func listEntry(version ocppj.Version, t token.Token, known bool, now time.Time) map[string]any {
	authorization := token.Authorize(&t, token.Unknown, now)
	info := map[string]any{"status": authorization.Status}
	group := authorization.GroupID
	if utf8.RuneCountInString(group) > longestID[version] {
		group = "" // cannot be told
	}
	if version == ocppj.V16 {
		addTime(info, "expiryDate", authorization.ExpiresAt)
		if group != "" {
			info["parentIdTag"] = group
		}
		if !known {
			return map[string]any{"idTag": t.IDToken}
		}
		return map[string]any{"idTag": t.IDToken, "idTagInfo": info}
	}
	addTime(info, "cacheExpiryDateTime", authorization.ExpiresAt)
	if group != "" {
		info["groupIdToken"] = map[string]string{"idToken": group, "type": centralType}
	}
	entry := map[string]any{"idToken": map[string]string{"idToken": t.IDToken, "type": cmp.Or(t.Type, cardType)}}
	if known {
		entry["idTokenInfo"] = info
	}
	return entry
}
