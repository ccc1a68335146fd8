package dynamodb

import (
	"net/http"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/local/skim"
)

// Access says what a request needs in terms of IAM: the action, such as "dynamodb:Query", and the ARNs of what it is for: the
// table; the index alone, when one is queried or scanned; each table of a batch or transaction. "*" stands for actions that are
// for no table in particular. A body that cannot be decoded names no table; ServeHTTP refuses it.
func (s *Service) Access(r *http.Request, body []byte) (action string, resources []string) {
	action = "dynamodb:" + operation(r)
	var tables []string
	var index string
	for name, value := range skim.Members(body) {
		switch name {
		case "TableName", "ResourceArn":
			if table := skim.Text(value); table != "" {
				tables = append(tables, table)
			}
		case "IndexName":
			index = skim.Text(value)
		case "RequestItems":
			for table := range skim.Members(value) {
				tables = append(tables, table)
			}
		case "TransactItems":
			tables = append(tables, tablesOf(value)...)
		}
	}
	if index != "" && len(tables) == 1 {
		return action, []string{s.ARN(nameInARN(tables[0])) + "/index/" + index}
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

// tablesOf are the tables of a transaction, each of whose items is an object that holds one operation.
func tablesOf(items []byte) (tables []string) {
	for item := range skim.Elements(items) {
		for _, operation := range skim.Members(item) {
			for name, value := range skim.Members(operation) {
				if name == "TableName" {
					tables = append(tables, skim.Text(value))
				}
			}
		}
	}
	return tables
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
