// Package plan decides what happens at a virtual charge point: which cars come when and with which token, how much power
// they take, and when the connection is lost. Everything is a pure function of a seed, the charge point's id and the day, so
// that a run can be had again, exactly.
package plan
