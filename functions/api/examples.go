package main

import (
	"strings"
	"unicode"
)

// exampleOf has the bodies that the documentation shows of the most used operations.
var exampleOf = map[string]string{
	"remote-start": `{"idTag":"04AABBCC","connectorId":1}`,
	"remote-stop":  `{"transactionId":"1234567"}`,
	"reset":        `{"type":"soft"}`,
	"unlock":       `{"connector":1}`,
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
