// Package rules is the rules engine of AWS IoT Core on one machine: SQL statements that choose and shape
// messages, and the Lambda and SQS actions that get the result.
//
// The SQL is a subset of AWS IoT SQL 2016-03-23 (https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html):
// SELECT [VALUE] of *, properties, literals, operators and the functions in functions.go, FROM, WHERE. What is outside
// of it (nested SELECT, CASE, IN, EXISTS, external functions, substitution templates) is an error when a rule is added, never a
// silent difference to AWS.
//
//	SELECT * AS message, topic(1) AS chargePointId, timestamp() AS publishedAt FROM '+/out' WHERE get(*, 0) = 2
package rules
