// Package footprint measures what a function's program is by itself: how long it takes to start, how large it is, and how much
// memory it takes. The programs are those that are deployed; around them stands the least that they need: Lambda's runtime
// API, and AWS services that agree with everything.
package footprint
