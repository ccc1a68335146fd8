package dynamodb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// constraints gathers what a request breaks of the limits of its parameters: DynamoDB names all at once.
type constraints []string

func (c *constraints) add(value any, parameter, text string) {
	shown := "null"
	if value != nil {
		shown = fmt.Sprintf("'%v'", value)
	}
	*c = append(*c, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", shown, parameter, text))
}

func (c *constraints) notNull(missing bool, parameter string) {
	if missing {
		c.add(nil, parameter, "Member must not be null")
	}
}

func (c *constraints) oneOf(value, parameter string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		c.add(value, parameter, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
	}
}

func (c *constraints) atLeast(value *int, parameter string, least int) {
	if value != nil && *value < least {
		c.add(*value, parameter, fmt.Sprintf("Member must have value greater than or equal to %d", least))
	}
}

func (c *constraints) atMost(value *int, parameter string, most int) {
	if value != nil && *value > most {
		c.add(*value, parameter, fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// name checks the name of a table or index; a table may be named by its ARN.
func (c *constraints) name(value, parameter string) {
	if strings.HasPrefix(value, "arn:") {
		return
	}
	if !namePattern.MatchString(value) {
		c.add(value, parameter, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
	if len(value) < 3 {
		c.add(value, parameter, "Member must have length greater than or equal to 3")
	}
	if len(value) > 255 {
		c.add(value, parameter, "Member must have length less than or equal to 255")
	}
}

// table checks TableName, which nearly every action needs.
func (c *constraints) table(value string) {
	if value == "" {
		c.notNull(true, "tableName")
		return
	}
	c.name(value, "tableName")
}

// capacity checks ReturnConsumedCapacity.
func (c *constraints) capacity(value string) {
	c.oneOf(value, "returnConsumedCapacity", "INDEXES", "TOTAL", "NONE")
}

func (c constraints) err() error {
	if len(c) == 0 {
		return nil
	}
	plural := ""
	if len(c) > 1 {
		plural = "s"
	}
	return invalid("%d validation error%s detected: %s", len(c), plural, strings.Join(c, "; "))
}
