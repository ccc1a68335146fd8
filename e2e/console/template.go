package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// takingTokens writes the template as it is for a stack with the property httpApiJwtIssuer: its HTTP API takes tokens
// instead of signatures. The property itself would not do, for it wants an issuer with https.
func takingTokens(from, to, issuer string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var template map[string]any
	if err := json.Unmarshal(text, &template); err != nil {
		return err
	}
	resources, _ := template["Resources"].(map[string]any)
	changed := 0
	for _, resource := range resources {
		properties, _ := resource.(map[string]any)["Properties"].(map[string]any)
		if properties["RouteKey"] != "$default" || properties["AuthorizationType"] != "AWS_IAM" {
			continue
		}
		changed++
		properties["AuthorizationType"], properties["AuthorizerId"] = "JWT", map[string]any{"Ref": "Tokens"}
		resources["Tokens"] = map[string]any{"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": map[string]any{
			"ApiId": properties["ApiId"], "AuthorizerType": "JWT", "Name": "Tokens", "IdentitySource": []string{"$request.header.Authorization"},
			"JwtConfiguration": map[string]any{"Issuer": issuer, "Audience": []string{"depot"}},
		}}
	}
	if changed != 1 {
		return fmt.Errorf("%s has %d routes $default that take signatures, want 1", from, changed)
	}
	if text, err = json.Marshal(template); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}
