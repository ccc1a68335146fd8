package dynamodb

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/dynalite"
)

var (
	differentialSeed       = flag.Uint64("differential.seed", 1, "seed of the differential test")
	differentialOperations = flag.Int("differential.operations", 2000, "operations of the differential test")
)

// TestDifferential makes the same random requests, wrong ones among them, of this DynamoDB and of dynalite, and compares the answers and,
// now and then, everything in the tables. What may differ is in knownDifferences.
func TestDifferential(t *testing.T) {
	other, err := dynalite.Start(dynalite.Config{NodeModules: "../../node_modules", Region: "us-east-1", Account: "000000000000", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Stop)
	own := httptest.NewServer(start(t, ""))
	t.Cleanup(own.Close)

	d := &differential{t: t, own: own.URL, other: other.URL(), seen: map[string]int{}}
	d.compare("CreateTable", differentialTable)
	g := &generator{rand.New(rand.NewPCG(*differentialSeed, 0))}
	for n := range *differentialOperations {
		action, request := g.request()
		if !d.compare(action, request) {
			d.restore(request)
		}
		if n%200 == 199 {
			d.compareItems()
		}
		if d.unexplained >= unexplainedShown {
			t.Fatalf("after %d operations of seed %d", n+1, *differentialSeed)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.seen)) {
		t.Logf("%6d × %s", d.seen[name], name)
	}
}

type object = map[string]any

type differential struct {
	t           *testing.T
	own, other  string
	seen        map[string]int
	unexplained int
}

// unexplainedShown is how many unexplained differences are enough.
const unexplainedShown = 15

// said is an answer: the decoded body, and of an error its code and message.
type said struct {
	body          object
	code, message string
}

func (d *differential) send(url, action string, request any) said {
	d.t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, url+"/", bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+action)
	r.Header.Set("X-Amz-Date", "20000101T000000Z") // dynalite wants a date and a signature, and looks at neither
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20000101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatalf("%s %s: %v", action, body, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var s said
	if err := json.Unmarshal(data, &s.body); err != nil {
		d.t.Fatalf("%s answered %d with %q", url, response.StatusCode, data)
	}
	if response.StatusCode != http.StatusOK {
		s.code = (&Error{Type: s.body["__type"].(string)}).Code()
		s.message, _ = s.body["message"].(string)
		if s.message == "" {
			s.message, _ = s.body["Message"].(string)
		}
	}
	normalize(s.body)
	return s
}

// normalize sorts what has no order: sets.
func normalize(v any) {
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			if list, is := inner.([]any); is && (name == "SS" || name == "NS" || name == "BS") {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			}
			normalize(inner)
		}
	case []any:
		for _, inner := range v {
			normalize(inner)
		}
	}
}

// compare says whether both answered the same, or nearly so; false is a known difference, after which the item may differ too.
func (d *differential) compare(action string, request object) bool {
	d.t.Helper()
	own, other := d.send(d.own, action, request), d.send(d.other, action, request)
	if action == "Scan" || request["IndexName"] != nil {
		sortItems(own.body)
		sortItems(other.body)
	}
	if action == "CreateTable" {
		if own.code+other.code != "" {
			d.t.Fatalf("CreateTable answered %v and %v", own, other)
		}
		return true
	}
	if own.code == other.code && (own.code == "" && reflect.DeepEqual(own.body, other.body) || own.code != "" && own.message == other.message) {
		return true
	}
	for _, known := range knownDifferences {
		if known.applies(request, own, other) {
			d.seen[known.what]++
			return false
		}
	}
	d.unexplained++
	text, _ := json.Marshal(request) // has been sent as JSON already
	d.t.Errorf("%s %s\nthis one: %s %s %v\ndynalite: %s %s %v", action, text, own.code, own.message, own.body, other.code, other.message, other.body)
	return false
}

// sortItems gives an order to items that have none: those of a scan, and those with equal keys of an index.
func sortItems(body object) {
	if items, is := body["Items"].([]any); is {
		slices.SortFunc(items, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
}

// restore makes the item of a request whose answers differed the same again, by deleting it.
func (d *differential) restore(request object) {
	d.t.Helper()
	key, is := request["Key"].(object)
	if item, isPut := request["Item"].(object); isPut {
		key, is = object{"p": item["p"], "s": item["s"]}, true
	}
	if !is || key["p"] == nil || key["s"] == nil {
		return
	}
	for _, url := range []string{d.own, d.other} {
		d.send(url, "DeleteItem", object{"TableName": "Differential", "Key": key}) // an error: the key was no key
	}
}

// compareItems compares the table and its indexes. A scan has no order that both would share.
func (d *differential) compareItems() {
	d.t.Helper()
	for _, index := range []string{"", "Local", "Global"} {
		request := object{"TableName": "Differential"}
		if index != "" {
			request["IndexName"] = index
		}
		var all [2][]string
		for i, url := range []string{d.own, d.other} {
			page := d.send(url, "Scan", request)
			for _, item := range page.body["Items"].([]any) {
				text, err := json.Marshal(item)
				if err != nil {
					d.t.Fatal(err)
				}
				all[i] = append(all[i], string(text))
			}
			slices.Sort(all[i])
		}
		if !slices.Equal(all[0], all[1]) {
			d.t.Fatalf("index %q holds\n%s\ndynalite has\n%s", index, strings.Join(all[0], "\n"), strings.Join(all[1], "\n"))
		}
	}
}
