// Package secret finds what must not be shown in messages: the Basic-auth keys of charge points and other
// passwords that OCPP carries in plain members.
package secret
