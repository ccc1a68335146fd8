package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/coder/websocket"
	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/serverless-ocpp/backend/local/awsapi"
	"github.com/serverless-ocpp/backend/local/iam"
)

// dial connects a charge point.
func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, response, err := websocket.Dial(within(t), url, &websocket.DialOptions{Subprotocols: []string{"ocpp1.6"}})
	if err != nil {
		t.Fatalf("%s: %v, %v", url, err, response)
	}
	t.Cleanup(func() { _ = conn.CloseNow() }) // the test may have closed it
	return conn
}

// ask sends a call and returns the payload of its result.
func ask(t *testing.T, conn *websocket.Conn, action string) map[string]string {
	t.Helper()
	ctx := within(t)
	if err := conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `[2,"1",%q,{}]`, action)); err != nil {
		t.Fatal(err)
	}
	_, answer, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var frame []json.RawMessage
	payload := map[string]string{}
	if err := json.Unmarshal(answer, &frame); err != nil || len(frame) != 3 || json.Unmarshal(frame[2], &payload) != nil {
		t.Fatalf("answer %s", answer)
	}
	return payload
}

// TestWayOfAMessage follows a message through everything: the edge, the authorizer's context, the queue, the mirror.
func TestWayOfAMessage(t *testing.T) {
	c := start(t, testOptions())

	mirrored := make(chan string, 1)
	observer := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(strings.Replace(c.Addresses().MQTT, "mqtt", "tcp", 1)).SetClientID("observer"))
	if token := observer.Connect(); token.Wait() && token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer observer.Disconnect(0)
	token := observer.Subscribe("+/in", 1, func(_ mqtt.Client, m mqtt.Message) { mirrored <- m.Topic() + " " + string(m.Payload()) })
	if token.Wait() && token.Error() != nil {
		t.Fatal(token.Error())
	}

	conn := dial(t, c.Addresses().ChargePoints+"/CP001")
	if conn.Subprotocol() != "ocpp1.6" {
		t.Errorf("subprotocol %q", conn.Subprotocol())
	}
	answer := ask(t, conn, "Heartbeat")
	if want := "yes"; answer["edge"] != want {
		t.Errorf("came through the edge: %q, want %q", answer["edge"], want)
	}
	if answer["profile"] != "0" || answer["tokens"] != "Accepted" {
		t.Errorf("environment %v, want the local differences", answer)
	}
	select {
	case got := <-mirrored:
		if want := `CP001/in [2,"1","Heartbeat",{}]`; got != want {
			t.Errorf("mirrored %s, want %s", got, want)
		}
	case <-within(t).Done():
		t.Error("the message was not mirrored")
	}

	if answer := ask(t, dial(t, c.Addresses().Stage+"?chargePointId=CP002"), "Heartbeat"); answer["edge"] != "no" {
		t.Errorf("the stage itself looks like the edge: %v", answer)
	}

	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	eventually(t, func() error { return noted(c, "CP001", "disconnected") })
}

// noted reports whether a charge point's row has a note.
func noted(c *Cloud, chargePointID, want string) error {
	out, err := dynamodb.NewFromConfig(administrator(c)).GetItem(context.Background(), &dynamodb.GetItemInput{
		TableName: aws.String("AwsOcppGatewayStack-ChargePointTable"),
		Key:       map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: chargePointID}},
	})
	if err != nil {
		return err
	}
	note, ok := out.Item["note"].(*types.AttributeValueMemberS)
	if !ok || note.Value != want {
		return fmt.Errorf("the row of %s is %v, want the note %s", chargePointID, out.Item, want)
	}
	return nil
}

func TestAMissingGrantFails(t *testing.T) {
	c := start(t, testOptions())
	answer := ask(t, dial(t, c.Addresses().ChargePoints+"/CP001"), "Forbidden")
	for _, part := range []string{
		"AccessDeniedException",
		"arn:aws:sts::000000000000:assumed-role/AwsOcppGatewayStack-MessageRole",
		"/AwsOcppGatewayStack-Message is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:000000000000:table/AwsOcppGatewayStack-ChargePointTable because no identity-based policy allows the dynamodb:Scan action",
	} {
		if !strings.Contains(answer["error"], part) {
			t.Errorf("error %q lacks %q", answer["error"], part)
		}
	}
	counts := c.Calls().Snapshot()
	if n := counts[awsapi.Call{Service: "sqs", Action: "SendMessage", Function: "AwsOcppGatewayStack-Message"}]; n != 1 {
		t.Errorf("%d sends were counted, want 1: %v", n, counts)
	}
	if n := counts[awsapi.Call{Service: "execute-api", Action: "ManageConnections", Function: "AwsOcppGatewayStack-Message"}]; n != 1 {
		t.Errorf("%d answers were counted, want 1: %v", n, counts)
	}
	if n := counts[awsapi.Call{Service: "dynamodb", Action: "Scan", Function: "AwsOcppGatewayStack-Message"}]; n != 0 {
		t.Errorf("the denied call was counted: %v", counts)
	}
}

