// Package lambda hosts Lambda functions on one machine: the real bootstrap
// binaries run as child processes under the Lambda runtime API 2018-06-01, with
// Lambda's rules for concurrency, warm reuse, timeouts, crashes, asynchronous
// retries and dead letters.
//
// The life of an instance, which is one child process with a runtime API of its own:
//
//	starting ──next──> idle ──event──> busy ──response or error──> answered ──next──> idle
//	    any state ──exit, timeout, idle too long, Close──> gone
//
// An instance holds one event at a time. An event takes the idle instance that
// was used last; without one it waits while another instance starts.
//
// An instance that has been idle for a moment is frozen, on Linux, as Lambda does
// between two events: what goes on behind an answer stands still until the next one.
//
// What is not reproduced: the memory limit, the monotonic clock that stands still
// with the process, and versions and aliases other than $LATEST.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package lambda
