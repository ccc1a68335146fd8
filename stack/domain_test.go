package main

import (
	"reflect"
	"slices"
	"testing"
)

// distributionOf is the configuration of a template's one distribution.
func distributionOf(t *testing.T, s synthesized) map[string]any {
	t.Helper()
	for _, r := range s.template.ofType("AWS::CloudFront::Distribution") {
		return r.properties["DistributionConfig"].(map[string]any)
	}
	t.Fatal("the template has no distribution")
	return nil
}

func TestDomain(t *testing.T) {
	config := distributionOf(t, other())
	if got := config["Aliases"]; !reflect.DeepEqual(got, []any{"ocpp.example.com"}) {
		t.Errorf("the distribution is known as %v", got)
	}
	want := map[string]any{
		"AcmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1-2", "SslSupportMethod": "sni-only",
		"MinimumProtocolVersion": "TLSv1.2_2018",
	}
	if got := config["ViewerCertificate"]; !reflect.DeepEqual(got, want) {
		t.Errorf("the distribution speaks TLS as %v, want %v", got, want)
	}
	var kinds []string
	for id, r := range other().template.ofType("AWS::Route53::RecordSet") {
		if r.properties["Name"] != "ocpp.example.com" || r.properties["HostedZoneId"] != "Z0123456789" {
			t.Errorf("%s is %v", id, r.properties)
		}
		kinds = append(kinds, r.properties["Type"].(string))
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"A", "AAAA"}) {
		t.Errorf("the name leads to the distribution by records of the types %v", kinds)
	}
	if url := other().template["Outputs"].(map[string]any)["WebSocketURL"].(map[string]any)["Value"]; url != "wss://ocpp.example.com" {
		t.Errorf("charge points are told to connect to %v", url)
	}
}

// A stack in the Region of CloudFront's certificates makes its own.
func TestCertificateOfTheStack(t *testing.T) {
	s := synthesize(map[string]any{
		"stackName": "Certified", "domainName": "ocpp.example.com", "hostedZoneId": "Z0123456789", "alarms": "false",
	}, map[string]string{"CDK_DEPLOY_ACCOUNT": "123456789012", "CDK_DEPLOY_REGION": "us-east-1"})
	certificates := s.template.ofType("AWS::CertificateManager::Certificate")
	for id, r := range certificates {
		want := []any{map[string]any{"DomainName": "ocpp.example.com", "HostedZoneId": "Z0123456789"}}
		if got := r.properties["DomainValidationOptions"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is validated by %v, want %v", id, got, want)
		}
		if got := distributionOf(t, s)["ViewerCertificate"].(map[string]any)["AcmCertificateArn"]; !reflect.DeepEqual(got, map[string]any{"Ref": id}) {
			t.Errorf("the distribution has the certificate %v, want %s", got, id)
		}
	}
	if len(certificates) != 1 {
		t.Errorf("the stack makes %d certificates, want one", len(certificates))
	}
	for _, kind := range []string{"AWS::CloudWatch::Alarm", "AWS::SNS::Topic"} {
		if found := s.template.ofType(kind); len(found) != 0 {
			t.Errorf("without alarms the stack has %d of %s", len(found), kind)
		}
	}
}

func TestClientCertificates(t *testing.T) {
	if got, has := distributionOf(t, byDefault())["ViewerMtlsConfig"]; has {
		t.Errorf("by default the edge asks for certificates: %v", got)
	}
	config := distributionOf(t, other())
	mtls, asks := config["ViewerMtlsConfig"].(map[string]any)
	if !asks || mtls["Mode"] != "required" {
		t.Fatalf("the edge asks for certificates as %v", mtls)
	}
	for id, r := range other().template.ofType("AWS::CloudFront::TrustStore") {
		if want := map[string]any{"TrustStoreId": map[string]any{"Fn::GetAtt": []any{id, "Id"}}}; !reflect.DeepEqual(mtls["TrustStoreConfig"], want) {
			t.Errorf("the edge trusts %v, want %v", mtls["TrustStoreConfig"], want)
		}
		source := r.properties["CaCertificatesBundleSource"].(map[string]any)["CaCertificatesBundleS3Location"]
		if want := map[string]any{"Bucket": "depot", "Key": "authorities/ocpp.pem", "Region": "eu-central-1"}; !reflect.DeepEqual(source, want) {
			t.Errorf("the authorities are read from %v, want %v", source, want)
		}
	}
	// Only headers that a policy names are sure to reach the edge function.
	for id, r := range other().template.ofType("AWS::CloudFront::CachePolicy") {
		named := r.properties["CachePolicyConfig"].(map[string]any)["ParametersInCacheKeyAndForwardedToOrigin"].(map[string]any)["HeadersConfig"].(map[string]any)["Headers"]
		if want := []any{"CloudFront-Viewer-Cert-Present", "CloudFront-Viewer-Cert-Subject"}; !reflect.DeepEqual(named, want) {
			t.Errorf("the policy names %v, want %v", named, want)
		}
		if got := config["DefaultCacheBehavior"].(map[string]any)["CachePolicyId"]; !reflect.DeepEqual(got, map[string]any{"Ref": id}) {
			t.Errorf("the edge caches by %v", got)
		}
	}
}

