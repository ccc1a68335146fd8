package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Firmware writes handshakes in its own way: header names in lower case, several header lines, words without spaces.
// Specification: OCPP-J 1.6 section 3.1.2; OCPP 2.1 part 4 section 3.1.2; OCPP 2.0.1 errata 4.2.
func TestHandshakesInFirmwareWriting(t *testing.T) {
	t.Parallel()
	const id = "FIRMWARE"
	createThing(t, id)
	for _, test := range []struct {
		name, path string
		header     []string
		want       string // the subprotocol; "" when the handshake fails
	}{
		{"lower case", "/" + id, []string{"upgrade: websocket", "connection: upgrade", "sec-websocket-protocol: ocpp1.6"}, "ocpp1.6"},
		{"several lines", "/" + id, []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Protocol: ocpp1.5", "Sec-WebSocket-Protocol: ocpp2.0.1", "Sec-WebSocket-Protocol: ocpp1.6"}, "ocpp2.0.1"},
		{"several lines at the stage", "/ocpp?chargePointId=" + id, []string{"upgrade: websocket", "connection: upgrade", "sec-websocket-protocol: soap", "sec-websocket-protocol: ocpp1.6"}, "ocpp1.6"},
		{"no spaces", "/" + id, []string{"Upgrade: WebSocket", "Connection: keep-alive,Upgrade", "Sec-WebSocket-Protocol:ocpp1.5,ocpp1.6"}, "ocpp1.6"},
		{"slash at the end", "/" + id + "/", []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Protocol: ocpp1.6"}, "ocpp1.6"},
		{"subprotocol in upper case", "/" + id, []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Protocol: OCPP1.6"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := handshake(t, test.path, test.header)
			got := response.Header.Get("Sec-WebSocket-Protocol")
			if success := response.StatusCode == http.StatusSwitchingProtocols; success != (test.want != "") || got != test.want {
				t.Errorf("%d with subprotocol %q, want %q", response.StatusCode, got, test.want)
			}
		})
	}
}

// handshake sends the lines as they are, and returns what the server says.
func handshake(t *testing.T, path string, header []string) *http.Response {
	t.Helper()
	address := strings.TrimPrefix(stack.Addresses().ChargePoints, "ws://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	lines := append([]string{
		fmt.Sprintf("GET %s HTTP/1.1", path), "host: " + address, "sec-websocket-version: 13", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
	}, header...)
	if _, err := fmt.Fprint(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
