// Package queue puts messages into the stack's two SQS queues: IncomingMessages, the journal of what
// charge points said and were told, and Timers.
package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
)

// Journal is the FIFO queue IncomingMessages. The messages of one charge point form a group: they are
// processed in the order in which they came, and nobody waits for another charge point.
type Journal struct {
	to  sender
	url string
}

// NewJournal takes the URL of the queue.
func NewJournal(api *sqs.Client, queueURL string) *Journal {
	return &Journal{to: newSender(api), url: queueURL}
}

var _ journal.Journal = (*Journal)(nil)

// Append implements journal.Journal. fault.Throttled if SQS takes no more at the moment, fault.Internal
// if it did not take the record for another reason.
func (j *Journal) Append(ctx context.Context, gatewayMessageID string, record journal.Record) error {
	body, err := encode(record)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the message of charge point %s cannot be written as JSON", record.ChargePointID)
	}
	err = j.to.send(ctx, message{
		QueueURL: j.url, Body: body, Group: record.ChargePointID, DeduplicationID: deduplicationID(gatewayMessageID, record),
	})
	if err != nil {
		return awsfault.Wrap(err, "queue %s did not take a message of charge point %s", j.url, record.ChargePointID)
	}
	return nil
}

// deduplicationID is the same for a repeated call to SQS, and for nothing else. The id that API
// Gateway gave the message must be in it: charge points repeat their message ids, and even whole
// frames (a StatusNotification without a timestamp), and none of them may be lost.
func deduplicationID(gatewayMessageID string, record journal.Record) string {
	hash := sha256.New()
	for _, part := range [][]byte{[]byte(record.ChargePointID), []byte(gatewayMessageID), record.Message} {
		sum := sha256.Sum256(part) // of a fixed length, so that no two lists of parts look alike
		hash.Write(sum[:])
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// encode leaves the characters of HTML as they are: escaped they take six bytes for one, which is paid by 64 KB, and a
// message that API Gateway has taken (128 KB) would come near to what the queue takes (1 MB); observers would see another
// text, too.
func encode(record journal.Record) (string, error) {
	var body strings.Builder
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		return "", err
	}
	return allowed.Replace(strings.TrimSuffix(body.String(), "\n")), nil
}

// allowed escapes the two characters that JSON allows in a text and SQS refuses in a body.
var allowed = strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`)
