#!/usr/bin/env bash
# Sends dead letters on their way again, after their cause was mended.
# usage: scripts/redrive.sh <dead letter queue> [--calls]
#   scripts/redrive.sh AwsOcppGatewayStack-DeadLetterQueueForIncomingMessages.fifo
# The letters of a queue's dead letter queue go back to that queue, and this waits until they have. Those of
# DeadLetterQueueForIoTEvents came from no queue: thing events go to the function Registry again; CALLs that were published on
# CP001/out go to Outbound only with --calls, because a command of last week may be none that anybody still wants.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=scripts/awscli.sh
. ./awscli.sh

queue=${1:-} calls=${2:-}
if [[ -z $queue || ( -n $calls && $calls != --calls ) ]]; then
	echo "usage: scripts/redrive.sh <dead letter queue> [--calls]" >&2
	exit 2
fi
url=$(cli sqs get-queue-url --queue-name "$queue" --query QueueUrl --output text) || {
	echo "there is no queue $queue: aws sqs list-queues --queue-name-prefix ${queue%%-DeadLetter*}" >&2
	exit 1
}

# attribute prints one attribute of the queue.
attribute() { cli sqs get-queue-attributes --queue-url "$url" --attribute-names "$1" --query "Attributes.$1" --output text; }

# move lets SQS move the letters back to the queue that they come from.
move() {
	local arn source destination status moved reason
	arn=$(attribute QueueArn)
	source=$(cli sqs list-dead-letter-source-queues --queue-url "$url" --query 'queueUrls[0]' --output text)
	[[ $source != None ]] || { echo "$queue is no queue's dead letter queue" >&2; exit 1; }
	destination=$(cli sqs get-queue-attributes --queue-url "$source" --attribute-names QueueArn --query Attributes.QueueArn --output text)
	cli sqs start-message-move-task --source-arn "$arn" --destination-arn "$destination" >/dev/null
	while :; do
		read -r status moved reason < <(cli sqs list-message-move-tasks --source-arn "$arn" --max-results 1 \
			--query 'Results[0].[Status,ApproximateNumberOfMessagesMoved,FailureReason]' --output text)
		[[ $status == RUNNING ]] || break
		sleep 2
	done
	echo "$status: $moved letters moved to ${source##*/}"
	[[ $reason == None ]] || echo "$reason" >&2
	[[ $status == COMPLETED ]]
}

# again reads a letter of the IoT events and prints, in two lines, the function that it is for and the event for it.
again() {
	node -e '
		const letter = JSON.parse(require("fs").readFileSync(0, "utf8"));
		// What a rule could not deliver is wrapped; what a function failed at is the event itself.
		const event = letter.base64OriginalPayload === undefined ? letter : JSON.parse(Buffer.from(letter.base64OriginalPayload, "base64"));
		if (event.thingName !== undefined) console.log("Registry\n" + JSON.stringify(event));
		else if (event.message !== undefined && event.chargePointId !== undefined) console.log("Outbound\n" + JSON.stringify({ ...event, publishedAt: undefined })); // as if now
		else if (Array.isArray(event)) console.log("Outbound\n" + JSON.stringify({ message: event, chargePointId: letter.topic.split("/")[0] }));
		else console.log("unknown\n" + JSON.stringify(event));'
}

# repeat invokes the functions again, one letter after the other, and deletes what they took.
repeat() {
	local handle body function event done=0 left=0
	while :; do
		# Hidden for ten minutes, so that a letter that is left is not read twice.
		cli sqs receive-message --queue-url "$url" --visibility-timeout 600 --query 'Messages[0].[ReceiptHandle,Body]' --output json >"$work/letter"
		handle=$(node -p 'const l = JSON.parse(require("fs").readFileSync(0, "utf8")); l ? l[0] : ""' <"$work/letter")
		[[ -n $handle ]] || break
		body=$(node -p 'JSON.parse(require("fs").readFileSync(0, "utf8"))[1]' <"$work/letter")
		{ read -r function && read -r event; } < <(again <<<"$body")
		if [[ $function == unknown || ( $function == Outbound && -z $calls ) ]]; then
			echo "left: $event"
			left=$((left + 1))
			continue
		fi
		printf %s "$event" >"$work/event"
		cli lambda invoke --function-name "${queue%-DeadLetterQueueForIoTEvents}-$function" --invocation-type Event \
			--payload "fileb://$work/event" "$work/answer" >/dev/null
		cli sqs delete-message --queue-url "$url" --receipt-handle "$handle"
		done=$((done + 1))
	done
	echo "$done letters repeated, $left left for ten minutes out of sight"
	((left == 0)) || echo "CALLs are repeated with --calls; to drop what is left: aws sqs purge-queue --queue-url $url"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
letters=$(attribute ApproximateNumberOfMessages)
if ((letters == 0)); then
	echo "$queue is empty"
	exit 0
fi
echo "$queue has about $letters letters"
case $queue in
*-DeadLetterQueueForIoTEvents) repeat ;;
*) move ;;
esac
