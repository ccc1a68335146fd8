package cost

import (
	"fmt"
	"slices"

	"github.com/serverless-ocpp/backend/local/bench/report"
	"github.com/serverless-ocpp/backend/local/count"
)

// Budgets of the system.
const (
	budgetAlone  = 9.0  // operations of a journaled message, one at a time
	budgetLoaded = 6.5  // likewise, in batches
	budgetMonth  = 0.05 // dollars of a charge point
	budgetTrips  = 1    // round trips before the answer
	budgetTable  = 2    // where a table must be read first
)

// readsTable are the messages whose answer rests on a table.
var readsTable = []string{"BootNotification", "Authorize", "StartTransaction", "StopTransaction", "TransactionEvent Started"}

// Runs are what was measured.
type Runs struct {
	Alone, Together       []Measured
	AloneOff, TogetherOff []Measured // without mirror, message log and events
	Fleet                 int        // charge points of each version at once
}

// tables makes all of them.
func (r Runs) tables() []report.Table {
	return []report.Table{
		r.operations("AWS operations of a message, alone", "One charge point of each version sends one message at a time, and waits until nothing is left to do.", r.Alone, r.AloneOff, budgetAlone),
		r.operations("AWS operations of a message, under load", fmt.Sprintf("%d charge points of a version send the same message at once, so that the processor gets batches.", r.Fleet), r.Together, r.TogetherOff, budgetLoaded),
		r.perMillion(), r.perMonth(), r.beside(),
	}
}

// operations is what a message causes, by service.
func (r Runs) operations(title, about string, all, off []Measured, budget float64) report.Table {
	table := report.Table{
		Title: title,
		About: about + " Counted is everything that takes place for it: messages of the gateway each way, invocations, calls of the SDK, polls and deletions of the event " +
			"source, rules of IoT Core that look at what is published.",
		Columns: slices.Concat([]string{"message"}, columns, []string{"all operations", "write units", "round trips before the answer", "bytes in", "bytes out", "Lambda ms"}),
	}
	for _, m := range all {
		allowed := fmt.Sprint(budgetTrips)
		if slices.Contains(readsTable, m.Name) {
			allowed = fmt.Sprint(budgetTable)
		}
		if m.Name == connecting || !m.Journaled {
			allowed = "-"
		}
		table.Rows = append(table.Rows, row(string(m.Version)+" "+m.Name, m.perMessage(), allowed))
	}
	table.Rows = append(table.Rows, row("mean of journaled messages", mean(all), "-"), row("the same without mirror, log and events", mean(off), "-"))
	table.Notes = []string{
		fmt.Sprintf("budget: %g operations of a journaled message; the mean has %.1f, without mirror, message log and events %.1f", budget, mean(all).total(), mean(off).total()),
		"seven of the operations of a message that goes through the journal are its way: in, out, two invocations, and sent, received and deleted in the queue",
		"round trips: measured of budget. A journaled message has one, to the journal; where a table is read or written first, two",
		fmt.Sprintf("every AWS call of a function takes %s here, as it does about on AWS, because Lambda bills the time", awsLatency),
		"a heartbeat half an hour after the last sign of life writes that, too: one operation and one write unit more, after the answer",
		fmt.Sprintf("readings are stored without the journal; followed are the %g of the %g of a session that go through it, so that the record, the shadow and integrators follow", followed, readings),
	}
	return table
}

func row(name string, f Figures, trips string) []string {
	cells := []string{name}
	for _, column := range columns {
		cells = append(cells, decimal(f.Operations[column]))
	}
	before := "-"
	if trips != "-" {
		before = fmt.Sprintf("%d of %s", f.RoundTrips, trips)
	}
	return append(cells, decimal(f.total()), decimal(f.writeUnits()), before, whole(f.BytesIn), whole(f.BytesOut), whole(f.Milliseconds))
}

func decimal(n float64) string { return fmt.Sprintf("%.1f", n) }
func whole(n float64) string   { return fmt.Sprintf("%.0f", n) }

// perMillion is what a million messages of a kind cost.
func (r Runs) perMillion() report.Table {
	table := report.Table{
		Title:   "Dollars per million messages",
		About:   "What AWS bills for the counted operations, at the list prices of us-east-1 without what is free.",
		Columns: []string{"message", "alone", "under load", "alone, without mirror, log and events", "under load, likewise"},
	}
	for i, m := range r.Alone {
		cells := []string{string(m.Version) + " " + m.Name}
		for _, run := range [][]Measured{r.Alone, r.Together, r.AloneOff, r.TogetherOff} {
			cells = append(cells, fmt.Sprintf("%.2f", million*priceOf(run[i].perMessage().Billed)))
		}
		table.Rows = append(table.Rows, cells)
	}
	return table
}

