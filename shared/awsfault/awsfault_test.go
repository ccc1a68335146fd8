package awsfault

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		err  error
		want fault.Code
	}{
		{&types.ProvisionedThroughputExceededException{}, fault.Throttled},
		{fmt.Errorf("operation error: %w", &types.RequestLimitExceeded{}), fault.Throttled},
		{&types.ResourceNotFoundException{}, fault.Internal},
		{errors.New("connection refused"), fault.Internal},
		{context.DeadlineExceeded, fault.Internal},
	} {
		err := Wrap(test.err, "table %s: cannot read", "T")
		if !fault.Is(err, test.want) || !errors.Is(err, test.err) {
			t.Errorf("%v becomes %v, want a fault %s", test.err, err, test.want)
		}
		if want := "table T: cannot read: " + test.err.Error(); err.Error() != want {
			t.Errorf("text %q, want %q", err, want)
		}
	}
}
