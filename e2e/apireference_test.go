package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// line is a command of the reference and the answer that stands under it.
type line struct {
	shell  string
	status int
	body   string // JSON, or ""
}

var (
	shellBlock  = regexp.MustCompile("(?s)```sh\n(.*?)```(?:\n```http\nHTTP/1.1 (\\d+)[^\n]*\n(.*?)```)?")
	answersBody = regexp.MustCompile(`(?m)^\{.*$`)
)

// reference reads the lines of docs/api-reference.md in their order.
func reference(t *testing.T) (lines []line) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/api-reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		read := line{shell: strings.TrimSpace(block[1]), body: answersBody.FindString(block[3])}
		if strings.HasPrefix(read.shell, "HTTP_API=") {
			continue
		}
		if read.status, err = strconv.Atoi(block[2]); err != nil && strings.HasPrefix(read.shell, "curl") {
			t.Errorf("no answer stands under %s", read.shell)
		}
		lines = append(lines, read)
	}
	return lines
}

// TestAPIReferenceRuns runs the reference from its beginning to its end as its reader would, with a charge point that
// does everything it is asked for. Every answer fits the OpenAPI document, too.
func TestAPIReferenceRuns(t *testing.T) {
	t.Parallel()
	reader := &reader{T: t, document: readOpenAPI(t), known: map[string]string{"HTTP_API": stack.Addresses().HTTP}}
	var cp *obliging
	for _, line := range reference(t) {
		switch {
		case strings.HasSuffix(line.shell, " disconnects"):
			cp.leave()
			reader.settle(`{"connected":false}`)
		case strings.HasSuffix(line.shell, " connects"):
			cp = oblige(t, "CP001", reader.known["KEY"])
			reader.settle(`{"connected":true}`)
		case strings.HasPrefix(line.shell, "curl "):
			reader.run(line)
		default:
			t.Errorf("nobody knows what this does: %s", line.shell)
		}
	}
}

// reader remembers what answers have told.
type reader struct {
	*testing.T
	document openAPI
	known    map[string]string // by the name of the shell's variable
}

// run runs a command until its answer is the one that stands under it. Only reading is repeated: what a charge point
// tells is stored in the background.
func (r *reader) run(line line) {
	r.Helper()
	writes := strings.Contains(line.shell, "--json") || strings.Contains(line.shell, "-X ")
	attempt := func() string {
		status, body := r.curl(line.shell)
		r.document.fits(methodOf(line.shell), requestOf.FindStringSubmatch(line.shell)[1], status, body)
		if complaint := differs(line, status, body); complaint != "" {
			return complaint
		}
		r.remember(body)
		return ""
	}
	if writes {
		if complaint := attempt(); complaint != "" {
			r.Fatalf("%s\n%s", line.shell, complaint)
		}
		return
	}
	eventually(r.T, func() string {
		if complaint := attempt(); complaint != "" {
			return line.shell + "\n" + complaint
		}
		return ""
	})
}

// curl runs a line in a shell that knows the answers before it.
func (r *reader) curl(shell string) (status int, body []byte) {
	r.Helper()
	file := filepath.Join(r.TempDir(), "answer")
	command := exec.CommandContext(r.Context(), "bash", "-c", strings.Replace(shell, "curl ", `curl -sS -o "$ANSWER" -w '%{http_code}' `, 1))
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "ANSWER=" + file, "NO_PROXY=*"}
	for name, value := range r.known {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	if err != nil {
		r.Fatalf("%s: %v: %s", shell, err, output)
	}
	if status, err = strconv.Atoi(string(output)); err != nil {
		r.Fatalf("%s: %s", shell, output)
	}
	body, err = os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) { // no body, no file
		r.Fatal(err)
	}
	return status, body
}

// differs says what is not in an answer and stands in the reference: the status, and the members of the body.
func differs(line line, status int, body []byte) string {
	quick := line.status == http.StatusAccepted && status == http.StatusOK // the reference says when: the command is final by then
	if status != line.status && !quick {
		return "status " + strconv.Itoa(status) + ", the reference says " + strconv.Itoa(line.status) + ": " + string(body)
	}
	if line.body == "" {
		return ""
	}
	var want, got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(line.body), &want); err != nil {
		return "the reference shows no JSON: " + err.Error()
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return "no JSON object: " + string(body)
	}
	for member := range want {
		if _, there := got[member]; !there {
			return "the answer lacks " + member + ": " + string(body)
		}
	}
	return ""
}

// remember keeps the members of an answer that later lines name: commandId as COMMAND_ID.
func (r *reader) remember(body []byte) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return // no JSON object, nothing to remember
	}
	for name, value := range members {
		var variable strings.Builder
		for _, letter := range name {
			if unicode.IsUpper(letter) && !strings.HasSuffix(variable.String(), "I") {
				variable.WriteByte('_')
			}
			variable.WriteRune(unicode.ToUpper(letter))
		}
		switch value := value.(type) {
		case string:
			r.known[variable.String()] = value
		case float64:
			r.known[variable.String()] = strconv.FormatFloat(value, 'f', -1, 64)
		}
	}
}

// settle waits until the charge point has the members.
func (r *reader) settle(want string) {
	r.Helper()
	eventually(r.T, func() string {
		got := call(r.T, http.MethodGet, "/charge-points/CP001", "")
		if text, err := json.Marshal(map[string]any{"connected": got.Body["connected"]}); err != nil || string(text) != want {
			return "CP001 is " + string(text)
		}
		return ""
	})
}
