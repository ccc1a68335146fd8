package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
)

// architecture is a processor by the name that Go has for it (GOARCH).
type architecture string

const (
	arm64 architecture = "arm64"
	amd64 architecture = "amd64"
)

// architectures by the name that Lambda has for them, in lower case.
var architectures = map[string]architecture{"arm64": arm64, "x86_64": amd64}

func (a architecture) lambda() awslambda.Architecture {
	if a == amd64 {
		return awslambda.Architecture_X86_64()
	}
	return awslambda.Architecture_ARM_64()
}

// codeFolder holds the executable `bootstrap` of a function, and nothing else: it is zipped as it is.
func codeFolder(properties Properties, f function) string {
	return filepath.Join(properties.BuildFolder, string(properties.Architecture), f.folder)
}

// checkBuild tells which function has not been built for the architecture of the stack.
func checkBuild(properties Properties) error {
	for _, f := range functions {
		bootstrap := filepath.Join(codeFolder(properties, f), "bootstrap")
		if _, err := os.Stat(bootstrap); err != nil {
			return fmt.Errorf("function %s is not built, run `make build ARCH=%s`: %w", f.name, properties.Architecture, err)
		}
	}
	return nil
}
