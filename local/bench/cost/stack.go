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

// ofContainers is what the predecessor's parts cost: even for nobody a task runs.
func ofContainers(fleet int) float64 {
	tasks := max(1, math.Ceil(float64(fleet)/chargePointsOfTask))
	return natGateway + loadBalancer + tasks*fargateTask
}
