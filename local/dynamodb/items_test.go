package dynamodb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// ask sends a request as JSON and returns the answer in short: its JSON with sorted names, or the error's code and message.
func ask(t *testing.T, s *Service, action, request string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(request))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+action)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if got, want := w.Header().Get("X-Amz-Crc32"), fmt.Sprint(crc32.ChecksumIEEE(w.Body.Bytes())); got != want || w.Header().Get("Content-Type") != contentType {
		t.Errorf("%s answered with headers %v, the checksum is %s", action, w.Header(), want)
	}
	var body object
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s answered %s", action, w.Body)
	}
	if w.Code != http.StatusOK {
		short := (&Error{Type: body["__type"].(string)}).Code()
		for _, name := range []string{"message", "Item"} {
			if body[name] != nil {
				short += fmt.Sprint(": ", body[name])
			}
		}
		return short
	}
	var short bytes.Buffer
	encoder := json.NewEncoder(&short)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimSpace(short.String()), `"`, "")
}

// filled is a service whose table Commands holds three items of CP001, two of them in the index Queued and one in ByDay.
func filled(t *testing.T) *Service {
	s := start(t, "")
	untimed := commands
	untimed.TimeToLiveAttribute = "" // nothing goes away in the midst of a test
	create(t, s, untimed)
	for _, item := range []string{
		`{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"},"queuedAt":{"S":"b"},"payload":{"S":"p"}}`,
		`{"chargePointId":{"S":"CP001"},"commandId":{"S":"2"},"queuedAt":{"S":"a"},"day":{"S":"monday"},"action":{"S":"Reset"},"payload":{"S":"q"}}`,
		`{"chargePointId":{"S":"CP001"},"commandId":{"S":"3"}}`,
	} {
		if got := ask(t, s, "PutItem", `{"TableName":"Commands","Item":`+item+`}`); got != "{}" {
			t.Fatal(got)
		}
	}
	return s
}

const (
	ofCP001 = `"TableName":"Commands","KeyConditionExpression":"chargePointId = :c","ExpressionAttributeValues":{":c":{"S":"CP001"}}`
	first   = `"TableName":"Commands","Key":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"}}`
)

