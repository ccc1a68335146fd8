#!/usr/bin/env bash
# Reads what export.sh wrote, and makes the charge points and id tokens in a stack: an IoT Thing and a row for each charge point.
# usage: scripts/import.sh [--overwrite] [stack name] <registry.jsonl      (default AwsOcppGatewayStack)
# A charge point that has a key or was connected before, and an id token that is there, stay as they are unless --overwrite is given. May be
# repeated after an interruption. It takes about three CLI calls per charge point; tens of thousands are copied as tables
# (docs/deployment.md#restore).
# Exit status: 0 all done or there already, 1 some failed (they are named).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/awscli.sh
. "$here/awscli.sh"
overwrite=""
if [[ ${1:-} == --overwrite ]]; then
	overwrite=yes
	shift
fi
stack=${1:-AwsOcppGatewayStack}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# thing_of makes the Thing of that name, or finds it, and prints its id and version.
thing_of() {
	cli iot create-thing --thing-name "$1" >/dev/null 2>"$work/error" || grep -q ResourceAlreadyExists "$work/error" || {
		cat "$work/error" >&2
		return 1
	}
	cli iot describe-thing --thing-name "$1" --query '[thingId,version]' --output text
}

# update_of turns an exported item into the arguments of UpdateItem. The function Registry writes the same row when it hears of
# the Thing: attributes are set one by one, so that it does not matter who is first.
update_of() { # thing id, thing version
	# shellcheck disable=SC2016 # the expressions are JavaScript's
	THING_ID=$1 THING_VERSION=$2 TABLE="$stack-ChargePointTable" OVERWRITE=$overwrite node -e '
		const { item } = JSON.parse(require("fs").readFileSync(0, "utf8"));
		const { chargePointId, ...rest } = item;
		const set = { ...rest, thingId: { S: process.env.THING_ID }, thingVersion: { N: process.env.THING_VERSION } };
		const names = {}, values = {};
		const terms = Object.keys(set).map((name, i) => (names["#" + i] = name, values[":" + i] = set[name], `#${i} = :${i}`));
		const input = { TableName: process.env.TABLE, Key: { chargePointId }, UpdateExpression: "SET " + terms.join(", "),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values };
		if (!process.env.OVERWRITE) input.ConditionExpression = "attribute_not_exists(credential) AND attribute_not_exists(lastSeenAt)";
		console.log(JSON.stringify(input));'
}

put_of() {
	TABLE="$stack-TokenTable" OVERWRITE=$overwrite node -e '
		const { item } = JSON.parse(require("fs").readFileSync(0, "utf8"));
		const input = { TableName: process.env.TABLE, Item: item };
		if (!process.env.OVERWRITE) input.ConditionExpression = "attribute_not_exists(idToken)";
		console.log(JSON.stringify(input));'
}

made=0 kept=0 failed=0
# write runs a conditional write, and counts what became of it.
write() { # operation, what
	if cli dynamodb "$1" --cli-input-json "$(<"$work/input")" >/dev/null 2>"$work/error"; then
		made=$((made + 1))
	elif grep -q ConditionalCheckFailed "$work/error"; then
		kept=$((kept + 1))
	else
		failed=$((failed + 1))
		echo "$2 failed: $(short "$(<"$work/error")")" >&2
	fi
}

number=0
while IFS= read -r line; do
	number=$((number + 1))
	read -r kind name < <(node -p '
		const { kind, item } = JSON.parse(require("fs").readFileSync(0, "utf8"));
		kind + " " + (item.chargePointId?.S ?? "")' <<<"$line") || { echo "line $number is no line of export.sh" >&2; exit 1; }
	case $kind in
	chargePoint)
		if thing=$(thing_of "$name"); then
			# shellcheck disable=SC2086 # the id and the version are two arguments
			update_of $thing <<<"$line" >"$work/input"
			write update-item "charge point $name (line $number)"
		else
			failed=$((failed + 1))
			echo "charge point $name (line $number) failed: its Thing cannot be made" >&2
		fi
		;;
	token)
		put_of <<<"$line" >"$work/input"
		write put-item "the id token of line $number" # its value is a secret of its holder
		;;
	*)
		echo "line $number is no line of export.sh: its kind is \"$kind\"" >&2
		exit 1
		;;
	esac
done

echo "$made written, $kept kept as they were, $failed failed"
((failed == 0))
