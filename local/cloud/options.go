package cloud

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// The account and Region of the stand-in: an account number that AWS never gives out, and the SDK's most common Region.
const (
	Account = "000000000000"
	Region  = "us-east-1"
)

// Options say what to start, and where. The zero value of every field but Template and BuildDir is useful.
type Options struct {
	// Template is the file name of the synthesized template, NAME.template.json for a stack called NAME.
	Template string

	// BuildDir holds a folder per function, named as the function's handler, with its bootstrap. See DefaultBuildDir.
	BuildDir string

	// DataDir keeps the state of every service beyond the end of the process. Default: everything is forgotten.
	DataDir string

	// Ports are where to listen on 127.0.0.1. Default: any that are free; see DefaultPorts.
	Ports Ports

	// Auth demands what the deployed stack demands: charge points' keys and signed calls of the HTTP API.
	Auth bool

	// Environment overrides variables of those functions that have them.
	Environment map[string]string

	// Quotas of API Gateway that are to be lower than AWS's, to see what happens at them, or higher, as AWS makes them on demand.
	Quotas Quotas

	// Crowd is how many instances of one function work at once before events wait for them, which on AWS they do not. Default: as many as
	// the processors have use for.
	Crowd int

	// Log gets what happens. Default: nothing is logged.
	Log *slog.Logger

	// Faults is what goes wrong from the start on. Default: nothing. Cloud.Faults changes it.
	Faults fault.Plan
}

// Quotas are those of the WebSocket API. 0 is AWS's: 500, 10,000, 10 minutes and 2 hours.
type Quotas struct {
	ConnectsPerSecond float64       // new connections; as many at once
	RequestsPerSecond float64       // messages and @connections calls; as many at once
	Idle              time.Duration // without a message in either direction
	Lifetime          time.Duration // of a connection
}

// Ports are TCP ports; 0 is any that is free.
type Ports struct {
	ChargePoints int // WebSocket API, behind the edge
	HTTP         int // HTTP API
	AWS          int // the AWS APIs
	MQTT         int // the IoT message broker
}

// DefaultPorts are the ones that people know from the documentation, all moved by an offset.
func DefaultPorts(offset int) Ports {
	return Ports{ChargePoints: 8080 + offset, HTTP: 8081 + offset, AWS: 4566 + offset, MQTT: 1883 + offset}
}

// DefaultBuildDir is where make build puts the binaries for this machine.
func DefaultBuildDir() string { return filepath.Join("build", runtime.GOARCH) }

const templateSuffix = ".template.json"

// StackName is the name of the stack whose template is to be started; "" when the file is not named after one.
func (o Options) StackName() string {
	name, ok := strings.CutSuffix(filepath.Base(o.Template), templateSuffix)
	if !ok {
		return ""
	}
	return name
}

func readTemplate(file string) ([]byte, error) {
	document, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("there is no template %s: run this in the repository's root, or make it with `make snapshot`", file)
	}
	return document, err
}

// withoutAuth is all that differs from the deployed stack when Options.Auth is not set: any charge point and any token is
// taken at its word, so that a first try needs no keys. That the HTTP API takes unsigned calls is the third difference.
var withoutAuth = map[string]string{
	"MIN_SECURITY_PROFILE": "0",
	"UNKNOWN_ID_TOKENS":    "Accepted",
}

// overrides are the variables to change in the functions' environments.
func (o Options) overrides() map[string]string {
	changed := map[string]string{}
	if !o.Auth {
		maps.Copy(changed, withoutAuth)
	}
	maps.Copy(changed, o.Environment)
	return changed
}

// Differences says in sentences what is not as in the deployed stack.
func (o Options) Differences() []string {
	var sentences []string
	overrides := o.overrides()
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		sentences = append(sentences, fmt.Sprintf("%s is %s in the functions' environments.", name, overrides[name]))
	}
	if !o.Auth {
		sentences = append(sentences, "The HTTP API takes calls without a signature.")
	}
	return sentences
}
