package cloud

import (
	"fmt"
	"net/http"

	"github.com/serverless-ocpp/backend/local/edge"
	"github.com/serverless-ocpp/backend/local/template"
)

// startEdge puts the template's distribution in front of the WebSocket API's stage.
func (c *Cloud) startEdge(api template.API, stage http.Handler) (http.Handler, error) {
	distribution, ok, err := c.template.Distribution()
	if err != nil {
		return nil, err
	}
	if !ok {
		return stage, nil // charge points connect to the stage itself, and carry their identity in the query
	}
	if own := apiHost(api.ID); distribution.OriginDomain != own {
		return nil, fmt.Errorf("the distribution's origin is %s, not the WebSocket API %s", distribution.OriginDomain, own)
	}
	if distribution.ClientCertificates != "" {
		return nil, fmt.Errorf("the distribution asks for client certificates, but the stand-in listens without TLS: start the template of a stack without clientCertificates")
	}
	return edge.New(edge.Config{
		DistributionID: distribution.ID,
		DomainName:     distribution.DomainName,
		FunctionCode:   distribution.FunctionCode,
		AllowedMethods: distribution.AllowedMethods,
		ErrorsKept:     distribution.ErrorsKept,
		OriginDomain:   distribution.OriginDomain,
		OriginPath:     distribution.OriginPath,
		OriginHeaders:  distribution.OriginHeaders,
		Origin:         stage,
		Logger:         c.log,
	})
}
