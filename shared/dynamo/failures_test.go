package dynamo

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Whichever call of DynamoDB fails, whoever made it is told: who is not would answer, or forget, what is not stored.
func TestFailuresAreTold(t *testing.T) {
	var way dynamotest.Trouble
	client := way.Client()
	chargePoints := NewChargePoints(client, dynamotest.Table(t, "ChargePointTable"))
	commands := NewCommands(client, dynamotest.Table(t, "CommandTable"))
	connectors := NewConnectors(client, dynamotest.Table(t, "ConnectorTable"))
	transactions := NewTransactions(client, dynamotest.Table(t, "TransactionTable"))
	readings := NewReadings(client, dynamotest.Table(t, "MeterValueTable"))
	campaignTable, messageTable := dynamotest.Table(t, "CampaignTable"), dynamotest.Table(t, "MessageTable")
	campaigns, members := NewCampaigns(client, campaignTable), NewCampaignMembers(client, campaignTable)
	messages, log := NewMessages(client, messageTable), NewMessageLog(client, messageTable, 7)
	reports := NewReports(client, dynamotest.Table(t, "ReportTable"))
	reservations := NewReservations(client, dynamotest.Table(t, "ReservationTable"))
	tokens := NewTokens(client, dynamotest.Table(t, "TokenTable"))
	variables := NewVariables(client, dynamotest.Table(t, "VariableTable"))
	idempotency := NewIdempotency(client, dynamotest.Table(t, "IdempotencyTable"))

	const cp = "CP001"
	second := func(_ any, err error) error { return err }
	third := func(_, _ any, err error) error { return err }
	turn := chargepoint.Outstanding{CommandID: "c", ConnectionID: "a=", Deadline: at(1), Holder: "h"}
	start := remoteStart("start", 0)
	read := transaction.Reading{At: at(1), Values: []transaction.SampledValue{{}}}
	event := transaction.Event{Kind: transaction.EventUpdated, TransactionID: "T", At: at(1), Periodic: true, Readings: []transaction.Reading{read}}
	exchange := Exchange{ChargePointID: cp, ConnectionID: "a=", MessageID: "1", Action: "Heartbeat", Frame: []byte(`[2,"1","Heartbeat",{}]`), At: at(1)}
	asked := reservation.Reservation{ChargePointID: cp, ID: 1, State: reservation.Requested, CommandID: "c", ExpiresAt: at(9), ChangedAt: at(0)}
	changed := func(ring chargepoint.Keyring) (chargepoint.Keyring, error) {
		return chargepoint.Keyring{Present: ring.Present + "x"}, nil
	}
	for _, test := range []struct {
		name string
		call func(ctx context.Context) error
	}{
		{"Mirror", func(ctx context.Context) error {
			return chargePoints.Mirror(ctx, thing("A", 1, 0), chargepoint.Accepted)
		}},
		{"Get", func(ctx context.Context) error { return second(chargePoints.Get(ctx, cp)) }},
		{"Open", func(ctx context.Context) error { return second(chargePoints.Open(ctx, cp, connection("a=", 1))) }},
		{"Open that is late", func(ctx context.Context) error { return second(chargePoints.Open(ctx, cp, connection("a=", 0))) }},
		{"OpenForCommands", func(ctx context.Context) error { return chargePoints.OpenForCommands(ctx, cp, "a=") }},
		{"Seen", func(ctx context.Context) error { return chargePoints.Seen(ctx, cp, "a=", at(1)) }},
		{"Restore", func(ctx context.Context) error { return chargePoints.Restore(ctx, cp, connection("a=", 1), at(2)) }},
		{"Boot", func(ctx context.Context) error { return second(chargePoints.Boot(ctx, cp, at(1))) }},
		{"DescribeBoot", func(ctx context.Context) error { return chargePoints.DescribeBoot(ctx, cp, chargepoint.Boot{}, at(1)) }},
		{"DescribeBoot that is late", func(ctx context.Context) error { return chargePoints.DescribeBoot(ctx, cp, chargepoint.Boot{}, at(0)) }},
		{"Take", func(ctx context.Context) error { return chargePoints.Take(ctx, cp, turn) }},
		{"Give", func(ctx context.Context) error { return chargePoints.Give(ctx, cp, "c") }},
		{"Release", func(ctx context.Context) error { return chargePoints.Release(ctx, cp, turn) }},
		{"Propose", func(ctx context.Context) error { return chargePoints.Propose(ctx, cp, newKey(1)) }},
		{"Tell", func(ctx context.Context) error { return chargePoints.Tell(ctx, cp, newKey(1).CommandID) }},
		{"changeRing", func(ctx context.Context) error { return chargePoints.changeRing(ctx, cp, changed) }},
		{"Settle", func(ctx context.Context) error { return chargePoints.Settle(ctx, cp, newKey(1).CommandID, true) }},
		{"Promote", func(ctx context.Context) error { return chargePoints.Promote(ctx, cp, "h") }},
		{"RaiseSecurityProfile", func(ctx context.Context) error { return chargePoints.RaiseSecurityProfile(ctx, cp, 1) }},
		{"AddLoad", func(ctx context.Context) error {
			return second(chargePoints.AddLoad(ctx, cp, chargepoint.Load{Since: at(0), Messages: 1}))
		}},
		{"NextListVersion", func(ctx context.Context) error { return second(chargePoints.NextListVersion(ctx, cp)) }},
		{"ListVersionTold", func(ctx context.Context) error { return chargePoints.ListVersionTold(ctx, cp, 9) }},
		{"SetRegistration", func(ctx context.Context) error { return chargePoints.SetRegistration(ctx, cp, chargepoint.Accepted) }},
		{"SetCredential", func(ctx context.Context) error { return chargePoints.SetCredential(ctx, cp, "") }},
		{"SetValidation", func(ctx context.Context) error { return chargePoints.SetValidation(ctx, cp, chargepoint.Strict) }},
		{"SetValidation of none", func(ctx context.Context) error { return chargePoints.SetValidation(ctx, cp, "") }},
		{"SetSecurityProfile", func(ctx context.Context) error { return chargePoints.SetSecurityProfile(ctx, cp, 0) }},
		{"CountConnected", func(ctx context.Context) error { return second(chargePoints.CountConnected(ctx)) }},
		{"List", func(ctx context.Context) error { return third(chargePoints.List(ctx, nil, "", 9)) }},
		{"Close", func(ctx context.Context) error { return second(chargePoints.Close(ctx, cp, "a=", 1006, "", at(2))) }},
		{"Forget", func(ctx context.Context) error { return chargePoints.Forget(ctx, cp, "A") }},
		{"Create", func(ctx context.Context) error {
			return chargePoints.Create(ctx, chargepoint.ChargePoint{ID: "CP002", ThingID: "B", RegisteredAt: at(1)})
		}},
		{"Delete", func(ctx context.Context) error { return chargePoints.Delete(ctx, "CP002") }},

		{"commands Create", func(ctx context.Context) error { return commands.Create(ctx, queued("c", 0)) }},
		{"commands Create again", func(ctx context.Context) error { return commands.Create(ctx, queued("c", 0)) }},
		{"commands Get", func(ctx context.Context) error { return second(commands.Get(ctx, cp, "c")) }},
		{"commands NextQueued", func(ctx context.Context) error { return second(commands.NextQueued(ctx, cp)) }},
		{"commands Send", func(ctx context.Context) error { return second(commands.Send(ctx, cp, "c", at(1), at(2))) }},
		{"commands Send again", func(ctx context.Context) error { return second(commands.Send(ctx, cp, "c", at(1), at(2))) }},
		{"commands Answered", func(ctx context.Context) error { return commands.Answered(ctx, cp, "c", at(0), at(2)) }},
		{"commands Apply", func(ctx context.Context) error {
			return second(commands.Apply(ctx, cp, "c", command.Outcome{Event: command.EventGiveUp, At: at(3)}))
		}},
		{"commands Apply again", func(ctx context.Context) error {
			return second(commands.Apply(ctx, cp, "c", command.Outcome{Event: command.EventGiveUp, At: at(3)}))
		}},
		{"commands List", func(ctx context.Context) error { return third(commands.List(ctx, cp, "", 9)) }},
		{"commands ListFailed", func(ctx context.Context) error { return second(commands.ListFailed(ctx, at(4), 9)) }},
		{"commands of a remote start", func(ctx context.Context) error { return commands.Create(ctx, start) }},
		{"commands RemoteStarts", func(ctx context.Context) error { return second(commands.RemoteStarts(ctx, cp)) }},
		{"commands Link", func(ctx context.Context) error { return commands.Link(ctx, cp, "start", "T") }},

		{"connectors Put", func(ctx context.Context) error {
			return connectors.Put(ctx, chargepoint.Connector{ChargePointID: cp, Connector: "1", Status: "Available", ReceivedAt: at(1)})
		}},
		{"connectors Occupy", func(ctx context.Context) error { return third(connectors.Occupy(ctx, cp, "1", "T", at(1))) }},
		{"connectors Occupy again", func(ctx context.Context) error { return third(connectors.Occupy(ctx, cp, "1", "T", at(1))) }},
		{"connectors Vacate", func(ctx context.Context) error { return connectors.Vacate(ctx, cp, "1", "T") }},
		{"connectors List", func(ctx context.Context) error { return second(connectors.List(ctx, cp)) }},
		{"connectors ListAll", func(ctx context.Context) error { return third(connectors.ListAll(ctx, "Available", false, "", 9)) }},
		{"connectors Forget", func(ctx context.Context) error { return connectors.Forget(ctx, cp, at(9)) }},

		{"transactions Begin", func(ctx context.Context) error {
			return transactions.Begin(ctx, transaction.Transaction{ChargePointID: cp, ID: "T", StartKey: "k", StartedAt: at(1)})
		}},
		{"transactions Begin again", func(ctx context.Context) error {
			return transactions.Begin(ctx, transaction.Transaction{ChargePointID: cp, ID: "T", StartKey: "k", StartedAt: at(1)})
		}},
		{"transactions Put", func(ctx context.Context) error {
			return transactions.Put(ctx, transaction.Transaction{ChargePointID: cp, ID: "U", StartedAt: at(1)})
		}},
		{"transactions Get", func(ctx context.Context) error { return second(transactions.Get(ctx, cp, "T")) }},
		{"transactions List", func(ctx context.Context) error { return third(transactions.List(ctx, cp, "", 9)) }},
		{"transactions ListByDay", func(ctx context.Context) error { return third(transactions.ListByDay(ctx, at(1), "", 9)) }},

		{"readings Add", func(ctx context.Context) error { return readings.Add(ctx, cp, "T", "1", event.Readings) }},
		{"readings Keep", func(ctx context.Context) error {
			return (&Samples{Readings: readings, Log: log}).Keep(ctx, event, exchange)
		}},
		{"readings List", func(ctx context.Context) error { return third(readings.List(ctx, cp, "T", "", 9)) }},
		{"readings Events", func(ctx context.Context) error { return second(readings.Events(ctx, cp, "T", time.Time{})) }},

		{"log Received", func(ctx context.Context) error { return log.Received(ctx, []Exchange{exchange}) }},
		{"log Sent", func(ctx context.Context) error {
			return log.Sent(ctx, command.SentFrame{ChargePointID: cp, Frame: exchange.Frame, At: at(1)})
		}},
		{"messages PutRefused", func(ctx context.Context) error { return messages.PutRefused(ctx, cp, at(1), "a=", 401, "", "") }},
		{"messages List", func(ctx context.Context) error { return third(messages.List(ctx, cp, "", 9)) }},
		{"messages ListRefused", func(ctx context.Context) error { return second(messages.ListRefused(ctx, at(2), 9)) }},
		{"reports Put", func(ctx context.Context) error {
			return reports.Put(ctx, report.Report{ChargePointID: cp, Kind: report.SecurityEvent, Key: "k", ReceivedAt: at(1), Data: json.RawMessage(`{}`)})
		}},
		{"reports List", func(ctx context.Context) error { return third(reports.List(ctx, cp, report.SecurityEvent, "", "", 9)) }},
		{"reports Newest", func(ctx context.Context) error { return second(reports.Newest(ctx, cp)) }},
		{"reservations Put", func(ctx context.Context) error { return reservations.Put(ctx, asked) }},
		{"reservations Answered", func(ctx context.Context) error { return reservations.Answered(ctx, cp, 1, "c", true, at(1)) }},
		{"reservations End", func(ctx context.Context) error { return reservations.End(ctx, cp, 1, reservation.Used, "T", at(2)) }},
		{"reservations List", func(ctx context.Context) error { return third(reservations.List(ctx, cp, "", 9)) }},
		{"tokens Put", func(ctx context.Context) error {
			return tokens.Put(ctx, token.Token{IDToken: "T", Status: token.Accepted})
		}},
		{"tokens Find", func(ctx context.Context) error { return second(tokens.Find(ctx, "T")) }},
		{"tokens List", func(ctx context.Context) error { return third(tokens.List(ctx, "", 9)) }},
		{"tokens Delete", func(ctx context.Context) error { return tokens.Delete(ctx, "T") }},
		{"variables Put", func(ctx context.Context) error {
			return variables.Put(ctx, []variable.Variable{{ChargePointID: cp, Variable: variable.Name{Name: "V"}, ReceivedAt: at(1)}})
		}},
		{"variables List", func(ctx context.Context) error { return third(variables.List(ctx, cp, "", 9)) }},
		{"idempotency Claim", func(ctx context.Context) error { return third(idempotency.Claim(ctx, cp, "k", "f", "c", at(1))) }},
		{"idempotency Claim again", func(ctx context.Context) error { return third(idempotency.Claim(ctx, cp, "k", "f", "c", at(1))) }},
		{"campaigns Create", func(ctx context.Context) error {
			return campaigns.Create(ctx, campaign.Campaign{ID: "C", CreatedAt: at(0)})
		}},
		{"campaigns Get", func(ctx context.Context) error { return second(campaigns.Get(ctx, "C")) }},
		{"campaigns List", func(ctx context.Context) error { return third(campaigns.List(ctx, "", 9)) }},
		{"campaigns Begin", func(ctx context.Context) error { return second(campaigns.Begin(ctx, "C", 1, at(1), at(2))) }},
		{"campaigns Begin of another", func(ctx context.Context) error { return second(campaigns.Begin(ctx, "D", 1, at(1), at(2))) }},
		{"campaigns Stop", func(ctx context.Context) error { return second(campaigns.Stop(ctx, "C", at(3))) }},
		{"campaigns Save", func(ctx context.Context) error { return campaigns.Save(ctx, campaign.Campaign{ID: "C", Progress: campaign.Progress{Worker: 1}}) }},
		{"members Select", func(ctx context.Context) error {
			return members.Select(ctx, campaign.Member{CampaignID: "C", ChargePointID: cp})
		}},
		{"members Get", func(ctx context.Context) error { return second(members.Get(ctx, "C", cp)) }},
		{"members After", func(ctx context.Context) error { return second(members.After(ctx, "C", "", 9)) }},
		{"members Put", func(ctx context.Context) error {
			return second(members.Put(ctx, campaign.Member{CampaignID: "C", ChargePointID: cp}))
		}},
	} {
		for n := 1; ; n++ {
			before := way.Calls()
			way.Fail(n)
			err := test.call(t.Context())
			if way.Calls()-before < n { // it has no more
				way.Fail(0)
				if n == 1 {
					t.Errorf("%s makes no call", test.name)
				}
				break
			}
			if err == nil {
				t.Errorf("%s: call %d failed, and nobody is told", test.name, n)
			}
		}
	}
}
