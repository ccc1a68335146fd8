// Package dynamo keeps charge points, connectors, transactions, readings, commands, tokens, variables, reports and
// refused connections in DynamoDB, one table each. The layout of a table's items stands at the top of its file.
//
// What all tables have in common:
//
//   - Every write is one item under at most one condition, so each may be repeated and run against
//     others at any time. There are no transactions: they cost double and cross no partition for free.
//   - Times are RFC 3339 in UTC with milliseconds and a fixed width, so that they sort as text.
//     An attribute whose value is empty does not exist.
//   - JSON of OCPP messages is kept as text, as it came.
//   - TTL attributes only tidy up. DynamoDB deletes within days of the time, and an item that outlives
//     it by days does no harm.
//   - Where a failed condition can mean "gone" or "lost", a second, empty update of the item tells
//     (see table.exists): it needs no permission but the one that the first update had.
//
// Errors are faults: a call that stays throttled after the client's retries is a fault.Throttled,
// whatever DynamoDB did not do for another reason is a fault.Internal. They name the table and the item.
package dynamo
