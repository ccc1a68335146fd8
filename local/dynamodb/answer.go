package dynamodb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
)

const contentType = "application/x-amz-json-1.0"

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestKept keeps the pool from holding on to the few large answers.
const largestKept = 64 << 10

func write(w http.ResponseWriter, status int, answer any) {
	body := buffers.Get().(*bytes.Buffer)
	body.Reset()
	encoder := json.NewEncoder(body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		panic(fmt.Sprintf("cannot encode %T: %v", answer, err))
	}
	body.Truncate(body.Len() - 1) // Encode ends with a line break
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	header.Set("X-Amzn-Requestid", requestID())
	header.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body.Bytes())), 10)) // clients compare it
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client is gone; nobody is left to be told
	if body.Cap() <= largestKept {
		buffers.Put(body)
	}
}

// requestID looks like DynamoDB's: 52 letters and digits. It identifies, and is no secret.
func requestID() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var id [52]byte
	for i := range id {
		id[i] = alphabet[rand.IntN(len(alphabet))]
	}
	return string(id[:])
}
