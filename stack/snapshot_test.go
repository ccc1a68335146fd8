package main

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
)

const (
	snapshot      = "testdata/AwsOcppGatewayStack.template.json"
	renewSnapshot = "go test ./stack -run Snapshot -update"
)

var update = flag.Bool("update", false, "write the snapshot of the template anew")

// TestSnapshot keeps the committed template in step with the code: it is what a reader reviews, and what the
// stand-in on one machine is wired from.
func TestSnapshot(t *testing.T) {
	want := indented(normalised(t, byDefault().template))
	if *update {
		if err := os.WriteFile(snapshot, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(snapshot)
	if err != nil {
		t.Fatalf("%v; write it with `%s`", err, renewSnapshot)
	}
	if string(got) != want {
		t.Errorf("%s is stale, renew it with `%s` and review the difference; %s", snapshot, renewSnapshot, firstDifference(string(got), want))
	}
}

// normalised is a copy of a template without the hashes of assets, which change with every build of the functions.
func normalised(t *testing.T, original template) template {
	t.Helper()
	var copied template
	if err := json.Unmarshal([]byte(indented(original)), &copied); err != nil {
		t.Fatal(err)
	}
	for _, r := range copied.ofType("AWS::Lambda::Function") {
		name := r.properties["Handler"].(string)
		if r.properties["Runtime"] != "provided.al2023" {
			name = "custom-resources"
		}
		code := r.properties["Code"].(map[string]any)
		code["S3Bucket"], code["S3Key"] = "assets", name+".zip"
	}
	return copied
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "first different line: " + strings.TrimSpace(g[i]) + " is now " + strings.TrimSpace(w[i])
		}
	}
	return "one ends before the other"
}
