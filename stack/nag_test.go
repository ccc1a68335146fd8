package main

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"
)

// TestAWSSolutionsRules holds the stack to cdk-nag's AWS Solutions rules; what is accepted stands with its
// reason where the resource is made. Findings are annotations of the synthesized stack.
func TestAWSSolutionsRules(t *testing.T) {
	for name, s := range map[string]synthesized{"default": byDefault(), "other": other()} {
		t.Run(name, func(t *testing.T) {
			annotations := assertions.Annotations_FromStack(s.stack)
			everything := assertions.Match_StringLikeRegexp(jsii.String(".*"))
			for _, found := range *annotations.FindError(jsii.String("*"), everything) {
				t.Errorf("%s: %v", *found.Id, found.Entry.Data)
			}
			for _, found := range *annotations.FindWarning(jsii.String("*"), everything) {
				t.Errorf("%s: %v", *found.Id, found.Entry.Data)
			}
		})
	}
}
