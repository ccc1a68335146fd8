package main

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// suppression accepts one finding of cdk-nag's AWS Solutions rules on one resource, with the reason. It
// ends in the metadata of the template, where an auditor finds it beside the resource.
type suppression struct {
	rule    string // such as AwsSolutions-IAM5
	reason  string
	finding string // a regular expression of the one finding that is meant, where a rule has several; "" for all
}

func accept(resource constructs.IConstruct, accepted ...suppression) {
	var all []*cdknag.NagPackSuppression
	for _, s := range accepted {
		nag := &cdknag.NagPackSuppression{Id: jsii.String(s.rule), Reason: jsii.String(s.reason)}
		if s.finding != "" {
			nag.AppliesTo = &[]any{&cdknag.RegexAppliesTo{Regex: jsii.String("/" + s.finding + "/")}}
		}
		all = append(all, nag)
	}
	cdknag.NagSuppressions_AddResourceSuppressions(resource, &all, jsii.Bool(false))
}
