package main

func (a *API) predecessorRoutes() []route {
	return []route{
		{method: "POST", path: "/remote-start", id: "remoteStartByBody", tag: tagPredecessor, serve: a.remoteStart},
		{method: "POST", path: "/remote-stop", id: "remoteStopByBody", tag: tagPredecessor, serve: a.remoteStop},
		{method: "POST", path: "/remote-start-transaction", id: "remoteStartTransaction", tag: tagPredecessor, serve: asPredecessor(a.remoteStart)},
		{method: "POST", path: "/remote-stop-transaction", id: "remoteStopTransaction", tag: tagPredecessor, serve: asPredecessor(a.remoteStop)},
	}
}
