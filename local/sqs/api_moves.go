package sqs

import (
	"net/http"
	"slices"
)

func (s *Service) startMessageMoveTask(_ *http.Request, in struct {
	SourceArn, DestinationArn    string
	MaxNumberOfMessagesPerSecond int
}) (any, error) {
	if in.SourceArn == "" {
		return nil, errMissingParameter("SourceArn")
	}
	handle, err := s.startMove(in.SourceArn, in.DestinationArn, in.MaxNumberOfMessagesPerSecond)
	if err != nil {
		return nil, err
	}
	return struct{ TaskHandle string }{handle}, nil
}

// listedMove is one task in the answer to ListMessageMoveTasks. Only a running task shows its handle.
type listedMove struct {
	TaskHandle                        string `json:",omitempty"`
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      int    `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64  // in milliseconds
}

func (s *Service) listMessageMoveTasks(_ *http.Request, in struct {
	SourceArn  string
	MaxResults int
}) (any, error) {
	source := s.queueByARN(in.SourceArn)
	if source == nil {
		return nil, errResourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	limit := min(max(in.MaxResults, 1), 10)
	results := []listedMove{}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, task := range slices.Backward(s.moves) { // the latest first
		if task.source != source || len(results) == limit {
			continue
		}
		listed := listedMove{
			Status: task.status, SourceArn: source.arn, MaxNumberOfMessagesPerSecond: task.perSecond,
			ApproximateNumberOfMessagesMoved: task.moved, ApproximateNumberOfMessagesToMove: task.toMove,
			FailureReason: task.failure, StartedTimestamp: task.started.UnixMilli(),
		}
		if task.destination != nil {
			listed.DestinationArn = task.destination.arn
		}
		if task.status == "RUNNING" {
			listed.TaskHandle = task.handle
		}
		results = append(results, listed)
	}
	return struct{ Results []listedMove }{results}, nil
}

func (s *Service) cancelMessageMoveTask(_ *http.Request, in struct{ TaskHandle string }) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, task := range s.moves {
		if task.handle == in.TaskHandle && task.status == "RUNNING" {
			task.status = "CANCELLING"
			return struct{ ApproximateNumberOfMessagesMoved int }{task.moved}, nil
		}
	}
	return nil, errResourceNotFound("Task does not exist.")
}
