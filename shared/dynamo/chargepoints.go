package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// ChargePoints is the ChargePointTable: chargepoint.Registry, Sessions, Boots, Turns, Keys, LocalLists,
// Loads and Profiles, and what operators do. One item per charge point, below 1 KB, so that each of the frequent writes costs one unit:
//
//	chargePointId     S  partition key
//	thingId           S  of the IoT Thing; another one is another charge point
//	thingVersion      N
//	timestamp         S  when it was registered
//	registration      S  Accepted | Pending | Rejected: the operator's will
//	securityProfile   N
//	credential        S  hash of its key
//	pendingKeys       S  keys that it was sent and may have taken: lines of "<hash> <command id>", in the order of
//	                     their proposal. Each takes 110 bytes, for the seconds until the charge point answers
//	listVersion       N  highest version of its local authorization list that was ordered or told
//	validation        S  tolerant or strict, if it is not the stack's
//	bootStatus        S  what it was told last
//	bootedAt          S
//	boot              M  what it said of itself
//	describedAt       S  when it said that
//	protocol          S  of the session, or when there is none, of the last one
//	connectionId      S  the session: these exist together
//	connectedShard    S  partition key of the index Connected
//	connectedAt       N  ms since 1970, as API Gateway gives it: it decides which connection is the newest
//	sessionOpen       B  its boot was answered
//	asked             SS actions that it was asked for in the session while it was not accepted
//	callId            S  the outstanding CALL: these two exist together, and only within the session in
//	callDeadline      S  which it was sent: whatever changes the session removes them
//	callHolder        S  mark of that turn, which comes and goes with them
//	lastSeenAt        S
//	disconnectedAt    S  how the last session ended
//	disconnectCode    N
//	disconnectReason  S
//	loadSince         N  ms since 1970; these four exist together once it has kept functions busy
//	loadMessages      N
//	loadUnasked       N
//	loadBusy          N  ms
type ChargePoints struct{ table }

// NewChargePoints opens the ChargePointTable.
func NewChargePoints(api *dynamodb.Client, tableName string) *ChargePoints {
	return &ChargePoints{open(api, tableName, "chargePointId", "")}
}

var (
	_ chargepoint.Registry = (*ChargePoints)(nil)
	_ chargepoint.Sessions = (*ChargePoints)(nil)
	_ chargepoint.Boots    = (*ChargePoints)(nil)
	_ chargepoint.Turns    = (*ChargePoints)(nil)
	_ chargepoint.Keys     = (*ChargePoints)(nil)
	_ chargepoint.Profiles = (*ChargePoints)(nil)
)

// sessionAttributes and callAttributes come and go together.
var (
	sessionAttributes = []string{"connectionId", "connectedAt", "connectedShard", "sessionOpen", "asked"}
	callAttributes    = []string{"callId", "callDeadline", "callHolder"}
)

