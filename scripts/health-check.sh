#!/usr/bin/env bash
# Looks at a stack and prints what is wrong with it and what to do. Made for a daily run, or a run after a deployment.
# usage: scripts/health-check.sh [stack name]      (default AwsOcppGatewayStack)
# Exit status: 0 nothing found, 1 something found, 2 it could not look.
# With AWS_ENDPOINT_URL it looks at the stand-in, and says what it skipped there. HTTP_API_URL is the HTTP API's address where
# there is no CloudFormation to ask. ERRORS_ALLOWED (default 10) error lines in an hour are no finding.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=scripts/awscli.sh
. ./awscli.sh

stack=${1:-AwsOcppGatewayStack}
errors_allowed=${ERRORS_ALLOWED:-10}
backlog_allowed=1000 # messages: seconds of work for the processor, not minutes
functions="Api Authorize Campaign Canary Census Connect Console Disconnect Message OCPPMessageProcessor Outbound Registry Timer"
tables="CampaignTable ChargePointTable CommandTable ConnectorTable IdempotencyTable MessageTable MeterValueTable ReportTable ReservationTable TokenTable TransactionTable VariableTable"
queues="IncomingMessages.fifo Timers Campaigns"
dead_letter_queues="DeadLetterQueueForIncomingMessages.fifo DeadLetterQueueForTimers DeadLetterQueueForCampaigns DeadLetterQueueForIoTEvents"
guide=docs/troubleshooting.md

findings=0
skipped=""
ok() { printf 'ok       %s\n' "$1"; }
finding() { # what, what to do
	findings=$((findings + 1))
	printf 'FINDING  %s\n         do: %s\n' "$1" "$2"
}
# skip notes what the stand-in does not have; every other failure to look ends the script.
skip() { # what, error text
	if has_service "$2"; then
		echo "cannot look at $1: $(short "$2")" >&2
		exit 2
	fi
	skipped="$skipped${skipped:+, }$1"
}

caller=$(cli sts get-caller-identity --query Arn --output text 2>&1) || { echo "no AWS to look at: $(short "$caller")" >&2; exit 2; }
echo "Stack $stack, as $caller"

if said=$(cli cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text 2>&1); then
	case $said in
	CREATE_COMPLETE | UPDATE_COMPLETE) ok "stack: $said" ;;
	*) finding "stack: $said" "aws cloudformation describe-stack-events --stack-name $stack; $guide#deployment-issues" ;;
	esac
elif [[ $said == *"does not exist"* ]]; then
	finding "there is no stack $stack" "deploy it (docs/deployment.md), or give the name of another: scripts/health-check.sh NAME"
	exit 1
else
	skip "stack status (CloudFormation)" "$said"
fi

for name in $functions; do
	if said=$(cli lambda get-function-configuration --function-name "$stack-$name" --query '[State,LastUpdateStatus]' --output text 2>&1); then
		read -r state update <<<"$said"
		if [[ $state == Active || $state == Inactive ]] && [[ $update == Successful ]]; then # Inactive: not called for weeks
			ok "function $stack-$name"
		else
			finding "function $stack-$name is $state, its last update $update" "deploy again: npx cdk deploy; $guide#lambda-function-errors"
		fi
	elif [[ $said == *ResourceNotFoundException* ]]; then
		finding "function $stack-$name is missing" "deploy again: npx cdk deploy"
	else
		skip "function $name" "$said"
	fi
done

for name in $tables; do
	if said=$(cli dynamodb describe-table --table-name "$stack-$name" --query Table.TableStatus --output text 2>&1); then
		if [[ $said == ACTIVE ]]; then
			ok "table $stack-$name"
		else
			finding "table $stack-$name is $said" "wait while it is CREATING or UPDATING, then look again"
		fi
	elif [[ $said == *ResourceNotFoundException* ]]; then
		finding "table $stack-$name is missing" "deploy again, or restore it: docs/deployment.md#restore"
		continue
	else
		skip "table $name" "$said"
		continue
	fi
	if said=$(cli dynamodb describe-continuous-backups --table-name "$stack-$name" \
		--query ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus --output text 2>&1); then
		[[ $said == ENABLED ]] || finding "table $stack-$name has no point-in-time recovery" "aws dynamodb update-continuous-backups --table-name $stack-$name --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
	else
		skip "backups of $name" "$said"
	fi
