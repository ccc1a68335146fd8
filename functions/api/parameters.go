package main

// pathMembers describe the members of paths, for all routes.
var pathMembers = map[string]string{
	"id":            "id of the charge point",
	"transactionId": "id of the transaction at its charge point",
	"commandId":     "id of the command, which is the message id of its CALL",
	"campaignId":    "id of the campaign",
	"idToken":       "the id token (1.6: idTag); its case means nothing",
	"kind":          "kind of report, such as `firmware`, `log` or `security-event`",
	"requestId":     "number that the request carried which the reports answer",
	"version":       "OCPP version: `ocpp1.6`, `ocpp2.0.1` or `ocpp2.1`",
	"action":        "action of that version, such as `Reset`",
	"reservationId": "number of the reservation",
}

// paged are the parameters of every list that comes in pages.
var paged = []parameter{
	{name: "limit", description: "entries of a page, 1 to 200; without it 50", schema: 0},
	{name: "cursor", description: "`nextCursor` of the page before; without it the first page", schema: ""},
}

// commanding are the headers of every route that makes commands.
var commanding = []parameter{prefer, idempotency}

var (
	prefer = parameter{name: "Prefer", schema: "",
		description: "`wait=N` holds the answer back until the command is final, N seconds at most (25 at most; RFC 7240)"}
	idempotency = parameter{name: "Idempotency-Key", schema: "",
		description: "1 to 255 printable characters that name this request. Sent again within 24 hours with the same key, it makes no second command: " +
			"the answer tells of the first, with the header `Idempotency-Replayed: true`. The same key with another request is a 422"}
)
