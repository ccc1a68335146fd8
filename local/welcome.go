package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// welcome says where everything is, and three commands to copy that end in a charge point that charges.
func welcome(w io.Writer, options cloud.Options, running *cloud.Cloud) {
	addresses := running.Addresses()
	var text strings.Builder
	say := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }

	say("")
	say("  Charge points   %s/CP001   (the stage itself: %s?chargePointId=CP001)", addresses.ChargePoints, addresses.Stage)
	say("  HTTP API        %s", addresses.HTTP)
	say("  AWS APIs        %s   (aws --endpoint-url %s …)", addresses.AWS, addresses.AWS)
	say("  MQTT            %s   (topics CP001/in, CP001/out)", addresses.MQTT)
	if options.DataDir != "" {
		say("  State           %s", options.DataDir)
	}
	say("")
	if differences := options.Differences(); len(differences) > 0 {
		say("Unlike the deployed stack:")
		for _, sentence := range differences {
			say("  - %s", sentence)
		}
		if !options.Auth {
			say("  With -auth it is as deployed.")
		}
		say("")
	}
	curl := "curl"
	if options.Auth {
		admin := running.Administrator()
		say("The HTTP API demands signed calls. Credentials of an administrator, until the end of this run:")
		say("  %s", export(admin.AccessKeyID, admin.SecretAccessKey))
		say("")
		curl = fmt.Sprintf(`curl --aws-sigv4 aws:amz:%s:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`, cloud.Region)
	}
	request := func(method, path, body string) string {
		return fmt.Sprintf("%s -X %s %s%s -H 'Content-Type: application/json' -d '%s'", curl, method, addresses.HTTP, path, body)
	}
	connect := fmt.Sprintf("npx wscat -c %s/CP001 -s ocpp1.6", addresses.ChargePoints)
	if options.Auth {
		say("1. Make a charge point known, and an id tag; the first answer holds the charge point's key:")
		say("     %s", request("POST", "/charge-points", `{"chargePointId":"CP001","key":true}`))
		say("     %s", request("PUT", "/tokens/test", `{"status":"Accepted"}`))
		connect += " --auth CP001:KEY"
	} else {
		say("1. Make a charge point known:")
		say("     %s", request("POST", "/charge-points", `{"chargePointId":"CP001"}`))
		say("   or with the AWS CLI, which wants some credentials and a Region (any will do):")
		say("     %s", export("local", "local"))
		say("     aws --endpoint-url %s iot create-thing --thing-name CP001", addresses.AWS)
	}
	say("2. Connect it, with this or any OCPP charge point or simulator:")
	say("     %s", connect)
	say(`   It begins with [2,"1","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`)
	say("3. Start charging:")
	say("     %s", request("POST", "/remote-start", `{"chargePointId":"CP001","idTag":"test"}`))
	say("")
	// Standard output that is gone is no reason to end.
	_, _ = io.WriteString(w, text.String())
}

// export sets what AWS tools look for: the AWS CLI reads AWS_DEFAULT_REGION, most SDKs AWS_REGION.
func export(accessKeyID, secretAccessKey string) string {
	return fmt.Sprintf("export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_REGION=%s AWS_DEFAULT_REGION=%s",
		accessKeyID, secretAccessKey, cloud.Region, cloud.Region)
}
