package iot_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiot "github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
)

func TestThings(t *testing.T) {
	w := start(t)
	created, err := w.control.CreateThing(t.Context(), &awsiot.CreateThingInput{ThingName: aws.String("CP:001"),
		AttributePayload: &types.AttributePayload{Attributes: map[string]string{"vendor": "acme"}}})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(created.ThingArn) != "arn:aws:iot:us-east-1:000000000000:thing/CP:001" {
		t.Errorf("ARN %s", *created.ThingArn)
	}
	_, err = w.control.CreateThing(t.Context(), &awsiot.CreateThingInput{ThingName: aws.String("CP:001")})
	wantCode(t, "another CP:001", err, "ResourceAlreadyExistsException", "CP:001")

	_, err = w.control.UpdateThing(t.Context(), &awsiot.UpdateThingInput{ThingName: aws.String("CP:001"), ExpectedVersion: aws.Int64(1),
		AttributePayload: &types.AttributePayload{Attributes: map[string]string{"model": "x"}, Merge: true}})
	if err != nil {
		t.Fatal(err)
	}
	thing, err := w.control.DescribeThing(t.Context(), &awsiot.DescribeThingInput{ThingName: aws.String("CP:001")})
	if err != nil {
		t.Fatal(err)
	}
	if thing.Version != 2 || fmt.Sprint(thing.Attributes) != "map[model:x vendor:acme]" || *thing.ThingId != *created.ThingId ||
		*thing.DefaultClientId != "CP:001" || thing.ThingTypeName != nil {
		t.Errorf("described as %+v", thing)
	}
	_, err = w.control.DeleteThing(t.Context(), &awsiot.DeleteThingInput{ThingName: aws.String("CP:001"), ExpectedVersion: aws.Int64(1)})
	wantCode(t, "deleting version 1", err, "VersionConflictException", "actual: 2")
	if _, err = w.control.DeleteThing(t.Context(), &awsiot.DeleteThingInput{ThingName: aws.String("CP:001")}); err != nil {
		t.Error(err)
	}
	_, err = w.control.DescribeThing(t.Context(), &awsiot.DescribeThingInput{ThingName: aws.String("CP:001")})
	wantCode(t, "what was deleted", err, "ResourceNotFoundException", "CP:001")
	_, err = w.control.CreateThing(t.Context(), &awsiot.CreateThingInput{ThingName: aws.String("a b/c")})
	wantCode(t, "a name with a slash", err, "InvalidRequestException", "pattern")
}

func TestListThings(t *testing.T) {
	w := start(t)
	for i := range 5 {
		if _, err := w.control.CreateThing(t.Context(), &awsiot.CreateThingInput{ThingName: aws.String(fmt.Sprint("CP", i))}); err != nil {
			t.Fatal(err)
		}
	}
	pages, names := 0, ""
	for p := awsiot.NewListThingsPaginator(w.control, &awsiot.ListThingsInput{MaxResults: aws.Int32(2)}); p.HasMorePages(); pages++ {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, thing := range page.Things {
			names += *thing.ThingName + " "
		}
	}
	if pages != 3 || names != "CP0 CP1 CP2 CP3 CP4 " {
		t.Errorf("%d pages with %s", pages, names)
	}
}

func TestThingTypes(t *testing.T) {
	w := start(t)
	if _, err := w.control.CreateThingType(t.Context(), &awsiot.CreateThingTypeInput{ThingTypeName: aws.String("charger"),
		ThingTypeProperties: &types.ThingTypeProperties{ThingTypeDescription: aws.String("charges")}}); err != nil {
		t.Fatal(err)
	}
	described, err := w.control.DescribeThingType(t.Context(), &awsiot.DescribeThingTypeInput{ThingTypeName: aws.String("charger")})
	if err != nil || *described.ThingTypeProperties.ThingTypeDescription != "charges" || described.ThingTypeMetadata.CreationDate.IsZero() {
		t.Errorf("%+v, %v", described, err)
	}
}

func TestEventConfigurations(t *testing.T) {
	w := start(t)
	if _, err := w.control.UpdateEventConfigurations(t.Context(), &awsiot.UpdateEventConfigurationsInput{
		EventConfigurations: map[string]types.Configuration{"THING": {Enabled: true}}}); err != nil {
		t.Fatal(err)
	}
	described, err := w.control.DescribeEventConfigurations(t.Context(), &awsiot.DescribeEventConfigurationsInput{})
	if err != nil || !described.EventConfigurations["THING"].Enabled || described.EventConfigurations["THING_GROUP"].Enabled {
		t.Errorf("%+v, %v", described, err)
	}
}

func TestEndpointAndPolicy(t *testing.T) {
	w := start(t)
	endpoint, err := w.control.DescribeEndpoint(t.Context(), &awsiot.DescribeEndpointInput{EndpointType: aws.String("iot:Data-ATS")})
	if err != nil || *endpoint.EndpointAddress != "127.0.0.1:4566" {
		t.Errorf("%+v, %v", endpoint, err)
	}
	_, err = w.control.DescribeEndpoint(t.Context(), &awsiot.DescribeEndpointInput{EndpointType: aws.String("iot:Jobs")})
	wantCode(t, "the endpoint of jobs", err, "InvalidRequestException", "iot:Jobs")
	policy, err := w.control.GetPolicy(t.Context(), &awsiot.GetPolicyInput{PolicyName: aws.String("AwsOcppGatewayStack-Policy")})
	if err != nil || *policy.PolicyDocument != `{"Version":"2012-10-17","Statement":[]}` {
		t.Errorf("%+v, %v", policy, err)
	}
	list, err := w.control.ListPolicies(t.Context(), &awsiot.ListPoliciesInput{})
	if err != nil || len(list.Policies) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = w.control.GetPolicy(t.Context(), &awsiot.GetPolicyInput{PolicyName: aws.String("none")})
	wantCode(t, "a missing policy", err, "ResourceNotFoundException", "none")
}

func TestOperationsThatAreNot(t *testing.T) {
	w := start(t)
	_, err := w.control.CreateKeysAndCertificate(t.Context(), &awsiot.CreateKeysAndCertificateInput{})
	wantCode(t, "an operation that is not here", err, "UnknownOperationException", "/keys-and-certificate")

	recorder := httptest.NewRecorder()
	w.core.Control.ServeHTTP(recorder, httptest.NewRequest("PUT", "/things/CP001", nil))
	if recorder.Code != http.StatusMethodNotAllowed || recorder.Header().Get("x-amzn-ErrorType") != "MethodNotAllowedException" {
		t.Errorf("PUT: %d %s", recorder.Code, recorder.Body)
	}
	recorder = httptest.NewRecorder()
	w.core.Control.ServeHTTP(recorder, httptest.NewRequest("POST", "/things/CP001", http.NoBody))
	if recorder.Code != http.StatusOK {
		t.Errorf("CreateThing without a body: %d %s", recorder.Code, recorder.Body)
	}
}
