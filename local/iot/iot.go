// Package iot is AWS IoT Core on one machine: the control plane (Control: Things, thing types, event configurations,
// policies, the endpoint) and the data plane (Data: publishing and shadows) as two HTTP APIs, over a registry, a shadow service and
// an MQTT broker that tell each other what happens as they do on AWS.
//
// The parts are in packages of their own: registry, shadow, rules (the rules engine) and, beside this one, mqtt.
package iot

import (
	"errors"
	"log/slog"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/registry"
	"github.com/serverless-ocpp/backend/local/iot/shadow"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// Config is what an AWS IoT Core of one account and Region consists of.
type Config struct {
	Account string // 12 digits
	Region  string
	// DataEndpoint is the host:port that DescribeEndpoint gives out: where Data listens.
	DataEndpoint string
	Broker       *mqtt.Broker
	Store        *durable.Store    // Things, thing types, event configurations and shadows
	Policies     map[string]string // the IoT policies of the account, name to JSON document
	// Listening tells whether somebody besides the broker's clients takes messages on a topic, as rules do; nil: on all topics.
	Listening func(topic string) bool
	Log       *slog.Logger // nil: slog.Default()
}

// Core is a running AWS IoT Core.
type Core struct {
	Control  *API // the control plane, service name "iot"
	Data     *API // the data plane, service name "iotdata" (signed as iotdata or iotdevicegateway)
	Registry *registry.Registry
	Shadows  *shadow.Service
}

// New starts an AWS IoT Core with what the store holds. It answers shadow requests on the broker from now on.
func New(config Config) (*Core, error) {
	if config.Broker == nil || config.Store == nil {
		return nil, errors.New("iot: a broker and a store are needed")
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	things, err := registry.New(registry.Config{
		Account:  config.Account,
		Region:   config.Region,
		Store:    config.Store,
		Policies: config.Policies,
		Publish:  config.Broker.Publish,
		Log:      config.Log,
	})
	if err != nil {
		return nil, err
	}
	shadows, err := shadow.New(shadow.Config{Store: config.Store, Publish: config.Broker.Publish, Heard: config.heard, Log: config.Log})
	if err != nil {
		return nil, err
	}
	config.Broker.OnPublish(shadows.Receive)
	return &Core{
		Control:  newControl(things, config.DataEndpoint, config.Log),
		Data:     newData(config.Broker, shadows, things.ARN, config.Log),
		Registry: things,
		Shadows:  shadows,
	}, nil
}

// heard reports whether somebody gets a message on a topic.
func (c Config) heard(topic string) bool {
	return c.Listening == nil || c.Listening(topic) || c.Broker.Subscribed(topic)
}
