package iam

import (
	"slices"
	"testing"
)

func TestUnusedGrants(t *testing.T) {
	directory := NewDirectory("000000000000")
	role := Role{Name: "R", ARN: "arn:aws:iam::000000000000:role/R", Policies: []Policy{mustPolicy(t, `{"Statement":[
		{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem"],"Resource":"table/A"},
		{"Effect":"Allow","Action":"iot:Publish","Resource":["topic/*/in","topic/*/out"]},
		{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"queue"},
		{"Effect":"Deny","Action":"iot:Publish","Resource":"topic/CP999/*"}
	]}`)}}
	credentials := directory.AssumeRole(role, "Function")
	assumed, ok := directory.session(credentials.AccessKeyID)
	if !ok {
		t.Fatal("the credentials are not known")
	}
	if err := assumed.caller.Authorize("dynamodb:getitem", []string{"table/A"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := assumed.caller.Authorize("iot:Publish", []string{"topic/CP001/out"}, nil); err != nil {
		t.Fatal(err)
	}
	for _, denied := range [][2]string{{"dynamodb:PutItem", "table/B"}, {"iot:Publish", "topic/CP999/in"}} {
		if err := assumed.caller.Authorize(denied[0], []string{denied[1]}, nil); err == nil {
			t.Errorf("%s on %s is allowed", denied[0], denied[1])
		}
	}
	directory.Used("Function", role, "sqs:ReceiveMessage", "queue")
	want := []Grant{{"Function", "dynamodb:PutItem", "table/A"}, {"Function", "iot:Publish", "topic/*/in"}}
	if got := directory.Unused(); !slices.Equal(got, want) {
		t.Errorf("unused are %v, want %v", got, want)
	}
	directory.AssumeRole(role, "Function") // a second instance has used nothing, and takes nothing back
	if got := directory.Unused(); !slices.Equal(got, want) {
		t.Errorf("after another instance has started, unused are %v, want %v", got, want)
	}
}
