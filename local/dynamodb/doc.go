// Package dynamodb is Amazon DynamoDB on one machine: dynalite, an implementation in JavaScript, as a child process, behind
// a reverse proxy that adds what it lacks:
//
//   - the settings for time to live and point-in-time recovery, and the deletion of expired items;
//   - what a request needs in terms of IAM, and DynamoDB's answer when it is not allowed.
//
// Everything else is passed through, failures included: transactions, streams and
// ReturnValuesOnConditionCheckFailure do not exist here, and code that runs here does not rely on them.
package dynamodb
