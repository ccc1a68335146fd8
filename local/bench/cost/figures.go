package cost

import (
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/count"
)

// Figures are what one message of a kind causes, or a mean of several kinds.
type Figures struct {
	Operations   map[string]float64 // by column, see columnOf
	Billed       map[count.Item]float64
	RoundTrips   int     // before the answer: of most messages
	BytesIn      float64 // from the charge point
	BytesOut     float64 // to it
	Milliseconds float64 // of all functions
}

// Columns of the tables, and the services that they add up.
const (
	columnGateway  = "API Gateway"
	columnLambda   = "Lambda"
	columnSQS      = "SQS"
	columnDynamoDB = "DynamoDB"
	columnIoT      = "IoT Core"
	columnOthers   = "CloudFront"
	columnLogs     = "logs"
)

var columns = []string{columnGateway, columnLambda, columnSQS, columnDynamoDB, columnIoT, columnOthers}

// columnOf is where a service counts.
var columnOf = map[string]string{
	"apigateway": columnGateway, "execute-api": columnGateway, "lambda": columnLambda, "sqs": columnSQS, "dynamodb": columnDynamoDB, "iot": columnIoT,
	"cloudfront": columnOthers,
}

// costColumns are the columns of what is paid, and columnOfItem says for what.
var (
	costColumns  = append(slices.Clone(columns), columnLogs)
	columnOfItem = map[count.Item]string{
		count.WebSocketMessage: columnGateway, count.ConnectionMinute: columnGateway, count.HTTPRequest: columnGateway,
		count.LambdaRequest: columnLambda, count.LambdaGBSecond: columnLambda,
		count.SQSRequest: columnSQS, count.SQSFIFORequest: columnSQS,
		count.WriteUnit: columnDynamoDB, count.ReadUnit: columnDynamoDB,
		count.IoTMessage: columnIoT, count.IoTOperation: columnIoT, count.IoTRule: columnIoT, count.IoTAction: columnIoT,
		count.EdgeRequest: columnOthers, count.EdgeFunction: columnOthers, count.EdgeByte: columnOthers,
		count.LogByte: columnLogs,
	}
)

// perMessage divides what was counted by the messages that caused it.
func (m Measured) perMessage() Figures {
	f := Figures{Operations: map[string]float64{}, Billed: map[count.Item]float64{}, RoundTrips: mostOften(m.Caused.Answers)}
	each := 1 / float64(m.Messages)
	for _, line := range m.Caused.Lines {
		f.Operations[columnOf[line.Service]] += line.Count * each
		f.Milliseconds += line.Milliseconds * each
		switch line.Operation {
		case "MessageIn":
			f.BytesIn += line.Bytes * each
		case "PostToConnection":
			f.BytesOut += line.Bytes * each
		}
		for item, amount := range line.Billed {
			f.Billed[item] += amount * each
		}
	}
	delete(f.Operations, "") // log lines are no operations
	return f
}

// mostOften is the number of round trips that came before most answers.
func mostOften(answers map[string]map[int]int) (trips int) {
	times := map[int]int{}
	for _, byTrips := range answers {
		for number, n := range byTrips {
			times[number] += n
		}
	}
	for _, number := range slices.Sorted(maps.Keys(times)) {
		if times[number] > times[trips] {
			trips = number
		}
	}
	return trips
}

// total adds up operations.
func (f Figures) total() (sum float64) {
	for _, n := range f.Operations {
		sum += n
	}
	return sum
}

// times multiplies.
func (f Figures) times(n float64) Figures {
	product := Figures{Operations: map[string]float64{}, Billed: map[count.Item]float64{}, RoundTrips: f.RoundTrips,
		BytesIn: f.BytesIn * n, BytesOut: f.BytesOut * n, Milliseconds: f.Milliseconds * n}
	for column, operations := range f.Operations {
		product.Operations[column] = operations * n
	}
	for item, amount := range f.Billed {
		product.Billed[item] = amount * n
	}
	return product
}

// plus adds; of round trips the more.
func (f Figures) plus(other Figures) Figures {
	sum := f.times(1)
	for column, operations := range other.Operations {
		sum.Operations[column] += operations
	}
	for item, amount := range other.Billed {
		sum.Billed[item] += amount
	}
	sum.RoundTrips = max(f.RoundTrips, other.RoundTrips)
	sum.BytesIn += other.BytesIn
	sum.BytesOut += other.BytesOut
	sum.Milliseconds += other.Milliseconds
	return sum
}

// mean is the journaled message that stands for those of a day of all versions: each kind counts as often as the day has it.
func mean(all []Measured) Figures {
	var sum Figures
	messages := 0.0
	for _, m := range all {
		if m.Journaled {
			sum = sum.plus(m.perMessage().times(m.PerDay))
			messages += m.PerDay
		}
	}
	return sum.times(1 / messages)
}

// byColumn is what amounts cost, by service.
func byColumn(billed map[count.Item]float64) map[string]float64 {
	dollars := map[string]float64{}
	for item, amount := range billed {
		dollars[columnOfItem[item]] += amount * prices[item]
	}
	return dollars
}

// lambdaMemory is what the functions of a stack have, in MB, unless its property says otherwise.
const lambdaMemory = 256

// signOfLife is what goes with a message half an hour after the one before of its kind: the time is written into the charge
// point's row, which has less than 1 KB. With a heartbeat every five minutes that is every sixth of them. The compressed day has no
// pauses in which it would fall due.
var signOfLife = Figures{
	Operations:   map[string]float64{columnDynamoDB: 1},
	Billed:       map[count.Item]float64{count.WriteUnit: 1, count.LambdaGBSecond: lambdaMemory / 1024.0 * awsLatency.Seconds()},
	Milliseconds: float64(awsLatency.Milliseconds()),
}

// month is what a charge point of a version causes in a month.
func month(all []Measured, version Version) Figures {
	day := Figures{Billed: map[count.Item]float64{count.ConnectionMinute: connectionMinutes}}
	for _, m := range all {
		if m.Version != version {
			continue
		}
		day = day.plus(m.perMessage().times(m.PerDay))
		if m.Name == "Heartbeat" {
			day = day.plus(signOfLife.times(m.PerDay / 6))
		}
	}
	return day.times(daysPerMonth)
}

// onlyOf is what is billed of some items.
func (f Figures) onlyOf(items ...count.Item) map[count.Item]float64 {
	billed := map[count.Item]float64{}
	for _, item := range items {
		billed[item] = f.Billed[item]
	}
	return billed
}

func (f Figures) writeUnits() float64 { return f.Billed[count.WriteUnit] }
