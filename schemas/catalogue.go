package schemas

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

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
	version ocppj.Version
	folder  string // of the action files; folder.json holds the definitions

	// actions lists the folder; its values compile one action, once.
	actions func() map[string]func() (*messages, error)

	mu          sync.Mutex // guards what follows, while an action is compiled
	source      map[string]json.RawMessage
	definitions map[string]*schema
}

// messages are the compiled schemas of one action.
type messages struct {
	sender            Sender
	request, response *schema // response is nil for a SEND
}

func newCatalogue(version ocppj.Version, folder string) *catalogue {
	c := &catalogue{version: version, folder: folder, definitions: map[string]*schema{}}
	c.actions = sync.OnceValue(func() map[string]func() (*messages, error) {
		entries, err := files.ReadDir(folder)
		if err != nil {
			panic("schemas: " + err.Error()) // the folder is embedded, or the program does not build
		}
		actions := make(map[string]func() (*messages, error), len(entries))
		for _, entry := range entries {
			action := strings.TrimSuffix(entry.Name(), ".json")
			actions[action] = sync.OnceValues(func() (*messages, error) { return c.compile(action) })
		}
		return actions
	})
	return c
}

// compile reads the file of an action and resolves its references.
func (c *catalogue) compile(action string) (*messages, error) {
	name := path.Join(c.folder, action+".json")
	var file struct {
		SentBy   string  `json:"sentBy"`
		Request  *schema `json:"request"`
		Response *schema `json:"response"`
	}
	if err := readJSON(name, &file); err != nil {
		return nil, err
	}
	m := &messages{request: file.Request, response: file.Response}
	switch file.SentBy {
	case "chargePoint":
		m.sender = ChargePoint
	case "centralSystem":
		m.sender = CentralSystem
	case "both":
		m.sender = Both
	default:
		return nil, fmt.Errorf("%s: sentBy is %q, not chargePoint, centralSystem or both", name, file.SentBy)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.source == nil {
		var shared struct {
			Definitions map[string]json.RawMessage `json:"definitions"`
		}
		if err := readJSON(c.folder+".json", &shared); err != nil {
			return nil, err
		}
		c.source = shared.Definitions
	}
	for _, s := range []*schema{m.request, m.response} {
		if s == nil {
			continue
		}
		if err := s.link(c.definition, c.version); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return m, nil
}

// definition returns the schema that a reference such as ../ocpp16.json#/definitions/IdTagInfo names. c.mu is held.
func (c *catalogue) definition(reference string) (*schema, error) {
	name := path.Base(reference)
	if s, ok := c.definitions[name]; ok {
		return s, nil
	}
	source, ok := c.source[name]
	if !ok {
		return nil, fmt.Errorf("%s: no such definition", reference)
	}
	s := new(schema)
	if err := json.Unmarshal(source, s); err != nil {
		return nil, fmt.Errorf("%s: %w", reference, err)
	}
	c.definitions[name] = s // before its own references are resolved, which may lead back here
	return s, s.link(c.definition, c.version)
}

func readJSON(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
