// Package count attributes everything that the stand-in does in the place of AWS to what caused it: the OCPP action of the
// message that a function was invoked with, the opening of a connection, a command of an integrator. The functions know nothing
// of it: the SDK sends the trace id of an invocation along with each call, and the event of the invocation says what it is about.
//
//	cause     of what: see causes.go
//	line      an operation of a service by a function, for a cause: how often, how many bytes, and what AWS bills
//	answer    how many round trips to AWS came before the answer to a charge point
//
// What several causes share, as the messages of a batch share its invocation, is split evenly among them, so that a count may be a
// fraction. Amounts only ever grow: the difference of two snapshots is what happened between them.
package count
