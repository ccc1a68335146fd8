package cloud

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// changed writes the stack's template with a change, and returns its file name.
func changed(t *testing.T, change func(resources map[string]map[string]any)) string {
	t.Helper()
	document, err := os.ReadFile(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]json.RawMessage
	var resources map[string]map[string]any
	if err := json.Unmarshal(document, &whole); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(whole["Resources"], &resources); err != nil {
		t.Fatal(err)
	}
	change(resources)
	if whole["Resources"], err = json.Marshal(resources); err != nil {
		t.Fatal(err)
	}
	if document, err = json.Marshal(whole); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), filepath.Base(snapshot))
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// withoutPermissions deletes what lets a principal invoke functions.
func withoutPermissions(principal string) func(map[string]map[string]any) {
	return func(resources map[string]map[string]any) {
		for id, resource := range resources {
			if resource["Type"] == "AWS::Lambda::Permission" && resource["Properties"].(map[string]any)["Principal"] == principal {
				delete(resources, id)
			}
		}
	}
}

func TestRefusesToStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port

	tests := []struct {
		name   string
		change func(t *testing.T, o *Options)
		want   []string
	}{
		{"port in use", func(_ *testing.T, o *Options) { o.Ports.HTTP = port }, []string{"HTTP API", "-port-offset"}},
		{"MQTT port in use", func(_ *testing.T, o *Options) { o.Ports.MQTT = port }, []string{"MQTT", "-port-offset"}},
		{"no template", func(_ *testing.T, o *Options) { o.Template = "No.template.json" }, []string{"No.template.json", "make snapshot"}},
		{"template without a name", func(_ *testing.T, o *Options) { o.Template = "main_test.go" }, []string{"main_test.go", ".template.json"}},
		{"no build", func(t *testing.T, o *Options) { o.BuildDir = t.TempDir() }, []string{"make run", "make clean", "bootstrap"}},
		{"unknown resource", func(t *testing.T, o *Options) {
			o.Template = changed(t, func(r map[string]map[string]any) { r["Bucket"] = map[string]any{"Type": "AWS::S3::Bucket"} })
		}, []string{"Bucket", "AWS::S3::Bucket"}},
		{"unknown custom call", func(t *testing.T, o *Options) {
			o.Template = changed(t, func(r map[string]map[string]any) {
				r["Call"] = map[string]any{"Type": "Custom::AWS", "Properties": map[string]any{"Create": `{"service":"S3","action":"listBuckets"}`}}
			})
		}, []string{"Call", "S3.listBuckets"}},
		{"rule without permission", func(t *testing.T, o *Options) { o.Template = changed(t, withoutPermissions("iot.amazonaws.com")) },
			[]string{"IoT rule AwsOcppGatewayStack_", "AWS::Lambda::Permission"}},
		{"queue that its function may not read", func(t *testing.T, o *Options) {
			o.Template = changed(t, func(r map[string]map[string]any) {
				for _, resource := range r {
					if resource["Type"] == "AWS::IAM::Role" {
						withoutAction(resource["Properties"], "sqs:ReceiveMessage")
					}
				}
			})
		}, []string{"event source mapping", "does not allow sqs:ReceiveMessage"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			options := testOptions()
			test.change(t, &options)
			started, err := Start(t.Context(), options)
			if err == nil {
				t.Fatal("started", started.Close())
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q lacks %q", err, part)
				}
			}
		})
	}
}

// withoutAction takes an action out of every list inside value.
func withoutAction(value any, action string) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if list, ok := inner.([]any); ok && key == "Action" {
				var rest []any
				for _, element := range list {
					if element != action {
						rest = append(rest, element)
					}
				}
				value[key] = rest
				continue
			}
			withoutAction(inner, action)
		}
	case []any:
		for _, inner := range value {
			withoutAction(inner, action)
		}
	}
}

func TestGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if started, err := Start(ctx, testOptions()); err == nil {
		t.Error("started", started.Close())
	}
}

func TestGatewayWithoutPermissionAnswers500(t *testing.T) {
	options := testOptions()
	options.Template = changed(t, withoutPermissions("apigateway.amazonaws.com"))
	c := start(t, options)
	_, response, err := websocket.Dial(within(t), c.Addresses().ChargePoints+"/CP001", nil)
	if err == nil || response == nil || response.StatusCode != http.StatusInternalServerError {
		t.Errorf("handshake: %v, %v, want 500", response, err)
	}
	if status, body := get(t, c.Addresses().HTTP+"/health", nil); status != http.StatusInternalServerError {
		t.Errorf("HTTP API: %d %s, want 500", status, body)
	}
}
