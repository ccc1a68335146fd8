package signed

import (
	"fmt"
	"net/http"
	"os"
	"strings"
)

// setTrace passes the invocation's trace on, as the SDK does: X-Ray joins what belongs together, and Lambda recognizes
// functions that call themselves for ever.
func setTrace(header http.Header) {
	_, inLambda := os.LookupEnv("AWS_LAMBDA_FUNCTION_NAME")
	trace, there := os.LookupEnv("_X_AMZN_TRACE_ID")
	if inLambda && there {
		header["X-Amzn-Trace-Id"] = []string{escaped(trace)}
	}
}

// unescaped are the characters of a trace that stay as they are, besides letters and digits.
const unescaped = `-=;:+&[]{}"',`

func escaped(trace string) string {
	var all strings.Builder
	for _, c := range []byte(trace) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(unescaped, c) >= 0:
			all.WriteByte(c)
		default:
			fmt.Fprintf(&all, "%%%02X", c)
		}
	}
	return all.String()
}
