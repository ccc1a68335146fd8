package sqs

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// queueRequest is the request of actions that need a queue alone.
type queueRequest struct{ QueueUrl string }

// byURL finds the queue of a queue URL, of which only the last part matters: clients reach the same queue through several hosts.
func (s *Service) byURL(url string) (*queue, error) {
	if url == "" {
		return nil, errMissingParameter("QueueUrl")
	}
	return s.queue(nameInURL(url))
}

func nameInURL(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

type createQueueRequest struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string `json:"tags"`
}

type queueURLAnswer struct{ QueueUrl string }

func (s *Service) createQueue(_ *http.Request, in createQueueRequest) (any, error) {
	if in.QueueName == "" {
		return nil, errMissingParameter("QueueName")
	}
	if err := s.create(in.QueueName, in.Attributes, in.Tags); err != nil {
		return nil, err
	}
	return queueURLAnswer{s.URL(in.QueueName)}, nil
}

func (s *Service) getQueueURL(_ *http.Request, in struct{ QueueName string }) (any, error) {
	if in.QueueName == "" {
		return nil, errMissingParameter("QueueName")
	}
	if _, err := s.queue(in.QueueName); err != nil {
		return nil, err
	}
	return queueURLAnswer{s.URL(in.QueueName)}, nil
}

type listQueuesRequest struct {
	QueueNamePrefix string
	MaxResults      int
	NextToken       string
}

type listQueuesAnswer struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

// maxListed is how many queues one ListQueues names at most.
const maxListed = 1000

func (s *Service) listQueues(_ *http.Request, in listQueuesRequest) (any, error) {
	limit := maxListed
	if in.MaxResults > 0 {
		limit = min(limit, in.MaxResults)
	}
	var answer listQueuesAnswer
	for _, q := range s.allQueues() {
		switch {
		case !strings.HasPrefix(q.name, in.QueueNamePrefix), q.name <= in.NextToken:
			continue
		case len(answer.QueueUrls) == limit:
			// SQS pages only for those who say MaxResults; the others get no token.
			if in.MaxResults > 0 {
				answer.NextToken = nameInURL(answer.QueueUrls[limit-1])
			}
			return answer, nil
		}
		answer.QueueUrls = append(answer.QueueUrls, s.URL(q.name))
	}
	return answer, nil
}

type getAttributesRequest struct {
	QueueUrl       string
	AttributeNames []string
}

type attributesAnswer struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Service) getQueueAttributes(_ *http.Request, in getAttributesRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	all := q.describe()
	if slices.Contains(in.AttributeNames, "All") {
		return attributesAnswer{all}, nil
	}
	chosen := make(map[string]string)
	for _, name := range in.AttributeNames {
		if value, ok := all[name]; ok {
			chosen[name] = value
		} else if !knownAttribute(name) {
			return nil, errUnknownAttribute(name)
		}
	}
	return attributesAnswer{chosen}, nil
}

func (s *Service) setQueueAttributes(_ *http.Request, in struct {
	QueueUrl   string
	Attributes map[string]string
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if value, given := in.Attributes["FifoQueue"]; given && value != q.describe()["FifoQueue"] {
		return nil, errUnknownAttribute("FifoQueue")
	}
	return nil, s.change(q, func(attributes map[string]string) map[string]string {
		if attributes == nil {
			attributes = make(map[string]string)
		}
		for name, value := range in.Attributes {
			if value == "" && (texts[name] || name == "RedrivePolicy") { // an empty policy is none
				delete(attributes, name)
				continue
			}
			attributes[name] = value
		}
		return attributes
	})
}

func (s *Service) deleteQueueAction(_ *http.Request, in queueRequest) (any, error) {
	if in.QueueUrl == "" {
		return nil, errMissingParameter("QueueUrl")
	}
	return nil, s.deleteQueue(nameInURL(in.QueueUrl))
}

func (s *Service) purgeQueue(_ *http.Request, in queueRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	s.log.Info("queue purged", "queue", q.name)
	return nil, q.purge()
}

func (s *Service) tagQueue(_ *http.Request, in struct {
	QueueUrl string
	Tags     map[string]string
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, s.retag(q, func(tags map[string]string) map[string]string {
		merged := make(map[string]string)
		maps.Copy(merged, tags)
		maps.Copy(merged, in.Tags)
		return merged
	})
}

func (s *Service) untagQueue(_ *http.Request, in struct {
	QueueUrl string
	TagKeys  []string
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, s.retag(q, func(tags map[string]string) map[string]string {
		rest := maps.Clone(tags)
		maps.DeleteFunc(rest, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
		return rest
	})
}

func (s *Service) listQueueTags(_ *http.Request, in queueRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return struct {
		Tags map[string]string `json:",omitempty"`
	}{maps.Clone(q.tags)}, nil
}

func (s *Service) listDeadLetterSourceQueues(_ *http.Request, in queueRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	urls := []string{}
	for _, source := range s.sourcesOf(q) {
		urls = append(urls, s.URL(source.name))
	}
	return struct {
		QueueURLs []string `json:"queueUrls"`
	}{urls}, nil
}
