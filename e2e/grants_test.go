package e2e

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/iam"
)

// unusedForAReason are grants that no test here can use, by function ("" for any), action and a part of the resource
// ("" for any).
var unusedForAReason = []struct{ function, action, resource, reason string }{
	{"", "logs:CreateLogStream", "", "Lambda writes the log; here it goes to the console"},
	{"", "logs:PutLogEvents", "", "Lambda writes the log; here it goes to the console"},
	{"", "xray:PutTraceSegments", "", "Lambda sends traces, of which there are none here"},
	{"", "xray:PutTelemetryRecords", "", "Lambda sends traces, of which there are none here"},
	{"Registry", "sqs:SendMessage", "DeadLetterQueue", "Lambda sends a dead letter after three tries, which take minutes"},
	{"Outbound", "sqs:SendMessage", "DeadLetterQueue", "Lambda sends a dead letter after three tries, which take minutes"},
	{"Message", "execute-api:ManageConnections", "/DELETE/", "it closes the connection of a charge point that floods, in a system of its own: flood_test.go"},
	{"Outbound", "iot:Publish", "topic/", "it mirrors and tells of other commands that it sends or ends on the way; the code is that of Api"},
	{"Timer", "iot:Publish", "/disconnected", "a connection that is gone as it sends the next command; the code is that of Api"},
	{"Campaign", "iot:Publish", "topic/ocpp/", "a command that ends, or finds no connection, as it is sent; the code is that of Api"},
	{"Campaign", "dynamodb:Scan", "ChargePointTable", "a campaign that selects charge points by what is known of them; functions/campaign tests it"},
	{"Campaign", "dynamodb:PutItem", "ReservationTable", "the operation reserve-now; the code is that of Api"},
	{"Campaign", "", "TokenTable", "the operations on id tokens; the code is that of Api"},
}

// unusedGrants tells which functions may do what no test has made them do: either a test is missing or the grant is
// too much. It says nothing after a run of some of the tests.
func unusedGrants(ran *cloud.Cloud) error {
	if flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.skip").Value.String() != "" {
		return nil
	}
	var unused []error
	for _, grant := range ran.UnusedGrants() {
		if !excused(grant) {
			unused = append(unused, fmt.Errorf("%s: %s on %s", grant.Function, grant.Action, grant.Resource))
		}
	}
	if unused == nil {
		return nil
	}
	return fmt.Errorf("grants of stack/grants.go were never used; test what they are for, take them away, or say why in e2e/grants_test.go:\n%w", errors.Join(unused...))
}

func excused(grant iam.Grant) bool {
	for _, e := range unusedForAReason {
		if strings.HasSuffix(grant.Function, "-"+e.function) || e.function == "" {
			if (e.action == "" || e.action == grant.Action) && strings.Contains(grant.Resource, e.resource) {
				return true
			}
		}
	}
	return false
}
