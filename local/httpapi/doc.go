// Package httpapi is an Amazon API Gateway HTTP API on one machine, whose
// routes lead to Lambda functions in payload format 2.0.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
// Where AWS does not document what happens, a comment says what was chosen.
package httpapi
