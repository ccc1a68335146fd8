package cloudwatch

import (
	"encoding/xml"
	"net/http"
)

// fail answers in the shape of the query protocol.
func fail(w http.ResponseWriter, status int, code, message string) {
	type failure struct{ Type, Code, Message string }
	write(w, status, struct {
		XMLName xml.Name `xml:"ErrorResponse"`
		Xmlns   string   `xml:"xmlns,attr"`
		Error   failure
	}{Xmlns: Namespace, Error: failure{"Sender", code, message}})
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	// An error here is a client that went away; nobody is left to tell.
	_ = xml.NewEncoder(w).Encode(answer)
}
