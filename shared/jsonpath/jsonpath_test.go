package jsonpath_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/serverless-ocpp/backend/shared/jsonpath"
)

type timing struct {
	Seconds int `json:"seconds"`
}

type Inner struct {
	timing
	Count int `json:"count"`
}

type document struct {
	timing
	*Inner
	Name  string `json:"name"`
	Child struct {
		Inner
	} `json:"child"`
	List   []Inner `json:"list"`
	Tagged `json:"tagged"`
}

type Tagged struct {
	Count int `json:"number"`
}

func TestOf(t *testing.T) {
	for body, want := range map[string]string{
		`{"seconds":"x"}`:            "seconds",
		`{"name":1}`:                 "name",
		`{"count":"x"}`:              "count",
		`{"child":{"seconds":1.5}}`:  "child.seconds",
		`{"child":{"count":true}}`:   "child.count",
		`{"child":[]}`:               "child",
		`{"list":[{"seconds":"x"}]}`: "list.seconds",
		`{"tagged":{"number":"x"}}`:  "tagged.number",
		`[]`:                         "",
	} {
		var into document
		wrong, is := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal([]byte(body), &into))
		if !is {
			t.Errorf("%s has no wrong type", body)
			continue
		}
		if got := jsonpath.Of(&into, wrong); got != want {
			t.Errorf("%s: %q, want %q (encoding/json says %q)", body, got, want, wrong.Field)
		}
	}
}
