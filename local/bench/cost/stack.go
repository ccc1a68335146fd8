package cost

import "math"

// What a stack costs whatever charge points do, in dollars per month; docs/deployment.md has the same item by item.
const (
	alarms          = 19 // of the template, each with one metric
	metricsAtRest   = 3  // the canary's two, and how many are connected
	metricsInUse    = 40 // of a fleet of mixed versions: see docs/monitoring.md
	canaryVisit     = 0.000028
	visitsPerMonth  = 30 * 24 * 12
	standardQueues  = 2 // of the three that functions read
	fifoQueues      = 1
	pollsPerMonth   = 5 * 30 * 24 * 60 * 3 // of a queue: Lambda asks with five long polls of 20 s at a time
	censusPerMonth  = 0.01
	canaryLogsMonth = 0.02
)

// ofStack is what a stack costs with a fleet of a size, of which each charge point costs so much.
func ofStack(fleet int, chargePoint float64) float64 {
	metrics := metricsAtRest
	if fleet > 0 {
		metrics = metricsInUse
	}
	polling := pollsPerMonth * (standardQueues*0.40 + fifoQueues*0.50) / million
	rest := alarms*alarmPrice + float64(metrics)*metricPrice + visitsPerMonth*canaryVisit + polling + censusPerMonth + canaryLogsMonth
	return rest + float64(fleet)*chargePoint
}

// What X-Ray records and bills: https://aws.amazon.com/xray/pricing/. Lambda's sampling cannot be changed.
const (
	tracePrice      = 5.00 / million
	tracedOfOthers  = 0.05
	secondsPerMonth = daysPerMonth * 24 * 60 * 60
)

// ofTraces is what the traces of invocations cost that are spread over a month by chance: in how many seconds there is one is
// the complement of the seconds in which there is none.
func ofTraces(invocations float64) float64 {
	first := secondsPerMonth * (1 - math.Exp(-invocations/secondsPerMonth))
	return tracePrice * (first + tracedOfOthers*(invocations-first))
}

// ofContainers is what the predecessor's parts cost: even for nobody a task runs.
func ofContainers(fleet int) float64 {
	tasks := max(1, math.Ceil(float64(fleet)/chargePointsOfTask))
	return natGateway + loadBalancer + tasks*fargateTask
}
