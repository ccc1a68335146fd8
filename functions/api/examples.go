package main

import (
	"strings"
	"unicode"
)

// exampleOf has the body that the documentation shows of each operation, for charge points of all versions that have it.
var exampleOf = map[string]string{
	"remote-start":       `{"idTag":"04AABBCC","connectorId":1}`,
	"remote-stop":        `{"transactionId":"1234567"}`,
	"reset":              `{"type":"soft"}`,
	"unlock":             `{"connector":1}`,
	"availability":       `{"operative":false,"connector":1}`,
	"trigger":            `{"message":"status","connector":1}`,
	"get-variables":      `{"variables":["HeartbeatInterval"]}`,
	"set-variables":      `{"variables":[{"variable":"HeartbeatInterval","value":300}]}`,
	"report":             `{"base":"full"}`,
	"clear-cache":        `{}`,
	"local-list":         `{"updateType":"full"}`,
	"local-list-version": `{}`,

	"reserve":                `{"connector":1,"idToken":"04AABBCC","expiresAt":"2099-12-31T18:00:00Z"}`,
	"cancel-reservation":     `{}`,
	"set-charging-profile":   `{"connector":1,"chargingProfile":{"purpose":"txDefault","kind":"absolute","schedule":{"startsAt":"2026-06-01T00:00:00Z","unit":"A","periods":[{"startSeconds":0,"limit":16}]}}}`,
	"clear-charging-profile": `{"purpose":"txDefault"}`,
	"get-charging-profiles":  `{"purpose":"txDefault"}`,
	"composite-schedule":     `{"connector":1,"seconds":3600}`,

	"firmware":            `{"location":"https://example.com/firmware/2.1.bin"}`,
	"log":                 `{"type":"security","location":"https://example.com/uploads/"}`,
	"install-certificate": `{"use":"centralSystemRoot","certificate":"-----BEGIN CERTIFICATE-----\nMIIBhDCCASugAwIBAgIUfwSxUJEUCVhHWh2p0Yb7aSRHEmwwCgYIKoZIzj0EAwIw\nFzEVMBMGA1UEAwwMRXhhbXBsZSBSb290MCAXDTI2MTEyMzIzNDYzMloYDzIxMjYx\nMDMwMjM0NjMzWjAXMRUwEwYDVQQDDAxFeGFtcGxlIFJvb3QwWTATBgcqhkjOPQIB\nBggqhkjOPQMBBwNCAASyLiE9oMhQ3ZFdF9ixbqNcxyRpWPXN2tK9sK1DYsiyom2C\nbe9bbuyks6xKTySd3VrVhxpgq+P104A386vXCRvZo1MwUTAdBgNVHQ4EFgQUtTvY\nIrsSx81uc0YhUidYE5jfglAwHwYDVR0jBBgwFoAUtTvYIrsSx81uc0YhUidYE5jf\nglAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiB5QAicUc8m71UA\nYNrlIgF3gbjZ8+TbDtchGpl8u+H/rQIgcYW66AhlQu8NBs453oFIVPN+DpN7A0Qd\nGr6bHWvR9Ok=\n-----END CERTIFICATE-----\n"}`,
	"list-certificates":   `{}`,
	"delete-certificate":  `{"hashAlgorithm":"SHA256","issuerNameHash":"5b1a","issuerKeyHash":"9c02","serialNumber":"4f1e"}`,
	"key-rotation":        `{}`,
	"security-profile":    `{"profile":2}`,
}

// exampleOf2x has it for 2.x, of the operations that cannot be said to all versions alike.
var exampleOf2x = map[string]string{
	"security-profile": `{"profile":2,"csmsUrl":"wss://ocpp.example.com","slot":1,"fallbackSlots":[0],"interface":"Wired0"}`,
}

// camelCase makes an operationId of the name of an operation: local-list becomes localList.
func camelCase(name string) string {
	var id strings.Builder
	upper := false
	for _, letter := range name {
		if !unicode.IsLetter(letter) && !unicode.IsDigit(letter) {
			upper = true
			continue
		}
		if upper {
			letter, upper = unicode.ToUpper(letter), false
		}
		id.WriteRune(letter)
	}
	return id.String()
}
