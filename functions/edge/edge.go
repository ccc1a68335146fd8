// Package edge holds the CloudFront Function in front of the WebSocket API as text: the stack deploys
// edge.js as it stands, without a build step.
package edge

import _ "embed"

// Code is the JavaScript of edge.js, whose function handler(event) CloudFront calls with every viewer request.
//
//go:embed edge.js
var Code string