done

# depth prints how many messages wait in a queue, and how many are being worked on.
depth() {
	local url
	url=$(cli sqs get-queue-url --queue-name "$stack-$1" --query QueueUrl --output text) &&
		cli sqs get-queue-attributes --queue-url "$url" --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible \
			--query 'Attributes.[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]' --output text
}
for name in $queues; do
	if said=$(depth "$name" 2>&1); then
		read -r waiting working <<<"$said"
		if ((waiting > backlog_allowed)); then
			finding "queue $stack-$name: $waiting messages wait" "$guide#sqs-message-processing-failures"
		else
			ok "queue $stack-$name: $waiting waiting, $working being worked on"
		fi
	else
		finding "queue $stack-$name cannot be read: $(short "$said")" "deploy again: npx cdk deploy"
	fi
done
for name in $dead_letter_queues; do
	if said=$(depth "$name" 2>&1); then
		read -r waiting working <<<"$said"
		if ((waiting + working > 0)); then
			finding "queue $stack-$name: $((waiting + working)) dead letters" "find the cause in the logs, mend it, then scripts/redrive.sh $stack-$name; $guide#alarm-dead-letters"
		else
			ok "queue $stack-$name: no dead letters"
		fi
	else
		finding "queue $stack-$name cannot be read: $(short "$said")" "deploy again: npx cdk deploy"
	fi
done

if said=$(cli iot describe-event-configurations --query 'eventConfigurations.THING.Enabled' --output text 2>&1); then
	if [[ $said == True ]]; then
		ok "thing events are on"
	else
		finding "thing events are off in this account and Region: new Things get a row only when they connect, deleted ones keep theirs" \
			"aws iot update-event-configurations --event-configurations THING={Enabled=true}"
	fi
else
	skip "thing events" "$said"
fi

hour_ago=$((($(date +%s) - 3600) * 1000))
for name in $functions; do
	if said=$(cli logs filter-log-events --log-group-name "/aws/lambda/$stack-$name" --filter-pattern '{ $.level = "ERROR" }' \
		--start-time "$hour_ago" --max-items 1000 --query 'events[].eventId' --output text 2>&1); then
		lines=$(wc -w <<<"$said")
		[[ $said == None ]] && lines=0
		if ((lines > errors_allowed)); then
			finding "$lines error lines of $stack-$name in the last hour" "aws logs filter-log-events --log-group-name /aws/lambda/$stack-$name --filter-pattern ERROR --start-time $hour_ago; $guide#lambda-function-errors"
		else
			ok "log of $stack-$name: $lines error lines in the last hour"
		fi
	else
		skip "error lines (CloudWatch Logs)" "$said"
		break
	fi
done

if said=$(cli cloudwatch describe-alarms --alarm-name-prefix "$stack-OCPP" --state-value ALARM --query 'MetricAlarms[].[AlarmName,StateReason]' --output text 2>&1); then
	while IFS=$'\t' read -r alarm reason; do
		[[ -z $alarm || $alarm == None ]] || finding "alarm $alarm: $reason" "$guide#alarms"
	done <<<"$said"
	[[ -n $said && $said != None ]] || ok "no alarm"
else
	skip "alarms (CloudWatch)" "$said"
fi

url=${HTTP_API_URL:-}
if [[ -z $url ]]; then
	url=$(stack_output "$stack" HttpApiUrl 2>&1) || { skip "HTTP API (set HTTP_API_URL)" "$url"; url=""; }
fi
if [[ -n $url ]]; then
	status=$(signed_curl -o /dev/null -w '%{http_code}' --max-time 20 "$url/health") || status="no answer"
	case $status in
	200) ok "HTTP API $url" ;;
	403) finding "HTTP API $url refuses these credentials" "allow the caller execute-api:Invoke, and export the credentials (docs/troubleshooting.md#point-the-commands)" ;;
	*) finding "HTTP API $url: $status" "aws logs filter-log-events --log-group-name /aws/lambda/$stack-Api --start-time $hour_ago" ;;
	esac
fi

[[ -z $skipped ]] || echo "skipped, because the stand-in does not have it: $skipped"
if ((findings > 0)); then
	echo "$findings findings"
	exit 1
fi
echo "nothing found"
