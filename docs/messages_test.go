package docs

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// ofOthers are sentences that operators see and others write: AWS, the CDK, Docker, wscat.
var ofOthers = []string{
	"Need to perform AWS CDK bootstrap", "SSM parameter /cdk-bootstrap/", "Cannot connect to the Docker daemon", "User: arn:aws:iam",
	"fork/exec /var/task/bootstrap", "exec format error", "Couldn't find valid bootstrap", "Stack [AwsOcppGatewayStack] already exists",
	"Resource of type 'AWS::DynamoDB::Table'", "error: Unexpected server response", "Task timed out after", "signal: killed",
	"api error ForbiddenException", "context deadline exceeded", "operation error IoT Data Plane", "operation error ApiGatewayManagementApi", "is not authorized to perform: ",
	"CloudWatch Logs role ARN must be set", `{"message": "Internal server error"`, `{"message":"Forbidden"}`, `{"message":"Unauthorized"}`,
}

// sentence is a text between backquotes that is no command, path or expression.
var sentence = regexp.MustCompile("`([A-Za-z][^`\n]* [^`\n]* [^`\n]*)`")

// What the guide quotes from this system's log and records is written there: whoever searches for it must find it.
func TestGuideQuotesWhatIsWritten(t *testing.T) {
	written := texts(t, "../functions", "../shared")
	makefile := read(t, "../Makefile")
	guide := block.ReplaceAllString(read(t, "troubleshooting.md"), "")
	quoted := 0
	for _, found := range sentence.FindAllStringSubmatch(guide, -1) {
		text := found[1]
		if isCommand(text) || others(text) {
			continue
		}
		quoted++
		// The sentence of `make` when a program is missing is put together of two.
		if program, remedy, of := strings.Cut(text, " is missing: install "); of && strings.Contains(makefile, "call need,"+program+","+remedy) {
			continue
		}
		if !isWritten(text, written) {
			t.Errorf("the guide quotes %q, which nothing writes", text)
		}
	}
	if quoted < 15 {
		t.Errorf("%d quotations only: is their form another?", quoted)
	}
}

func isCommand(text string) bool {
	for _, begins := range []string{"aws ", "npx ", "make ", "api ", "scripts/", "GET /", "POST /", "DELETE /", "sh ", "curl "} {
		if strings.HasPrefix(text, begins) {
			return true
		}
	}
	return false
}

func others(text string) bool {
	for _, theirs := range ofOthers {
		if strings.Contains(text, theirs) {
			return true
		}
	}
	return false
}

// isWritten tells whether a text is one of those, with any values in place of verbs such as %s.
func isWritten(text string, written []*regexp.Regexp) bool {
	for _, pattern := range written {
		if pattern.MatchString(text) {
			return true
		}
	}
	return false
}

var verb = regexp.MustCompile(`%[a-z]`)

// texts are the string literals of several words in the source of these folders, without their tests.
func texts(t *testing.T, folders ...string) []*regexp.Regexp {
	t.Helper()
	var all []*regexp.Regexp
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files := token.NewFileSet()
			var tokens scanner.Scanner
			tokens.Init(files.AddFile(path, files.Base(), len(source)), source, nil, 0)
			for kind := token.ILLEGAL; kind != token.EOF; {
				var literal string
				_, kind, literal = tokens.Scan()
				if kind != token.STRING {
					continue
				}
				text, err := strconv.Unquote(literal)
				if err != nil {
					return err
				}
				if strings.Count(text, " ") >= 2 {
					pattern := verb.ReplaceAllString(regexp.QuoteMeta(text), ".*")
					all = append(all, regexp.MustCompile("(?s)^"+pattern+"$"))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
