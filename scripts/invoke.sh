#!/bin/sh
# Sends one event to one function of the running stand-in and prints its answer.
# usage: scripts/invoke.sh message events/message-boot16.json
# AWS_ENDPOINT_URL is where the stand-in's AWS APIs are, when it runs with -port-offset.
set -eu
folder=${1:-} event=${2:-}
if [ -z "$folder" ] || [ -z "$event" ]; then
	echo "usage: make invoke FN=message EVENT=events/message-boot16.json" >&2
	exit 2
fi
[ -f "$event" ] || { echo "there is no event file $event: ls events/" >&2; exit 2; }
endpoint=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566}

functions=$(curl -sS --fail "$endpoint/2015-03-31/functions/") || {
	echo "nothing answers at $endpoint: start the stand-in with make run, or name its address in AWS_ENDPOINT_URL" >&2
	exit 1
}
# The stand-in names the folder that a function is built from as its handler.
name=$(printf %s "$functions" | node -e '
	const { Functions } = JSON.parse(require("fs").readFileSync(0, "utf8"));
	const found = Functions.find((f) => f.Handler === process.argv[1]);
	if (!found) { console.error("no function is built from functions/" + process.argv[1] + "; there are: " + Functions.map((f) => f.Handler).join(", ")); process.exit(1); }
	console.log(found.FunctionName);' "$folder") || exit 1
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT
curl -sS -X POST --data-binary "@$event" -D "$headers" "$endpoint/2015-03-31/functions/$name/invocations"
echo
error=$(tr -d '\r' <"$headers" | awk -F': ' 'tolower($1) == "x-amz-function-error" {print $2}')
[ -z "$error" ] || { echo "the function failed: $error" >&2; exit 1; }
