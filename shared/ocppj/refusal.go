package ocppj

import "unicode/utf8"

// unreadableID stands in for the id of a message whose id could not be read (OCPP 2.x Part 4 section 4.2.3).
const unreadableID = "-1"

// maxEcho is how long an id may be, in bytes, to be repeated in an answer of 1.6. A message has room for an id that would make its
// answer, which writes some characters as six, larger than API Gateway sends.
const maxEcho = 1000

// Refusal decides how a message that Parse refused is answered, and returns the answer; answer is false when
// the message is to be dropped in silence.
//
//	what came                        1.6                    2.0.1                     2.1
//	CALL, frame malformed            FormationViolation     RpcFrameworkError         as 2.0.1
//	CALL, payload malformed          FormationViolation     FormatViolation           as 2.0.1
//	CALL, id unreadable              dropped                RpcFrameworkError, "-1"   as 2.0.1
//	CALL, id longer than 36          FormationViolation     RpcFrameworkError, "-1"   as 2.0.1
//	CALL, id longer than maxEcho     the same, "-1"         RpcFrameworkError, "-1"   as 2.0.1
//	type unreadable                  dropped                RpcFrameworkError, the id as 2.0.1
//	                                                        if readable, else "-1"
//	type unknown                     dropped                MessageTypeNotSupported   dropped
//	CALLRESULT                       dropped                dropped                   CALLRESULTERROR
//	CALLERROR, SEND                  dropped                dropped                   dropped
//
// 1.6 has no id for "could not be read", so an answer without the id would reach nobody. An overlong id is
// readable: 1.6 gets it back whole, because an answer must carry exactly the id of its CALL and a cut one matches nothing;
// 2.x has "-1" for it, which keeps our own frame within the limits. So it does in 1.6 for an id that no charge point means: whoever
// writes the firmware sees at least why nothing matches. An unknown type is to be ignored (1.6 and 2.1); 2.0.1
// section 4.4 names an error code for it, which needs a readable id to be of use. Errors and SENDs are never answered, which
// also keeps two broken sides from answering each other for ever.
func Refusal(version Version, e *ParseError) (frame []byte, answer bool) {
	if e.Kind == MessageTypeNotSupported {
		if version != V201 || !idFits(e.ID) {
			return nil, false
		}
		return refuse(CallError, e.ID, version, e), true
	}
	switch e.Type {
	case CallResult:
		if version != V21 || !idFits(e.ID) {
			return nil, false
		}
		return refuse(CallResultError, e.ID, version, e), true
	case CallError, CallResultError, Send:
		return nil, false
	case Call:
	}
	// A CALL, or a type that cannot be read and is taken for a CALL: only its sender waits for an answer.
	if version == V16 {
		if e.ID == "" || e.Type != Call {
			return nil, false
		}
		id := e.ID
		if len(id) > maxEcho {
			id = unreadableID
		}
		return refuse(CallError, id, version, e), true
	}
	id := e.ID
	if !idFits(id) {
		id = unreadableID
	}
	return refuse(CallError, id, version, e), true
}

func idFits(id string) bool { return id != "" && utf8.RuneCountInString(id) <= maxIDLength }

// refuse writes the error frame with an id of any length, unlike EncodeError.
func refuse(t MessageType, id string, version Version, e *ParseError) []byte {
	frame := appendErrorText(appendHead(t, id), e.Kind.Code(version), e.Text)
	return append(frame, ",{}]"...)
}
