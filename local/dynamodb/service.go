package dynamodb

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
)

// Config says where the tables are.
type Config struct {
	// Dir keeps the tables, and survives the end of the process. Default "": they are in memory.
	Dir string
	// Region and Account are parts of table ARNs. Default us-east-1 and 000000000000.
	Region, Account string
	// ExpiryInterval is how often expired items are looked for, and so how long they may still be read. DynamoDB takes up to a few
	// days. Default 1 minute.
	ExpiryInterval time.Duration
	// Logger gets what happens to tables at INFO, deleted items at DEBUG. Default slog.Default().
	Logger *slog.Logger
}

// Service is a DynamoDB.
type Service struct {
	config      Config
	log         *slog.Logger
	catalog     *catalog
	expressions expression.Cache
	actions     map[string]action

	closing context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
	died    chan error
}

// action answers one kind of request. What it returns is encoded as JSON.
type action func(body []byte) (any, error)

// Start opens the tables in config.Dir. An error is one sentence that says what is wrong and what to do about it.
func Start(config Config) (*Service, error) {
	if config.Region == "" {
		config.Region = "us-east-1"
	}
	if config.Account == "" {
		config.Account = "000000000000"
	}
	if config.ExpiryInterval == 0 {
		config.ExpiryInterval = time.Minute
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	catalog, err := openCatalog(config.Dir, config.Logger)
	if err != nil {
		return nil, err
	}
	s := &Service{config: config, log: config.Logger, catalog: catalog, died: make(chan error, 1)}
	s.actions = map[string]action{
		"BatchGetItem":              s.batchGetItem,
		"BatchWriteItem":            s.batchWriteItem,
		"CreateTable":               s.createTable,
		"DeleteItem":                s.deleteItem,
		"DeleteTable":               s.deleteTable,
		"DescribeContinuousBackups": s.describeContinuousBackups,
		"DescribeTable":             s.describeTable,
		"DescribeTimeToLive":        s.describeTimeToLive,
		"GetItem":                   s.getItem,
		"ListTables":                s.listTables,
		"PutItem":                   s.putItem,
		"Query":                     s.query,
		"Scan":                      s.scan,
		"UpdateContinuousBackups":   s.updateContinuousBackups,
		"UpdateItem":                s.updateItem,
		"UpdateTimeToLive":          s.updateTimeToLive,
	}
	s.closing, s.stop = context.WithCancel(context.Background())
	s.work.Go(s.expire)
	s.log.Info("tables ready", "folder", config.Dir, "tables", len(catalog.names()))
	return s, nil
}

// Died gets one error when the tables cannot be kept any more, as when the disk is full. Every write fails then.
func (s *Service) Died() <-chan error { return s.died }

// Close writes what has to be written. No request must come any more.
func (s *Service) Close() error {
	s.stop()
	s.work.Wait()
	return s.catalog.close()
}

// operation is the action of a request, such as "GetItem".
func operation(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// ServeHTTP answers requests of the AWS JSON 1.0 protocol.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, known := s.actions[operation(r)]
	if !known || r.Method != http.MethodPost {
		fail(w, &Error{Status: http.StatusBadRequest, Type: namespaceCoral + "UnknownOperationException"})
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, malformed("cannot read the request: "+err.Error()))
		return
	}
	result, err := answer(body)
	if err != nil {
		s.noteLoss(err)
		fail(w, err)
		return
	}
	write(w, http.StatusOK, result)
}

// noteLoss tells of an error that is no answer of DynamoDB's: the tables cannot be written any more.
func (s *Service) noteLoss(err error) {
	if asError(err).Status < http.StatusInternalServerError {
		return
	}
	s.log.Error("request failed", "error", err)
	select {
	case s.died <- err:
	default: // told already
	}
}

// decode reads a request's JSON.
func decode(body []byte, in any) error {
	err := json.Unmarshal(body, in)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return malformed(e.Value + " cannot be converted to " + e.Type.String() + " in " + e.Field)
	}
	return malformed("the request is no JSON object: " + err.Error())
}