func TestThingEventsReachTheirFunction(t *testing.T) {
	c := start(t, testOptions())
	if _, err := iot.NewFromConfig(administrator(c)).CreateThing(within(t), &iot.CreateThingInput{ThingName: aws.String("CP003")}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error { return noted(c, "CP003", "CREATED") })
}

func TestStagePaths(t *testing.T) {
	c := start(t, testOptions())
	base := strings.Replace(c.Addresses().Stage, "ws", "http", 1)
	tests := []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/CP001", http.StatusUpgradeRequired}, // at the edge, as behind any prefix
		{http.MethodGet, "", http.StatusUpgradeRequired},
		{http.MethodPost, "/@connections/unknown=", http.StatusGone},
	}
	for _, test := range tests {
		request, err := http.NewRequestWithContext(within(t), test.method, base+test.path, strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, response.StatusCode, test.want)
		}
	}
}

func TestHTTPAPI(t *testing.T) {
	open, closed := testOptions(), testOptions()
	closed.Auth = true
	for name, options := range map[string]Options{"open": open, "auth": closed} {
		t.Run(name, func(t *testing.T) {
			c := start(t, options)
			issued := c.Administrator()
			wrong := iam.Credentials{AccessKeyID: issued.AccessKeyID, SecretAccessKey: "guessed"}
			foreign := iam.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "x"}
			unsigned := http.StatusOK
			if options.Auth {
				unsigned = http.StatusForbidden
			}
			tests := []struct {
				name   string
				signer *iam.Credentials
				want   int
			}{
				{"unsigned", nil, unsigned},
				{"administrator", &issued, http.StatusOK},
				{"wrong secret", &wrong, http.StatusForbidden},
				{"foreign credentials", &foreign, unsigned},
			}
			for _, test := range tests {
				status, body := get(t, c.Addresses().HTTP+"/charge-points?connected=true", test.signer)
				if status != test.want {
					t.Errorf("%s: %d %s, want %d", test.name, status, body, test.want)
				}
				if status == http.StatusOK && body != "/charge-points arn:aws:iam::000000000000:user/administrator" {
					t.Errorf("%s: the function was told %q", test.name, body)
				}
			}
		})
	}
}

func get(t *testing.T, url string, signer *iam.Credentials) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(within(t), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if signer != nil {
		empty := sha256.Sum256(nil)
		signing := aws.Credentials{AccessKeyID: signer.AccessKeyID, SecretAccessKey: signer.SecretAccessKey}
		if err := v4.NewSigner().SignHTTP(t.Context(), signing, request, hex.EncodeToString(empty[:]), "execute-api", Region, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(read)
}

func TestSeveralInOneProcess(t *testing.T) {
	first, second := start(t, testOptions()), start(t, testOptions())
	if _, err := iot.NewFromConfig(administrator(first)).CreateThing(within(t), &iot.CreateThingInput{ThingName: aws.String("CP001")}); err != nil {
		t.Fatal(err)
	}
	listed, err := iot.NewFromConfig(administrator(second)).ListThings(within(t), &iot.ListThingsInput{})
	if err != nil || len(listed.Things) != 0 {
		t.Errorf("the second has the Things %v, %v", listed, err)
	}
	_, err = iot.NewFromConfig(administrator(first), func(o *iot.Options) { o.BaseEndpoint = aws.String(second.Addresses().AWS) }).ListThings(within(t), &iot.ListThingsInput{})
	if err != nil {
		t.Errorf("credentials of another stand-in are those of the administrator, as any others: %v", err)
	}
}

func TestStateSurvives(t *testing.T) {
	options := testOptions()
	options.DataDir = t.TempDir()
	first, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	_, err = iot.NewFromConfig(administrator(first)).CreateThing(within(t), &iot.CreateThingInput{ThingName: aws.String("CP004")})
	if err != nil {
		t.Error(err)
	}
	eventually(t, func() error { return noted(first, "CP004", "CREATED") })
	if err := errors.Join(err, first.Close()); err != nil {
		t.Fatal(err)
	}
	again := start(t, options)
	if err := noted(again, "CP004", "CREATED"); err != nil {
		t.Error(err)
	}
	if _, err := iot.NewFromConfig(administrator(again)).DescribeThing(within(t), &iot.DescribeThingInput{ThingName: aws.String("CP004")}); err != nil {
		t.Error(err)
	}
}
