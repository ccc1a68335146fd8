package schemas

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Document is an action's file with the shared types that it needs, so that it can be read on its own. References in it
// begin with #/types/.
type Document struct {
	Schema   string                     `json:"$schema"`
	SentBy   string                     `json:"sentBy"`             // chargePoint, centralSystem or both
	Request  json.RawMessage            `json:"request"`            // schema of the CALL's payload
	Response json.RawMessage            `json:"response,omitempty"` // of the CALLRESULT's; none for a SEND of OCPP 2.1
	Types    map[string]json.RawMessage `json:"types,omitempty"`    // by name
}

// String spells a sender as the files do.
func (s Sender) String() string {
	switch s {
	case ChargePoint:
		return "chargePoint"
	case CentralSystem:
		return "centralSystem"
	case Both:
		return "both"
	}
	return fmt.Sprintf("Sender(%d)", int(s))
}

// reference finds the shared types that a schema refers to, in an action's file and among the types themselves.
var reference = regexp.MustCompile(`"\$ref":\s*"[^"#]*#/types/([A-Za-z0-9]+)"`)

// DocumentOf returns the schemas of an action. Errors: ErrUnknownAction; anything else is a broken schema file.
func DocumentOf(version ocppj.Version, name string) (Document, error) {
	var document Document
	if _, err := find(version, name); err != nil {
		return document, err
	}
	folder := catalogues[version].folder
	if err := readJSON(folder+"/"+name+".json", &document); err != nil {
		return document, err
	}
	var shared struct {
		Types map[string]json.RawMessage `json:"types"`
	}
	if err := readJSON(folder+".json", &shared); err != nil {
		return document, err
	}
	document.Types = map[string]json.RawMessage{}
	wanted := referred(document.Request, document.Response)
	for len(wanted) > 0 {
		last := wanted[len(wanted)-1]
		wanted = wanted[:len(wanted)-1]
		if document.Types[last] != nil {
			continue
		}
		found, there := shared.Types[last]
		if !there {
			return document, fmt.Errorf("%s.json has no type %s, which %s refers to", folder, last, name)
		}
		document.Types[last] = found
		wanted = append(wanted, referred(found)...)
	}
	inside := strings.NewReplacer(`"../`+folder+`.json#/types/`, `"#/types/`)
	document.Request = json.RawMessage(inside.Replace(string(document.Request)))
	if document.Response != nil {
		document.Response = json.RawMessage(inside.Replace(string(document.Response)))
	}
	return document, nil
}

func referred(texts ...json.RawMessage) (names []string) {
	for _, text := range texts {
		for _, match := range reference.FindAllSubmatch(text, -1) {
			names = append(names, string(match[1]))
		}
	}
	return names
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
