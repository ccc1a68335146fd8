package operation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// someTokens are of every kind, in the order of their ids.
var someTokens = tokensOf(
	token.Token{IDToken: "04A1", Status: token.Accepted},
	token.Token{IDToken: "04B2", Type: "ISO15693", Status: token.Accepted, ExpiresAt: now.Add(-time.Hour), GroupID: "FLEET"},
	token.Token{IDToken: "04C3", Status: token.Blocked, ExpiresAt: now.Add(1500 * time.Millisecond), GroupID: strings.Repeat("g", 36)},
	token.Token{IDToken: "long-" + strings.Repeat("4", 31), Type: "Central", Status: token.Accepted},
	token.Token{IDToken: "made", Type: "Central", Status: token.Accepted, ExpiresAt: now},
	token.Token{IDToken: "nobody", Type: "NoAuthorization", Status: token.Accepted},
	token.Token{IDToken: "plug", Type: "EVCCID", Status: token.Accepted}, // a type of 2.1
)

// Specification: OCPP 1.6 sections 5.15, 6.41 and 7.1; OCPP 2.x D01, AuthorizationData.
func TestLocalList(t *testing.T) {
	const (
		a16, b16 = `{"idTag":"04A1","idTagInfo":{"status":"Accepted"}}`, `{"idTag":"04B2","idTagInfo":{"expiryDate":"2026-05-01T11:00:00Z","parentIdTag":"FLEET","status":"Expired"}}`
		c16      = `{"idTag":"04C3","idTagInfo":{"expiryDate":"2026-05-01T12:00:01Z","status":"Blocked"}}`
		a2       = `{"idToken":{"idToken":"04A1","type":"ISO14443"},"idTokenInfo":{"status":"Accepted"}}`
		b2       = `{"idToken":{"idToken":"04B2","type":"ISO15693"},"idTokenInfo":{"cacheExpiryDateTime":"2026-05-01T11:00:00Z","groupIdToken":{"idToken":"FLEET","type":"Central"},"status":"Expired"}}`
		c2       = `{"idToken":{"idToken":"04C3","type":"ISO14443"},"idTokenInfo":{"cacheExpiryDateTime":"2026-05-01T12:00:01Z","groupIdToken":{"idToken":"gggggggggggggggggggggggggggggggggggg","type":"Central"},"status":"Blocked"}}`
		long2    = `{"idToken":{"idToken":"long-4444444444444444444444444444444","type":"Central"},"idTokenInfo":{"status":"Accepted"}}`
		plug2    = `{"idToken":{"idToken":"plug","type":"EVCCID"},"idTokenInfo":{"status":"Accepted"}}`
		plug16   = `{"idTag":"plug","idTagInfo":{"status":"Accepted"}}`
	)
	for _, test := range []struct {
		version    ocppj.Version
		body, want string
		list       int // version that was said
		fault      fault.Code
	}{
		{ocppj.V16, `{"updateType":"full"}`, `SendLocalList {"listVersion":8,"localAuthorizationList":[` + a16 + `,` + b16 + `,` + c16 + `,` + plug16 + `],"updateType":"Full"}`, 8, ""},
		{ocppj.V16, `{"updateType":"full","idTokens":["04a1","unheard of"]}`, `SendLocalList {"listVersion":8,"localAuthorizationList":[` + a16 + `],"updateType":"Full"}`, 8, ""},
		{ocppj.V16, `{"updateType":"full","idTokens":[]}`, `SendLocalList {"listVersion":8,"updateType":"Full"}`, 8, ""},
		{ocppj.V16, `{"updateType":"differential","idTokens":["04A1","gone"]}`, `SendLocalList {"listVersion":8,"localAuthorizationList":[` + a16 + `,{"idTag":"gone"}],"updateType":"Differential"}`, 8, ""},
		{ocppj.V16, `{"updateType":"full","entriesPerCall":3,"version":20}`, `SendLocalList {"listVersion":20,"localAuthorizationList":[` + a16 + `,` + b16 + `,` + c16 + `],"updateType":"Full"}` +
			"\n" + `SendLocalList {"listVersion":21,"localAuthorizationList":[` + plug16 + `],"updateType":"Differential"}`, 21, ""},
		{ocppj.V16, `{"updateType":"full","idTokens":["long-4444444444444444444444444444444"]}`, "", 0, fault.Invalid},
		{ocppj.V16, `{"updateType":"differential","idTokens":["` + strings.Repeat("4", 21) + `"]}`, "", 0, fault.Invalid},

		{ocppj.V201, `{"updateType":"full"}`, `SendLocalList {"localAuthorizationList":[` + a2 + `,` + b2 + `,` + c2 + `,` + long2 + `],"updateType":"Full","versionNumber":8}`, 8, ""},
		{ocppj.V201, `{"updateType":"full","idTokens":[]}`, `SendLocalList {"updateType":"Full","versionNumber":8}`, 8, ""},
		{ocppj.V201, `{"updateType":"differential","idTokens":["gone",{"idToken":"DE*1","type":"eMAID"},{"idToken":"04B2"}]}`,
			`SendLocalList {"localAuthorizationList":[{"idToken":{"idToken":"gone","type":"ISO14443"}},{"idToken":{"idToken":"DE*1","type":"eMAID"}},` + b2 + `],"updateType":"Differential","versionNumber":8}`, 8, ""},
		{ocppj.V201, `{"updateType":"differential","idTokens":["04A1","04B2"],"entriesPerCall":1}`, `SendLocalList {"localAuthorizationList":[` + a2 + `],"updateType":"Differential","versionNumber":8}` +
			"\n" + `SendLocalList {"localAuthorizationList":[` + b2 + `],"updateType":"Differential","versionNumber":9}`, 9, ""},
		{ocppj.V201, `{"updateType":"full","idTokens":["plug"]}`, "", 0, fault.Invalid},
		{ocppj.V201, `{"updateType":"full","idTokens":["nobody"]}`, "", 0, fault.Invalid},
		{ocppj.V21, `{"updateType":"full"}`, `SendLocalList {"localAuthorizationList":[` + a2 + `,` + b2 + `,` + c2 + `,` + long2 + `,` + plug2 + `],"updateType":"Full","versionNumber":8}`, 8, ""},
		{ocppj.V21, `{"updateType":"full","idTokens":["plug"]}`, `SendLocalList {"localAuthorizationList":[` + plug2 + `],"updateType":"Full","versionNumber":8}`, 8, ""},

		{ocppj.V21, `{}`, "", 0, fault.Malformed},
		{ocppj.V21, `{"updateType":"Full"}`, "", 0, fault.Invalid},
		{ocppj.V21, `{"updateType":"differential"}`, "", 0, fault.Malformed},
		{ocppj.V21, `{"updateType":"differential","idTokens":[]}`, "", 0, fault.Malformed},
		{ocppj.V21, `{"updateType":"full","idTokens":["04A1","04a1"]}`, "", 0, fault.Invalid},
		{ocppj.V21, `{"updateType":"full","idTokens":[{}]}`, "", 0, fault.Malformed},
		{ocppj.V21, `{"updateType":"full","version":-1}`, "", 0, fault.Invalid},
		{ocppj.V21, `{"updateType":"full","entriesPerCall":101}`, "", 0, fault.Invalid},
		{ocppj.V21, `{"updateType":"full","version":2147483648}`, "", 0, fault.Conflict},
	} {
		list := readInto[operation.LocalList](t, test.body)
		versions := listsAt(7)
		got, err := prepared(t, list, operation.Desk{Tokens: someTokens, Lists: versions}, test.version)
		if got != test.want || fault.CodeOf(err) != test.fault {
			t.Errorf("%s %s:\ngot  %s %v\nwant %s %s", test.version, test.body, got, err, test.want, test.fault)
		}
		if said := list.Said().ListVersion; err == nil && (said != test.list || *versions.version != said) {
			t.Errorf("%s %s: said version %d and counted to %d, want %d", test.version, test.body, said, *versions.version, test.list)
		} else if err != nil && *versions.version != 7 {
			t.Errorf("%s %s: took version %d for a list that is not sent", test.version, test.body, *versions.version)
		}
	}
}