// Each case begins with the same three items. The texts of errors are DynamoDB's.
func TestActions(t *testing.T) {
	for _, test := range []struct{ name, action, request, want string }{
		{"failed condition with item", "DeleteItem", `{` + first + `,"ConditionExpression":"attribute_not_exists(chargePointId)","ReturnValuesOnConditionCheckFailure":"ALL_OLD"}`,
			"ConditionalCheckFailedException: The conditional request failed: map[chargePointId:map[S:CP001] commandId:map[S:1] payload:map[S:p] queuedAt:map[S:b]]"},
		{"failed condition without", "DeleteItem", `{` + first + `,"ConditionExpression":"attribute_not_exists(chargePointId)"}`, "ConditionalCheckFailedException: The conditional request failed"},
		{"updated values", "UpdateItem", `{` + first + `,"UpdateExpression":"SET n = :n REMOVE payload","ExpressionAttributeValues":{":n":{"N":"1.0"}},"ReturnValues":"UPDATED_NEW"}`,
			"{Attributes:{n:{N:1}}}"},
		{"values before", "UpdateItem", `{` + first + `,"UpdateExpression":"SET n = :n REMOVE payload","ExpressionAttributeValues":{":n":{"N":"1"}},"ReturnValues":"UPDATED_OLD"}`,
			"{Attributes:{payload:{S:p}}}"},
		{"write units of indexes", "UpdateItem", `{` + first + `,"UpdateExpression":"SET queuedAt = :q","ExpressionAttributeValues":{":q":{"S":"c"}},"ReturnConsumedCapacity":"INDEXES"}`,
			"{ConsumedCapacity:{CapacityUnits:3,LocalSecondaryIndexes:{Queued:{CapacityUnits:2}},Table:{CapacityUnits:1},TableName:Commands}}"},
		{"units of a missing item", "GetItem", `{"TableName":"Commands","Key":{"chargePointId":{"S":"x"},"commandId":{"S":"1"}},"ReturnConsumedCapacity":"TOTAL"}`,
			"{ConsumedCapacity:{CapacityUnits:0.5,TableName:Commands}}"},
		{"item collection", "DeleteItem", `{` + first + `,"ReturnItemCollectionMetrics":"SIZE"}`,
			"{ItemCollectionMetrics:{ItemCollectionKey:{chargePointId:{S:CP001}},SizeEstimateRangeGB:[0,1]}}"},
		{"local index", "Query", `{` + ofCP001 + `,"IndexName":"Queued","Limit":1}`,
			"{Count:1,Items:[{chargePointId:{S:CP001},commandId:{S:2},queuedAt:{S:a}}],LastEvaluatedKey:{chargePointId:{S:CP001},commandId:{S:2},queuedAt:{S:a}},ScannedCount:1}"},
		{"next page of a local index", "Query", `{` + ofCP001 + `,"IndexName":"Queued","ExclusiveStartKey":{"chargePointId":{"S":"CP001"},"commandId":{"S":"2"},"queuedAt":{"S":"a"}}}`,
			"{Count:1,Items:[{chargePointId:{S:CP001},commandId:{S:1},queuedAt:{S:b}}],ScannedCount:1}"},
		{"local index fetches", "Query", `{` + ofCP001 + `,"IndexName":"Queued","ProjectionExpression":"payload","ScanIndexForward":false}`,
			"{Count:2,Items:[{payload:{S:p}},{payload:{S:q}}],ScannedCount:2}"},
		{"global index includes", "Scan", `{"TableName":"Commands","IndexName":"ByDay"}`,
			"{Count:1,Items:[{action:{S:Reset},chargePointId:{S:CP001},commandId:{S:2},day:{S:monday}}],ScannedCount:1}"},
		{"global index does not fetch", "Scan", `{"TableName":"Commands","IndexName":"ByDay","ProjectionExpression":"payload"}`,
			"ValidationException: One or more parameter values were invalid: Global secondary index ByDay does not project [payload]"},
		{"global index is eventually consistent", "Scan", `{"TableName":"Commands","IndexName":"ByDay","ConsistentRead":true}`,
			"ValidationException: Consistent reads are not supported on global secondary indexes"},
		{"no such index", "Scan", `{"TableName":"Commands","IndexName":"None"}`, "ValidationException: The table does not have the specified index: None"},
		{"filter counts", "Query", `{` + strings.Replace(ofCP001, "}}", `},":p":{"S":"p"}}`, 1) + `,"FilterExpression":"payload = :p","Select":"COUNT"}`, "{Count:1,ScannedCount:3}"},
		{"filter on a key", "Query", `{` + ofCP001 + `,"FilterExpression":"attribute_exists(commandId)"}`,
			"ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: commandId"},
		{"limit that is just reached", "Query", `{` + ofCP001 + `,"Limit":3,"Select":"COUNT"}`, "{Count:3,LastEvaluatedKey:{chargePointId:{S:CP001},commandId:{S:3}},ScannedCount:3}"},
		{"start outside", "Query", `{` + ofCP001 + `,"ExclusiveStartKey":{"chargePointId":{"S":"CP002"},"commandId":{"S":"2"}}}`,
			"ValidationException: The provided starting key is outside query boundaries based on provided conditions"},
		{"start of another shape", "Query", `{` + ofCP001 + `,"ExclusiveStartKey":{"chargePointId":{"S":"CP001"}}}`,
			"ValidationException: The provided starting key is invalid: The provided key element does not match the schema"},
		{"segment alone", "Scan", `{"TableName":"Commands","Segment":0}`,
			"ValidationException: The TotalSegments parameter is required but was not present in the request when Segment parameter is present"},
		{"legacy", "GetItem", `{` + first + `,"AttributesToGet":["n"]}`, "ValidationException: The legacy parameter AttributesToGet is not supported by this stand-in of DynamoDB: use ProjectionExpression"},
		{"nothing said", "PutItem", `{}`, "ValidationException: 2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; " +
			"Value null at 'item' failed to satisfy constraint: Member must not be null"},
		{"no table", "GetItem", strings.Replace(`{`+first+`}`, "Commands", "Nothing", 1), "ResourceNotFoundException: Requested resource not found"},
		{"table by its ARN", "DescribeTimeToLive", `{"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/Commands"}`, "{TimeToLiveDescription:{TimeToLiveStatus:DISABLED}}"},
		{"no action", "TransactGetItems", `{}`, "UnknownOperationException"},
		{"no JSON", "GetItem", `{`, "SerializationException: the request is no JSON object: unexpected end of JSON input"},
		{"wrong type", "Query", `{"TableName":"Commands","Limit":"1"}`, "SerializationException: string cannot be converted to int in Limit"},
		{"part of a key", "GetItem", `{"TableName":"Commands","Key":{"chargePointId":{"S":"CP001"}}}`, "ValidationException: The provided key element does not match the schema"},
		{"long key", "PutItem", `{"TableName":"Commands","Item":{"chargePointId":{"S":"` + strings.Repeat("x", 2049) + `"},"commandId":{"S":"1"}}}`,
			"ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"large item", "PutItem", `{"TableName":"Commands","Item":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"},"x":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`,
			"ValidationException: Item size has exceeded the maximum allowed size"},
		{"empty index key", "PutItem", `{"TableName":"Commands","Item":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"},"queuedAt":{"S":""}}}`,
			"ValidationException: One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
				"The AttributeValue for a key attribute cannot contain an empty string value. IndexName: Queued, IndexKey: queuedAt"},
		{"batch", "BatchWriteItem", `{"RequestItems":{"Commands":[{"DeleteRequest":{"Key":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"}}}},
			{"PutRequest":{"Item":{"chargePointId":{"S":"CP002"},"commandId":{"S":"1"}}}}]},"ReturnConsumedCapacity":"TOTAL"}`,
			"{ConsumedCapacity:[{CapacityUnits:3,TableName:Commands}],UnprocessedItems:{}}"},
		{"batch with one item twice", "BatchWriteItem", `{"RequestItems":{"Commands":[{"DeleteRequest":{"Key":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"}}}},
			{"PutRequest":{"Item":{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"}}}}]}}`, "ValidationException: Provided list of item keys contains duplicates"},
		{"batch of reads", "BatchGetItem", `{"RequestItems":{"Commands":{"Keys":[{"chargePointId":{"S":"CP001"},"commandId":{"S":"1"}},{"chargePointId":{"S":"x"},"commandId":{"S":"1"}}],
			"ProjectionExpression":"#p","ExpressionAttributeNames":{"#p":"payload"}}}}`, "{Responses:{Commands:[{payload:{S:p}}]},UnprocessedKeys:{}}"},
		{"table of that name", "CreateTable", `{"TableName":"Commands","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
			"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}`, "ResourceInUseException: Table already exists: Commands"},
		{"attribute that is no key", "CreateTable", `{"TableName":"New","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
			{"AttributeName":"q","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}`,
			"ValidationException: One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"},
		{"names", "ListTables", `{"Limit":1}`, "{TableNames:[Commands]}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ask(t, filled(t), test.action, test.request); got != test.want {
				t.Errorf("%s answered\n%s, want\n%s", test.action, got, test.want)
			}
		})
	}
}

