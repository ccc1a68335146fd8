package cost

import "github.com/serverless-ocpp/backend/local/count"

// million is what most prices are for.
const million = 1e6

// gigabyte of a price, and what sizes are told in.
const (
	gigabyte = 1 << 30
	megabyte = 1 << 20
)

// prices are what AWS bills for one of each, in dollars: the list prices of us-east-1, without what is free.
var prices = map[count.Item]float64{
	// https://aws.amazon.com/api-gateway/pricing/
	count.WebSocketMessage: 1.00 / million, // each way, per 32 KB
	count.ConnectionMinute: 0.25 / million,
	count.HTTPRequest:      1.00 / million, // per 512 KB

	// https://aws.amazon.com/lambda/pricing/, arm64
	count.LambdaRequest:  0.20 / million,
	count.LambdaGBSecond: 0.0000133334,

	// https://aws.amazon.com/dynamodb/pricing/on-demand/
	count.WriteUnit: 0.625 / million, // 1 KB
	count.ReadUnit:  0.125 / million, // 4 KB consistently, else 8 KB

	// https://aws.amazon.com/sqs/pricing/
	count.SQSRequest:     0.40 / million, // per 64 KB
	count.SQSFIFORequest: 0.50 / million, // per 64 KB

	// https://aws.amazon.com/iot-core/pricing/
	count.IoTMessage:   1.00 / million, // per 5 KB
	count.IoTOperation: 1.25 / million, // of shadow or registry, per 1 KB
	count.IoTRule:      0.15 / million,
	count.IoTAction:    0.15 / million,

	// https://aws.amazon.com/cloudwatch/pricing/
	count.LogByte: 0.50 / gigabyte,

	// https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/
	count.EdgeRequest:  1.00 / million, // HTTPS
	count.EdgeFunction: 0.10 / million,
	count.EdgeByte:     0.085 / gigabyte,
}

// Prices of what a stack has whatever it does, in dollars per month.
const (
	alarmPrice  = 0.10
	metricPrice = 0.30 // custom metric: a name with its dimensions
)

// What a system of containers costs, in dollars per month: the predecessor's, of its parts and as its authors say.
const (
	natGateway         = 45.0
	loadBalancer       = 18.0 // sixteen to twenty
	fargateTask        = 24.0
	containersAuthors  = 175.0 // for authorsFleet charge points, by their own account
	authorsFleet       = 500
	chargePointsOfTask = authorsFleet // of one task: what is known to run; a larger fleet needs as many more
)

// priceOf is what amounts cost.
func priceOf(billed map[count.Item]float64) (dollars float64) {
	for item, amount := range billed {
		dollars += amount * prices[item]
	}
	return dollars
}
