package speed

import (
	"fmt"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

// budgetPaced is how long an answer may take, at the 99th percentile, when 1,000 charge points send 500 messages a second.
const budgetPaced = 250 * time.Millisecond

// aboutSystems says what stands in the first column.
const aboutSystems = "\"This system\" is the whole stack on the stand-ins with the functions' own programs; every message but a heartbeat is in the journal, or as a reading in its table, before it is " +
	"answered, and in the tables, the device shadow and on the topics when it is counted. \"In memory\" is a plain central system on ocpp-go v0.19.0 in one process, which keeps " +
	"transactions in a map and nothing else. The load client runs on the same machine and takes its share of it. The lines that make run shows are switched off. The stack's processes interrupt no others when " +
	"they wake up (SCHED_BATCH) or for timers that may be a millisecond late, as with make run; those of the load client and of the system in memory are scheduled as usual. API Gateway's quota " +
	"of requests of an account is raised to 50,000 a second, as AWS does on demand: 10,000, of which a message and its answer take two, would end at 5,000 messages a second."

// throughput is the table of the closed loop.
func (o Options) throughput(all []measured) report.Table {
	table := report.Table{
		Title: "Answer time and throughput",
		About: fmt.Sprintf("Each charge point sends its next message when the last one is answered, for %v. The charging mix is sessions of a start, eight readings and a stop, of OCPP 1.6 "+
			"and 2.0.1 in equal parts; to the system in memory of OCPP 1.6 alone. %s", o.Duration, aboutSystems),
		Columns: []string{"system", "mix", "charge points", "p50, ms", "p99, ms", "answered/s", "done/s", "CPU per message, µs", "errors"},
		Notes: []string{
			"done/s counts the time until the journal is empty, behind which nothing is left to do",
			"CPU is that of the system, its functions included, without the load client",
		},
	}
	for _, m := range all {
		n := float64(m.result.Answered)
		table.Add(m.system, m.mix.Name, m.size, milliseconds(m.result.Latencies.Percentile(50)), milliseconds(m.result.Latencies.Percentile(99)),
			perSecond(n, m.result.Took), perSecond(n, m.untilDone), m.cpuPerMessage(), len(m.result.Errors))
		table.Notes = append(table.Notes, m.firstError()...)
	}
	return table
}

// paced is the table of the open loop.
func (o Options) paced(all []measured) report.Table {
	table := report.Table{
		Title: "Answer time at a given rate",
		About: fmt.Sprintf("%d charge points send %g messages a second together for %v, each at its time, whether or not the others are answered. An answer's time counts from when its message was due.",
			o.Storm, o.Rate, o.Duration),
		Columns: []string{"system", "mix", "charge points", "p50, ms", "p99, ms", "slowest, ms", "answered", "errors", "until done, s"},
		Notes:   []string{fmt.Sprintf("budget: no error, and p99 within %v", budgetPaced)},
	}
	for _, m := range all {
		table.Add(m.system, m.mix.Name, m.size, milliseconds(m.result.Latencies.Percentile(50)), milliseconds(m.result.Latencies.Percentile(99)),
			milliseconds(m.result.Latencies.Percentile(100)), m.result.Answered, len(m.result.Errors), fmt.Sprintf("%.1f", m.untilDone.Seconds()))
		table.Notes = append(table.Notes, m.firstError()...)
	}
	return table
}

// storms is the table of connecting.
func storms(sessions ...session) report.Table {
	table := report.Table{
		Title: "Connect storm",
		About: "All charge points connect at once, and boot. One whose handshake is refused comes again after a moment, as charge points do: API Gateway takes 500 new connections a second, " +
			"and so does the stand-in, which answers 429 to the others.",
		Columns: []string{"system", "charge points", "connected and booted", "until the last, s", "p50, s", "errors", "handshakes answered 429", "otherwise refused"},
	}
	for _, s := range sessions {
		table.Add(s.name, s.storm.Connected+len(s.storm.Errors), s.storm.Connected, fmt.Sprintf("%.1f", s.storm.Took.Seconds()),
			fmt.Sprintf("%.1f", s.storm.Latencies.Percentile(50).Seconds()), len(s.storm.Errors), s.storm.Throttled, s.storm.Refused)
	}
	return table
}

// firstError is a note about the charge points that gave up, none if none did.
func (m measured) firstError() []string {
	if len(m.result.Errors) == 0 {
		return nil
	}
	text := strings.Join(strings.Fields(m.result.Errors[0].Error()), " ")
	return []string{fmt.Sprintf("%s, %s, %d charge points: the first error is %.200s", m.system, m.mix.Name, m.size, text)}
}

func (m measured) cpuPerMessage() string {
	if m.cpu == 0 || m.result.Answered == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", float64(m.cpu.Microseconds())/float64(m.result.Answered))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}

func perSecond(n float64, in time.Duration) string { return fmt.Sprintf("%.0f", n/in.Seconds()) }