func TestWhoMayCallTheHTTPAPI(t *testing.T) {
	for want, s := range map[string]synthesized{"AWS_IAM": byDefault(), "JWT": other()} {
		for id, r := range s.template.ofType("AWS::ApiGatewayV2::Route") {
			switch key := r.properties["RouteKey"].(string); key {
			case "$default":
				if got := r.properties["AuthorizationType"]; got != want && r.properties["Target"] != nil && isHTTP(s, r) {
					t.Errorf("%s is authorized by %v, want %s", id, got, want)
				}
			case "OPTIONS /{proxy+}": // browsers ask without credentials
				if s.properties.HTTP.CORSOrigins == nil || r.properties["AuthorizationType"] != "NONE" {
					t.Errorf("%s is open, and no web site is named: %v", id, r.properties)
				}
			case "GET /console", "GET /console/{proxy+}": // files without data
				if r.properties["AuthorizationType"] != "NONE" {
					t.Errorf("nobody could open the console to sign in: %v", r.properties)
				}
			case "$connect", "$disconnect":
			default:
				t.Errorf("%s leads %s somewhere", id, key)
			}
		}
	}
	for id, r := range other().template.ofType("AWS::ApiGatewayV2::Authorizer") {
		if r.properties["AuthorizerType"] != "JWT" {
			continue
		}
		want := map[string]any{"Audience": []any{"depot", "fleet"}, "Issuer": "https://login.example.com/pool"}
		if got := r.properties["JwtConfiguration"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s takes tokens of %v, want %v", id, got, want)
		}
	}
}

// isHTTP tells whether a route belongs to the HTTP API.
func isHTTP(s synthesized, route templateResource) bool {
	api := route.properties["ApiId"].(map[string]any)["Ref"].(string)
	return s.template.resources()[api].properties["ProtocolType"] == "HTTP"
}

func TestThrottles(t *testing.T) {
	for id, r := range byDefault().template.ofType("AWS::ApiGatewayV2::Stage") {
		if got, has := r.properties["DefaultRouteSettings"]; has {
			t.Errorf("by default %s is throttled: %v", id, got)
		}
	}
	rates := make(map[any]bool)
	for _, r := range other().template.ofType("AWS::ApiGatewayV2::Stage") {
		settings := r.properties["DefaultRouteSettings"].(map[string]any)
		if settings["ThrottlingRateLimit"] != settings["ThrottlingBurstLimit"] {
			t.Errorf("the burst is not that of a second: %v", settings)
		}
		rates[settings["ThrottlingRateLimit"]] = true
	}
	if want := map[any]bool{500.0: true, 50.0: true}; !reflect.DeepEqual(rates, want) {
		t.Errorf("the stages are throttled to %v, want %v", rates, want)
	}
}

func TestMemoryTimeoutTracing(t *testing.T) {
	for _, test := range []struct {
		s               synthesized
		folder          string
		memory, timeout float64
		tracing         any
	}{
		{byDefault(), "processor", 256, 20, map[string]any{"Mode": "Active"}},
		{byDefault(), "message", 256, 20, map[string]any{"Mode": "Active"}},
		{other(), "processor", 512, 29, nil},
		{other(), "message", 512, 20, nil},
		{other(), "api", 512, 29, nil},
	} {
		f := test.s.template.function(t, test.folder)
		if f["MemorySize"] != test.memory || f["Timeout"] != test.timeout || !reflect.DeepEqual(f["TracingConfig"], test.tracing) {
			t.Errorf("%s of %s has %v MB, %v s and tracing %v", test.folder, test.s.properties.StackName, f["MemorySize"], f["Timeout"], f["TracingConfig"])
		}
	}
}
