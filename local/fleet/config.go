package fleet

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Config says who a station is and how its days are. ID, URL, Version and Clock are needed.
type Config struct {
	ID      string
	URL     string // of the central system; /ID is appended
	Version ocppj.Version
	Key     string // Basic-auth key: 40 hex digits or a password; "" sends no credentials

	Seed     uint64
	Clock    Clock
	Visits   float64 // cars per connector and day on average; 0 is none
	Outages  float64 // lost connections per day on average; 0 is none
	Tokens   []plan.Token
	Charger  *plan.Charger // default: chosen by the seed
	Boots    time.Time     // simulated; default: at once
	Answers  time.Duration // real time to wait for an answer; default 30 s
	Ledger   int           // CALLs and commands that the ledger keeps; 0 is none
	Hooks    Hooks
	Client   *http.Client // for the handshake; default http.DefaultClient
	Log      *slog.Logger // default: nothing is logged
	observer *Statistics  // of the fleet; nil for a station on its own
}

// defaultAnswers is above the 29 s after which API Gateway gives a function up.
const defaultAnswers = 30 * time.Second

// Hooks let load, chaos and console tests look on and interfere. They are called on the station's goroutine: they must not
// block, and must not call the station. Each may be nil.
type Hooks struct {
	// Frame sees every frame when it was received, and before it is sent.
	Frame func(station string, sent bool, frame []byte)

	// Send may return another frame to be sent instead, or nil to send nothing.
	Send func(station string, frame []byte) []byte

	// Command may answer a CALL of the central system in the station's place, which then does not obey it.
	Command func(station string, call ocppj.Frame) (reply Reply, taken bool)

	// State is told of every change of a connector's status, in the words of OCPP 1.6.
	State func(station string, connector int, status string)
}

// Reply is the answer that a hook gives.
type Reply struct {
	Payload   any           // of the CALLRESULT
	ErrorCode string        // sends a CALLERROR instead
	Silent    bool          // sends nothing at all
	Delay     time.Duration // real time before it is sent
}
