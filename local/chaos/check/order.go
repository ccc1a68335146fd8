package check

import (
	"fmt"
	"time"
)

// slack is what clocks of whole milliseconds, and the way of a frame, may add to a deadline.
const slack = 250 * time.Millisecond

// order looks for a CALL that came while another was outstanding. One is outstanding until the charge point answers, its connection
// ends, or its deadline passes.
func (c *comparison) order() {
	for i, first := range c.told.Commands {
		for _, second := range c.told.Commands[i+1:] {
			if second.Connection != first.Connection {
				break
			}
			if len(first.Answers) > 0 && !second.At.Before(first.Answers[0].At) {
				break
			}
			if row := c.known.Commands[first.ID]; !row.Deadline.IsZero() && second.At.Add(slack).After(row.Deadline) {
				break
			}
			c.find(CommandsAtOnce, second.ID, fmt.Sprintf("%s came at %s, while %s %s was outstanding, since %s, answered %s",
				second.Action, second.At.Format(time.StampMilli), first.Action, first.ID, first.At.Format(time.StampMilli), spelled(first.Answers)), "")
			break
		}
	}
}
