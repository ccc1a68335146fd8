package ocppj

import (
	"slices"
	"testing"
)

// Specification: OCPP-J 1.6 section 3.1.2; OCPP 2.1 part 4 section 3.1.2; OCPP 2.0.1 errata 4.2.
func TestNegotiate(t *testing.T) {
	both := []Version{V16, V201}
	tests := []struct {
		name   string
		header []string
		want   Version // "" for none
	}{
		{"one", []string{"ocpp1.6"}, V16},
		{"the charge point prefers the newer", []string{"ocpp2.0.1, ocpp1.6"}, V201},
		{"the charge point prefers the older", []string{"ocpp1.6,ocpp2.0.1"}, V16},
		{"its first choice is not ours", []string{"ocpp2.1 ,\tocpp2.0.1"}, V201},
		{"several lines", []string{"ocpp2.1", " ocpp1.5", "ocpp1.6 "}, V16},
		{"empty members", []string{", ,ocpp1.6,,"}, V16},
		{"case counts", []string{"OCPP1.6"}, ""},
		{"no prefix match", []string{"ocpp1.6j", "ocpp2.0"}, ""},
		{"nothing common", []string{"soap", "ocpp1.5"}, ""},
		{"an empty header", []string{""}, ""},
		{"no header", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Negotiate(ParseProtocols(test.header), both)
			if got != test.want || ok != (test.want != "") {
				t.Errorf("got %q, %t; want %q", got, ok, test.want)
			}
		})
	}
}

func TestParseProtocolsKeepsTheOrder(t *testing.T) {
	got := ParseProtocols([]string{"ocpp2.1, ocpp2.0.1", "ocpp1.6"})
	if want := []string{"ocpp2.1", "ocpp2.0.1", "ocpp1.6"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
