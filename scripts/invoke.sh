#!/bin/sh
# Sends one event to one function of the running stand-in and prints its answer.
# usage: scripts/invoke.sh message events/message-boot16.json
set -eu
folder=${1:-} event=${2:-}
if [ -z "$folder" ] || [ -z "$event" ]; then
	echo "usage: make invoke FN=message EVENT=events/message-boot16.json" >&2
	exit 2
fi
[ -f "$event" ] || { echo "there is no event file $event: ls events/" >&2; exit 2; }
endpoint=${AWS_ENDPOINT_URL:-http://127.0.0.1:4566}

# The stand-in's functions by the folder that they are built from.
name=$(curl -sS --fail "$endpoint/2015-03-31/functions/" | node -e '
	const { Functions } = JSON.parse(require("fs").readFileSync(0, "utf8"));
	const found = Functions.find((f) => f.Handler === process.argv[1]);
	if (!found) { console.error("no function is built from functions/" + process.argv[1] + "; there are: " + Functions.map((f) => f.Handler).join(", ")); process.exit(1); }
	console.log(found.FunctionName);' "$folder") || { echo "is the stand-in running? start it with: make run" >&2; exit 1; }
curl -sS -X POST --data-binary "@$event" -D /dev/stderr -o - "$endpoint/2015-03-31/functions/$name/invocations" 2>/tmp/invoke-headers.$$ || exit 1
error=$(tr -d '\r' </tmp/invoke-headers.$$ | awk -F': ' 'tolower($1) == "x-amz-function-error" {print $2}')
rm -f /tmp/invoke-headers.$$
echo
[ -z "$error" ] || { echo "the function failed: $error" >&2; exit 1; }