type chargePointItem struct {
	ChargePointID   string                   `dynamodbav:"chargePointId"`
	ThingID         string                   `dynamodbav:"thingId,omitempty"`
	ThingVersion    int64                    `dynamodbav:"thingVersion,omitempty"`
	RegisteredAt    time.Time                `dynamodbav:"timestamp,omitempty"`
	Registration    chargepoint.Registration `dynamodbav:"registration,omitempty"`
	SecurityProfile int                      `dynamodbav:"securityProfile,omitempty"`
	Credential      string                   `dynamodbav:"credential,omitempty"`
	PendingKeys     string                   `dynamodbav:"pendingKeys,omitempty"`
	ListVersion     int                      `dynamodbav:"listVersion,omitempty"`
	Validation      chargepoint.Validation   `dynamodbav:"validation,omitempty"`

	BootStatus  chargepoint.Registration `dynamodbav:"bootStatus,omitempty"`
	BootedAt    time.Time                `dynamodbav:"bootedAt,omitempty"`
	Boot        *bootItem                `dynamodbav:"boot,omitempty"`
	DescribedAt time.Time                `dynamodbav:"describedAt,omitempty"`

	ConnectionID string   `dynamodbav:"connectionId,omitempty"`
	Protocol     string   `dynamodbav:"protocol,omitempty"`
	ConnectedAt  int64    `dynamodbav:"connectedAt,omitempty"`
	Shard        string   `dynamodbav:"connectedShard,omitempty"`
	SessionOpen  bool     `dynamodbav:"sessionOpen,omitempty"`
	Asked        []string `dynamodbav:"asked,omitempty,stringset"`

	CallID       string    `dynamodbav:"callId,omitempty"`
	CallDeadline time.Time `dynamodbav:"callDeadline,omitempty"`
	CallHolder   string    `dynamodbav:"callHolder,omitempty"`

	LastSeenAt       time.Time `dynamodbav:"lastSeenAt,omitempty"`
	DisconnectedAt   time.Time `dynamodbav:"disconnectedAt,omitempty"`
	DisconnectCode   int       `dynamodbav:"disconnectCode,omitempty"`
	DisconnectReason string    `dynamodbav:"disconnectReason,omitempty"`

	LoadSince    int64 `dynamodbav:"loadSince,omitempty"`
	LoadMessages int   `dynamodbav:"loadMessages,omitempty"`
	LoadUnasked  int   `dynamodbav:"loadUnasked,omitempty"`
	LoadBusy     int64 `dynamodbav:"loadBusy,omitempty"`
}

type bootItem struct {
	VendorName      string `dynamodbav:"vendorName,omitempty"`
	Model           string `dynamodbav:"model,omitempty"`
	SerialNumber    string `dynamodbav:"serialNumber,omitempty"`
	FirmwareVersion string `dynamodbav:"firmwareVersion,omitempty"`
	ICCID           string `dynamodbav:"iccid,omitempty"`
	IMSI            string `dynamodbav:"imsi,omitempty"`
	MeterType       string `dynamodbav:"meterType,omitempty"`
	MeterSerial     string `dynamodbav:"meterSerialNumber,omitempty"`
	Reason          string `dynamodbav:"reason,omitempty"`
}

func (i chargePointItem) value() chargepoint.ChargePoint {
	cp := chargepoint.ChargePoint{
		ID:      i.ChargePointID,
		ThingID: i.ThingID, ThingVersion: i.ThingVersion, RegisteredAt: i.RegisteredAt,
		Registration: i.Registration, SecurityProfile: i.SecurityProfile, Credential: i.Credential, Validation: i.Validation,
		PendingKeys: pendingKeysOf(i.PendingKeys), ListVersion: i.ListVersion,
		BootStatus: i.BootStatus, BootedAt: i.BootedAt, Protocol: i.Protocol, Asked: i.Asked,
		LastSeenAt: i.LastSeenAt, DisconnectedAt: i.DisconnectedAt, DisconnectCode: i.DisconnectCode, DisconnectReason: i.DisconnectReason,
	}
	if i.Boot != nil {
		cp.Boot = chargepoint.Boot(*i.Boot)
	}
	if i.ConnectionID != "" {
		cp.Session = &chargepoint.Session{
			ConnectionID: i.ConnectionID, Protocol: i.Protocol,
			ConnectedAt: time.UnixMilli(i.ConnectedAt).UTC(), Open: i.SessionOpen,
		}
	}
	if i.CallID != "" {
		cp.Outstanding = &chargepoint.Outstanding{CommandID: i.CallID, ConnectionID: i.ConnectionID, Deadline: i.CallDeadline, Holder: i.CallHolder}
	}
	return cp
}

func (t *ChargePoints) row(id string) row {
	return row{key: item{t.hash: text(id)}, name: "charge point " + id}
}

// Get implements chargepoint.Registry.
func (t *ChargePoints) Get(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	stored, err := t.get(ctx, t.row(id), true)
	if err != nil {
		return chargepoint.ChargePoint{}, err
	}
	return chargePointOf(stored)
}

func chargePointOf(stored item) (chargepoint.ChargePoint, error) {
	decoded, err := decode[chargePointItem](stored)
	return decoded.value(), err
}
