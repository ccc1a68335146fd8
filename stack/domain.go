package main

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/jsii-runtime-go"
)

// Domain is where charge points connect. Only under a name of the operator can CloudFront be told which versions and
// cipher suites of TLS to take, and to ask for certificates.
type Domain struct {
	// Name (context domainName, default none) is the host name that charge points connect to, such as
	// ocpp.example.com. Without it they use the one that CloudFront gives, with the TLS that CloudFront chooses.
	Name string

	// CertificateARN (context certificateArn, default none) is a certificate of ACM in us-east-1 for that name. Without
	// it the stack makes one, if it is in us-east-1 itself and hostedZoneId lets it prove whose the name is.
	CertificateARN string

	// HostedZoneID (context hostedZoneId, default none) is the zone of Route 53 to which the name is added. Without it
	// the operator points the name at the output EdgeDomainName.
	HostedZoneID string

	// ClientCertificates (context clientCertificates, none, optional or required, default none) has the edge ask charge
	// points for certificates, as OCPP security profile 3 wants it. Whoever shows one that no trusted authority signed
	// is refused; with required, also whoever shows none.
	ClientCertificates string

	// ClientAuthorities (context clientAuthorities, s3://<bucket>/<key>, default none) are the trusted authorities: a PEM
	// file of CA certificates in a bucket of the stack's Region. The common name of a charge point's certificate is
	// its identity.
	ClientAuthorities string
}

// Values of Domain.ClientCertificates. The last two are the words of CloudFront, too.
const (
	noCertificates       = "none"
	certificatesOptional = "optional"
	certificatesRequired = "required"
)

// certificateRegion is where CloudFront takes certificates from, wherever a stack is.
const certificateRegion = "us-east-1"

