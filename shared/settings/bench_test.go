package settings

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/gateway"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/queue"
	"github.com/serverless-ocpp/backend/shared/signed/items"
)

// The timer that BenchmarkCall sends, as queue.Timers writes it.
var (
	benchTimer = command.Timer{Kind: command.TimerDeadline, ChargePointID: "CP001", CommandID: "c1", ConnectionID: "a="}
	benchFrame = []byte(`[3,"0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01",{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":300}]`)
)

// BenchmarkCall is what one call of AWS costs this side: with no network at all, and over a kept connection on this machine.
func BenchmarkCall(b *testing.B) {
	for _, call := range []struct {
		name, answer string
		prepare      func(aws.Config, string) func(context.Context) error
	}{
		{"SendMessage", `{"MessageId":"m","MD5OfMessageBody":"` + sumOfTimer(b) + `"}`, func(config aws.Config, endpoint string) func(context.Context) error {
			timers := queue.NewTimers(sqs.NewFromConfig(config), endpoint+"/000000000000/Timers")
			return func(ctx context.Context) error { return timers.After(ctx, time.Second, benchTimer) }
		}},
		{"PostToConnection", ``, func(config aws.Config, endpoint string) func(context.Context) error {
			connections := gateway.NewConnections(config, endpoint+"/ocpp")
			return func(ctx context.Context) error { return connections.Answer(ctx, "L0SM9cOFvHcCIhw=", benchFrame) }
		}},
		{"Publish", `{}`, func(config aws.Config, endpoint string) func(context.Context) error {
			mirror := iotcore.NewMirror(iotdataplane.NewFromConfig(config))
			return func(ctx context.Context) error { return mirror.Out(ctx, "CP001", benchFrame) }
		}},
		{"PutItem of the SDK", `{}`, func(config aws.Config, endpoint string) func(context.Context) error {
			tables, table := dynamodb.NewFromConfig(config), "ConnectorTable"
			item := map[string]types.AttributeValue{
				"chargePointId": &types.AttributeValueMemberS{Value: "CP001"}, "connector": &types.AttributeValueMemberS{Value: "1"},
				"status": &types.AttributeValueMemberS{Value: "Available"}, "receivedAt": &types.AttributeValueMemberN{Value: "1772366400000"},
			}
			return func(ctx context.Context) error {
				_, err := tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: item})
				return err
			}
		}},
		{"PutItem", `{}`, func(config aws.Config, endpoint string) func(context.Context) error {
			tables, table := items.New(dynamodb.NewFromConfig(config)), "ConnectorTable"
			item := map[string]types.AttributeValue{
				"chargePointId": &types.AttributeValueMemberS{Value: "CP001"}, "connector": &types.AttributeValueMemberS{Value: "1"},
				"status": &types.AttributeValueMemberS{Value: "Available"}, "receivedAt": &types.AttributeValueMemberN{Value: "1772366400000"},
			}
			return func(ctx context.Context) error {
				_, err := tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: item})
				return err
			}
		}},
	} {
		b.Run(call.name+"/no network", func(b *testing.B) {
			config := benchConfig(b, "")
			config.HTTPClient = instant(call.answer)
			measureCall(b, call.prepare(config, "https://sqs.eu-central-1.amazonaws.com"))
		})
		b.Run(call.name+"/kept connection", func(b *testing.B) {
			endpoint := answering(b, call.answer)
			measureCall(b, call.prepare(benchConfig(b, endpoint), endpoint))
		})
	}
}

func measureCall(b *testing.B, call func(context.Context) error) {
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour) // an invocation has a deadline, too
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		if err := call(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func benchConfig(b *testing.B, endpoint string) aws.Config {
	setAWS(b, endpoint)
	b.Setenv("AWS_ENDPOINT_URL", endpoint)
	config, err := FromEnvironment().AWS(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return config
}

// sumOfTimer is the checksum that SQS gives for benchTimer, which the client compares.
func sumOfTimer(b *testing.B) string {
	var sum string
	config := benchConfig(b, "")
	config.HTTPClient = roundTripper(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_, rest, _ := bytes.Cut(body, []byte(`"MessageBody":`))
		text, err := strconv.QuotedPrefix(string(rest))
		if err != nil {
			return nil, err
		}
		text, err = strconv.Unquote(text)
		digest := md5.Sum([]byte(text))
		sum = hex.EncodeToString(digest[:])
		if err != nil {
			return nil, err
		}
		return instant("{}")(r)
	})
	_ = queue.NewTimers(sqs.NewFromConfig(config), "https://sqs.eu-central-1.amazonaws.com/000000000000/Timers").After(b.Context(), time.Second, benchTimer)
	return sum
}

// checksum is what DynamoDB gives beside an answer.
func checksum(answer string) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(answer))), 10)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) Do(r *http.Request) (*http.Response, error) { return f(r) }

// instant answers every request with 200 and the same body.
func instant(answer string) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(answer)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}, "X-Amz-Crc32": {checksum(answer)}}, Body: io.NopCloser(bytes.NewReader([]byte(answer))),
		}, nil
	}
}

// answering is the address of a server that says the same to every request, and spends next to nothing on it.
func answering(b *testing.B, answer string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	text := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: " + strconv.Itoa(len(answer)) + "\r\nX-Amz-Crc32: " + checksum(answer) + "\r\n\r\n" + answer)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answerAll(connection, text)
		}
	}()
	return "http://" + listener.Addr().String()
}

func answerAll(connection net.Conn, answer []byte) {
	defer connection.Close()
	requests := bufio.NewReader(connection)
	for {
		length := 0
		for {
			line, err := requests.ReadSlice('\n')
			if err != nil {
				return
			}
			if name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(": ")); len(name) == 0 {
				break
			} else if string(name) == "Content-Length" {
				length, _ = strconv.Atoi(string(value))
			}
		}
		if _, err := requests.Discard(length); err != nil {
			return
		}
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}
