#!/bin/sh
# Puts a Chromium for tests into build/chromium and prints its path. It needs no root, unlike the package of a distribution:
# it comes from npm, with the libraries that a bare machine lacks. For Linux on x86-64 alone.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/build/chromium
if [ ! -x "$folder/browser" ]; then
	mkdir -p "$folder"
	npm install --silent --no-audit --no-fund --prefix "$folder" @sparticuz/chromium@153.0.0 >&2
	cd "$folder"
	TMPDIR=$folder node --input-type=module -e '
		import chromium, { inflate } from "@sparticuz/chromium";
		await chromium.executablePath();
		await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");'
	printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$folder/al2023/lib" "$folder/chromium" >browser
	chmod +x browser
fi
echo "$folder/browser"
