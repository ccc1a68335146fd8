package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/schemas/conform"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// catalogues are the versions' schemas. To add a version is to add its files and a line here.
var catalogues = map[ocppj.Version]*catalogue{
	ocppj.V16:  newCatalogue(ocppj.V16, "ocpp16"),
	ocppj.V201: newCatalogue(ocppj.V201, "ocpp201"),
	ocppj.V21:  newCatalogue(ocppj.V21, "ocpp21"),
}

// catalogue is what is known of one version. Everything in it is read when it is first asked for.
type catalogue struct {
	folder string // of the action files; folder.json holds the types that they share

	// actions lists the folder; its values read the file of one action, once.
	actions func() map[string]func() (*action, error)

	mu       sync.Mutex // guards what follows: a compiler is not made for concurrent use
	compiler *jsonschema.Compiler
	inlined  map[*jsonschema.Schema]bool // schemas that inline has seen; nothing writes to them again
	rules    conform.Rules
}

// message is a compiled schema, and its rule, by which most payloads need not be decoded.
type message struct {
	*jsonschema.Schema
	rule *conform.Rule
}

// action is what is known of one action. A message is compiled when the first of its kind is validated: a function that
// receives requests never needs the responses.
type action struct {
	sender            Sender
	request, response func() (message, error) // response is nil for a SEND
}

func newCatalogue(version ocppj.Version, folder string) *catalogue {
	c := &catalogue{folder: folder, compiler: newCompiler(version), inlined: map[*jsonschema.Schema]bool{}, rules: conform.Rules{}}
	c.actions = sync.OnceValue(func() map[string]func() (*action, error) {
		entries, err := files.ReadDir(folder)
		if err != nil {
			panic("schemas: " + err.Error()) // the folder is embedded, or the program does not build
		}
		actions := make(map[string]func() (*action, error), len(entries))
		for _, entry := range entries {
			actions[strings.TrimSuffix(entry.Name(), ".json")] = sync.OnceValues(func() (*action, error) {
				return c.read(path.Join(folder, entry.Name()))
			})
		}
		return actions
	})
	return c
}

// read learns from the file of an action who sends it and which messages it has.
func (c *catalogue) read(name string) (*action, error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		SentBy   string          `json:"sentBy"`
		Response json.RawMessage `json:"response"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	a := &action{request: sync.OnceValues(func() (message, error) { return c.compile(name, "request") })}
	if file.Response != nil {
		a.response = sync.OnceValues(func() (message, error) { return c.compile(name, "response") })
	}
	switch file.SentBy {
	case "chargePoint":
		a.sender = ChargePoint
	case "centralSystem":
		a.sender = CentralSystem
	case "both":
		a.sender = Both
	default:
		return nil, fmt.Errorf("%s: sentBy is %q, not chargePoint, centralSystem or both", name, file.SentBy)
	}
	return a, nil
}

// compile makes the schema of one message, and of the shared types that it is the first to use.
func (c *catalogue) compile(name, member string) (message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.compiler.Compile(scheme + name + "#/" + member)
	if err != nil {
		return message{}, err
	}
	c.inline(s)
	return message{s, c.rules.Of(s)}, nil
}

// inline replaces the references below s by what they refer to. In draft-07 a reference has no other keywords beside it, so
// both mean the same; but the validator spends as much on following a reference as on checking a string.
func (c *catalogue) inline(s *jsonschema.Schema) {
	if c.inlined[s] {
		return
	}
	c.inlined[s] = true
	for name, property := range s.Properties {
		s.Properties[name] = target(property)
		c.inline(s.Properties[name])
	}
	if items, ok := s.Items.(*jsonschema.Schema); ok {
		s.Items = target(items)
		c.inline(target(items))
	}
}

func target(s *jsonschema.Schema) *jsonschema.Schema {
	for s.Ref != nil {
		s = s.Ref
	}
	return s
}

// scheme makes URLs of the names of embedded files; the compiler would take a bare name for a file of this machine.
const scheme = "embed:///"

// newCompiler returns a compiler that reads the embedded files alone, and knows the formats of version.
func newCompiler(version ocppj.Version) *jsonschema.Compiler {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft7
	compiler.AssertFormat = true
	compiler.Formats["date-time"] = func(value any) bool {
		text, ok := value.(string)
		if !ok {
			return true // that is for the type to say
		}
		_, err := ParseDateTime(version, text)
		return err == nil
	}
	compiler.Formats["int64"] = isInt64
	compiler.LoadURL = func(url string) (io.ReadCloser, error) {
		data, err := files.ReadFile(strings.TrimPrefix(url, scheme))
		return io.NopCloser(bytes.NewReader(data)), err
	}
	return compiler
}
