package template

import (
	"fmt"
	"strings"
	"testing"
)

// TestErrorsNameTheResource: whoever changes the stack learns which resource the stand-in cannot follow, and why.
func TestErrorsNameTheResource(t *testing.T) {
	const function = `"F":{"Type":"AWS::Lambda::Function","Properties":{"Runtime":"provided.al2023","Handler":"x","Role":"r","Environment":{"Variables":{"V":%s}}}}`
	functions := func(parsed *Template) error { _, err := parsed.Functions(); return err }
	tests := []struct {
		name, resources string
		read            func(*Template) error
		want            []string
	}{
		{"no resources", ``, nil, []string{"no resources"}},
		{"unknown type", `"Bucket":{"Type":"AWS::S3::Bucket"}`, nil, []string{"Bucket", "AWS::S3::Bucket", "kinds.go"}},
		{"unknown condition", `"Q":{"Type":"AWS::SQS::Queue","Condition":"X"}`, nil, []string{"Q", "condition X"}},
		{"unknown intrinsic", fmt.Sprintf(function, `{"Fn::Cidr":["a"]}`), functions, []string{"F", "Fn::Cidr"}},
		{"unknown reference", fmt.Sprintf(function, `{"Ref":"Gone"}`), functions, []string{"F", "Gone"}},
		{"unknown attribute", fmt.Sprintf(function, `{"Fn::GetAtt":["F","Colour"]}`), functions, []string{"F", "Colour"}},
		{"unknown in Fn::Sub", fmt.Sprintf(function, `{"Fn::Sub":"${Gone.Arn}"}`), functions, []string{"F", "Gone"}},
		{"attribute not supplied", fmt.Sprintf(function, `{"Fn::GetAtt":["C","Secret"]}`) + `,"C":{"Type":"Custom::AWS","Properties":{}}`, functions, []string{"F", "C", "Secret"}},
		{"index out of range", fmt.Sprintf(function, `{"Fn::Select":[2,["a","b"]]}`), functions, []string{"F", "Fn::Select"}},
		{"circle", `"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"B"}}},"B":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"A"}}}`,
			func(parsed *Template) error { _, err := parsed.Queues(); return err }, []string{"refers to itself"}},
		{"other runtime", `"F":{"Type":"AWS::Lambda::Function","Properties":{"Runtime":"nodejs22.x"}}`, functions, []string{"F", "nodejs22.x"}},
		{"managed policy", `"R":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"R","ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"]}}`,
			func(parsed *Template) error {
				_, err := parsed.Role("arn:aws:iam::000000000000:role/R")
				return err
			}, []string{"R", "AdministratorAccess"}},
		{"condition operator", `"R":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"R","Policies":[{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"a","Resource":"*","Condition":{"IpAddress":{"k":"v"}}}]}}]}}`,
			func(parsed *Template) error {
				_, err := parsed.Role("arn:aws:iam::000000000000:role/R")
				return err
			}, []string{"R", "IpAddress"}},
		{"rule action", `"R":{"Type":"AWS::IoT::TopicRule","Properties":{"RuleName":"r","TopicRulePayload":{"Actions":[{"Kafka":{}}]}}}`,
			func(parsed *Template) error { _, err := parsed.Rules(); return err }, []string{"R", "Kafka"}},
		{"custom resource", `"C":{"Type":"Custom::Other","Properties":{}}`,
			func(parsed *Template) error { _, err := parsed.CustomCalls(); return err }, []string{"C", "Custom::Other"}},
		{"filtered events", `"M":{"Type":"AWS::Lambda::EventSourceMapping","Properties":{"FilterCriteria":{"Filters":[]}}}`,
			func(parsed *Template) error { _, err := parsed.EventSourceMappings(); return err }, []string{"M", "FilterCriteria"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			parsed, err := Parse([]byte(`{"Resources":{`+test.resources+`}}`), options)
			if test.read != nil {
				if err != nil {
					t.Fatal(err)
				}
				err = test.read(parsed)
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, word := range test.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("error %q does not mention %s", err, word)
				}
			}
		})
	}
}
