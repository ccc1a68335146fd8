package footprint

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// agreeable is every AWS service that functions call: writes succeed, and nothing is found.
type agreeable struct{}

func (agreeable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	answer := "{}"
	if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.") {
		answer = sent(body)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(answer))), 10)) // DynamoDB's clients compare it
	_, _ = io.WriteString(w, answer)                                                                  // likewise
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
