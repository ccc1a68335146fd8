package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// statuses compares the last status of each connector. What was sent after the last acknowledged one may have arrived or not.
func (c *comparison) statuses() {
	possible, acknowledged := map[string][]string{}, map[string]bool{}
	for _, m := range c.told.Messages {
		if m.Action != "StatusNotification" {
			continue
		}
		var said struct {
			ConnectorID     int    `json:"connectorId"`
			EVSEID          int    `json:"evseId"`
			Status          string `json:"status"`
			ConnectorStatus string `json:"connectorStatus"`
		}
		if err := json.Unmarshal(m.Payload, &said); err != nil {
			continue // fleets send none; the message log has been compared
		}
		connector, status := fmt.Sprint(said.ConnectorID), said.Status
		if said.EVSEID != 0 {
			connector, status = fmt.Sprintf("%d#%d", said.EVSEID, said.ConnectorID), said.ConnectorStatus
		}
		if m.acknowledged() {
			possible[connector], acknowledged[connector] = nil, true
		}
		possible[connector] = append(possible[connector], status)
	}
	for _, connector := range slices.Sorted(maps.Keys(possible)) {
		known := c.known.Statuses[connector]
		if known == "" && !acknowledged[connector] {
			continue
		}
		if !slices.Contains(possible[connector], known) {
			c.find(StatusWrong, "connector "+connector, fmt.Sprint(possible[connector]), known)
		}
	}
}
