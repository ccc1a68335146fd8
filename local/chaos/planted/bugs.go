package planted

import "github.com/serverless-ocpp/backend/local/chaos/check"

// Bug is a change that somebody could make by mistake.
type Bug struct {
	Name  string
	File  string // in the repository
	Right string // as it stands there, once
	Wrong string
	Finds []check.Kind // one of them at least
}

// Bugs are all of them.
var Bugs = []Bug{
	{
		Name:  "answered-before-journaled",
		File:  "functions/message/handler.go",
		Right: "\t\treturn h.keep(ctx, from, frame, text, decided)\n",
		Wrong: "\t\th.post(ctx, from, decided.frame)\n\t\treturn h.keep(ctx, from, frame, text, decided)\n",
		Finds: []check.Kind{check.MessageLost},
	},
	{
		Name:  "readings-not-stored-are-not-journaled",
		File:  "functions/message/readings.go",
		Right: "\t\tif err == nil {\n\t\t\treturn nil\n\t\t}\n\t\tfrom.log",
		Wrong: "\t\tif err == nil || true {\n\t\t\treturn nil\n\t\t}\n\t\tfrom.log",
		Finds: []check.Kind{check.MessageLost, check.ReadingLost},
	},
	{
		Name:  "failures-not-returned",
		File:  "functions/processor/handler.go",
		Right: "\t\tif done[number] == nil {\n",
		Wrong: "\t\tif done[number] == nil && number < 0 {\n",
		Finds: []check.Kind{check.MessageLost},
	},
	{
		Name:  "repeated-start-begins-anew",
		File:  "shared/transaction/id.go",
		Right: `"%s|%s|%d", chargePointID, startKey, attempt)`,
		Wrong: `"%s|%s|%d|%s", chargePointID, startKey, attempt, time.Now())`,
		Finds: []check.Kind{check.TransactionTwice, check.AnswerChanged},
	},
	{
		Name:  "idempotency-key-free-again",
		File:  "shared/dynamo/idempotency.go",
		Right: `free := absent(t.hash).Or(`,
		Wrong: `free := absent(t.hash).Or(present(t.hash), `,
		Finds: []check.Kind{check.CommandTwice},
	},
	{
		Name:  "turn-not-taken",
		File:  "shared/dynamo/turns.go",
		Right: `free := isSession(turn.ConnectionID).And(absent("callId"))`,
		Wrong: `free := isSession(turn.ConnectionID)`,
		Finds: []check.Kind{check.CommandsAtOnce, check.CommandTwice},
	},
	{
		Name:  "outcome-overwritten",
		File:  "shared/dynamo/commandstates.go",
		Right: `condition, wanted := name("state").Equal(value(string(from))), string(from)`,
		Wrong: `condition, wanted := present("state"), string(from)`,
		Finds: []check.Kind{check.OutcomeChanged, check.CommandUntrue, check.CommandTwice},
	},
	{
		Name:  "late-disconnect-ends-next-connection",
		File:  "shared/dynamo/sessions.go",
		Right: "t.update(ctx, t.row(id), isSession(connectionID), change, types.ReturnValueAllOld)",
		Wrong: "t.update(ctx, t.row(id), present(t.hash), change, types.ReturnValueAllOld)",
		Finds: []check.Kind{check.Stuck},
	},
}
