// Package shadow is the Device Shadow service of AWS IoT Core on one machine: classic and named shadows, over its
// methods (which the HTTP data plane calls) and over the reserved MQTT topics.
//
// As on AWS, a shadow needs no Thing in the registry, and outlives it.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-device-shadows.html
package shadow
