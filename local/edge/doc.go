// Package edge is an Amazon CloudFront distribution on one machine: it runs the
// distribution's viewer-request CloudFront Function on every request, adds the
// origin's custom headers, and hands the request to the origin in the same process,
// WebSocket handshakes included. Nothing is cached but errors of the origin.
//
// See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html.
// Of the functions' JavaScript runtime the language is there, and console.log; the
// modules (crypto, querystring, buffer, cloudfront) are not.
package edge
