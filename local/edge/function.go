package edge

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// maxRunTime ends a function that loops. CloudFront allows a share of a time that it
// does not publish, about a millisecond; here the processor may be busy with all the rest.
const maxRunTime = time.Second

// function is a compiled CloudFront Function. Its JavaScript runtimes can do one
// thing at a time each, so they are kept in a pool.
type function struct {
	program  *goja.Program
	runtimes sync.Pool // of *runtime
	logger   *slog.Logger
}

// runtime is one JavaScript world in which the function's code has run.
type runtime struct {
	vm        *goja.Runtime
	handler   goja.Callable
	parse     goja.Callable // JSON.parse
	stringify goja.Callable // JSON.stringify
}

// newFunction compiles code and sees that it defines handler.
func newFunction(code string, logger *slog.Logger) (*function, error) {
	program, err := goja.Compile("edge.js", code, false)
	if err != nil {
		return nil, fmt.Errorf("edge: the function is not JavaScript that can run: %w", err)
	}
	f := &function{program: program, logger: logger}
	first, err := f.newRuntime()
	if err != nil {
		return nil, err
	}
	f.runtimes.Put(first)
	return f, nil
}

func (f *function) newRuntime() (*runtime, error) {
	vm := goja.New()
	console := vm.NewObject()
	log := func(call goja.FunctionCall) goja.Value {
		f.logger.Debug("edge function", "log", fmt.Sprint(exportAll(call.Arguments)...))
		return goja.Undefined()
	}
	if err := errors.Join(console.Set("log", log), console.Set("error", log), vm.Set("console", console)); err != nil {
		return nil, fmt.Errorf("edge: preparing the runtime: %w", err)
	}
	if _, err := vm.RunProgram(f.program); err != nil {
		return nil, fmt.Errorf("edge: running the function's code: %w", err)
	}
	r := &runtime{vm: vm}
	var isFunction bool
	if r.handler, isFunction = goja.AssertFunction(vm.Get("handler")); !isFunction {
		return nil, errors.New("edge: the function does not define handler(event)")
	}
	jsonObject := vm.Get("JSON").ToObject(vm)
	r.parse, _ = goja.AssertFunction(jsonObject.Get("parse"))         // part of the language
	r.stringify, _ = goja.AssertFunction(jsonObject.Get("stringify")) // part of the language
	return r, nil
}

// run gives the function an event and returns the request or the response that it returns.
func (f *function) run(e event) (result, error) {
	encoded, err := json.Marshal(e)
	if err != nil {
		return result{}, fmt.Errorf("encoding the event: %w", err)
	}
	r, pooled := f.runtimes.Get().(*runtime)
	if !pooled {
		if r, err = f.newRuntime(); err != nil {
			return result{}, err
		}
	}
	returned, err := r.call(string(encoded))
	if err != nil {
		return result{}, err // the runtime is not used again: the function may have left anything behind
	}
	f.runtimes.Put(r)
	return parseResult(e, []byte(returned))
}

// call runs the handler. Events go in and out as JSON text, so that the function
// works on objects of its own language and not on Go's.
func (r *runtime) call(event string) (string, error) {
	tooLong := errors.New("the function ran longer than " + maxRunTime.String())
	timer := time.AfterFunc(maxRunTime, func() { r.vm.Interrupt(tooLong) })
	text, err := r.callWithinTime(event)
	if !timer.Stop() {
		return "", tooLong // even if it ended: an interrupt that comes late would end the next call
	}
	return text, err
}

func (r *runtime) callWithinTime(event string) (string, error) {
	argument, err := r.parse(goja.Undefined(), r.vm.ToValue(event))
	if err != nil {
		return "", fmt.Errorf("reading the event: %w", err)
	}
	returned, err := r.handler(goja.Undefined(), argument)
	if err != nil {
		return "", fmt.Errorf("handler: %w", err)
	}
	// An async handler has run to its end: there is nothing that it could wait for.
	if promise, isPromise := returned.Export().(*goja.Promise); isPromise {
		if promise.State() != goja.PromiseStateFulfilled {
			return "", fmt.Errorf("handler: %v", promise.Result())
		}
		returned = promise.Result()
	}
	text, err := r.stringify(goja.Undefined(), returned)
	if err != nil {
		return "", fmt.Errorf("what the handler returned is not JSON: %w", err)
	}
	if goja.IsUndefined(text) {
		return "", errors.New("handler returned nothing")
	}
	return text.String(), nil
}

func exportAll(values []goja.Value) []any {
	exported := make([]any, len(values))
	for i, value := range values {
		exported[i] = value.Export()
	}
	return exported
}
