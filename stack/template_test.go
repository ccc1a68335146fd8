package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestOutputs(t *testing.T) {
	got := slices.Sorted(maps.Keys(byDefault().template["Outputs"].(map[string]any)))
	want := []string{"ConsoleUrl", "HttpApiUrl", "RemoteStartUrl", "RemoteStopUrl", "WebSocketStageURL", "WebSocketURL"}
	if !slices.Equal(got, want) {
		t.Errorf("the outputs are %v, want %v", got, want)
	}
}

// Thing events are a switch of the account: a stack that turned them off at its end would cut the other
// stacks of the account from their registry.
func TestDestroyingTheStackSwitchesNothingOff(t *testing.T) {
	calls := byDefault().template.ofType("Custom::AWS")
	if len(calls) != 2 {
		t.Errorf("there are %d custom resources, want those of thing events and of the edge secret", len(calls))
	}
	maps.Copy(calls, other().template.ofType("Custom::AWS"))
	for id, r := range calls {
		if call, has := r.properties["Delete"]; has {
			t.Errorf("%s calls AWS when the stack is destroyed: %v", id, call)
		}
	}
}

func TestPropertiesReachTheFunctions(t *testing.T) {
	for _, test := range []struct{ folder, key, byDefault, other string }{
		{"authorize", "MIN_SECURITY_PROFILE", "1", "3"},
		{"authorize", "REGISTRATION_DEFAULT", "Accepted", "Pending"},
		{"registry", "REGISTRATION_DEFAULT", "Accepted", "Pending"},
		{"api", "REGISTRATION_DEFAULT", "Accepted", "Pending"},
		{"message", "UNKNOWN_ID_TOKENS", "Invalid", "Accepted"},
		{"message", "HEARTBEAT_INTERVAL_SECONDS", "300", "480"},
		{"message", "JOURNAL_HEARTBEATS", "false", "true"},
		{"message", "DATA_TRANSFER_VENDORS", "", "com.example,org.example"},
		{"message", "VALIDATION", "tolerant", "strict"},
		{"processor", "CERTIFICATE_SIGNER", "", "arn:aws:lambda:eu-west-1:123456789012:function:sign"},
		{"authorize", "CLIENT_CERTIFICATES", "none", "required"},
		{"canary", "STACK_NAME", "AwsOcppGatewayStack", "Other-Stack"},
		{"connect", "EVENTS", "true", "false"},
		{"outbound", "MIRROR", "true", "false"},
		{"timer", "MESSAGE_LOG", "true", "false"},
		{"api", "MESSAGE_LOG_DAYS", "7", "30"},
		{"timer", "LOG_LEVEL", "INFO", "DEBUG"},
	} {
		for _, side := range []struct {
			stack synthesized
			want  string
		}{{byDefault(), test.byDefault}, {other(), test.other}} {
			environment := side.stack.template.function(t, test.folder)["Environment"].(map[string]any)["Variables"].(map[string]any)
			if got := environment[test.key]; got != side.want {
				t.Errorf("%s: %s of %s is %v, want %s", *side.stack.name("stack"), test.key, test.folder, got, side.want)
			}
		}
	}
}

func TestArchitecture(t *testing.T) {
	for want, s := range map[string]synthesized{"arm64": byDefault(), "x86_64": other()} {
		for _, f := range functions {
			if got := s.template.function(t, f.folder)["Architectures"]; !reflect.DeepEqual(got, []any{want}) {
				t.Errorf("%s is built for %v, want %s", f.name, got, want)
			}
		}
	}
}

func TestTablesSurviveTheStackUnlessToldOtherwise(t *testing.T) {
	for want, s := range map[string]synthesized{"RetainExceptOnCreate": byDefault(), "Delete": other()} {
		found := s.template.ofType("AWS::DynamoDB::Table")
		if len(found) != len(tables) {
			t.Errorf("the template has %d tables, want %d", len(found), len(tables))
		}
		for id, r := range found {
			if got := r.attributes["DeletionPolicy"]; got != want {
				t.Errorf("the deletion policy of %s is %v, want %s", id, got, want)
			}
		}
	}
}

func TestLogsEnd(t *testing.T) {
	for days, s := range map[float64]synthesized{30: byDefault(), 7: other()} {
		for id, r := range s.template.ofType("AWS::Logs::LogGroup") {
			if got := r.properties["RetentionInDays"]; got != days {
				t.Errorf("%s keeps its lines for %v days, want %v", id, got, days)
			}
		}
	}
}