// A long list is sent in frames that API Gateway does not cut, with rising versions, and nobody is lost.
func TestLongLocalList(t *testing.T) {
	for _, test := range []struct {
		version ocppj.Version
		token   func(i int) token.Token
	}{
		{ocppj.V16, func(i int) token.Token { return token.Token{IDToken: fmt.Sprintf("%020d", i)} }},
		{ocppj.V201, func(i int) token.Token {
			return token.Token{IDToken: fmt.Sprintf("%036d", i), GroupID: strings.Repeat("g", 36), ExpiresAt: now.Add(time.Hour)}
		}},
		{ocppj.V21, func(i int) token.Token {
			return token.Token{IDToken: fmt.Sprintf("%0255d", i), GroupID: strings.Repeat("<", 255), ExpiresAt: now.Add(time.Hour)} // < is six bytes in JSON
		}},
	} {
		const tokens = 1234
		store := tokensOf()
		for i := range tokens {
			next := test.token(i)
			next.Status = token.Accepted
			store[next.IDToken] = next
		}
		list := readInto[operation.LocalList](t, `{"updateType":"full"}`)
		got, err := prepared(t, list, operation.Desk{Tokens: store, Lists: listsAt(0)}, test.version)
		if err != nil {
			t.Errorf("%s: %v", test.version, err)
			continue
		}
		listed, version := map[string]bool{}, 0
		for _, call := range strings.Split(got, "\n") {
			if len(call) > 28_000 {
				t.Errorf("%s: a CALL of %d bytes", test.version, len(call))
			}
			var sent struct {
				UpdateType                 string
				ListVersion, VersionNumber int
				LocalAuthorizationList     []struct {
					IDTag   string
					IDToken struct{ IDToken string }
				}
			}
			if err := json.Unmarshal([]byte(strings.TrimPrefix(call, "SendLocalList ")), &sent); err != nil {
				t.Fatal(err)
			}
			if version++; sent.ListVersion+sent.VersionNumber != version || (sent.UpdateType == "Full") != (version == 1) {
				t.Errorf("%s: CALL %d is %s %d", test.version, version, sent.UpdateType, sent.ListVersion+sent.VersionNumber)
			}
			if n := len(sent.LocalAuthorizationList); n == 0 || n > 100 {
				t.Errorf("%s: %d entries in CALL %d", test.version, n, version)
			}
			for _, entry := range sent.LocalAuthorizationList {
				listed[entry.IDTag+entry.IDToken.IDToken] = true
			}
		}
		if len(listed) != tokens {
			t.Errorf("%s: %d id tokens were sent", test.version, len(listed))
		}
		t.Logf("%s: %d CALLs", test.version, version)
	}
}

