package main

import (
	"net/http"
	"testing"
)

func TestUnchangedAnswersAreNotSentAgain(t *testing.T) {
	r := newRig(t)
	r.do("PUT", "/tokens/A", `{}`).want(200)
	first := r.do("GET", "/tokens", "").want(200)
	tag := first.header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	for _, given := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		again := r.do("GET", "/tokens", "", "If-None-Match: "+given)
		if again.status != http.StatusNotModified || again.text != "" || again.header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %d %s", given, again.status, again.text)
		}
	}
	r.do("GET", "/tokens", "", `If-None-Match: "other"`).want(200)
	r.do("PUT", "/tokens/B", `{}`, "If-None-Match: *").want(200)
	if changed := r.do("GET", "/tokens", "", "If-None-Match: "+tag).want(200); changed.header.Get("ETag") == tag {
		t.Error("another list has the same tag")
	}
	if missing := r.do("GET", "/tokens/C", "", "If-None-Match: *").want(404); missing.header.Get("ETag") != "" {
		t.Error("a problem has a tag")
	}
}
