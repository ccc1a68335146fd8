package websocketapi

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
)

// frameMeter stands between the network and the WebSocket library, which does not
// show frames, and notes when a data frame exceeds 32 KB. It reads the frames'
// headers on their way and changes no byte.
//
// A Read never returns bytes of two frames. So when a frame's size has been noted,
// everything before that frame has been taken out by the library, and a message
// that was complete before the violation is still delivered.
type frameMeter struct {
	net.Conn
	early     []byte // read from Conn, not returned yet
	header    []byte // of the current frame, as far as it is known
	payload   uint64 // bytes of the current frame that are still to come
	oversized atomic.Bool
}

// Read returns bytes up to the end of the current frame at most.
func (m *frameMeter) Read(p []byte) (int, error) {
	if len(m.early) > 0 {
		n := m.follow(m.early[:min(len(p), len(m.early))])
		copy(p, m.early[:n])
		m.early = m.early[n:]
		return n, nil
	}
	n, err := m.Conn.Read(p)
	end := m.follow(p[:n])
	if end < n {
		m.early = slices.Clone(p[end:n])
		// The error belongs behind bytes that are not returned yet; Conn repeats it.
		return end, nil
	}
	return n, err
}

// follow tells how many of the bytes belong to the current frame.
func (m *frameMeter) follow(b []byte) int {
	for at := 0; at < len(b); {
		if m.payload > 0 {
			n := min(m.payload, uint64(len(b)-at))
			m.payload -= n
			at += int(n)
		} else {
			m.header = append(m.header, b[at])
			at++
			if !m.headerComplete() {
				continue
			}
		}
		if m.payload == 0 {
			return at
		}
	}
	return len(b)
}

// headerComplete reads the header once all of it is there (RFC 6455, section 5.2).
func (m *frameMeter) headerComplete() bool {
	if len(m.header) < 2 {
		return false
	}
	const control, masked, length16, length64, maskSize = 0x08, 0x80, 126, 127, 4
	size, length := 2, uint64(m.header[1]&^masked)
	switch length {
	case length16:
		size += 2
	case length64:
		size += 8
	}
	if m.header[1]&masked != 0 {
		size += maskSize
	}
	if len(m.header) < size {
		return false
	}
	switch length {
	case length16:
		length = uint64(binary.BigEndian.Uint16(m.header[2:]))
	case length64:
		length = binary.BigEndian.Uint64(m.header[2:])
	}
	if m.header[0]&control == 0 && length > maxFrame {
		m.oversized.Store(true)
	}
	m.payload = length
	m.header = m.header[:0]
	return true
}

// meteredWriter hands out a connection that is metered.
type meteredWriter struct {
	http.ResponseWriter
	meter *frameMeter
}

// Hijack takes over the connection, and what the client has already sent on it.
func (w *meteredWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking over the connection: %w", err)
	}
	early, err := buffered.Reader.Peek(buffered.Reader.Buffered())
	if err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("reading what was already sent: %w", err)
	}
	w.meter.Conn, w.meter.early = conn, slices.Clone(early)
	buffered.Reader.Reset(w.meter)
	return w.meter, buffered, nil
}
