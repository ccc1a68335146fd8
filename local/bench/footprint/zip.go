package footprint

import (
	"archive/zip"
	"io"
	"os"
)

// zipped is the size of the archive that is deployed.
func zipped(bootstrap string) (int64, error) {
	program, err := os.Open(bootstrap)
	if err != nil {
		return 0, err
	}
	defer program.Close()
	var size counter
	archive := zip.NewWriter(&size)
	file, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(file, program); err != nil {
		return 0, err
	}
	err = archive.Close()
	return int64(size), err
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
