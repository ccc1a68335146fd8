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

at_once=8 # calls side by side; each is a program of its own
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# look runs a look beside the others. What it prints is shown in the order of the looks.
looks=0
look() { # function, its arguments
	looks=$((looks + 1))
	"$@" >"$work/$(printf %03d $looks)" 2>&1 &
	((looks % at_once != 0)) || wait
}
ok() { printf 'ok       %s\n' "$1"; }
finding() { printf 'FINDING  %s\n         do: %s\n' "$1" "$2"; } # what, what to do
# skip notes what the stand-in does not have; every other failure to look ends the script.
skip() { # what, error text
	if has_service "$2"; then
		printf 'FAILED   %s: %s\n' "$1" "$(short "$2")"
	else
		printf 'SKIPPED  %s\n' "$1"
	fi
}

look_at_function() { # name
	local said state update
	if said=$(cli lambda get-function-configuration --function-name "$stack-$1" --query '[State,LastUpdateStatus]' --output text 2>&1); then
		read -r state update <<<"$said"
		if [[ $state == Active || $state == Inactive ]] && [[ $update == Successful ]]; then # Inactive: not called for weeks
			ok "function $stack-$1"
		else
			finding "function $stack-$1 is $state, its last update $update" "deploy again: npx cdk deploy; $guide#lambda-function-errors"
		fi
	elif [[ $said == *ResourceNotFoundException* ]]; then
		finding "function $stack-$1 is missing" "deploy again: npx cdk deploy"
	else
		skip "function $1" "$said"
	fi
}

look_at_table() { # name
	local said
	if said=$(cli dynamodb describe-table --table-name "$stack-$1" --query Table.TableStatus --output text 2>&1); then
		if [[ $said == ACTIVE ]]; then
			ok "table $stack-$1"
		else
			finding "table $stack-$1 is $said" "wait while it is CREATING or UPDATING, then look again"
		fi
	elif [[ $said == *ResourceNotFoundException* ]]; then
		finding "table $stack-$1 is missing" "deploy again, or restore it: docs/deployment.md#restore"
		return
	else
		skip "table $1" "$said"
		return
	fi
	if said=$(cli dynamodb describe-continuous-backups --table-name "$stack-$1" \
		--query ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus --output text 2>&1); then
		[[ $said == ENABLED ]] || finding "table $stack-$1 has no point-in-time recovery" "aws dynamodb update-continuous-backups --table-name $stack-$1 --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
	else
		skip "backups of $1" "$said"
	fi
}

# look_at_queue tells of too many waiting messages; a dead letter queue should have none.
look_at_queue() { # name, URLs of the stack's queues
	local url said waiting working
	url=$(tr '\t' '\n' <<<"$2" | grep "/$stack-$1\$") || { finding "queue $stack-$1 is missing" "deploy again: npx cdk deploy"; return; }
	if ! said=$(cli sqs get-queue-attributes --queue-url "$url" --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible \
		--query 'Attributes.[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]' --output text 2>&1); then
		skip "queue $1" "$said"
		return
	fi
	read -r waiting working <<<"$said"
	if [[ " $dead_letter_queues " == *" $1 "* ]]; then
		if ((waiting + working > 0)); then
			finding "queue $stack-$1: $((waiting + working)) dead letters" "find the cause in the logs, mend it, then scripts/redrive.sh $stack-$1; $guide#alarm-dead-letters"
		else
			ok "queue $stack-$1: no dead letters"
		fi
	elif ((waiting > backlog_allowed)); then
		finding "queue $stack-$1: $waiting messages wait" "$guide#sqs-message-processing-failures"
	else
		ok "queue $stack-$1: $waiting waiting, $working being worked on"
	fi
}

look_at_thing_events() {
	local said
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
}

