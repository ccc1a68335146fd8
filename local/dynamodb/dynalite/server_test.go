package dynalite

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func config(modules string) Config {
	return Config{NodeModules: modules, Logger: slog.New(slog.DiscardHandler)}
}

func TestStartAndStop(t *testing.T) {
	server, err := Start(config("../../../node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("it answered %s", answer.Status)
	}
	server.Stop()
	if _, err := http.Get(server.URL()); err == nil {
		t.Error("it answers after Stop")
	}
}

func TestStartSaysWhatIsMissing(t *testing.T) {
	t.Run("dynalite", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "node_modules")
		if _, err := Start(config(dir)); err == nil || !strings.Contains(err.Error(), "run npm ci in "+filepath.Dir(dir)) {
			t.Errorf("Start returned %v", err)
		}
	})
	t.Run("node", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := Start(config("../../../node_modules")); err == nil || !strings.Contains(err.Error(), "Node.js 20 or later") {
			t.Errorf("Start returned %v", err)
		}
	})
	t.Run("old node", func(t *testing.T) {
		dir := t.TempDir()
		script := "#!/bin/sh\necho '{\"error\":\"Node.js 18 is too old\"}'\nexec sleep 5\n"
		if err := os.WriteFile(filepath.Join(dir, "node"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
		if _, err := Start(config("../../../node_modules")); err == nil || err.Error() != "Node.js 18 is too old" {
			t.Errorf("Start returned %v", err)
		}
	})
}
