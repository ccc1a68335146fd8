package dynamodb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/local/dynamodb/dynalite"
)

// benchmarked are the operations that the product makes most, for the n-th of 1,000 charge points.
var benchmarked = map[string]func(n int64) (action string, request object){
	"put": func(n int64) (string, object) {
		item := benchmarkKey(n)
		item["payload"], item["queuedAt"] = str(strings.Repeat("x", 300)), str("2026-03-01T12:00:00Z")
		return "PutItem", object{"TableName": "Commands", "Item": item}
	},
	"get": func(n int64) (string, object) {
		return "GetItem", object{"TableName": "Commands", "Key": benchmarkKey(n), "ConsistentRead": true}
	},
	"update": func(n int64) (string, object) {
		return "UpdateItem", object{
			"TableName": "Commands", "Key": benchmarkKey(n), "UpdateExpression": "SET n = if_not_exists(n, :zero) + :one, #s = :s",
			"ConditionExpression": "attribute_exists(chargePointId) OR n < :one", "ExpressionAttributeNames": object{"#s": "status"},
			"ExpressionAttributeValues": object{":zero": num("0"), ":one": num("1"), ":s": str("Sent")}, "ReturnValues": "ALL_NEW",
		}
	},
	"query": func(n int64) (string, object) {
		return "Query", object{
			"TableName": "Commands", "IndexName": "Queued", "KeyConditionExpression": "chargePointId = :c", "Limit": 1,
			"ExpressionAttributeValues": object{":c": benchmarkKey(n)["chargePointId"]},
		}
	},
}

func benchmarkKey(n int64) object {
	return object{"chargePointId": str(fmt.Sprintf("CP%03d", n%1000)), "commandId": str("1")}
}

// inParallel makes requests from 32 goroutines and reports how many a second.
func inParallel(b *testing.B, do func(n int64) error) {
	var n atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(n.Add(1)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

// BenchmarkServe is the service alone, without connections and clients.
func BenchmarkServe(b *testing.B) {
	for _, place := range []string{"memory", "disk"} {
		s := start(b, benchmarkDir(b, place))
		create(b, s, commands)
		for _, name := range benchmarkOrder {
			b.Run(place+"/"+name, func(b *testing.B) {
				var bodies [1000][]byte
				var action string
				for i := range bodies {
					var request object
					action, request = benchmarked[name](int64(i))
					var err error
					if bodies[i], err = json.Marshal(request); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportAllocs()
				inParallel(b, func(n int64) error {
					r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(bodies[n%1000]))
					r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+action)
					w := httptest.NewRecorder()
					s.ServeHTTP(w, r)
					if w.Code != http.StatusOK {
						return fmt.Errorf("%s answered %s", action, w.Body)
					}
					return nil
				})
			})
		}
	}
}

var benchmarkOrder = []string{"put", "get", "update", "query"}

func benchmarkDir(b *testing.B, place string) string {
	if place == "disk" {
		return b.TempDir()
	}
	return ""
}

// BenchmarkClient is everything: AWS's client, loopback, the service; and the same with dynalite.
func BenchmarkClient(b *testing.B) {
	for _, place := range []string{"memory", "disk", "dynalite"} {
		url := ""
		if place == "dynalite" {
			other, err := dynalite.Start(dynalite.Config{NodeModules: "../../node_modules", Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(other.Stop)
			url = other.URL()
		} else {
			server := httptest.NewServer(start(b, benchmarkDir(b, place)))
			b.Cleanup(server.Close)
			url = server.URL
		}
		c := client.NewFromConfig(aws.Config{
			Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
			HTTPClient: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		}, func(o *client.Options) { o.BaseEndpoint = &url })
		createThrough(b, c)
		operations := benchmarkOperations(b, c)
		for _, name := range slices.Sorted(maps.Keys(operations)) {
			b.Run(place+"/"+name, func(b *testing.B) { inParallel(b, operations[name]) })
		}
	}
}
