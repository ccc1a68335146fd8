package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// blockLimit is for the slowest block, one that makes a support bundle, on a busy machine: it calls the CLI some hundred times.
const blockLimit = 10 * time.Minute

// terminal runs blocks of commands in bash, one shell each, with programs of its own in front of the PATH.
type terminal struct {
	folder    string // of its programs, and where the commands run
	root      string // of the repository
	addresses *strings.Replacer
	setup     string
}

// wscat stands for the npm package of that name, as far as the documents use it.
//
//go:embed wscat.js
var wscat []byte

// dryAWS runs the real CLI, which checks service, operation and parameters before it calls. An error of the service, which the
// stand-in does not have, tells that the call was made, and is success. What waits for something would wait for long.
const dryAWS = `#!/bin/bash
limit=
[[ " $* " != *" wait "* ]] || limit="timeout 30"
said=$($limit "$REAL_AWS" "$@" 2>&1 >/dev/null) && exit
[[ $? != 124 ]] || exit 0
case $said in *"An error occurred ("*) exit 0 ;; esac
printf '%s\n' "$said" >&2
exit 1
`

func newTerminal(at cloud.Addresses) (*terminal, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "guide")
	if err != nil {
		return nil, err
	}
	t := &terminal{folder: folder, root: root, addresses: strings.NewReplacer(
		"ws://127.0.0.1:8080", at.ChargePoints, "http://127.0.0.1:8081", at.HTTP, "http://127.0.0.1:4566", at.AWS)}
	programs := map[string]string{
		"live/npx":      "#!/bin/sh\n[ \"$1\" = wscat ] || { echo \"npx $1: only wscat is run\" >&2; exit 1; }\nshift\nexec node \"" + folder + "/live/wscat.js\" \"$@\"\n",
		"live/wscat.js": string(wscat),
		"dry/aws":       dryAWS,
	}
	// What talks to places that are not here, or installs something.
	for _, name := range []string{"curl", "dig", "make", "npx", "nslookup", "openssl", "unzip"} {
		programs["dry/"+name] = "#!/bin/sh\nexit 0\n"
	}
	for name, text := range programs {
		name = filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o755)); err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
	return t, nil
}

func (t *terminal) close() error { return os.RemoveAll(t.folder) }

// prepare remembers the blocks that are run before each other block.
func (t *terminal) prepare(blocks []block) {
	for _, b := range blocks {
		if b.kind == setup {
			t.setup += t.addresses.Replace(b.commands) + "\n"
		}
	}
}

// run runs a block. Blocks may run side by side. The error says what came out instead.
func (t *terminal) run(ctx context.Context, b block) error {
	commands := t.addresses.Replace(b.commands)
	output, err := t.bash(ctx, b.kind, "set -euo pipefail\n"+t.setup+"\n"+commands)
	failed := err != nil
	var status *exec.ExitError
	if failed && !errors.As(err, &status) {
		return err
	}
	if failed != (b.kind == fails) {
		return fmt.Errorf("it ended with %v:\n%s\n%s", cmp.Or(err, errors.New("success")), commands, output)
	}
	if piece := missing(output, b.want); piece != "" && b.kind != deployed {
		return fmt.Errorf("%q is missing in what it printed:\n%s\n%s", piece, commands, output)
	}
	return nil
}

// bash runs commands and returns what they printed, errors included.
func (t *terminal) bash(ctx context.Context, k kind, commands string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, blockLimit)
	defer cancel()
	real, err := exec.LookPath("aws")
	if err != nil {
		return "", err
	}
	programs := "live"
	if k == deployed {
		programs = "dry"
	}
	command := exec.CommandContext(ctx, "bash", "-c", commands)
	command.Dir = t.root
	// Nothing of the caller's: neither credentials of AWS nor its settings.
	command.Env = []string{
		"PATH=" + filepath.Join(t.folder, programs) + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + t.folder, "TMPDIR=" + t.folder,
		"CDK_DEPLOY_ACCOUNT=123456789012", "CDK_DEPLOY_REGION=eu-central-1",
		"REAL_AWS=" + real, "AWS_EC2_METADATA_DISABLED=true", "NODE_PATH=" + filepath.Join(t.root, "node_modules"),
	}
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err = command.Run()
	return output.String(), err
}