// TestPages reads more than a page holds, in one piece and in segments.
func TestPages(t *testing.T) {
	s := start(t, "")
	create(t, s, commands)
	table := mustFind(t, s)
	padding := attribute.String(strings.Repeat("x", 10<<10))
	const count = 300 // 3 MB
	for i := range count {
		item := attribute.Map{"chargePointId": attribute.String(fmt.Sprint("CP", i%7)), "commandId": attribute.String(fmt.Sprint(i)), "x": padding}
		if _, _, err := table.Write(item, func(attribute.Map) (attribute.Map, error) { return item, nil }); err != nil {
			t.Fatal(err)
		}
	}
	for segments, want := range map[int]int{1: 3, 3: 3} {
		seen, pages := map[string]bool{}, 0
		for segment := range segments {
			start := "null"
			for start != "" {
				page, err := s.scan(fmt.Appendf(nil, `{"TableName":"Commands","Segment":%d,"TotalSegments":%d,"ExclusiveStartKey":%s}`, segment, segments, start))
				if err != nil {
					t.Fatal(err)
				}
				answer := page.(pageAnswer)
				for _, item := range *answer.Items {
					id := string(item["commandId"].(attribute.String))
					if seen[id] {
						t.Fatalf("item %s was read twice", id)
					}
					seen[id] = true
				}
				pages++
				start = ""
				if answer.LastEvaluatedKey != nil {
					start = string(answer.LastEvaluatedKey.AppendJSON(nil))
				}
			}
		}
		if len(seen) != count || pages < want {
			t.Errorf("%d segments: %d of %d items on %d pages", segments, len(seen), count, pages)
		}
	}
}
