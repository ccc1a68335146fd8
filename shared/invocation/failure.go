package invocation

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"reflect"
	goruntime "runtime"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/lambda/messages"
)

// failure is what Lambda is told of an invocation that failed, and tells whoever invoked the function.
type failure struct{ messages.InvokeResponse_Error }

func failureOf(err error) *failure {
	if own, is := err.(messages.InvokeResponse_Error); is {
		return &failure{own}
	}
	return &failure{messages.InvokeResponse_Error{Message: err.Error(), Type: nameOfType(err)}}
}

// failureOfPanic is called by the function that recovers.
func failureOfPanic(cause any) *failure {
	failed := &failure{messages.InvokeResponse_Error{Message: fmt.Sprint(cause), Type: nameOfType(cause), ShouldExit: true}}
	callers := make([]uintptr, 32)
	frames := goruntime.CallersFrames(callers[:goruntime.Callers(3, callers)])
	for more := true; more; {
		var frame goruntime.Frame
		frame, more = frames.Next()
		_, label, _ := strings.Cut(path.Base(frame.Function), ".") // without its package
		at := path.Join(path.Base(path.Dir(frame.File)), path.Base(frame.File))
		failed.StackTrace = append(failed.StackTrace, &messages.InvokeResponse_Error_StackFrame{Path: at, Line: int32(frame.Line), Label: label})
	}
	return failed
}

func nameOfType(value any) string {
	of := reflect.TypeOf(value)
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	return of.Name()
}

// text is the body of the call that tells it.
func (f *failure) text() []byte { return encoded(f.InvokeResponse_Error) }

// cause is the same for X-Ray, in a header of that call.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror
func (f *failure) cause() string {
	type exception struct {
		Type    string                                      `json:"type"`
		Message string                                      `json:"message"`
		Stack   []*messages.InvokeResponse_Error_StackFrame `json:"stack"`
	}
	directory, _ := os.Getwd() // as much as is known
	stack := append([]*messages.InvokeResponse_Error_StackFrame{}, f.StackTrace...)
	paths := []string{}
	for _, frame := range stack {
		if !slices.Contains(paths, frame.Path) {
			paths = append(paths, frame.Path)
		}
	}
	return string(encoded(struct {
		Directory  string      `json:"working_directory"`
		Exceptions []exception `json:"exceptions"`
		Paths      []string    `json:"paths"`
	}{directory, []exception{{f.Type, f.Message, stack}}, paths}))
}

// encoded is the JSON of what can always be encoded.
func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
