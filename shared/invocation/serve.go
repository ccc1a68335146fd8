package invocation

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Serve gives a handler, as lambda.Start takes it, the invocations of Lambda one after another. It does not return: Lambda kills the
// process, or an error after which nothing can go on ends it, and Lambda starts another.
//
// It is lambda.Start but for the way to Lambda, which is a good part of what a function does: every invocation is asked for and
// answered, and there each passes through several goroutines, and an answer is written in three parts (BenchmarkServe).
func Serve(handler any) {
	if lambdacontext.MaxConcurrency() > 1 { // several invocations at once in one process
		lambda.Start(handler)
	}
	address := os.Getenv(addressVariable)
	if address == "" {
		slog.Error("this is a Lambda function, which Lambda starts, and make run: " + addressVariable + " is not set")
		os.Exit(1)
	}
	err := newRuntime(address).serve(lambda.NewHandler(handler))
	slog.Error("the function ends", "error", err)
	os.Exit(1)
}
