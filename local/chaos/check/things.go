package check

import (
	"fmt"
	"slices"
	"strings"
)

// things compares Things with the rows that mirror them. An event that was given up lies in the dead letter queue, where an operator
// finds it.
func things(known Known) (findings []Finding) {
	for _, thing := range known.Things {
		if thing.ID == thing.RowID && thing.Version == thing.RowVersion {
			continue
		}
		given := slices.ContainsFunc(known.DeadLetters[eventsQueue], func(letter string) bool { return strings.Contains(letter, thing.Name) })
		if !given {
			findings = append(findings, Finding{
				ThingWrong, thing.Name, "", fmt.Sprintf("Thing %q version %d", thing.ID, thing.Version), fmt.Sprintf("Thing %q version %d", thing.RowID, thing.RowVersion),
			})
		}
	}
	return findings
}
