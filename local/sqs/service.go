package sqs

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
)

// Config says where the queues live and what they are called.
type Config struct {
	// Endpoint is the base of the queue URLs, such as "http://127.0.0.1:4566".
	Endpoint string
	// Region and Account are parts of queue ARNs and URLs. Default us-east-1 and 000000000000.
	Region, Account string
	// Store keeps the queues and their messages. Default nil: they end with the process.
	Store *durable.Store
	// SenderID names the sender of an HTTP request, for the SenderId attribute of the messages it sends: for a
	// role "AROA…:session name". Default: the access key id of the request.
	SenderID func(*http.Request) string
	// Logger gets what happens to queues at INFO, and to messages at DEBUG. Default slog.Default().
	Logger *slog.Logger
}

// Service holds the queues. It is an http.Handler for the AWS JSON 1.0 protocol.
type Service struct {
	config  Config
	log     *slog.Logger
	actions map[string]action

	// running ends with Close; waiting receivers and message move tasks end with it.
	running context.Context
	stop    context.CancelFunc
	tasks   sync.WaitGroup

	mu        sync.RWMutex
	queues    map[string]*queue
	deletedAt map[string]time.Time // of queue names that cannot be taken again yet
	moves     []*moveTask
}

// New opens the service with the queues that config.Store remembers.
func New(config Config) (*Service, error) {
	if config.Region == "" {
		config.Region = "us-east-1"
	}
	if config.Account == "" {
		config.Account = "000000000000"
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	if config.SenderID == nil {
		config.SenderID = accessKeyID
	}
	config.Endpoint = strings.TrimSuffix(config.Endpoint, "/")
	s := &Service{
		config:    config,
		log:       config.Logger,
		queues:    make(map[string]*queue),
		deletedAt: make(map[string]time.Time),
	}
	s.actions = s.actionTable()
	s.running, s.stop = context.WithCancel(context.Background())
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("cannot read the queues that were kept: %w", err)
	}
	return s, nil
}

// Close ends waiting receivers and message move tasks. It does not close the store.
func (s *Service) Close() {
	s.stop()
	s.tasks.Wait()
	for _, q := range s.allQueues() {
		q.mu.Lock()
		q.alarm.stop()
		q.mu.Unlock()
	}
}

// URL returns the URL of the queue of that name, whether it exists or not.
func (s *Service) URL(name string) string {
	return s.config.Endpoint + "/" + s.config.Account + "/" + name
}

// ARN returns the ARN of the queue of that name, whether it exists or not.
func (s *Service) ARN(name string) string {
	return "arn:aws:sqs:" + s.config.Region + ":" + s.config.Account + ":" + name
}

// queue returns the queue of that name, or QueueDoesNotExist.
func (s *Service) queue(name string) (*queue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if q := s.queues[name]; q != nil {
		return q, nil
	}
	return nil, errQueueDoesNotExist()
}

// queueByARN returns the queue with that ARN, or nil.
func (s *Service) queueByARN(arn string) *queue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	if s.ARN(name) != arn {
		return nil
	}
	return s.queues[name]
}

// allQueues returns the queues in the order of their names.
func (s *Service) allQueues() []*queue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	queues := make([]*queue, 0, len(s.queues))
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		queues = append(queues, s.queues[name])
	}
	return queues
}
