package main

// Event is API Gateway's event of a WebSocket message, as far as it is needed. The rest of events.APIGatewayWebsocketProxyRequest would be a
// quarter of the time that decoding takes, and two thirds of its garbage.
type Event struct {
	RequestContext RequestContext `json:"requestContext"`
	Body           string         `json:"body"`
}

// RequestContext is what the gateway says of the connection and the message.
type RequestContext struct {
	ConnectionID     string  `json:"connectionId"`
	ConnectedAt      int64   `json:"connectedAt"`      // milliseconds since 1970
	RequestTimeEpoch int64   `json:"requestTimeEpoch"` // likewise; when the message came
	MessageID        string  `json:"messageId"`        // the gateway's, not OCPP's
	Authorizer       Finding `json:"authorizer"`
}

// Finding is what authorize found when the charge point connected.
type Finding struct {
	ChargePointID string `json:"chargePointId"`
	Protocol      string `json:"protocol"`
	Accepted      string `json:"accepted"` // "true" or "false", for API Gateway makes strings of everything
	Validation    string `json:"validation"`
}

// Response tells API Gateway that the message is dealt with. It is not sent to the charge point.
type Response struct {
	StatusCode int `json:"statusCode"`
}
