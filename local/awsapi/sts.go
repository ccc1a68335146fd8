package awsapi

import (
	"encoding/xml"
	"net/http"
	"net/url"
)

// STS answers GetCallerIdentity, so that aws sts get-caller-identity shows who one is. It speaks the query protocol.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
type STS struct{}

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Access implements Service.
func (STS) Access(_ *http.Request, body []byte) (string, []string) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") == "" {
		return "", nil
	}
	return "sts:" + form.Get("Action"), nil
}

// ServeHTTP implements Service.
func (s STS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if action := r.FormValue("Action"); action != "GetCallerIdentity" {
		stsError(w, http.StatusBadRequest, "InvalidAction", "Could not find operation "+action+"; of STS there is GetCallerIdentity only.")
		return
	}
	caller := callerOf(r)
	type result struct {
		Arn     string
		UserId  string
		Account string
	}
	writeXML(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"GetCallerIdentityResponse"`
		Xmlns   string   `xml:"xmlns,attr"`
		Result  result   `xml:"GetCallerIdentityResult"`
	}{Xmlns: stsNamespace, Result: result{Arn: caller.ARN, UserId: caller.ARN, Account: caller.Account}})
}

// Deny implements Service.
func (STS) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	stsError(w, http.StatusForbidden, "AccessDenied", message)
}

func stsError(w http.ResponseWriter, status int, code, message string) {
	writeXMLError(w, status, stsNamespace, code, message)
}