// A throttled function fails handshakes or answers charge points with an error frame, so none has a
// concurrency of its own.
func TestNoFunctionIsHeldBack(t *testing.T) {
	for id, r := range byDefault().template.ofType("AWS::Lambda::Function") {
		if limit, has := r.properties["ReservedConcurrentExecutions"]; has {
			t.Errorf("%s runs at most %v times at once", id, limit)
		}
	}
}

func TestMissingBuild(t *testing.T) {
	folder := dummyBuild(arm64)
	if err := checkBuild(Properties{BuildFolder: folder, Architecture: arm64}); err != nil {
		t.Errorf("a complete build is refused: %v", err)
	}
	err := checkBuild(Properties{BuildFolder: t.TempDir(), Architecture: amd64})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "run `make build ARCH=amd64`") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a missing build is answered %v, want a line that says what to run", err)
	}
}

// The other way round, a function of the stack without a folder ends the synthesis for want of its build.
func TestEveryFunctionOfTheSourceIsInTheStack(t *testing.T) {
	mains, err := filepath.Glob("../functions/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range mains {
		folder := filepath.Base(filepath.Dir(main))
		byDefault().template.function(t, folder)
	}
}

// asked finds the environment variables that a function reads (shared/settings).
var asked = regexp.MustCompile(`env\.[A-Z]\w*\("([A-Z_]+)"`)

// imported finds the packages that functions share; some of them ask for variables in a function's name.
var imported = regexp.MustCompile(`"github\.com/serverless-ocpp/backend/(shared/\w+)"`)

// sourceOf is the source of a package of this repository, without its tests.
func sourceOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	return source.String()
}

// withImported adds the sources of the packages that a source imports, and of those that they import.
func withImported(t *testing.T, source string, has map[string]bool) string {
	t.Helper()
	all := source
	for _, match := range imported.FindAllStringSubmatch(source, -1) {
		if folder := match[1]; !has[folder] {
			has[folder] = true
			all += withImported(t, sourceOf(t, folder), has)
		}
	}
	return all
}

// A function that asks for what the stack does not give it would end at its first start.
func TestFunctionsGetTheEnvironmentTheyAskFor(t *testing.T) {
	for _, f := range functions {
		source := withImported(t, sourceOf(t, "functions/"+f.folder), map[string]bool{"shared/settings": true}) // which reads whatever it is asked for, in its documentation, too
		var want []string
		for _, match := range asked.FindAllStringSubmatch(source, -1) {
			if !slices.Contains(everywhere, match[1]) {
				want = append(want, match[1])
			}
		}
		got := slices.Sorted(slices.Values(f.environment))
		if slices.Sort(want); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s is given %v, its source asks for %v", f.name, got, want)
		}
	}
}

// A function that sends commands must be over when another takes over the turn that it held: shared/command waits for
// half a minute.
func TestFunctionsThatSendCommandsEndInTime(t *testing.T) {
	for id, r := range other().template.ofType("AWS::Lambda::Function") {
		environment, _ := r.properties["Environment"].(map[string]any)
		variables, _ := environment["Variables"].(map[string]any)
		_, commands := variables["COMMAND_TABLE"]
		_, connections := variables["CONNECTIONS_ENDPOINT"]
		if timeout := r.properties["Timeout"].(float64); commands && connections && timeout >= 30 {
			t.Errorf("%s may run for %v s", id, timeout)
		}
	}
}

// An account runs 1,000 functions at once unless it has asked for more, and a storm of handshakes takes 450 (docs/scaling.md).
func TestQueuesLeaveRoomForChargePoints(t *testing.T) {
	for _, s := range []synthesized{byDefault(), other()} {
		atOnce := 0.0
		for id, r := range s.template.ofType("AWS::Lambda::EventSourceMapping") {
			scaling, _ := r.properties["ScalingConfig"].(map[string]any)
			most, bounded := scaling["MaximumConcurrency"].(float64)
			if !bounded {
				t.Errorf("%s may take all functions of the account", id)
			}
			atOnce += most
		}
		if atOnce > 450 {
			t.Errorf("the queues take %v functions at once", atOnce)
		}
	}
}
