package fault

import (
	"math/rand/v2"
	"time"
)

// An ingredient is a kind of trouble of a Mix. Most trouble comes in bursts, which begin and end at times of their own.
type ingredient struct {
	target string
	kind   Kind
	code   string

	// probability is that of intensity 1, within a burst; a Mix draws between half of it and all of it.
	probability float64
	// steady trouble knows no bursts: what is decided once for a connection would mostly be decided outside of one.
	steady bool
	// least and most bound the delay.
	least, most time.Duration
}

// ingredients are what Mix draws from. The probabilities leave room for progress: with three attempts a call meets errors of
// 0.3 three times in a row once in 37 times, and a message comes five times before it is given up.
var ingredients = []ingredient{
	// The services refuse.
	{target: "dynamodb:*", kind: Throttle, probability: 0.3},
	{target: "dynamodb:*", kind: Throttle, code: "ProvisionedThroughputExceededException", probability: 0.3},
	{target: "dynamodb:*", kind: Error, probability: 0.15},
	{target: "dynamodb:BatchWriteItem", kind: Partial, probability: 0.5},
	{target: "sqs:SendMessage", kind: Throttle, probability: 0.3},
	{target: "sqs:SendMessage", kind: Error, probability: 0.15},
	{target: "iot:*", kind: Throttle, probability: 0.3},
	{target: "iot:*", kind: Error, code: "ServiceUnavailableException", probability: 0.15},
	{target: "connections:*", kind: Throttle, probability: 0.3},
	{target: "connections:*", kind: Error, probability: 0.15},
	{target: "connections:POST", kind: Gone, probability: 0.02},

	// The network loses calls and their answers.
	{target: "*:*", kind: Slow, probability: 0.1, least: 50 * time.Millisecond, most: 2 * time.Second},
	{target: "*:*", kind: LoseRequest, probability: 0.02},
	{target: "dynamodb:*", kind: LoseAnswer, probability: 0.04},
	{target: "sqs:SendMessage", kind: LoseAnswer, probability: 0.04},
	{target: "connections:POST", kind: LoseAnswer, probability: 0.04},

	// Functions die.
	{target: "*:*", kind: KillBefore, probability: 0.03},
	{target: "*:*", kind: KillAfter, probability: 0.03},
	{target: "function:*", kind: KillBefore, probability: 0.05},
	{target: "function:*", kind: KillAfter, probability: 0.05},
	{target: "function:*", kind: Fail, probability: 0.05},
	{target: "function:*", kind: Throttle, probability: 0.05},
	{target: "function:*", kind: Error, probability: 0.02},
	{target: "function:*", kind: Cold, probability: 0.05, least: 50 * time.Millisecond, most: time.Second},

	// The gateway and the charge points' networks.
	{target: "websocket:connect", kind: Throttle, probability: 0.1, steady: true},
	{target: "websocket:connect", kind: Error, probability: 0.1, steady: true},
	{target: "websocket:connect", kind: Slow, probability: 0.2, steady: true, least: 100 * time.Millisecond, most: 5 * time.Second},
	{target: "websocket:connect", kind: Cut, probability: 0.1, steady: true},
	{target: "websocket:message", kind: Slow, probability: 0.1, least: 50 * time.Millisecond, most: 3 * time.Second},
	{target: "websocket:message", kind: Cut, probability: 0.06, steady: true},
	{target: "websocket:post", kind: Cut, probability: 0.06, steady: true},
	{target: "websocket:connection", kind: Cut, probability: 0.3, steady: true, most: 30 * time.Second},
	{target: "websocket:connection", kind: LifeLimit, probability: 0.5, steady: true, least: 20 * time.Second, most: 2 * time.Minute},
	{target: "websocket:disconnect", kind: Lose, probability: 0.2, steady: true},
	{target: "websocket:disconnect", kind: Slow, probability: 0.3, steady: true, least: 500 * time.Millisecond, most: 10 * time.Second},
	{target: "websocket:disconnect", kind: Twice, probability: 0.3, steady: true},

	// Deliveries repeat and overtake each other.
	{target: "queue:*", kind: Twice, probability: 0.1},
	{target: "queue:*", kind: Slow, probability: 0.1, least: 100 * time.Millisecond, most: 3 * time.Second},
	{target: "queue:*", kind: Again, probability: 0.05, least: 100 * time.Millisecond, most: 5 * time.Second},
	// Events of IoT rules overtake each other as slow invocations, which outlive the process, and not as slow topics, which do not.
	{target: "function:Registry", kind: Slow, probability: 0.5, least: 50 * time.Millisecond, most: 3 * time.Second},
	{target: "function:Outbound", kind: Slow, probability: 0.5, least: 50 * time.Millisecond, most: 3 * time.Second},
	{target: "topic:*", kind: Twice, probability: 0.2},
}

// Bounds of a burst and of the time from one to the next. In a run of two minutes every ingredient comes at least twice.
const (
	shortestBurst, longestBurst   = 2 * time.Second, 8 * time.Second
	shortestPeriod, longestPeriod = 15 * time.Second, 45 * time.Second
)

// returnAfter is when what a function left undone comes back in a Mix. The queues' own two minutes, and Lambda's one and two, would
// make a run wait more than do, and after each death of the processor its charge points' messages with it.
const returnAfter = 3 * time.Second

// Mix is a plan with everything that may go wrong on AWS, in bursts over time, drawn from a seed: the same seed gives the same plan.
// It goes on until it is replaced. Intensity is from 0 (nothing) to 1, at which in the middle of a burst about every third
// call of a service fails; 0.3 is a bad day. After the end of a Mix the system must come to rest
// with nothing lost: whatever charge points were told is in the tables.
func Mix(seed uint64, intensity float64) Plan {
	plan := Plan{Seed: seed, Rules: []Rule{}}
	if intensity <= 0 {
		return plan
	}
	dice := rand.New(rand.NewPCG(seed, uint64(len(ingredients))))
	between := func(least, most time.Duration) Duration {
		return Duration((least + time.Duration(dice.Float64()*float64(most-least))).Round(time.Millisecond))
	}
	for _, i := range ingredients {
		rule := Rule{
			Name:        "mix",
			Target:      i.target,
			Kind:        i.kind,
			Code:        i.code,
			Probability: probably(i.probability * intensity * (0.5 + dice.Float64()/2)),
			Delay:       between(i.least, i.most),
		}
		if !i.steady {
			rule.For = between(shortestBurst, longestBurst)
			rule.Repeat = between(shortestPeriod, longestPeriod)
			rule.After = between(0, time.Duration(rule.Repeat))
		}
		plan.Rules = append(plan.Rules, rule)
	}
	// Later rules come to their turn only where earlier ones do not fire: which ones those are is drawn, too.
	dice.Shuffle(len(plan.Rules), func(a, b int) { plan.Rules[a], plan.Rules[b] = plan.Rules[b], plan.Rules[a] })
	plan.Rules = append(plan.Rules, Patience().Rules...)
	return plan
}

// Patience is a plan without faults: what was left undone still comes back as soon as in a Mix. It is for the time after one.
func Patience() Plan {
	plan := Plan{}
	for _, target := range []string{"queue:*", "function:*"} {
		plan.Rules = append(plan.Rules, Rule{Name: "mix", Target: target, Kind: Shorten, Delay: Duration(returnAfter)})
	}
	return plan
}
