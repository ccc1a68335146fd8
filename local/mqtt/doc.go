// Package mqtt is the message broker of AWS IoT Core on one machine: an MQTT 3.1.1 and 5 broker with
// the limits, the reserved topics and the presence events that AWS IoT has.
//
// The protocol itself is mochi-mqtt/server, which no other package of this repository sees. Nothing is authenticated:
// the broker is meant to listen on 127.0.0.1.
package mqtt
