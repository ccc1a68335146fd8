package settings

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/correlation"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/wire"
)

func environment(variables map[string]string) *Environment {
	return &Environment{get: func(name string) string { return variables[name] }}
}

func TestEnvironment(t *testing.T) {
	env := environment(map[string]string{"TABLE": "T", "LEVEL": "2", "PAUSE": "300", "LOG": "true", "WORD": "b", "EMPTY": ""})
	if got := env.Required("TABLE"); got != "T" {
		t.Errorf("TABLE %q", got)
	}
	for name, test := range map[string]struct{ got, want any }{
		"integer":         {env.Integer("LEVEL", 1, 0, 3), 2},
		"integer not set": {env.Integer("NONE", 1, 0, 3), 1},
		"seconds":         {env.Seconds("PAUSE", time.Minute, time.Second, time.Hour), 5 * time.Minute},
		"seconds not set": {env.Seconds("NONE", time.Minute, time.Second, time.Hour), time.Minute},
		"flag":            {env.Flag("LOG", false), true},
		"flag not set":    {env.Flag("EMPTY", true), true},
		"word":            {env.OneOf("WORD", "a", "a", "b"), "b"},
		"word not set":    {env.OneOf("EMPTY", "a", "a", "b"), "a"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", name, test.got, test.want)
		}
	}
	if err := env.Err(); err != nil {
		t.Error(err)
	}
}

func TestEnvironmentComplainsInOneSentence(t *testing.T) {
	env := environment(map[string]string{"LEVEL": "4", "PAUSE": "5m", "LOG": "yes", "WORD": "c", "EMPTY": ""})
	env.Required("TIMERS_QUEUE_URL")
	env.Required("EMPTY")
	env.Integer("LEVEL", 1, 0, 3)
	env.Seconds("PAUSE", time.Minute, time.Second, time.Hour)
	env.Flag("LOG", false)
	env.OneOf("WORD", "a", "a", "b")
	const want = `the environment lacks TIMERS_QUEUE_URL, EMPTY and has LEVEL="4" is no whole number from 0 to 3, ` +
		`PAUSE="5m" is no whole number from 1 to 3600, LOG="yes" is none of true, false, WORD="c" is none of a, b: deploy the stack again`
	err := env.Err()
	if !fault.Is(err, fault.Invalid) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := env.AWS(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("AWS: %v", err)
	}
}

// setAWS makes an environment as Lambda gives it, with an endpoint on this machine.
func setAWS(t testing.TB, endpoint string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_CA_BUNDLE": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c",
		"AWS_ENDPOINT_URL_SQS": endpoint,
	} {
		t.Setenv(name, value)
	}
}

func TestAWSTriesThreeTimes(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Header.Get("X-Amz-Security-Token") != "c" {
			t.Errorf("headers %v", r.Header)
		}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(server.Close)
	setAWS(t, server.URL)
	config, err := FromEnvironment().AWS(t.Context())
	if err != nil || config.Region != "eu-central-1" {
		t.Fatalf("region %q, %v", config.Region, err)
	}
	queue := "https://sqs.eu-central-1.amazonaws.com/000000000000/Timers"
	if _, err := sqs.NewFromConfig(config).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &queue}); err == nil {
		t.Error("the call worked")
	}
	if got := calls.Load(); got != attempts {
		t.Errorf("%d calls, want %d", got, attempts)
	}
}

func TestHTTPClientHasLimits(t *testing.T) {
	client := httpClient()
	if transport := client.GetTransport(); transport.ResponseHeaderTimeout != answerTimeout || transport.TLSHandshakeTimeout != tlsTimeout ||
		transport.DisableKeepAlives || client.GetDialer().Timeout != dialTimeout {
		t.Errorf("transport %+v", transport)
	}
}

// TestTheWayToAWS: with the SDK's limits and certificates, but over the SDK's own client where a proxy is on the way.
func TestTheWayToAWS(t *testing.T) {
	setAWS(t, "http://127.0.0.1:1")
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"} {
		t.Setenv(name, "")
	}
	config, err := FromEnvironment().AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own, ok := config.HTTPClient.(*wire.Client)
	if !ok || own.AnswerTimeout != answerTimeout || own.HandshakeTimeout != tlsTimeout || own.IdleTimeout <= 0 || own.MaxIdle <= 0 || own.TLS.MinVersion < tls.VersionTLS12 {
		t.Errorf("client %+v", config.HTTPClient)
	}
	t.Setenv("https_proxy", "http://127.0.0.1:2")
	if config, err = FromEnvironment().AWS(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := config.HTTPClient.(*awshttp.BuildableClient); !ok {
		t.Errorf("client %T", config.HTTPClient)
	}
}

func TestLogLines(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(handler(&lines, "WARN", "Stack-Message"))
	ctx := correlation.With(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r1"}), "frame=")
	log.InfoContext(ctx, "too little")
	log.With("chargePointId", "CP001").WarnContext(ctx, "hear", "error", fault.New(fault.Gone, "gone"))
	var line map[string]any
	if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
		t.Fatalf("%q: %v", lines.String(), err)
	}
	if _, err := time.Parse(time.RFC3339Nano, line["time"].(string)); err != nil {
		t.Error(err)
	}
	delete(line, "time")
	want := map[string]any{"level": "WARN", "msg": "hear", "function": "Stack-Message", "requestId": "r1", "correlationId": "frame=", "chargePointId": "CP001", "error": "gone"}
	if len(line) != len(want) {
		t.Errorf("line %v", line)
	}
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s is %v, want %v", key, line[key], value)
		}
	}
}

// TestLoggersWithMore: what one logger is given, another made of the same does not have.
func TestLoggersWithMore(t *testing.T) {
	var lines bytes.Buffer
	log := slog.New(handler(&lines, "INFO", "f")).With("a", 1)
	one, other := log.With("b", 2), log.WithGroup("g").With("c", 3)
	one.Info("m", "d", 4)
	other.Info("m", "d", 4)
	want := `"level":"INFO","msg":"m","function":"f","a":1,"b":2,"d":4}
"level":"INFO","msg":"m","function":"f","a":1,"g":{"c":3,"d":4}}
`
	if got := regexp.MustCompile(`\{"time":"[^"]*",`).ReplaceAllString(lines.String(), ""); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}

func TestUnknownLogLevelIsInfo(t *testing.T) {
	for name, want := range map[string]slog.Level{"DEBUG": slog.LevelDebug, "ERROR": slog.LevelError, "": slog.LevelInfo, "LOUD": slog.LevelInfo} {
		h := handler(&bytes.Buffer{}, name, "f")
		if !h.Enabled(context.Background(), want) || h.Enabled(context.Background(), want-1) {
			t.Errorf("%q does not mean %v", name, want)
		}
	}
}
