package dynamo

import (
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Run(m)) }

// at is a moment n milliseconds into the tests' own time.
func at(n int) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Millisecond)
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault checks the code of an error; "" wants none.
func wantFault(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Fatalf("error %v, want %q", err, want)
	}
}

// stored reads an item as DynamoDB has it.
func stored(t *testing.T, tableName string, key item) item {
	t.Helper()
	answer, err := dynamotest.Client().GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &tableName, Key: key, ConsistentRead: aws.Bool(true)})
	must(t, err)
	return answer.Item
}

// atOnce runs n functions at the same moment and returns their errors.
func atOnce(n int, run func(i int) error) []error {
	errs := make([]error, n)
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			errs[i] = run(i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return errs
}

// count counts the errors of a code; "" counts successes.
func count(errs []error, code fault.Code) (n int) {
	for _, err := range errs {
		if fault.CodeOf(err) == code {
			n++
		}
	}
	return n
}
