package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/jsii-runtime-go"

	"github.com/serverless-ocpp/backend/functions/edge"
)

// edgeSecretHeader proves to the authorizer that a request came through the edge, where the query string
// is the charge point's path and nothing that a client chose.
const edgeSecretHeader = "X-Ocpp-Edge-Secret"

// keptErrors are the statuses that CloudFront always keeps for a path, for ten seconds unless it is told otherwise, and whatever the
// cache policy says. All charge points have one path behind edge.js: the 404 of one that nobody knows, or the 500 of a handshake
// for which no function was free, would be the answer to all others.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
var keptErrors = []float64{404, 405, 414, 500, 501, 502, 503, 504}

// addEdge puts CloudFront in front of the WebSocket API, so that a charge point may append its identity to
// the URL as OCPP-J has it. It costs a request per handshake and traffic, and nothing while nobody connects.
func (b *backend) addEdge() {
	rewrite := awscloudfront.NewFunction(b.stack, jsii.String("EdgeFunction"), &awscloudfront.FunctionProps{
		// With the Region, because CloudFront knows none: the same stack in two Regions would clash.
		FunctionName: jsii.String(*b.name("Edge-") + *b.stack.Region()),
		Comment:      jsii.String("Turns the last segment of the path into the charge point identity"),
		Runtime:      awscloudfront.FunctionRuntime_JS_2_0(),
		Code:         awscloudfront.FunctionCode_FromInline(jsii.String(edge.Code)),
	})
	origin := awscloudfrontorigins.NewHttpOrigin(jsii.String(b.webSocketDomain()), &awscloudfrontorigins.HttpOriginProps{
		ProtocolPolicy:     awscloudfront.OriginProtocolPolicy_HTTPS_ONLY,
		OriginSslProtocols: &[]awscloudfront.OriginSslPolicy{awscloudfront.OriginSslPolicy_TLS_V1_2},
		CustomHeaders:      &map[string]*string{edgeSecretHeader: b.edgeSecret},
	})
	domain := b.properties.Domain
	caching := awscloudfront.CachePolicy_CACHING_DISABLED()
	if domain.ClientCertificates != noCertificates {
		caching = b.certificateCaching()
	}
	props := &awscloudfront.DistributionProps{
		Comment: b.name("Edge"),
		// A WebSocket begins as an HTTP/1.1 request; CloudFront has no WebSocket over HTTP/2.
		HttpVersion: awscloudfront.HttpVersion_HTTP1_1,
		WebAclId:    optional(b.properties.WebACL),
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin: origin,
			// No redirect from http: a WebSocket client follows none.
			ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_HTTPS_ONLY,
			AllowedMethods:       awscloudfront.AllowedMethods_ALLOW_GET_HEAD(), // a handshake is a GET
			CachePolicy:          caching,
			// All headers, because only then Authorization is among them. Without Host, because API
			// Gateway answers 403 to a host name that it does not know.
			OriginRequestPolicy: awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
			Compress:            jsii.Bool(false),
			FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
				EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
				Function:  rewrite,
			}},
		},
	}
	responses := make([]*awscloudfront.ErrorResponse, 0, len(keptErrors))
	for _, status := range keptErrors {
		responses = append(responses, &awscloudfront.ErrorResponse{HttpStatus: &status, Ttl: seconds(0)})
	}
	props.ErrorResponses = &responses
	if domain.Name != "" {
		b.underDomain(props)
	}
	distribution := awscloudfront.NewDistribution(b.stack, jsii.String("Edge"), props)
	b.edgeDomain = distribution.DistributionDomainName()
	if domain.Name != "" {
		b.addDomainRecords(distribution)
		b.addOutput("EdgeDomainName", *b.edgeDomain, "Where the name of the stack's domain has to lead, unless the stack has led it there")
		b.edgeDomain = &domain.Name
	}
	if domain.ClientCertificates != noCertificates {
		b.askForCertificates(distribution)
	}
	accept(distribution,
		suppression{
			rule:   "AwsSolutions-CFR1",
			reason: "Charge points roam: where they may connect from is the operator's knowledge, not the stack's.",
		},
		suppression{
			rule:   "AwsSolutions-CFR2",
			reason: "A WAF costs a monthly fee while nothing is connected; webAclArn names one. Who is no known charge point gets no further than the authorizer.",
		},
		suppression{
			rule:   "AwsSolutions-CFR3",
			reason: "Authorize and Connect log every handshake; a bucket of access logs would say the same again.",
		},
	)
	if domain.Name == "" {
		accept(distribution, suppression{
			rule: "AwsSolutions-CFR4",
			reason: "CloudFront lets no security policy be chosen for its own host name and certificate. " +
				"It needs a domain and a certificate of the operator: context values domainName and certificateArn.",
		})
	}
}