# look_at_logs asks Logs Insights once about all functions: page by page the lines of a large fleet would take minutes.
look_at_logs() {
	local id state groups="" name lines now
	for name in $functions; do groups="$groups /aws/lambda/$stack-$name"; done
	now=$(date +%s)
	# shellcheck disable=SC2086 # a list
	if ! id=$(cli logs start-query --log-group-names $groups --start-time $((now - 3600)) --end-time "$now" --query queryId --output text \
		--query-string 'filter level = "ERROR" | stats count(*) as lines by function | sort function asc' 2>&1); then
		skip "error lines (CloudWatch Logs)" "$id"
		return
	fi
	for _ in $(seq 60); do
		state=$(cli logs get-query-results --query-id "$id" --query status --output text 2>&1) || break
		[[ $state == Running || $state == Scheduled ]] || break
		sleep 1
	done
	if [[ $state != Complete ]]; then
		printf 'FAILED   error lines: the query of Logs Insights ended with %s\n' "$(short "$state")"
		return
	fi
	cli logs get-query-results --query-id "$id" --query "results[*].[[?field=='function'].value|[0],[?field=='lines'].value|[0]]" --output text |
		while read -r name lines; do
			if ((lines > errors_allowed)); then
				finding "$lines error lines of $name in the last hour" "aws logs filter-log-events --log-group-name /aws/lambda/$name --filter-pattern ERROR --start-time $((now - 3600))000; $guide#lambda-function-errors"
			else
				ok "log of $name: $lines error lines in the last hour"
			fi
		done
	ok "error lines of the last hour are counted"
}

look_at_alarms() {
	local said alarm reason
	if ! said=$(cli cloudwatch describe-alarms --alarm-name-prefix "$stack-OCPP" --state-value ALARM --query 'MetricAlarms[].[AlarmName,StateReason]' --output text 2>&1); then
		skip "alarms (CloudWatch)" "$said"
		return
	fi
	while IFS=$'\t' read -r alarm reason; do
		[[ -z $alarm || $alarm == None ]] || finding "alarm $alarm: $reason" "$guide#alarms"
	done <<<"$said"
	[[ -n $said && $said != None ]] || ok "no alarm"
}

look_at_http_api() {
	local url=${HTTP_API_URL:-} status
	if [[ -z $url ]]; then
		url=$(stack_output "$stack" HttpApiUrl 2>&1) || { skip "HTTP API (set HTTP_API_URL)" "$url"; return; }
	fi
	status=$(signed_curl -o /dev/null -w '%{http_code}' --max-time 20 "$url/health") || status="no answer"
	case $status in
	200) ok "HTTP API $url" ;;
	401) ok "HTTP API $url answers; it takes tokens (httpApiJwtIssuer), which this script has not" ;;
	403) finding "HTTP API $url refuses these credentials" "allow the caller execute-api:Invoke, and export the credentials (docs/troubleshooting.md#point-the-commands)" ;;
	*) finding "HTTP API $url: $status" "aws logs filter-log-events --log-group-name /aws/lambda/$stack-Api --filter-pattern ERROR; $guide#lambda-function-errors" ;;
	esac
}

caller=$(cli sts get-caller-identity --query Arn --output text 2>&1) || { echo "no AWS to look at: $(short "$caller")" >&2; exit 2; }
echo "Stack $stack, as $caller"
if said=$(cli cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].StackStatus' --output text 2>&1); then
	case $said in
	CREATE_COMPLETE | UPDATE_COMPLETE) look ok "stack: $said" ;;
	*) look finding "stack: $said" "aws cloudformation describe-stack-events --stack-name $stack; $guide#deployment-issues" ;;
	esac
elif [[ $said == *"does not exist"* ]]; then
	finding "there is no stack $stack" "deploy it (docs/deployment.md), or give the name of another: scripts/health-check.sh NAME"
	exit 1
else
	look skip "stack status (CloudFormation)" "$said"
fi
urls=$(cli sqs list-queues --queue-name-prefix "$stack-" --query 'QueueUrls[]' --output text 2>&1) || { echo "cannot look at the queues: $(short "$urls")" >&2; exit 2; }

for name in $functions; do look look_at_function "$name"; done
for name in $tables; do look look_at_table "$name"; done
for name in $queues $dead_letter_queues; do look look_at_queue "$name" "$urls"; done
look look_at_thing_events
look look_at_logs
look look_at_alarms
look look_at_http_api
wait

for seen in "$work"/*; do
	[[ -s $seen ]] || echo "FAILED   look $(basename "$seen") ended without a word" >"$seen"
done
grep -hv '^SKIPPED\|^FAILED' "$work"/* || true # that all were skipped is told below
skipped=$(sed -n 's/^SKIPPED  //p' "$work"/* | paste -sd, - | sed 's/,/, /g')
[[ -z $skipped ]] || echo "skipped, because the stand-in does not have it: $skipped"
if grep -hq '^FAILED' "$work"/*; then
	sed -n 's/^FAILED   /cannot look at /p' "$work"/* >&2
	exit 2
fi
findings=$(cat "$work"/* | grep -c '^FINDING' || true) # grep ends with 1 if it counts none
if ((findings > 0)); then
	echo "$findings findings"
	exit 1
fi
echo "nothing found"
