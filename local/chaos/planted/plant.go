package planted

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Plant builds the functions of the repository at root into folder, with the bug in them.
func Plant(ctx context.Context, root string, bug Bug, folder string) error {
	right := filepath.Join(root, bug.File)
	source, err := bug.wrong(root)
	if err != nil {
		return err
	}
	wrong, overlay := filepath.Join(folder, "wrong.go"), filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(wrong, source, 0o600); err != nil {
		return err
	}
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{right: wrong}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(overlay, replaced, 0o600); err != nil {
		return err
	}
	mains, err := filepath.Glob(filepath.Join(root, "functions/*/main.go"))
	if err != nil {
		return err
	}
	for _, main := range mains {
		function := filepath.Base(filepath.Dir(main))
		build := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-tags", "lambda.norpc", "-trimpath", "-ldflags", "-s -w",
			"-o", filepath.Join(folder, function, "bootstrap"), "./functions/"+function)
		build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: build %s: %w\n%s", bug.Name, function, err, said)
		}
	}
	return nil
}

// wrong is the file with the bug in it.
func (b Bug) wrong(root string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(root, b.File))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(source), b.Right); n != 1 {
		return nil, fmt.Errorf("%s: what is to be wrong stands %d times in %s, not once: %s", b.Name, n, b.File, b.Right)
	}
	return []byte(strings.Replace(string(source), b.Right, b.Wrong, 1)), nil
}
