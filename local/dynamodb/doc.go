// Package dynamodb is Amazon DynamoDB on one machine, in this process: tables with local and global indexes, expressions, conditions,
// time to live, and DynamoDB's own errors, behind its own protocol (AWS JSON 1.0).
//
// What is not here answers UnknownOperationException: transactions, streams, PartiQL, backups, changes of a table's indexes. The
// parameters from before there were expressions (AttributesToGet, Expected, KeyConditions …) are refused with a sentence that says what to use.
// Nothing is throttled and reads are always consistent.
//
// The parts: attribute (values), expression, store (items and indexes), ordered (the sorted map below them), journal (their files).
// Package dynalite runs another implementation, against which the tests compare this one.
package dynamodb
