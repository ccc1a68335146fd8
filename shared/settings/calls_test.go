package settings

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/signed/items"
)

// The calls that package signed makes are those of the SDK's clients, to the byte.
func TestCallsAreThoseOfTheSDK(t *testing.T) {
	const stage = "https://x.execute-api.eu-central-1.amazonaws.com/ocpp"
	queueURL, connection, topic, payload := "https://sqs.eu-central-1.amazonaws.com/000000000000/Timers", "L0SM9cOF/v+HcCIhw=", "CP:001/out", []byte(`{"a":"<ü>"}`)
	for name, call := range map[string]struct {
		ours, theirs func(context.Context, aws.Config) error
	}{
		"SendMessage": {
			func(ctx context.Context, config aws.Config) error {
				return queue.NewTimers(sqs.NewFromConfig(config), queueURL).After(ctx, time.Second, benchTimer)
			},
			func(ctx context.Context, config aws.Config) error {
				body, err := json.Marshal(benchTimer)
				if err != nil {
					return err
				}
				_, err = sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &queueURL, MessageBody: new(string(body)), DelaySeconds: 1})
				return err
			},
		},
		"PostToConnection": {
			func(ctx context.Context, config aws.Config) error {
				return gateway.NewConnections(config, stage).Answer(ctx, connection, payload)
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := management(config, stage).PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &connection, Data: payload})
				return err
			},
		},
		"DeleteConnection": {
			func(ctx context.Context, config aws.Config) error {
				return gateway.NewConnections(config, stage).Close(ctx, connection)
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := management(config, stage).DeleteConnection(ctx, &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: &connection})
				return err
			},
		},
		"Publish": {
			func(ctx context.Context, config aws.Config) error {
				return iotcore.NewMirror(iotdataplane.NewFromConfig(config)).Out(ctx, "CP:001", payload)
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := iotdataplane.NewFromConfig(config).Publish(ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: payload, Qos: 1})
				return err
			},
		},
		"GetThingShadow": {
			func(ctx context.Context, config aws.Config) error {
				_, _, err := iotcore.NewShadow(iotdataplane.NewFromConfig(config)).Get(ctx, "CP:001")
				return err
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := iotdataplane.NewFromConfig(config).GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: new("CP:001")})
				return err
			},
		},
		"UpdateThingShadow": {
			func(ctx context.Context, config aws.Config) error {
				return iotcore.NewShadow(iotdataplane.NewFromConfig(config)).Update(ctx, "CP:001", json.RawMessage("{}"), 1)
			},
			func(ctx context.Context, config aws.Config) error {
				document := []byte(`{"state":{"reported":{}},"version":1}`)
				_, err := iotdataplane.NewFromConfig(config).UpdateThingShadow(ctx, &iotdataplane.UpdateThingShadowInput{ThingName: new("CP:001"), Payload: document})
				return err
			},
		},
		"PutItem": {
			func(ctx context.Context, config aws.Config) error {
				_, err := items.New(dynamodb.NewFromConfig(config)).PutItem(ctx, putInput)
				return err
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := dynamodb.NewFromConfig(config).PutItem(ctx, putInput)
				return err
			},
		},
		"Query": {
			func(ctx context.Context, config aws.Config) error {
				_, err := items.New(dynamodb.NewFromConfig(config)).Query(ctx, queryInput)
				return err
			},
			func(ctx context.Context, config aws.Config) error {
				_, err := dynamodb.NewFromConfig(config).Query(ctx, queryInput)
				return err
			},
		},
	} {
		ours, theirs := requestOf(t, call.ours), requestOf(t, call.theirs)
		if !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%s:\n%+v, the SDK has\n%+v", name, ours, theirs)
		}
	}
}

