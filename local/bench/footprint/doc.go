// Package footprint measures what a function's program is before it does anything: how long it takes to start, how large it is,
// and how much memory it has taken by then.
package footprint
