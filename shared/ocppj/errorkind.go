package ocppj

// ErrorKind says what is wrong with a message, independent of how a version spells it.
type ErrorKind int

// The kinds of error that OCPP names. The zero value is none of them.
const (
	NotImplemented                ErrorKind = iota + 1 // the action is unknown
	NotSupported                                       // the action is known but not offered
	InternalError                                      // the receiver failed
	ProtocolError                                      // the payload is incomplete
	SecurityError                                      // not allowed, or not allowed yet
	FormatViolation                                    // the payload is malformed
	PropertyConstraintViolation                        // a field's value is not allowed
	OccurrenceConstraintViolation                      // a field is missing or occurs too often
	TypeConstraintViolation                            // a field has the wrong JSON type
	GenericError                                       // anything else
	MessageTypeNotSupported                            // the frame's number is unknown
	RpcFramework                                       // the frame itself is malformed
)

// Code returns the error code as version spells it in a CALLERROR.
//
// 1.6 misspells two codes, declared known and never to be fixed (errata 5.1 and 5.2), and lacks two:
//   - RpcFramework becomes FormationViolation, its code for what is "syntactically incorrect";
//   - MessageTypeNotSupported becomes GenericError, "not covered by the more specific codes".
func (k ErrorKind) Code(version Version) string {
	if version != V16 {
		return k.String()
	}
	switch k {
	case FormatViolation, RpcFramework:
		return "FormationViolation"
	case OccurrenceConstraintViolation:
		return "OccurenceConstraintViolation"
	case MessageTypeNotSupported:
		return "GenericError"
	}
	return k.String()
}

// String returns the spelling of OCPP 2.x. A value that is no kind reads GenericError, because the
// receiver of a CALLERROR must always find a code that the specification lists.
func (k ErrorKind) String() string {
	switch k {
	case NotImplemented:
		return "NotImplemented"
	case NotSupported:
		return "NotSupported"
	case InternalError:
		return "InternalError"
	case ProtocolError:
		return "ProtocolError"
	case SecurityError:
		return "SecurityError"
	case FormatViolation:
		return "FormatViolation"
	case PropertyConstraintViolation:
		return "PropertyConstraintViolation"
	case OccurrenceConstraintViolation:
		return "OccurrenceConstraintViolation"
	case TypeConstraintViolation:
		return "TypeConstraintViolation"
	case MessageTypeNotSupported:
		return "MessageTypeNotSupported"
	case RpcFramework:
		return "RpcFrameworkError"
	case GenericError:
	}
	return "GenericError"
}
