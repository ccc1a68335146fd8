package cloud

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// loopback is the only address that anything here listens on: nothing is encrypted, and callers of the AWS APIs are the
// administrator unless they prove to be somebody else.
const loopback = "127.0.0.1"

func listen(port int, what string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address(port))
	if err != nil {
		return nil, portError(err, port, what)
	}
	return listener, nil
}

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

func portError(err error, port int, what string) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d (%s) is in use: end what holds it, or move all ports with `make run ARGS=\"-port-offset 100\"`", port, what)
	}
	return fmt.Errorf("listen on port %d (%s): %w", port, what, err)
}

// free reports whether a port can be listened on, for a component that listens itself and tells its errors in its own words.
func free(port int, what string) error {
	if port == 0 {
		return nil
	}
	listener, err := listen(port, what)
	if err != nil {
		return err
	}
	return listener.Close()
}
