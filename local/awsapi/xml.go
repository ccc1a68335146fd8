package awsapi

import (
	"encoding/xml"
	"net/http"
)

// writeXMLError answers in the shape of the query protocol, which older services speak.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
func writeXMLError(w http.ResponseWriter, status int, namespace, code, message string) {
	type failure struct {
		Type    string
		Code    string
		Message string
	}
	writeXML(w, status, struct {
		XMLName xml.Name `xml:"ErrorResponse"`
		Xmlns   string   `xml:"xmlns,attr,omitempty"`
		Error   failure
	}{Xmlns: namespace, Error: failure{"Sender", code, message}})
}

func writeXML(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	// An error here is a client that went away; nobody is left to tell.
	_ = xml.NewEncoder(w).Encode(answer)
}
