package template

import (
	"fmt"
	"time"
)

// A Distribution is the CloudFront distribution in front of the WebSocket API.
type Distribution struct {
	ID            string
	DomainName    string
	OriginDomain  string
	OriginPath    string            // put before the path of every request to the origin; "" or "/…"
	OriginHeaders map[string]string // added to every request to the origin; a secret is among them
	// ClientCertificates is "required" or "optional" where viewers are asked for certificates, else "".
	ClientCertificates string
	AllowedMethods     []string              // of requests; others are answered 403
	ErrorsKept         map[int]time.Duration // by status: for how long an error of the origin is kept, where it is said
	FunctionName       string
	FunctionCode       string // JavaScript, run for every viewer request
}

// Distribution returns the stack's one distribution; ok is false when it has none.
func (t *Template) Distribution() (distribution Distribution, ok bool, err error) {
	found := t.ofType("AWS::CloudFront::Distribution")
	switch len(found) {
	case 0:
		return Distribution{}, false, nil
	case 1:
		distribution, err = t.distribution(found[0])
		return distribution, err == nil, err
	default:
		return Distribution{}, false, fmt.Errorf("the template has %d CloudFront distributions, the stand-in knows one", len(found))
	}
}

func (t *Template) distribution(r *resource) (Distribution, error) {
	var properties struct {
		DistributionConfig struct {
			ViewerMtlsConfig     struct{ Mode string }
			CustomErrorResponses []struct {
				ErrorCode          int
				ErrorCachingMinTTL *int64
				ResponsePagePath   string
			}
			Origins []struct {
				Id, DomainName      string
				OriginPath          string
				OriginCustomHeaders []struct{ HeaderName, HeaderValue string }
			}
			DefaultCacheBehavior struct {
				TargetOriginId       string
				AllowedMethods       []string
				FunctionAssociations []struct{ EventType, FunctionARN string }
			}
		}
	}
	if err := t.decode(r, &properties); err != nil {
		return Distribution{}, err
	}
	config := properties.DistributionConfig
	distribution := Distribution{ID: t.generatedID(r), OriginHeaders: map[string]string{}, ClientCertificates: config.ViewerMtlsConfig.Mode,
		AllowedMethods: config.DefaultCacheBehavior.AllowedMethods}
	distribution.DomainName = distribution.ID + ".cloudfront.net"
	distribution.ErrorsKept = map[int]time.Duration{}
	for _, response := range config.CustomErrorResponses {
		if response.ResponsePagePath != "" {
			return Distribution{}, fmt.Errorf("resource %s (%s): the stand-in has no error pages", r.logicalID, r.Type)
		}
		if seconds := response.ErrorCachingMinTTL; seconds != nil {
			distribution.ErrorsKept[response.ErrorCode] = time.Duration(*seconds) * time.Second
		}
	}
	for _, origin := range config.Origins {
		if origin.Id != config.DefaultCacheBehavior.TargetOriginId {
			continue
		}
		distribution.OriginDomain, distribution.OriginPath = origin.DomainName, origin.OriginPath
		for _, header := range origin.OriginCustomHeaders {
			distribution.OriginHeaders[header.HeaderName] = header.HeaderValue
		}
	}
	if distribution.OriginDomain == "" {
		return Distribution{}, fmt.Errorf("resource %s (%s): its default behavior has no origin", r.logicalID, r.Type)
	}
	for _, association := range config.DefaultCacheBehavior.FunctionAssociations {
		if association.EventType != "viewer-request" {
			return Distribution{}, fmt.Errorf("resource %s (%s): the stand-in runs viewer-request functions only, not %s", r.logicalID, r.Type, association.EventType)
		}
		if err := t.edgeFunction(association.FunctionARN, &distribution); err != nil {
			return Distribution{}, err
		}
	}
	return distribution, nil
}

func (t *Template) edgeFunction(arn string, distribution *Distribution) error {
	for _, r := range t.ofType("AWS::CloudFront::Function") {
		own, err := t.fill(r, cloudFrontFunctionARN)
		if err != nil {
			return err
		}
		if own != arn {
			continue
		}
		var properties struct{ Name, FunctionCode string }
		if err := t.decode(r, &properties); err != nil {
			return err
		}
		distribution.FunctionName, distribution.FunctionCode = properties.Name, properties.FunctionCode
		return nil
	}
	return fmt.Errorf("the template has no CloudFront function %s", arn)
}