var (
	benchTable = "ConnectorTable"
	putInput   = &dynamodb.PutItemInput{
		TableName: &benchTable, Item: map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: "CP:001 <ü>"}},
		ConditionExpression: new("attribute_not_exists(#0)"), ExpressionAttributeNames: map[string]string{"#0": "chargePointId"},
	}
	queryInput = &dynamodb.QueryInput{
		TableName: &benchTable, KeyConditionExpression: new("#0 = :0"), Limit: new(int32(7)), ExpressionAttributeNames: map[string]string{"#0": "chargePointId"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":0": &types.AttributeValueMemberB{Value: []byte{0, 255}}},
	}
)

func management(config aws.Config, stage string) *apigatewaymanagementapi.Client {
	return apigatewaymanagementapi.NewFromConfig(config, func(o *apigatewaymanagementapi.Options) { o.BaseEndpoint = &stage })
}

// request is what AWS looks at.
type request struct {
	method, host, uri, scope string
	header                   http.Header
	body                     any
}

var errStopped = errors.New("seen enough")

// requestOf takes down the request of a call, whose signature must be right.
func requestOf(t *testing.T, call func(context.Context, aws.Config) error) (seen request) {
	t.Helper()
	setAWS(t, "")
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "F")
	t.Setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988;Lineage=a87bd80c:1|68fd508a:5")
	config, err := FromEnvironment().AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	config.RetryMaxAttempts = 1
	config.HTTPClient = roundTripper(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			if body, err = io.ReadAll(r.Body); err != nil {
				return nil, err
			}
		}
		seen = request{method: r.Method, host: r.Host, uri: r.URL.RequestURI(), header: r.Header.Clone(), body: string(body)}
		if seen.host == "" {
			seen.host = r.URL.Host
		}
		var document any
		if json.Unmarshal(body, &document) == nil {
			seen.body = document // the order of its fields means nothing
		}
		seen.scope = verify(t, r, body, "b")
		for name := range maps.Clone(seen.header) {
			if name == "Authorization" || name == "X-Amz-Date" || name == "User-Agent" || strings.HasPrefix(name, "Amz-Sdk-") {
				seen.header.Del(name)
			}
		}
		return nil, errStopped
	})
	if err := call(t.Context(), config); !errors.Is(err, errStopped) {
		t.Fatal(err)
	}
	return seen
}

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=a/(\d{8}/[a-z0-9-]+/[a-z-]+/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$`)

// verify checks a signature as AWS does (IAM user guide, "Create a signed AWS API request"), and returns its scope.
func verify(t *testing.T, r *http.Request, body []byte, secret string) (scope string) {
	t.Helper()
	parts := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if parts == nil {
		t.Fatalf("Authorization %q", r.Header.Get("Authorization"))
	}
	header := maps.Clone(r.Header)
	header["Host"], header["Content-Length"] = []string{r.URL.Host}, []string{strconv.FormatInt(r.ContentLength, 10)}
	var canonical strings.Builder
	canonical.WriteString(r.Method + "\n")
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(url.QueryEscape(segment), "+", "%20") // escaped once more, but for S3
	}
	canonical.WriteString(strings.Join(segments, "/") + "\n" + r.URL.Query().Encode() + "\n")
	for _, name := range strings.Split(parts[2], ";") {
		canonical.WriteString(name + ":" + strings.TrimSpace(header.Get(name)) + "\n")
	}
	canonical.WriteString("\n" + parts[2] + "\n" + hexOf(body))
	for _, needed := range []string{"host", "x-amz-date", "x-amz-security-token"} {
		if !slices.Contains(strings.Split(parts[2], ";"), needed) {
			t.Errorf("%s is not signed: %s", needed, parts[2])
		}
	}
	key := []byte("AWS4" + secret)
	for _, part := range strings.Split(parts[1], "/") {
		key = mac(key, part)
	}
	toSign := "AWS4-HMAC-SHA256\n" + r.Header.Get("X-Amz-Date") + "\n" + parts[1] + "\n" + hexOf([]byte(canonical.String()))
	if want := hex.EncodeToString(mac(key, toSign)); want != parts[3] {
		t.Errorf("the signature is %s, want %s of\n%s", parts[3], want, canonical.String())
	}
	return parts[1]
}

func mac(key []byte, text string) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(text))
	return sum.Sum(nil)
}

func hexOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
