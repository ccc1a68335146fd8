package sqs

import (
	"net/http"
	"strings"

	"github.com/serverless-ocpp/backend/local/skim"
)

// Access says what a request needs in terms of IAM: the action, such as "sqs:SendMessage", and the ARN of the queue. The action
// of a batch is that of its entries, as in "Actions, resources, and condition keys for Amazon SQS" of the Service
// Authorization Reference. A body that cannot be decoded names no queue; ServeHTTP refuses it.
func (s *Service) Access(r *http.Request, body []byte) (action string, resources []string) {
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), target)
	action = "sqs:" + strings.TrimSuffix(name, "Batch")
	resource := "*"
	for name, value := range skim.Members(body) {
		switch name {
		case "QueueUrl":
			resource = s.ARN(nameInURL(skim.Text(value)))
		case "QueueName":
			resource = s.ARN(skim.Text(value))
		case "SourceArn":
			resource = skim.Text(value)
		}
	}
	return action, []string{resource}
}

// accessKeyID is the access key id with which a request is signed.
func accessKeyID(r *http.Request) string {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(credential, "/")
	return id
}