var (
	hostNames         = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	edgeCertificates  = regexp.MustCompile(`^arn:aws[a-z-]*:acm:` + certificateRegion + `:[0-9]{12}:certificate/[A-Za-z0-9-]+$`)
	hostedZones       = regexp.MustCompile(`^Z[A-Z0-9]{1,31}$`)
	objectsOfS3       = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+$`)
	edgeHostedZone    = "Z2FDTNDATAQYW2" // of every distribution, by the documentation of AliasTarget
	certificateFields = []string{"CloudFront-Viewer-Cert-Present", "CloudFront-Viewer-Cert-Subject"}
)

// domain reads the properties of the domain of a stack in a Region, "" if that is not known yet.
func (r *reader) domain(region string) Domain {
	d := Domain{
		Name:               r.matching("domainName", hostNames, "a host name in lower case, such as ocpp.example.com"),
		CertificateARN:     r.matching("certificateArn", edgeCertificates, "the ARN of a certificate of ACM in "+certificateRegion),
		HostedZoneID:       r.matching("hostedZoneId", hostedZones, "the id of a hosted zone of Route 53, such as Z0123456789ABCDEFGHIJ"),
		ClientCertificates: r.choice("clientCertificates", noCertificates, noCertificates, certificatesOptional, certificatesRequired),
		ClientAuthorities:  r.matching("clientAuthorities", objectsOfS3, "s3://<bucket>/<key>"),
	}
	for _, key := range []string{"certificateArn", "hostedZoneId", "clientAuthorities"} {
		if r.text(key, "") != "" {
			r.needs(key, "domainName")
		}
	}
	switch asks := d.ClientCertificates != noCertificates; {
	case asks && d.ClientAuthorities == "":
		r.refuse("clientCertificates", d.ClientCertificates, "none where clientAuthorities is not given")
	case !asks && d.ClientAuthorities != "":
		r.refuse("clientAuthorities", d.ClientAuthorities, "left out where clientCertificates is none")
	case d.Name != "" && d.CertificateARN == "" && (d.HostedZoneID == "" || region != certificateRegion):
		r.refuse("domainName", d.Name, "given together with certificateArn, unless hostedZoneId is given and CDK_DEPLOY_REGION is "+certificateRegion)
	}
	return d
}

// underDomain gives the distribution the operator's name. TLSv1.2_2018 is the newest of CloudFront's policies that still
// has TLS_RSA_WITH_AES_128_GCM_SHA256 and TLS_RSA_WITH_AES_256_GCM_SHA384 beside the ECDHE suites. OCPP's security
// profiles 2 and 3 name these four, and a charge point may have the RSA ones alone.
func (b *backend) underDomain(props *awscloudfront.DistributionProps) {
	domain := b.properties.Domain
	arn := &domain.CertificateARN
	if domain.CertificateARN == "" {
		arn = awscertificatemanager.NewCfnCertificate(b.stack, jsii.String("Certificate"), &awscertificatemanager.CfnCertificateProps{
			DomainName:       &domain.Name,
			ValidationMethod: jsii.String("DNS"),
			DomainValidationOptions: []any{&awscertificatemanager.CfnCertificate_DomainValidationOptionProperty{
				DomainName: &domain.Name, HostedZoneId: &domain.HostedZoneID,
			}},
		}).Ref()
	}
	props.DomainNames = jsii.Strings(domain.Name)
	props.Certificate = awscertificatemanager.Certificate_FromCertificateArn(b.stack, jsii.String("EdgeCertificate"), arn)
	props.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2018
	props.SslSupportMethod = awscloudfront.SSLMethod_SNI
	if domain.ClientCertificates != noCertificates {
		// What CloudFront wants for client certificates. It speaks HTTP/1.1 as well, with whoever asks for it as a WebSocket client does.
		props.HttpVersion = awscloudfront.HttpVersion_HTTP2
	}
}

// addDomainRecords leads the name to the distribution, in IPv4 and IPv6.
func (b *backend) addDomainRecords(distribution awscloudfront.Distribution) {
	domain := b.properties.Domain
	if domain.HostedZoneID == "" {
		return
	}
	for _, kind := range []string{"A", "AAAA"} {
		awsroute53.NewCfnRecordSet(b.stack, jsii.String("EdgeRecord"+kind), &awsroute53.CfnRecordSetProps{
			HostedZoneId: &domain.HostedZoneID,
			Name:         &domain.Name,
			Type:         &kind,
			AliasTarget: &awsroute53.CfnRecordSet_AliasTargetProperty{
				DnsName: distribution.DistributionDomainName(), HostedZoneId: &edgeHostedZone,
			},
		})
	}
}

// certificateCaching is the cache policy of a distribution that asks for certificates: like CachingDisabled, but it names
// CloudFront's headers about the certificate, for only headers that a policy names are sure to be there for the edge
// function and the origin. A policy that names headers may not forbid caching altogether; nothing is cached all the
// same, because no answer of the WebSocket API says for how long it may be.
func (b *backend) certificateCaching() awscloudfront.ICachePolicy {
	return awscloudfront.NewCachePolicy(b.stack, jsii.String("EdgeCaching"), &awscloudfront.CachePolicyProps{
		CachePolicyName: jsii.String(*b.name("Edge-") + *b.stack.Region()),
		Comment:         jsii.String("Caches nothing, and names what CloudFront tells about client certificates"),
		DefaultTtl:      seconds(0),
		MinTtl:          seconds(0),
		MaxTtl:          seconds(1),
		HeaderBehavior:  awscloudfront.CacheHeaderBehavior_AllowList(*jsii.Strings(certificateFields...)...),
	})
}

// askForCertificates lets the distribution take the certificates of charge points that the authorities have signed.
func (b *backend) askForCertificates(distribution awscloudfront.Distribution) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(b.properties.Domain.ClientAuthorities, "s3://"), "/")
	store := awscloudfront.NewCfnTrustStore(b.stack, jsii.String("ClientAuthorities"), &awscloudfront.CfnTrustStoreProps{
		// With the Region, because CloudFront knows none.
		Name: jsii.String(*b.name("ClientAuthorities-") + *b.stack.Region()),
		CaCertificatesBundleSource: &awscloudfront.CfnTrustStore_CaCertificatesBundleSourceProperty{
			CaCertificatesBundleS3Location: &awscloudfront.CfnTrustStore_CaCertificatesBundleS3LocationProperty{
				Bucket: &bucket, Key: &key, Region: b.stack.Region(),
			},
		},
	})
	// The distribution's own construct does not know of it yet.
	distribution.Node().DefaultChild().(awscdk.CfnResource).AddPropertyOverride(jsii.String("DistributionConfig.ViewerMtlsConfig"), map[string]any{
		"Mode":             b.properties.Domain.ClientCertificates,
		"TrustStoreConfig": map[string]any{"TrustStoreId": store.AttrId()},
	})
}
