package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/awsapi"
	"github.com/serverless-ocpp/backend/local/cloudwatch"
	"github.com/serverless-ocpp/backend/local/iot"
	"github.com/serverless-ocpp/backend/local/localhttp"
	"github.com/serverless-ocpp/backend/local/template"
)

const (
	headerTimeout = 10 * time.Second // nobody types HTTP headers that slowly
	lastRequests  = time.Second      // for requests that are being answered when everything ends
)

// listen takes all ports before anything else is started: addresses are part of what is configured, and a port in use is
// the most common reason not to start.
func (c *Cloud) listen() error {
	ports := c.options.Ports
	for _, wanted := range []struct {
		listener *net.Listener
		port     int
		what     string
	}{
		{&c.chargePointListener, ports.ChargePoints, "charge points"},
		{&c.httpListener, ports.HTTP, "HTTP API"},
		{&c.awsListener, ports.AWS, "AWS APIs"},
	} {
		listener, err := listen(wanted.port, wanted.what)
		if err != nil {
			return err
		}
		*wanted.listener = listener
		c.onClose(wanted.what+" port", func() error {
			if err := listener.Close(); !errors.Is(err, net.ErrClosed) { // its server has closed it already
				return err
			}
			return nil
		})
	}
	c.addresses.ChargePoints = "ws://" + c.chargePointListener.Addr().String()
	c.addresses.HTTP = "http://" + c.httpListener.Addr().String()
	c.addresses.AWS = "http://" + c.awsListener.Addr().String()
	return nil
}

func (c *Cloud) readTemplate() error {
	name := c.options.StackName()
	if name == "" {
		return fmt.Errorf("the template %s is not named after its stack, as in AwsOcppGatewayStack%s", c.options.Template, templateSuffix)
	}
	document, err := readTemplate(c.options.Template)
	if err != nil {
		return err
	}
	c.template, err = template.Parse(document, template.Options{
		StackName:     name,
		Region:        Region,
		AccountID:     Account,
		QueueEndpoint: c.addresses.AWS,
	})
	if err != nil {
		return fmt.Errorf("template %s: %w", c.options.Template, err)
	}
	c.permissions, err = c.template.Permissions()
	return err
}

// mapHosts finds the hosts of AWS that the functions' environments may name.
func (c *Cloud) mapHosts() error {
	local := map[string]string{"WEBSOCKET": c.addresses.ChargePoints, "HTTP": c.addresses.HTTP}
	for protocol, here := range local {
		apis, err := c.template.APIs(protocol)
		if err != nil {
			return err
		}
		for _, api := range apis {
			host := apiHost(api.ID)
			c.hosts = append(c.hosts,
				hostMapping{"https://" + host, strings.Replace(here, "ws://", "http://", 1)},
				hostMapping{"wss://" + host, here},
			)
		}
	}
	distribution, ok, err := c.template.Distribution()
	if err != nil || !ok {
		return err
	}
	c.hosts = append(c.hosts, hostMapping{"wss://" + distribution.DomainName, c.addresses.ChargePoints})
	return nil
}

func apiHost(apiID string) string { return apiID + ".execute-api." + Region + ".amazonaws.com" }

// serveAWS opens the AWS APIs.
func (c *Cloud) serveAWS() error {
	c.apis = awsapi.New(awsapi.Config{
		Services: map[string]awsapi.Service{
			"dynamodb":             c.tables,
			"sqs":                  c.queues,
			iot.ControlService:     c.iot.Control,
			iot.DataService:        c.iot.Data,
			"lambda":               c.functions.Service(),
			"sts":                  awsapi.STS{},
			cloudwatch.SigningName: &c.metrics,
		},
		Directory: c.directory,
		Region:    Region,
		Calls:     &c.calls,
		Counter:   c.counter,
		Log:       c.log,

		Faults:      c.faults,
		Invocations: c.functions,
	})
	c.serveCalls("AWS APIs", c.awsListener, c.apis)
	return nil
}

// serveCalls answers what functions and charge points ask, small requests in large numbers, until Close.
func (c *Cloud) serveCalls(what string, listener net.Listener, handler http.Handler) {
	c.run(what, listener, &localhttp.Server{Handler: handler, Log: c.log, HeaderTimeout: headerTimeout})
}

// serve answers requests of browsers until Close.
func (c *Cloud) serve(what string, listener net.Listener, handler http.Handler) {
	c.run(what, listener, &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ErrorLog:          slog.NewLogLogger(c.log.Handler(), slog.LevelDebug), // clients that speak no HTTP
	})
}

// server is http.Server, or what stands for it.
type server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
	Close() error
}

func (c *Cloud) run(what string, listener net.Listener, server server) {
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	c.onClose(what, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), lastRequests)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil { // somebody is still being answered: they lose
			if err := server.Close(); err != nil {
				return err
			}
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
}