func TestLocalListHasItsLimits(t *testing.T) {
	store, named := tokensOf(), make([]string, 5001)
	for i := range named {
		named[i] = fmt.Sprintf("%05d", i)
		store[named[i]] = token.Token{IDToken: named[i], Status: token.Accepted}
	}
	body := func(update string, n int, more string) string {
		ids, err := json.Marshal(named[:n])
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf(`{"updateType":%q,"idTokens":%s%s}`, update, ids, more)
	}
	for _, test := range []struct {
		name, body string
		says       string // "" when it is sent
	}{
		{"all of a table that is too long", `{"updateType":"full"}`, "more than 5000 id tokens"},
		{"too many named", body("differential", 5001, ""), "'idTokens' must be at most 5000, not 5001"},
		{"too many CALLs", body("differential", 201, `,"entriesPerCall":1`), "'entriesPerCall' must be higher"},
		{"as many as there may be", body("full", 5000, ""), ""},
	} {
		list := readInto[operation.LocalList](t, test.body)
		got, err := prepared(t, list, operation.Desk{Tokens: store, Lists: listsAt(0)}, ocppj.V16)
		if test.says == "" && (err != nil || strings.Count(got, "\n") != 49 || !strings.Contains(got, `"idTag":"04999"`)) {
			t.Errorf("%s: %v, %d line ends", test.name, err, strings.Count(got, "\n"))
		}
		if test.says != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: got %v, want %s", test.name, err, test.says)
		}
	}
}

func TestLocalListWithoutItsTables(t *testing.T) {
	for body, desk := range map[string]operation.Desk{
		`{"updateType":"full"}`: {Tokens: brokenTokens{}, Lists: listsAt(0)},
		`{"updateType":"differential","idTokens":["04A1","04B2"]}`: {Tokens: brokenTokens{}, Lists: listsAt(0)},
	} {
		if _, err := prepared(t, readInto[operation.LocalList](t, body), desk, ocppj.V16); !fault.Is(err, fault.Throttled) {
			t.Errorf("%s: got %v, want the fault of the token table", body, err)
		}
	}
	gone := operation.Desk{Tokens: someTokens, Lists: lists{}}
	if _, err := prepared(t, readInto[operation.LocalList](t, `{"updateType":"full"}`), gone, ocppj.V16); !fault.Is(err, fault.NotFound) {
		t.Errorf("charge point gone: got %v", err)
	}
	unread := operation.LocalList{UpdateType: "full"}
	if _, err := unread.Calls(ocppj.V16); !fault.Is(err, fault.Internal) {
		t.Errorf("not prepared: got %v", err)
	}
}
