package main

import (
	"compress/gzip"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/settings"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

func handler(t *testing.T, environment map[string]string) http.Handler {
	t.Helper()
	for _, name := range []string{"JWT_ISSUER", "JWT_AUDIENCE", "CONSOLE_CLIENT_ID", "CONSOLE_SCOPES"} {
		t.Setenv(name, environment[name])
	}
	env := settings.FromEnvironment()
	handler, err := newHandler(signInFrom(env))
	if err != nil || env.Err() != nil {
		t.Fatal(err, env.Err())
	}
	return handler
}

func get(t *testing.T, from http.Handler, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	from.ServeHTTP(recorder, request)
	return recorder.Result(), recorder.Body.String()
}

// linked finds what a page or a module loads.
var linked = regexp.MustCompile(`(?:src|href)="(/console/[^"]+)"|from "(\.[^"]+)"`)

// Whatever is loaded is there, by an address that changes with it; and every file is loaded by something.
func TestEverythingThatIsLoadedIsThere(t *testing.T) {
	console := handler(t, nil)
	seen := map[string]bool{"/console": true}
	for waiting := []string{"/console"}; len(waiting) > 0; waiting = waiting[1:] {
		response, text := get(t, console, waiting[0])
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", waiting[0], response.Status)
		}
		if cache := response.Header.Get("Cache-Control"); waiting[0] != "/console" && !strings.Contains(cache, "immutable") {
			t.Errorf("%s is kept by %q", waiting[0], cache)
		}
		for _, link := range linked.FindAllStringSubmatch(text, -1) {
			found := link[1]
			if found == "" {
				found = path.Join(path.Dir(waiting[0]), link[2])
			}
			if !seen[found] {
				seen[found] = true
				waiting = append(waiting, found)
			}
		}
	}
	err := fs.WalkDir(static, "static", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Base(name) != "LICENSES" && path.Base(name) != pageFile {
			loaded := false
			for address := range seen {
				loaded = loaded || strings.HasSuffix(address, strings.TrimPrefix(name, "static"))
			}
			if !loaded {
				t.Errorf("nothing loads %s", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The policy of the page would keep an inline script or style from working, and nothing is loaded from elsewhere.
func TestPageHoldsToItsPolicy(t *testing.T) {
	response, text := get(t, handler(t, nil), "/console")
	policy := response.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %s", policy, want)
		}
	}
	if regexp.MustCompile(`<script[^>]*>[^<]|<style|\bstyle=|\bon[a-z]+=|https?://`).MatchString(text) {
		t.Errorf("inline script or style, or another host: %s", text)
	}
	if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", response.Header)
	}
}

// No module makes markup of text.
func TestNoModuleWritesMarkup(t *testing.T) {
	err := fs.WalkDir(static, "static/js", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(static, name)
		if found := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function`).Find(text); found != nil {
			t.Errorf("%s uses %s", name, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreCompressed(t *testing.T) {
	console := handler(t, nil)
	_, plain := get(t, console, "/console")
	response, _ := get(t, console, "/console", "Accept-Encoding: br, gzip")
	if response.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("headers %v", response.Header)
	}
	reader, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || string(text) != plain {
		t.Errorf("%v: %s", err, text)
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	console := handler(t, nil)
	for _, path := range []string{"/console/0000000000000000/js/main.js", "/console/x", "/console/../index.html", "/consoles"} {
		if response, _ := get(t, console, path); response.StatusCode != http.StatusNotFound && response.StatusCode != http.StatusTemporaryRedirect && response.StatusCode != http.StatusMovedPermanently {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
}
