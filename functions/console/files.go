package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

const (
	pageFile = "index.html"

	// buildMark stands in the page for the folder of the version, as files on disk have no version.
	buildMark = "/console/static/"
)

// file is a file as it is sent.
type file struct {
	media string
	plain []byte
	small func() ([]byte, error) // the same by gzip; made when it is first asked for, since it takes longer than all else of the start
}

// files are all files of the console, by their path below static.
type files struct {
	build string // of all of them together
	named map[string]file
}

// mediaTypes are those of the files that there are: what mime knows depends on the machine.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", "": "text/plain; charset=utf-8",
}

func readFiles(from fs.FS) (*files, error) {
	all := &files{named: map[string]file{}}
	sum := sha256.New()
	err := fs.WalkDir(from, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		media, known := mediaTypes[path.Ext(name)]
		if !known {
			return fmt.Errorf("%s: mediaTypes does not have such files", name)
		}
		plain, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(plain), plain)
		all.named[strings.TrimPrefix(name, "static/")] = file{media: media, plain: plain}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all.build = hex.EncodeToString(sum.Sum(nil))[:16]
	page := all.named[pageFile]
	page.plain = bytes.ReplaceAll(page.plain, []byte(buildMark), []byte("/console/"+all.build+"/"))
	all.named[pageFile] = page
	for name, f := range all.named {
		f.small = sync.OnceValues(func() ([]byte, error) { return compressed(f.plain) })
		all.named[name] = f
	}
	return all, nil
}

func compressed(plain []byte) ([]byte, error) {
	var small bytes.Buffer
	writer := gzip.NewWriter(&small)
	if _, err := writer.Write(plain); err != nil {
		return nil, err
	}
	err := writer.Close()
	return small.Bytes(), err
}

// write sends a file, compressed for those who take it. 404 for a file that there is not.
func (f *files) write(w http.ResponseWriter, r *http.Request, name string) {
	found, there := f.named[name]
	if !there {
		w.Header().Set("Cache-Control", "no-cache")
		http.Error(w, "The console has no file "+name+".", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", found.media)
	write(w, r, found.encoded(w, r))
}

// encoded is the body for a browser, whose encoding it notes in the headers.
func (f file) encoded(w http.ResponseWriter, r *http.Request) []byte {
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return f.plain
	}
	small, err := f.small()
	if err != nil {
		slog.ErrorContext(r.Context(), "a file cannot be compressed", "error", err)
		return f.plain
	}
	w.Header().Set("Content-Encoding", "gzip")
	return small
}
