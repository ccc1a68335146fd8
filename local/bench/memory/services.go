package memory

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// agreeable is every AWS service that functions call: writes succeed, each charge point is there and accepted, and nothing
// else is found.
type agreeable struct{}

func (agreeable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_, _ = io.WriteString(w, answerTo(r.Header.Get("X-Amz-Target"), body)) // likewise
}

func answerTo(target string, body []byte) string {
	_, operation, _ := strings.Cut(target, ".")
	switch operation {
	case "SendMessage":
		return sent(body)
	case "GetItem":
		return found(body, "Item")
	case "UpdateItem":
		return found(body, "Attributes")
	}
	return "{}"
}

// found is the row of a charge point; of another table there is none.
func found(request []byte, member string) string {
	var asked struct {
		TableName string
		Key       map[string]map[string]string
	}
	if json.Unmarshal(request, &asked) != nil || !strings.HasSuffix(asked.TableName, "ChargePointTable") {
		return "{}"
	}
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	answer, err := json.Marshal(map[string]any{member: map[string]any{
		"chargePointId": asked.Key["chargePointId"], "thingId": text("t"), "registration": text("Accepted"), "bootStatus": text("Accepted"), "protocol": text("ocpp1.6"),
	}})
	if err != nil {
		panic(err) // a map of texts
	}
	return string(answer)
}

// sent is the answer to SendMessage, whose checksum the client compares.
func sent(request []byte) string {
	var message struct{ MessageBody string }
	if json.Unmarshal(request, &message) != nil {
		return "{}"
	}
	sum := md5.Sum([]byte(message.MessageBody))
	return `{"MessageId":"1","SequenceNumber":"1","MD5OfMessageBody":"` + hex.EncodeToString(sum[:]) + `"}`
}
