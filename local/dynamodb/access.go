package dynamodb

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Access says what a request needs in terms of IAM: the action, such as "dynamodb:Query", and the ARNs of what it is for: the
// table; the index alone, when one is queried or scanned; each table of a batch or transaction. "*" stands for actions that are
// for no table in particular. A body that cannot be decoded names no table; ServeHTTP refuses it.
func (s *Service) Access(r *http.Request, body []byte) (action string, resources []string) {
	action = "dynamodb:" + operation(r)
	var request struct {
		TableName, IndexName, ResourceArn string
		RequestItems                      map[string]json.RawMessage
		TransactItems                     []map[string]struct{ TableName string }
	}
	if json.Unmarshal(body, &request) != nil {
		return action, []string{"*"}
	}
	tables := slices.Collect(maps.Keys(request.RequestItems))
	for _, entry := range request.TransactItems {
		for _, part := range entry {
			tables = append(tables, part.TableName)
		}
	}
	switch {
	case request.TableName != "" && request.IndexName != "":
		return action, []string{s.ARN(nameInARN(request.TableName)) + "/index/" + request.IndexName}
	case request.TableName != "":
		tables = []string{request.TableName}
	case request.ResourceArn != "":
		tables = []string{request.ResourceArn}
	}
	for _, table := range tables {
		resources = append(resources, s.ARN(nameInARN(table)))
	}
	slices.Sort(resources)
	resources = slices.Compact(resources)
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	return action, resources
}

// ARN returns the ARN of the table of that name, whether it exists or not.
func (s *Service) ARN(table string) string {
	return "arn:aws:dynamodb:" + s.config.Region + ":" + s.config.Account + ":table/" + table
}

// nameInARN returns the name of a table that is named by its ARN, or by its name already.
func nameInARN(table string) string {
	if _, name, isARN := strings.Cut(table, ":table/"); isARN {
		return name
	}
	return table
}
