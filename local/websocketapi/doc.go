// Package websocketapi is one stage of an Amazon API Gateway WebSocket API on one
// machine: handshake with Lambda authorizer and $connect, messages to routes,
// $disconnect, and the @connections API, each with API Gateway's limits and failures.
//
// The way of one connection:
//
//	GET /{stage} ─ authorizer ─ $connect ─ 101 ─ messages to their routes ─ $disconnect
//	                   │            │
//	            401, 403, 500   its own status, 500, 502, 504
//
// A connection exists for @connections from the 101 until its end begins. Messages
// of one connection are handed to their function at once and concurrently: nothing
// orders them.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html.
// Where AWS does not document what happens, a comment says what was chosen.
package websocketapi
