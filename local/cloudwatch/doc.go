// Package cloudwatch makes metrics of the lines that functions log in the embedded metric format, and gives them back by
// GetMetricData of the query protocol. Of the rest of CloudWatch nothing is here: no alarms, no dashboards, no metrics of
// other services.
package cloudwatch
