#!/usr/bin/env bash
# Gathers what somebody needs who is to help with a stack, in one file without secrets.
# usage: scripts/support-bundle.sh [stack name] [folder]      (default AwsOcppGatewayStack, the current folder)
# The file has versions, the stack's status and events, the functions' configuration with EDGE_SECRET masked, queues, tables,
# alarms, recent error lines, and what health-check.sh says. It has no key, no id token and no row of a table. Read it before you send it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/awscli.sh
. "$here/awscli.sh"

stack=${1:-AwsOcppGatewayStack}
folder=${2:-.}
name="$stack-support-$(date -u +%Y%m%dT%H%M%SZ)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"

at_once=8 # calls side by side; each is a program of its own
gathered=0
# gather writes a call's answer to a file, beside the others.
gather() { # file, arguments of the CLI…
	write "$@" &
	gathered=$((gathered + 1))
	((gathered % at_once != 0)) || wait
}
# write writes a call's answer, or the reason why there is none: a bundle with a gap is better than none.
write() { # file, arguments of the CLI…
	local file="$work/$name/$1"
	shift
	cli "$@" --output json >"$file.part" 2>&1 || echo "not available: $(tail -1 "$file.part")" >"$file.part"
	# What looks like a secret's variable loses its value: EDGE_SECRET today, whatever is added tomorrow.
	sed -E 's/("[A-Za-z0-9_]*(SECRET|PASSWORD|PRIVATE_KEY)[A-Za-z0-9_]*": *")[^"]*"/\1***"/' "$file.part" >>"$file"
	rm "$file.part"
}

{
	echo "date: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
	echo "system: $(uname -srm)"
	echo "commit: $(git -C "$here" describe --always --dirty 2>&1 || true)" # a copy without git is no reason to stop
	echo "aws: $(aws --version 2>&1)"
	for tool in "node --version" "npm --version" "go version" "make --version"; do
		echo "${tool%% *}: $($tool 2>&1 | head -1)"
	done
	echo "cdk: $("$here/../node_modules/.bin/cdk" --version 2>&1 | head -1)"
	echo "endpoint: ${AWS_ENDPOINT_URL:-AWS}"
} >"$work/$name/versions.txt"
gather caller.json sts get-caller-identity
gather stack.json cloudformation describe-stacks --stack-name "$stack"
gather stack-events.json cloudformation describe-stack-events --stack-name "$stack" --max-items 100
gather functions.json lambda list-functions --query "Functions[?starts_with(FunctionName, '$stack-')]"
gather queues.json sqs list-queues --queue-name-prefix "$stack-"
urls=$(cli sqs list-queues --queue-name-prefix "$stack-" --query 'QueueUrls[]' --output text)
for url in $urls; do
	gather "queue-${url##*/}.json" sqs get-queue-attributes --queue-url "$url" --attribute-names All
done
table_names=$(cli dynamodb list-tables --query "TableNames[?starts_with(@, '$stack-')]" --output text)
for table in $table_names; do
	gather "table-$table.json" dynamodb describe-table --table-name "$table"
done
gather thing-events.json iot describe-event-configurations
gather alarms.json cloudwatch describe-alarms --alarm-name-prefix "$stack-OCPP"
hour_ago=$((($(date +%s) - 3600) * 1000))
function_names=$(cli lambda list-functions --query "Functions[?starts_with(FunctionName, '$stack-')].FunctionName" --output text)
for function in $function_names; do
	gather "errors-$function.json" logs filter-log-events --log-group-name "/aws/lambda/$function" --filter-pattern '{ $.level = "ERROR" }' \
		--start-time "$hour_ago" --max-items 200 --query 'events[].message'
done
wait
"$here/health-check.sh" "$stack" >"$work/$name/health.txt" 2>&1 || true # its findings are what the bundle is for

tar -C "$work" -czf "$folder/$name.tar.gz" "$name"
echo "$folder/$name.tar.gz"
