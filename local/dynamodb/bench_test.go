package dynamodb

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// BenchmarkProxy does the three commonest operations with AWS's client from 32 goroutines.
func BenchmarkProxy(b *testing.B) {
	for _, place := range []string{"memory", "disk"} {
		dir := ""
		if place == "disk" {
			dir = b.TempDir()
		}
		s := start(b, dir)
		c := connect(b, s)
		create(b, s, commands)
		padding := text(strings.Repeat("x", 300))
		key := func(i int64) attributes {
			return attributes{"chargePointId": text("CP" + strconv.FormatInt(i%1000, 10)), "commandId": text("1")}
		}
		for name, do := range map[string]func(i int64) error{
			"put": func(i int64) error {
				item := key(i)
				item["payload"] = padding
				_, err := c.PutItem(b.Context(), &client.PutItemInput{TableName: aws.String("Commands"), Item: item})
				return err
			},
			"get": func(i int64) error {
				_, err := c.GetItem(b.Context(), &client.GetItemInput{TableName: aws.String("Commands"), Key: key(i)})
				return err
			},
			"update": func(i int64) error {
				_, err := c.UpdateItem(b.Context(), &client.UpdateItemInput{
					TableName: aws.String("Commands"), Key: key(i), UpdateExpression: aws.String("SET n = :n"),
					ConditionExpression: aws.String("attribute_not_exists(x)"), ExpressionAttributeValues: attributes{":n": number("1")},
				})
				return err
			},
		} {
			b.Run(place+"/"+name, func(b *testing.B) {
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
			})
		}
	}
}
