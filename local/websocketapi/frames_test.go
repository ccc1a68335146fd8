package websocketapi

import (
	"bytes"
	"io"
	"net"
	"slices"
	"testing"
	"testing/iotest"
)

// frame makes a masked frame; the payload is not masked, which the meter does not look at.
func frame(first byte, payload int) []byte {
	b := []byte{first}
	switch {
	case payload < 126:
		b = append(b, 0x80|byte(payload))
	case payload < 1<<16:
		b = append(b, 0x80|126, byte(payload>>8), byte(payload))
	default:
		b = append(b, 0x80|127, 0, 0, 0, 0, byte(payload>>24), byte(payload>>16), byte(payload>>8), byte(payload))
	}
	b = append(b, 1, 2, 3, 4)
	return append(b, bytes.Repeat([]byte{'x'}, payload)...)
}

// readConn is a net.Conn of which only reading works.
type readConn struct {
	net.Conn
	io.Reader
}

func (c readConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

func TestFrameMeter(t *testing.T) {
	const text, fragment, ping = 0x81, 0x01, 0x89
	tests := []struct {
		name   string
		frames [][]byte
		before int // frames that come through before the meter notes one that is too big; -1: it never does
	}{
		{"small", [][]byte{frame(text, 0), frame(text, 125), frame(text, 126)}, -1},
		{"exactly 32 KB", [][]byte{frame(fragment, maxFrame), frame(text, maxFrame)}, -1},
		{"32 KB and one", [][]byte{frame(text, maxFrame+1)}, 0},
		{"64-bit length", [][]byte{frame(text, 1<<16)}, 0},
		{"behind small ones", [][]byte{frame(text, 3), frame(ping, 0), frame(text, 40_000)}, 2},
		{"control frames do not count", [][]byte{frame(ping, 125), frame(0x88, 40_000)}, -1},
	}
	readers := map[string]func(io.Reader) io.Reader{
		"at once":        func(r io.Reader) io.Reader { return r },
		"byte by byte":   iotest.OneByteReader,
		"in halves":      iotest.HalfReader,
		"error at bytes": iotest.DataErrReader,
	}
	for _, test := range tests {
		for how, reader := range readers {
			t.Run(test.name+" "+how, func(t *testing.T) {
				sent := slices.Concat(test.frames...)
				meter := &frameMeter{Conn: readConn{Reader: reader(bytes.NewReader(sent))}}
				var got []byte
				noted := -1
				for buffer := make([]byte, 4096); ; {
					before := len(got)
					n, err := meter.Read(buffer)
					got = append(got, buffer[:n]...)
					if noted < 0 && meter.oversized.Load() {
						noted = before
					}
					if err != nil {
						if err != io.EOF {
							t.Fatal(err)
						}
						break
					}
				}
				if !bytes.Equal(got, sent) {
					t.Fatalf("%d bytes came through, %d were sent, or they differ", len(got), len(sent))
				}
				if test.before < 0 {
					if noted >= 0 {
						t.Errorf("noted a frame that is too big at byte %d", noted)
					}
					return
				}
				start := len(slices.Concat(test.frames[:test.before]...))
				if noted < start || noted > start+14 { // within the header
					t.Errorf("noted at byte %d, the frame starts at %d", noted, start)
				}
			})
		}
	}
}