// perMonth is what a charge point costs.
func (r Runs) perMonth() report.Table {
	table := report.Table{
		Title: "Dollars per charge point and month",
		About: fmt.Sprintf("A day of a charge point: a heartbeat every %s, %g sessions of 45 minutes with a reading a minute, %g connections and a boot. "+
			"Each message costs what it does alone.", heartbeatInterval, sessions, connections),
		Columns: slices.Concat([]string{"charge point"}, costColumns, []string{"together", "budget", "tables' size on top", "MB"}),
	}
	for _, run := range []struct {
		what string
		all  []Measured
	}{{"", r.Alone}, {", without mirror, log and events", r.AloneOff}} {
		for _, version := range versionsOf(run.all) {
			billed := month(run.all, version).Billed
			dollars := byColumn(billed)
			cells := []string{string(version) + run.what}
			for _, column := range costColumns {
				cells = append(cells, fmt.Sprintf("%.4f", dollars[column]))
			}
			table.Rows = append(table.Rows, append(cells, fmt.Sprintf("%.4f", priceOf(billed)), fmt.Sprintf("%.2f", budgetMonth),
				fmt.Sprintf("%.4f", ofTables(kept(run.all, version))), decimal(kept(run.all, version)/megabyte)))
		}
	}
	way := month(r.Alone, versionsOf(r.Alone)[0]).onlyOf(count.ConnectionMinute, count.WebSocketMessage)
	table.Notes = []string{
		fmt.Sprintf("budget: $%.2f; the messages of that day and the minutes of the connection alone are $%.4f of it, whatever is done with them", budgetMonth, priceOf(way)),
		fmt.Sprintf("tables' size: what their items and indexes take when they are fullest, for storage and point-in-time recovery. It grows from nothing for %g days, when the readings "+
			"of the first day go; frames in the message log stay for %g", fullAfter, keptFor["MessageTable"]),
		"Lambda's part is as measured: on a machine that has other things to do it is too high",
		"every sixth heartbeat is reckoned to write a sign of life, as one does when the last is half an hour old",
	}
	return table
}

// beside compares fleets of several sizes with the predecessor.
func (r Runs) beside() report.Table {
	table := report.Table{
		Title:   "Dollars per month beside a system of containers",
		About:   "The stack with everything that it has whatever charge points do (alarms, metrics, canary, Lambda's polling of queues), and the mean charge point of the three versions.",
		Columns: []string{"charge points", "this stack", "without mirror, log and events", "tables' size on top", "traces on top", "containers", "containers, as their authors say"},
	}
	for _, fleet := range []int{0, 100, authorsFleet, 10_000} {
		authors := "-"
		if fleet == authorsFleet {
			authors = whole(containersAuthors)
		}
		table.Add(fleet, fmt.Sprintf("%.2f", ofStack(fleet, r.meanMonth(r.Alone))), fmt.Sprintf("%.2f", ofStack(fleet, r.meanMonth(r.AloneOff))),
			fmt.Sprintf("%.2f", float64(fleet)*r.meanTables()), fmt.Sprintf("%.2f", ofTraces(float64(fleet)*r.meanInvocations())), fmt.Sprintf("%.0f", ofContainers(fleet)), authors)
	}
	table.Notes = []string{fmt.Sprintf("tables' size: after %g days, of the stack with everything", fullAfter),
		"traces: of the first invocation of a second and 5 % of the others, as long as the property tracing is on; X-Ray bills those alone, and their number is no charge point's own",
		fmt.Sprintf("containers: NAT gateway $%g, load balancer $%g (16 to 20), Fargate $%g for each task, of which one is reckoned for every %d charge points; messages, tables and shadows come on top",
			natGateway, loadBalancer, fargateTask, chargePointsOfTask),
	}
	return table
}

// meanMonth is what a charge point costs that has an equal part of each version.
func (r Runs) meanMonth(all []Measured) (dollars float64) {
	versions := versionsOf(all)
	for _, version := range versions {
		dollars += priceOf(month(all, version).Billed) / float64(len(versions))
	}
	return dollars
}

// meanTables is what the size of the tables costs of such a charge point.
func (r Runs) meanTables() (dollars float64) {
	versions := versionsOf(r.Alone)
	for _, version := range versions {
		dollars += ofTables(kept(r.Alone, version)) / float64(len(versions))
	}
	return dollars
}

// meanInvocations is how often such a charge point has functions invoked in a month.
func (r Runs) meanInvocations() (invocations float64) {
	versions := versionsOf(r.Alone)
	for _, version := range versions {
		invocations += month(r.Alone, version).Billed[count.LambdaRequest] / float64(len(versions))
	}
	return invocations
}

// versionsOf are those of which something was measured.
func versionsOf(all []Measured) (versions []Version) {
	for _, m := range all {
		if !slices.Contains(versions, m.Version) {
			versions = append(versions, m.Version)
		}
	}
	return versions
}
