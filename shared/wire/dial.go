package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
)

// host is where a connection leads to.
type host struct {
	secure  bool
	address string // with its port
}

func hostOf(u *url.URL) host {
	h := host{secure: u.Scheme == "https", address: u.Host}
	if u.Port() != "" {
		return h
	}
	if h.secure {
		h.address = net.JoinHostPort(u.Hostname(), "443")
	} else {
		h.address = net.JoinHostPort(u.Hostname(), "80")
	}
	return h
}

// dial opens a connection. The Dial of the client and the handshake's timeout bound how long it takes.
func (c *Client) dial(ctx context.Context, to host) (*connection, error) {
	opened, err := c.Dial(ctx, "tcp", to.address)
	if err != nil {
		return nil, err
	}
	if to.secure {
		if opened, err = c.secure(ctx, opened, to); err != nil {
			return nil, err
		}
	}
	made := &connection{net: opened, host: to, idle: &c.idle, max: c.MaxIdle, in: bufio.NewReader(opened)}
	made.out = bufio.NewWriterSize(made, writeBuffer)
	return made, nil
}

// secure takes over the connection, and closes it when the handshake fails.
func (c *Client) secure(ctx context.Context, opened net.Conn, to host) (net.Conn, error) {
	config := &tls.Config{}
	if c.TLS != nil {
		config = c.TLS.Clone()
	}
	if config.ServerName == "" {
		name, _, err := net.SplitHostPort(to.address)
		if err != nil {
			opened.Close()
			return nil, err
		}
		config.ServerName = name
	}
	if c.HandshakeTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.HandshakeTimeout)
		defer cancel()
	}
	secured := tls.Client(opened, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		opened.Close()
		return nil, fmt.Errorf("no TLS with %s: %w", to.address, err)
	}
	return secured, nil
}
