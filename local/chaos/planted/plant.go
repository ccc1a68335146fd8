package planted

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Plant builds the functions of the repository at root into folder, with the bug in them.
func Plant(ctx context.Context, root string, bug Bug, folder string) error {
	mains, err := filepath.Glob(filepath.Join(root, "functions/*/main.go"))
	if err != nil {
		return err
	}
	overlay, err := bug.overlay(root, folder)
	if err != nil {
		return err
	}
	for _, main := range mains {
		function := filepath.Base(filepath.Dir(main))
		if err := build(ctx, root, overlay, "./functions/"+function, filepath.Join(folder, function, "bootstrap")); err != nil {
			return fmt.Errorf("%s: %w", bug.Name, err)
		}
	}
	return nil
}

// build compiles a program of the repository as the overlay has it.
func build(ctx context.Context, root, overlay, which, output string) error {
	command := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-tags", "lambda.norpc", "-trimpath", "-ldflags", "-s -w",
		"-o", output, which)
	command.Dir, command.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", which, err, said)
	}
	return nil
}

// overlay writes what go build takes in the place of the right file.
func (b Bug) overlay(root, folder string) (file string, err error) {
	source, err := b.wrong(root)
	if err != nil {
		return "", err
	}
	wrong, file := filepath.Join(folder, "wrong.go"), filepath.Join(folder, "overlay.json")
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, b.File): wrong}})
	if err != nil {
		return "", err
	}
	return file, errors.Join(os.WriteFile(wrong, source, 0o600), os.WriteFile(file, replaced, 0o600))
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
