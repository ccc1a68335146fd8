package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// functionLog keeps the log lines of functions, as they would be in CloudWatch, and passes everything on.
type functionLog struct {
	slog.Handler
	mu    *sync.Mutex
	lines *[]logLine
}

// logLine is a line's members as text; "" is its message.
type logLine map[string]string

func newFunctionLog(next slog.Handler) functionLog {
	return functionLog{next, new(sync.Mutex), new([]logLine)}
}

func (f functionLog) Enabled(context.Context, slog.Level) bool { return true }

func (f functionLog) Handle(ctx context.Context, record slog.Record) error {
	line := logLine{"": record.Message}
	record.Attrs(func(attr slog.Attr) bool { line[attr.Key] = attr.Value.String(); return true })
	if line["function"] != "" {
		f.mu.Lock()
		*f.lines = append(*f.lines, line)
		f.mu.Unlock()
	}
	if !f.Handler.Enabled(ctx, record.Level) {
		return nil
	}
	return f.Handler.Handle(ctx, record)
}

// find returns the lines so far that have all of these members.
func (f functionLog) find(members logLine) []logLine {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []logLine
	for _, line := range *f.lines {
		has := true
		for key, value := range members {
			has = has && line[key] == value
		}
		if has {
			found = append(found, line)
		}
	}
	return found
}

// naming returns the lines so far that hold a text anywhere, in upper or lower case.
func (f functionLog) naming(text string) []logLine {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(*f.lines), func(line logLine) bool {
		return !strings.Contains(strings.ToLower(fmt.Sprint(line)), strings.ToLower(text))
	})
}

// Two frames with one message id, as sloppy firmware sends them, are told apart, and each is followed from its answer to its effect.
func TestAFrameIsFollowedByOneID(t *testing.T) {
	t.Parallel()
	createThing(t, "FOLLOWED")
	cp := connect(t, "FOLLOWED", "ocpp1.6")
	cp.boot()
	for _, status := range []string{"Available", "Preparing"} {
		cp.send(fmt.Sprintf(`[2,"same","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":%q}]`, status))
		cp.want(`[3,"same",`)
	}
	eventually(t, func() string {
		answered := logs.find(logLine{"": "answered", "chargePointId": "FOLLOWED", "messageId": "same"})
		if len(answered) != 2 || answered[0]["correlationId"] == answered[1]["correlationId"] {
			return fmt.Sprintf("lines of the answers: %v", answered)
		}
		for _, line := range answered {
			processed := logs.find(logLine{"": "processed", "chargePointId": "FOLLOWED", "correlationId": line["correlationId"]})
			if line["correlationId"] == "" || len(processed) != 1 || processed[0]["messageId"] != "same" {
				return fmt.Sprintf("%q leads to %v", line["correlationId"], processed)
			}
		}
		return ""
	})
}

// No log of a function has a key or an id token in clear, at the level DEBUG and whatever is wrong with a message.
func TestLogsHaveNoSecrets(t *testing.T) {
	t.Parallel()
	const tag = "SECRET-TAG-4711"
	key := call(t, http.MethodPost, "/charge-points", `{"chargePointId":"DISCREET","key":true}`).want(t, http.StatusCreated).text("key")
	call(t, http.MethodPut, "/tokens/"+tag, `{"status":"Accepted"}`).want(t, http.StatusOK)
	dial(t, stack.Addresses().ChargePoints+"/DISCREET", "DISCREET:wrong"+key, "ocpp1.6")
	cp, status, message := dial(t, stack.Addresses().ChargePoints+"/DISCREET", "DISCREET:"+key, "ocpp1.6")
	if cp == nil {
		t.Fatalf("%d %s", status, message)
	}
	cp.boot()
	for i, frame := range []string{
		`[2,%q,"Authorize",{"idTag":"` + tag + `"}]`,
		`[2,%q,"Authorize",{"idTag":"` + tag + strings.Repeat("x", 20) + `"}]`,
		`[2,%q,"Authorize",{"idTag":["` + tag + `"]}]`,
		`[2,%q,"Authorize",{"idTag":"` + tag + `","visitor":"` + tag + `"}]`,
		`[2,%q,"Nonsense",{"idTag":"` + tag + `"}]`,
		`[2,%q,"StartTransaction",{"connectorId":1,"idTag":"` + tag + `","meterStart":1,"timestamp":"2026-03-01T12:00:00Z"}]`,
	} {
		id := fmt.Sprintf("m%d", i)
		cp.send(fmt.Sprintf(frame, id))
		cp.want("[") // an answer or an error, whichever
	}
	cp.send(`[2,"broken","Authorize",{"idTag":"` + tag + `"`)
	cp.want(`[4,"broken",`)
	call(t, http.MethodPost, "/remote-start", `{"chargePointId":"DISCREET","idTag":"`+tag+`","connectorId":1}`).want(t, http.StatusAccepted)
	id, _, _ := cp.call()
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, id))
	call(t, http.MethodPost, "/charge-points/DISCREET/key-rotation", ``).want(t, http.StatusAccepted)
	rotation, _, payload := cp.call()
	next, _ := payload["value"].(string)
	if len(next) < 16 {
		t.Fatalf("the new key is not in %v", payload)
	}
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, rotation))
	eventually(t, func() string {
		if len(logs.find(logLine{"": "command finished", "messageId": rotation})) == 0 {
			return "the rotation is not finished"
		}
		return ""
	})
	call(t, http.MethodDelete, "/tokens/"+tag, "").want(t, http.StatusNoContent)

	for what, secret := range map[string]string{"the key": key, "the new key": next, "the id token": tag, "the edge secret": edgeSecret(t)} {
		for _, line := range logs.naming(secret) {
			t.Errorf("%s is in the log: %v", what, line)
		}
	}
	if len(logs.find(logLine{"chargePointId": "DISCREET"})) < 10 {
		t.Error("the log of this charge point is nearly empty")
	}
}

// edgeSecret is what the edge and the authorizer share.
func edgeSecret(t *testing.T) string {
	t.Helper()
	found, err := lambda.NewFromConfig(operator()).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{
		FunctionName: aws.String("AwsOcppGatewayStack-Authorize"),
	})
	if err != nil {
		t.Fatal(err)
	}
	secret := found.Environment.Variables["EDGE_SECRET"]
	if len(secret) != 64 {
		t.Fatalf("the edge secret is %q", secret)
	}
	return secret
}
