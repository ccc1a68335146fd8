#!/usr/bin/env bash
# Writes the registry of charge points and the id tokens of a stack to standard output, one JSON object per line, for import.sh.
# usage: scripts/export.sh [stack name] >registry.jsonl      (default AwsOcppGatewayStack)
# Lines: {"kind":"chargePoint","item":{…}} and {"kind":"token","item":{…}}, items as DynamoDB writes them. Keys of charge points are
# in them as salted hashes only; nobody can read a key back, and charge points keep theirs. Id tokens are in clear: guard the file.
# What belongs to a connection or to one stack's IoT Things is left out. Transactions, readings, commands and reports are not exported:
# docs/deployment.md#restore tells how tables are copied whole.
set -euo pipefail
umask 077
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/awscli.sh
. "$here/awscli.sh"
stack=${1:-AwsOcppGatewayStack}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# rows scans a table page by page and prints a line for each item.
rows() { # table, kind
	local next=""
	while :; do
		cli dynamodb scan --table-name "$stack-$1" --consistent-read --max-items 500 ${next:+--starting-token "$next"} --output json >"$work/page"
		KIND=$2 node -e '
			// Of a connection, or of the Things of one account.
			const left = ["connectionId", "connectedAt", "sessionOpen", "connectedShard", "asked", "callId", "callDeadline", "callHolder", "loadSince", "loadMessages", "loadUnasked", "loadBusy", "lastSeenAt", "protocol",
				"disconnectedAt", "disconnectCode", "disconnectReason", "thingId", "thingVersion"];
			const page = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
			for (const item of page.Items) {
				for (const name of left) delete item[name];
				console.log(JSON.stringify({ kind: process.env.KIND, item }));
			}
			require("fs").writeFileSync(process.argv[2], page.NextToken ?? "");' "$work/page" "$work/next"
		next=$(<"$work/next")
		[[ -n $next ]] || break
	done
}

rows ChargePointTable chargePoint
rows TokenTable token
