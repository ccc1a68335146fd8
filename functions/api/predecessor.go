package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/operation"
)

// predecessorRoutes start and stop as clients of the system that this one replaces do: the body names the charge
// point, and may hold members that nobody reads.
func (a *API) predecessorRoutes() []route {
	start := a.byBody("remote-start", func() operation.Operation { return new(operation.RemoteStart) })
	stop := a.byBody("remote-stop", func() operation.Operation { return new(operation.RemoteStop) })
	problems := []int{http.StatusNotFound, http.StatusConflict}
	answers := map[int]any{http.StatusOK: submitted{}, http.StatusAccepted: submitted{}}
	startExample, stopExample := `{"chargePointId":"CP001","idTag":"04AABBCC","connectorId":1}`, `{"chargePointId":"CP001","transactionId":"1234567"}`
	const same = "As the operation of the same name, with the charge point in the body. Members that it does not know are ignored."
	const old = same + " Without `Prefer: wait` it answers 200 at once with the first members alone; whether the charge point agreed, its command tells."
	return []route{
		{method: "POST", path: "/remote-start", id: "remoteStartByBody", tag: tagPredecessor, summary: "Start charging", description: same, headers: commanding,
			body: namingOrderOf{new(operation.RemoteStart)}, example: startExample, answers: answers, problems: problems, serve: start},
		{method: "POST", path: "/remote-stop", id: "remoteStopByBody", tag: tagPredecessor, summary: "Stop a transaction", description: same, headers: commanding,
			body: namingOrderOf{new(operation.RemoteStop)}, example: stopExample, answers: answers, problems: problems, serve: stop},
		{method: "POST", path: "/remote-start-transaction", id: "remoteStartTransaction", tag: tagPredecessor, summary: "Start charging", description: old, headers: commanding,
			body: namingOrderOf{new(operation.RemoteStart)}, example: startExample, answers: answers, problems: problems, serve: asPredecessor(start)},
		{method: "POST", path: "/remote-stop-transaction", id: "remoteStopTransaction", tag: tagPredecessor, summary: "Stop a transaction", description: old, headers: commanding,
			body: namingOrderOf{new(operation.RemoteStop)}, example: stopExample, answers: answers, problems: problems, serve: asPredecessor(stop)},
	}
}

// byBody serves an operation whose body names the charge point.
func (a *API) byBody(kind string, empty func() operation.Operation) endpoint {
	return func(r *http.Request) (answer, error) {
		body, err := readBody(r)
		if err != nil {
			return answer{}, err
		}
		head, members, err := split(body, "chargePointId", "expiresInSeconds", "timeoutSeconds")
		if err != nil {
			return answer{}, err
		}
		if head.ChargePointID == "" {
			return answer{}, missing("chargePointId")
		}
		order := order{timing: head.timing, kind: kind, operation: empty(), body: body}
		if err := order.fill(members, tolerant); err != nil {
			return answer{}, err
		}
		cp, err := a.named(r, head.ChargePointID)
		if err != nil {
			return answer{}, err
		}
		return a.place(r, cp, order)
	}
}

// asPredecessor answers 200 with the old members alone, as clients of the system that this one replaces
// expect, unless they wait for the outcome: then they know the new ones.
func asPredecessor(serve endpoint) endpoint {
	return func(r *http.Request) (answer, error) {
		answer, err := serve(r)
		if said, ok := answer.body.(submitted); ok && patience(r) == 0 {
			answer.body = submitted{Message: said.Message, MessageID: said.MessageID, ChargePointID: said.ChargePointID, Said: said.Said}
			answer.status = http.StatusOK
		}
		return answer, err
	}
}
