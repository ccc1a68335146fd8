package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// namespace begins the type of DynamoDB's own errors.
const namespace = "com.amazonaws.dynamodb.v20120810#"

// Error is an error answer of DynamoDB. Type is the full name of its shape.
type Error struct {
	Status  int
	Type    string
	Message string
}

func (e *Error) Error() string { return e.Code() + ": " + e.Message }

// Code is the name of the error's shape alone, such as "ResourceNotFoundException".
func (e *Error) Code() string { return e.Type[strings.IndexByte(e.Type, '#')+1:] }

// isCode says whether err is an answer of DynamoDB with that code.
func isCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code() == code
}

func invalid(format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "com.amazon.coral.validate#ValidationException", fmt.Sprintf(format, args...)}
}

// Deny answers a request that IAM does not allow. The shape, a capital M in it, is that which DynamoDB was seen to answer.
func (s *Service) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	write(w, http.StatusBadRequest, struct {
		Type    string `json:"__type"`
		Message string `json:"Message"`
	}{"com.amazon.coral.service#AccessDeniedException", message})
}

func fail(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{http.StatusInternalServerError, namespace + "InternalServerError", err.Error()}
	}
	write(w, e.Status, struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{e.Type, e.Message})
}

func write(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		panic(fmt.Sprintf("cannot encode %T: %v", answer, err))
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	w.Header().Set("x-amz-crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)) // clients compare it
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone; nobody is left to be told
}
