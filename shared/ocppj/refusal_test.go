package ocppj

import (
	"strings"
	"testing"
)

// Specification: OCPP-J 1.6 section 4.1.3 and table 3; OCPP 2.0.1 part 4 sections 4.2.3, 4.1.3 and 4.4 and table 4;
// OCPP 2.1 part 4 section 4.4.
func TestRefusalFollowsTheVersion(t *testing.T) {
	long := strings.Repeat("x", 37)
	const dropped = ""
	tests := []struct {
		name, in       string
		v16, v201, v21 string // the answer up to the description
	}{
		{"not JSON", `hello`, dropped, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"id is a number", `[2,17,"X",{}]`, dropped, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"id too long", `[2,"` + long + `","X",{}]`, `[4,"` + long + `","FormationViolation",`, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"id as long as it is repeated", `[2,"` + strings.Repeat("x", maxEcho) + `","X",{}]`, `[4,"` + strings.Repeat("x", maxEcho) + `","FormationViolation",`, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"id longer than that", `[2,"` + strings.Repeat("<", maxEcho+1) + `","X",{}]`, `[4,"-1","FormationViolation",`, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"id as large as a message", `[2,"` + strings.Repeat("é", 65_000) + `","X",{}]`, `[4,"-1","FormationViolation",`, `[4,"-1","RpcFrameworkError",`, `[4,"-1","RpcFrameworkError",`},
		{"type in quotes", `["2","a1","X",{}]`, dropped, `[4,"a1","RpcFrameworkError",`, `[4,"a1","RpcFrameworkError",`},
		{"payload missing", `[2,"a1","X"]`, `[4,"a1","FormationViolation",`, `[4,"a1","RpcFrameworkError",`, `[4,"a1","RpcFrameworkError",`},
		{"payload broken", `[2,"a1","X",{"a":]`, `[4,"a1","FormationViolation",`, `[4,"a1","FormatViolation",`, `[4,"a1","FormatViolation",`},
		{"payload an array", `[2,"a\"1","X",[]]`, `[4,"a\"1","FormationViolation",`, `[4,"a\"1","FormatViolation",`, `[4,"a\"1","FormatViolation",`},
		{"unknown type", `[9,"a1","X",{}]`, dropped, `[4,"a1","MessageTypeNotSupported",`, dropped},
		{"type 0", `[0,"a1","X",{}]`, dropped, `[4,"a1","MessageTypeNotSupported",`, dropped},
		{"negative type", `[-2,"a1","X",{}]`, dropped, `[4,"a1","MessageTypeNotSupported",`, dropped},
		{"type of many digits", `[123456,"a1","X",{}]`, dropped, `[4,"a1","MessageTypeNotSupported",`, dropped},
		{"unknown type without an id", `[9,1]`, dropped, dropped, dropped},
		{"result broken", `[3,"a1",{"a":]`, dropped, dropped, `[5,"a1","RpcFrameworkError",`},
		{"result with an overlong id", `[3,"` + long + `",{}]`, dropped, dropped, dropped},
		{"error broken", `[4,"a1","`, dropped, dropped, dropped},
		{"result error broken", `[5,"a1","`, dropped, dropped, dropped},
		{"send broken", `[6,"a1","X",[]]`, dropped, dropped, dropped},
	}
	for _, test := range tests {
		for version, want := range map[Version]string{V16: test.v16, V201: test.v201, V21: test.v21} {
			t.Run(test.name+" "+string(version), func(t *testing.T) {
				_, err := Parse([]byte(test.in))
				frame, answer := Refusal(version, err.(*ParseError))
				if answer != (want != dropped) || !strings.HasPrefix(string(frame), want) {
					t.Fatalf("got %s, want %s…", frame, want)
				}
				if len(test.in) < len(long) && answer {
					if _, err := Parse(frame); err != nil {
						t.Errorf("the answer %s is itself wrong: %v", frame, err)
					}
				}
			})
		}
	}
}

// Specification: OCPP-J 1.6 section 4.1.3; OCPP 2.0.1 part 4 sections 4.1.3 and 4.4; OCPP 2.1 part 4 section 4.4.
func TestRefusalOfAFrameThatTheVersionDoesNotHave(t *testing.T) {
	frame, err := Parse([]byte(`[6,"a1","NotifyPeriodicEventStream",{}]`))
	if err != nil {
		t.Fatal(err)
	}
	if answer, ok := Refusal(V16, frame.CheckVersion(V16)); ok {
		t.Errorf("1.6 answers %s, want silence", answer)
	}
	if answer, ok := Refusal(V201, frame.CheckVersion(V201)); !ok || !strings.Contains(string(answer), `"MessageTypeNotSupported"`) {
		t.Errorf("2.0.1 answers %s", answer)
	}
}

// Specification: OCPP-J 1.6 table 7; OCPP-J 1.6 errata 5.1 and 5.2; OCPP 2.0.1 part 4 table 8.
func TestCodeSpellsAsTheVersionDoes(t *testing.T) {
	differing := map[ErrorKind]string{
		FormatViolation:               "FormationViolation",
		OccurrenceConstraintViolation: "OccurenceConstraintViolation",
		RpcFramework:                  "FormationViolation",
		MessageTypeNotSupported:       "GenericError",
	}
	for kind := NotImplemented; kind <= RpcFramework; kind++ {
		want := kind.String()
		if got := kind.Code(V201); got != want {
			t.Errorf("2.0.1: got %s, want %s", got, want)
		}
		if old, ok := differing[kind]; ok {
			want = old
		}
		if got := kind.Code(V16); got != want {
			t.Errorf("1.6: got %s, want %s", got, want)
		}
	}
	if got := ErrorKind(0).Code(V21); got != "GenericError" {
		t.Errorf("the zero kind reads %s", got)
	}
}
