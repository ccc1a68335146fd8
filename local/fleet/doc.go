// Package fleet runs virtual charge points of OCPP 1.6, 2.0.1 and 2.1 against a central system: they charge cars through a
// day that a seed decides, obey commands, and lose their connection now and then.
//
//	plan      what happens: pure, from the seed
//	link      the WebSocket
//	ledger    what was said, for comparing it with the records of the central system
//	fleet     Station, one charge point; Fleet, many of them
//
// A Station has one goroutine that owns its state, so there are no locks in it. The times in its messages are those of the
// plan and not of their delivery: the same seed and start give the same transactions on a slow machine as on a fast one.
// What the central system decides (commands, refused tokens) happens when it comes.
package fleet
