package iam

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func mustPolicy(t *testing.T, document string) Policy {
	t.Helper()
	var policy Policy
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		t.Fatalf("policy %s: %v", document, err)
	}
	return policy
}

func TestEvaluate(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:000000000000:table/ChargePointTable"
	tests := []struct {
		name     string
		document string
		request  Request
		want     Decision
	}{
		{
			"one action on one resource",
			`{"Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"` + table + `"}]}`,
			Request{Action: "dynamodb:GetItem", Resource: table}, Allowed,
		}, {
			"another action",
			`{"Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"` + table + `"}]}`,
			Request{Action: "dynamodb:PutItem", Resource: table}, ImplicitDeny,
		}, {
			"an index is not its table",
			`{"Statement":[{"Effect":"Allow","Action":"dynamodb:Query","Resource":"` + table + `"}]}`,
			Request{Action: "dynamodb:Query", Resource: table + "/index/Queued"}, ImplicitDeny,
		}, {
			"the case of an action does not matter",
			`{"Statement":{"Effect":"Allow","Action":["sqs:sendmessage"],"Resource":["*"]}}`,
			Request{Action: "sqs:SendMessage", Resource: "q"}, Allowed,
		}, {
			"deny wins over allow",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iot:*","Resource":"*"}]}`,
			Request{Action: "iot:Publish", Resource: "t"}, ExplicitDeny,
		}, {
			"NotAction",
			`{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`,
			Request{Action: "iam:CreateUser", Resource: "*"}, ImplicitDeny,
		}, {
			"NotResource",
			`{"Statement":[{"Effect":"Allow","Action":"*","NotResource":"secret/*"}]}`,
			Request{Action: "s:Get", Resource: "open/1"}, Allowed,
		}, {
			"condition met",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}}]}`,
			Request{Action: "s:Get", Resource: "r", Context: map[string][]string{"aws:securetransport": {"true"}}}, Allowed,
		}, {
			"condition on a missing key",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}]}`,
			Request{Action: "s:Get", Resource: "r"}, ImplicitDeny,
		}, {
			"IfExists on a missing key",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:RequestedRegion":"us-east-1"}}}]}`,
			Request{Action: "s:Get", Resource: "r"}, Allowed,
		}, {
			"negated: none of the listed values",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"k":["a","b"]}}}]}`,
			Request{Action: "s:Get", Resource: "r", Context: map[string][]string{"k": {"b"}}}, ImplicitDeny,
		}, {
			"ForAllValues",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CP*"]}}}]}`,
			Request{Action: "s:Get", Resource: "r", Context: map[string][]string{"dynamodb:LeadingKeys": {"CP1", "X"}}}, ImplicitDeny,
		}, {
			"ForAnyValue",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"dynamodb:LeadingKeys":["CP*"]}}}]}`,
			Request{Action: "s:Get", Resource: "r", Context: map[string][]string{"dynamodb:LeadingKeys": {"CP1", "X"}}}, Allowed,
		}, {
			"Null",
			`{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"k":"true"}}}]}`,
			Request{Action: "s:Get", Resource: "r"}, ExplicitDeny,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Evaluate([]Policy{mustPolicy(t, test.document)}, test.request); got != test.want {
				t.Errorf("Evaluate = %d, want %d", got, test.want)
			}
		})
	}
}

func TestPolicyRefusesWhatItCannotEvaluate(t *testing.T) {
	tests := map[string]string{
		`{"Statement":[{"Effect":"Allow","Action":"a","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`: `"IpAddress"`,
		`{"Statement":[{"Effect":"allow","Action":"a","Resource":"*"}]}`:                                                         `"allow"`,
		`{"Statement":[{"Effect":"Allow","Resource":"*"}]}`:                                                                      "Action",
		`{"Statement":[{"Effect":"Allow","Action":"a"}]}`:                                                                        "Resource",
		`{"Statement":[{"Effect":"Allow","Action":{"Ref":"X"},"Resource":"*"}]}`:                                                 "neither a string",
	}
	for document, want := range tests {
		var policy Policy
		if err := json.Unmarshal([]byte(document), &policy); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %s", document, err, want)
		}
	}
}

func TestAuthorizeSpeaksLikeAWS(t *testing.T) {
	directory := NewDirectory("000000000000")
	role := Role{Name: "MessageRole", Policies: []Policy{
		mustPolicy(t, `{"Statement":[{"Effect":"Allow","Action":"dynamodb:*","Resource":"table/a"},{"Effect":"Deny","Action":"dynamodb:Scan","Resource":"*"}]}`),
	}}
	session, _ := directory.session(directory.AssumeRole(role, "Stack-Message").AccessKeyID)
	tests := []struct {
		action    string
		resources []string
		want      string
	}{
		{"dynamodb:GetItem", []string{"table/a"}, ""},
		{"dynamodb:GetItem", []string{"table/a", "table/b"}, "User: arn:aws:sts::000000000000:assumed-role/MessageRole/Stack-Message is not authorized to perform: dynamodb:GetItem on resource: table/b because no identity-based policy allows the dynamodb:GetItem action"},
		{"dynamodb:Scan", []string{"table/a"}, "User: arn:aws:sts::000000000000:assumed-role/MessageRole/Stack-Message is not authorized to perform: dynamodb:Scan on resource: table/a with an explicit deny in an identity-based policy"},
		{"dynamodb:ListTables", nil, "User: arn:aws:sts::000000000000:assumed-role/MessageRole/Stack-Message is not authorized to perform: dynamodb:ListTables on resource: * because no identity-based policy allows the dynamodb:ListTables action"},
	}
	for _, test := range tests {
		err := session.caller.Authorize(test.action, test.resources, nil)
		if test.want == "" {
			if err != nil {
				t.Errorf("%s on %v: %v", test.action, test.resources, err)
			}
			continue
		}
		denied, ok := errors.AsType[*DeniedError](err)
		if !ok || denied.Error() != test.want {
			t.Errorf("%s on %v: %v, want %s", test.action, test.resources, err, test.want)
		}
	}
	if err := directory.administrator().Authorize("iam:CreateUser", nil, nil); err != nil {
		t.Errorf("the administrator: %v", err)
	}
}
