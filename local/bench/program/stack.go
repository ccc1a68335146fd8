package program

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
)

// Stack is everything that functions talk to, at one address of this machine: AWS services whose answers take no time, and the
// edge's WebSocket. Writes succeed; each charge point, campaign and command is there, and nothing else is found.
type Stack struct {
	Environments map[string][]string // of the functions, by their folders
	Answered     atomic.Int64        // CALLs of charge points
	server       *httptest.Server
}

// NewStack listens for the functions of a synthesized template.
func NewStack(template string) (*Stack, error) {
	s := &Stack{}
	s.server = httptest.NewServer(s)
	var err error
	if s.Environments, err = environments(template, s.server.Listener.Addr().String()); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close listens no more.
func (s *Stack) Close() { s.server.Close() }

func (s *Stack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "" {
		s.serveChargePoint(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	answer := answerTo(r.Header.Get("X-Amz-Target"), body)
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(answer)), 10)) // DynamoDB's clients compare it
	_, _ = w.Write(answer)                                                                    // likewise
}

func answerTo(target string, body []byte) []byte {
	_, operation, _ := strings.Cut(target, ".")
	switch operation {
	case "SendMessage":
		return sent(body)
	case "GetItem":
		return found(body, "Item")
	case "UpdateItem":
		return found(body, "Attributes")
	}
	return []byte("{}")
}

// sent is the answer to SendMessage, whose checksum the client compares.
func sent(request []byte) []byte {
	var message struct{ MessageBody string }
	if json.Unmarshal(request, &message) != nil {
		return []byte("{}")
	}
	sum := md5.Sum([]byte(message.MessageBody))
	return []byte(`{"MessageId":"1","SequenceNumber":"1","MD5OfMessageBody":"` + hex.EncodeToString(sum[:]) + `"}`)
}

// found is the row that a request names, as a member of the answer.
func found(request []byte, member string) []byte {
	var asked struct {
		TableName string
		Key       row
	}
	if json.Unmarshal(request, &asked) != nil {
		return []byte("{}")
	}
	there := rowOf(asked.TableName, asked.Key)
	if there == nil {
		return []byte("{}")
	}
	answer, err := json.Marshal(map[string]row{member: there})
	if err != nil {
		panic(err) // a map of texts
	}
	return answer
}
