package iot

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/iot/shadow"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// data is the data plane. https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
type data struct {
	broker  *mqtt.Broker
	shadows *shadow.Service
}

func newData(broker *mqtt.Broker, shadows *shadow.Service, arn func(string) string, log *slog.Logger) *API {
	d := data{broker, shadows}
	return &API{
		routes: []route{
			{"POST", "/topics/{topic...}", "Publish", named("topic/", "topic"), d.publish},
			{"GET", "/things/{thingName}/shadow", "GetThingShadow", shadowResource, d.getShadow},
			{"POST", "/things/{thingName}/shadow", "UpdateThingShadow", shadowResource, d.updateShadow},
			{"DELETE", "/things/{thingName}/shadow", "DeleteThingShadow", shadowResource, d.deleteShadow},
			{"GET", "/api/things/shadow/ListNamedShadowsForThing/{thingName}", "ListNamedShadowsForThing",
				named("thing/", "thingName"), d.listShadows},
		},
		arn:    arn,
		denial: func(string) *fault.Error { return fault.Forbidden("Forbidden") }, // the data plane does not say what was denied
		traced: true,
		log:    log,
	}
}

// shadowResource is thing/{thing}, and thing/{thing}/{shadow} for a named shadow.
func shadowResource(names map[string]string, r *http.Request) string {
	resource := "thing/" + names["thingName"]
	if name := r.URL.Query().Get("name"); name != "" {
		resource += "/" + name
	}
	return resource
}

// publish takes what an MQTT client may publish, within the same limits.
func (d data) publish(r request) (any, error) {
	topic, query := r.names["topic"], r.URL.Query()
	var qos byte
	switch asked := query.Get("qos"); asked {
	case "", "0":
	case "1":
		qos = 1
	default:
		return nil, fault.Invalid("Invalid QoS: %s", asked)
	}
	if query.Get("retain") == "true" {
		return nil, fault.Invalid("Retained messages are not available here")
	}
	err := mqtt.CheckPublish(topic)
	switch {
	case errors.Is(err, mqtt.ErrReserved):
		return nil, fault.Forbidden("Forbidden: %v", err)
	case err != nil:
		return nil, fault.Invalid("Invalid topic: %v", err)
	case len(r.body) > mqtt.MaxPayload:
		return nil, fault.TooLarge("The payload exceeds the maximum size allowed")
	}
	if err := d.broker.Publish(topic, r.body, qos); err != nil {
		return nil, err
	}
	return map[string]string{"message": "OK", "traceId": uuid.NewString()}, nil
}

func (r request) shadow() shadow.ID {
	return shadow.ID{Thing: r.names["thingName"], Name: r.URL.Query().Get("name")}
}

func (d data) getShadow(r request) (any, error) { return raw(d.shadows.Get(r.shadow())) }

func (d data) updateShadow(r request) (any, error) { return raw(d.shadows.Update(r.shadow(), r.body)) }

func (d data) deleteShadow(r request) (any, error) { return raw(d.shadows.Delete(r.shadow())) }

// raw passes a document on as it is.
func raw(document []byte, err error) (any, error) { return document, err }

// defaultPageSize and maxPageSize are those of ListNamedShadowsForThing.
const (
	defaultPageSize = 25
	maxPageSize     = 100
)

func (d data) listShadows(r request) (any, error) {
	size, err := r.integer("pageSize")
	if err != nil {
		return nil, err
	}
	if size == 0 {
		size = defaultPageSize
	}
	if size < 1 || size > maxPageSize {
		return nil, fault.Invalid("pageSize must be between 1 and %d", maxPageSize)
	}
	after, err := base64.URLEncoding.DecodeString(r.URL.Query().Get("nextToken"))
	if err != nil {
		return nil, fault.Invalid("Invalid nextToken")
	}
	names, err := d.shadows.Named(r.names["thingName"])
	if err != nil {
		return nil, err
	}
	answer := struct {
		Results   []string `json:"results"`
		NextToken string   `json:"nextToken,omitempty"`
		Timestamp int64    `json:"timestamp"`
	}{Results: []string{}, Timestamp: time.Now().Unix()}
	for _, name := range names {
		if name <= string(after) {
			continue
		}
		if len(answer.Results) == int(size) {
			answer.NextToken = base64.URLEncoding.EncodeToString([]byte(answer.Results[size-1]))
			break
		}
		answer.Results = append(answer.Results, name)
	}
	return answer, nil
}
