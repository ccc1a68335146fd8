// Package sqs is Amazon SQS within one process: standard and FIFO queues with delays, visibility timeouts,
// deduplication, message groups, dead letter queues and long polling, behind the AWS JSON 1.0 protocol
// and behind a Go API for the event source mappings.
//
// It behaves as the SQS Developer Guide and API Reference say, and its errors are those that SQS was seen to answer. Where
// SQS promises little, the stricter reading is taken, so that what works here works there: a
// receipt handle that is not the latest deletes nothing.
//
// A message goes through these states:
//
//	            delay over               received
//	Send ─> delayed ───────> visible ──────────────> in flight ──> deleted
//	                            ^    visibility over     │
//	                            └────────────────────────┘
//	                            │ received maxReceiveCount times already
//	                            └──> the dead letter queue
//
// In a FIFO queue the messages of one group leave in their order, and none of them while another is in flight.
//
// With a durable.Store everything survives the end of the process, messages in flight and the
// deduplication window included.
package sqs
