package dynamodb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"time"
)

// Config says where the tables are.
type Config struct {
	// NodeModules is the folder that holds the package dynalite. Default "node_modules".
	NodeModules string
	// Dir keeps the tables, and survives the end of the process. Default "": they are in memory.
	Dir string
	// Region and Account are parts of table ARNs. Default us-east-1 and 000000000000.
	Region, Account string
	// ExpiryInterval is how often expired items are looked for. DynamoDB takes up to a few days. Default 1 minute.
	ExpiryInterval time.Duration
	// Logger gets what happens to tables at INFO, deleted items at DEBUG. Default slog.Default().
	Logger *slog.Logger
}

// Service is a running dynalite and the proxy in front of it.
type Service struct {
	config   Config
	log      *slog.Logger
	child    *child
	proxy    *httputil.ReverseProxy
	client   *http.Client
	settings *settings

	closing context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
	died    chan error
}

// Start starts dynalite. An error is one sentence that says what is missing and what to do about it.
func Start(config Config) (*Service, error) {
	if config.NodeModules == "" {
		config.NodeModules = "node_modules"
	}
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
	settings, err := openSettings(config.Dir)
	if err != nil {
		return nil, err
	}
	child, err := startChild(config)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		MaxIdleConns:        connections,
		MaxIdleConnsPerHost: connections,
		DisableCompression:  true, // on one machine it costs more than it saves
	}
	s := &Service{
		config:   config,
		log:      config.Logger,
		child:    child,
		client:   &http.Client{Transport: transport},
		settings: settings,
		died:     make(chan error, 1),
	}
	s.closing, s.stop = context.WithCancel(context.Background())
	if err := s.probe(); err != nil {
		s.child.stop()
		return nil, err
	}
	s.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme = "http"
			r.Out.URL.Host = child.address
		},
		Transport:      transport,
		ModifyResponse: s.tableDeleted,
		ErrorHandler:   s.unreachable,
		BufferPool:     &buffers{},
	}
	s.work.Go(s.watch)
	s.work.Go(s.expire)
	s.log.Info("tables ready", "dynalite", child.address, "folder", config.Dir)
	return s, nil
}

// probe reads from the tables once, because dynalite listens before it has opened their folder.
func (s *Service) probe() error {
	ctx, cancel := context.WithTimeout(s.closing, startTimeout)
	defer cancel()
	_, err := s.describeTable(ctx, "no-such-table")
	if isCode(err, "ResourceNotFoundException") {
		return nil
	}
	return fmt.Errorf("dynalite cannot open the tables in %q; another process may be using them: %w", s.config.Dir, err)
}

// connections is how many idle connections to dynalite are kept: as many as there may be concurrent callers.
const connections = 1000

// Died gets one error when dynalite ends without having been told to. Nothing works then any more.
func (s *Service) Died() <-chan error { return s.died }

// Close ends dynalite and returns when it has ended.
func (s *Service) Close() {
	s.stop()
	s.child.stop()
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// watch tells of dynalite's death.
func (s *Service) watch() {
	<-s.child.ended
	if s.closing.Err() != nil {
		return
	}
	err := fmt.Errorf("dynalite, which holds the tables, has ended: %w", s.child.err)
	s.log.Error("tables lost", "error", err)
	s.died <- err
}

// operation is the action of a request, such as "GetItem".
func operation(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// ServeHTTP answers requests of the AWS JSON 1.0 protocol.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, ours := map[string]func(context.Context, []byte) (any, error){
		"DescribeTimeToLive":        s.describeTimeToLive,
		"UpdateTimeToLive":          s.updateTimeToLive,
		"DescribeContinuousBackups": s.describeContinuousBackups,
		"UpdateContinuousBackups":   s.updateContinuousBackups,
	}[operation(r)]
	if !ours {
		s.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		fail(w, invalid("cannot read the request: %v", err))
		return
	}
	result, err := answer(r.Context(), body)
	if err != nil {
		fail(w, err)
		return
	}
	write(w, http.StatusOK, result)
}

// unreachable answers requests that did not reach dynalite.
func (s *Service) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client went away
	}
	s.log.Error("dynalite does not answer", "action", operation(r), "error", err)
	fail(w, &Error{http.StatusInternalServerError, namespace + "InternalServerError", "dynalite does not answer: " + err.Error()})
}

// tableDeleted forgets the settings of a table that was just deleted, so that a new one of its name begins without.
func (s *Service) tableDeleted(response *http.Response) error {
	if operation(response.Request) != "DeleteTable" || response.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	var deleted struct{ TableDescription struct{ TableName string } }
	if err := json.Unmarshal(body, &deleted); err != nil {
		return err
	}
	return s.settings.change(deleted.TableDescription.TableName, func(*tableSettings) {})
}

// buffers are what the proxy copies answers through; most answers are small.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32<<10)
}

func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }
