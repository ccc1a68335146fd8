#!/bin/sh
# Runs a command with DYNAMODB_TEST_ENDPOINT pointing at a moto server of its own, and ends that server.
set -eu
python3 -c 'import moto.server' 2>/dev/null || { echo "moto is missing: pip install 'moto[server]'" >&2; exit 1; }
log=$(mktemp)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
python3 "$(dirname "$0")/serve-moto.py" "$port" >"$log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 100); do
	curl -s -o /dev/null "http://127.0.0.1:$port/" && break
	kill -0 $server 2>/dev/null || { cat "$log" >&2; exit 1; }
	sleep 0.1
done
DYNAMODB_TEST_ENDPOINT="http://127.0.0.1:$port" "$@"
