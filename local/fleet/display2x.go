package fleet

import (
	"encoding/json"
	"maps"
	"slices"
)

// displayed is what of a MessageInfoType decides whether it is asked for.
type displayed struct {
	ID            int    `json:"id"`
	Priority      string `json:"priority"`
	State         string `json:"state"`
	TransactionID string `json:"transactionId"`
}

func setDisplayMessage(s *Station, r struct {
	Message json.RawMessage `json:"message"`
}) (any, func()) {
	var told displayed
	if json.Unmarshal(r.Message, &told) != nil {
		return status(rejected), nil
	}
	if told.TransactionID != "" && s.transaction(told.TransactionID) == nil {
		return status("UnknownTransaction"), nil
	}
	put(&s.notes.messages, told.ID, r.Message)
	return status(accepted), nil
}

func clearDisplayMessage(s *Station, r struct {
	ID int `json:"id"`
}) (any, func()) {
	if _, ok := s.notes.messages[r.ID]; !ok {
		return status(unknown), nil
	}
	delete(s.notes.messages, r.ID)
	return status(accepted), nil
}

func getDisplayMessages(s *Station, r struct {
	RequestID int    `json:"requestId"`
	IDs       []int  `json:"id"`
	Priority  string `json:"priority"`
	State     string `json:"state"`
}) (any, func()) {
	var found []json.RawMessage
	for _, id := range slices.Sorted(maps.Keys(s.notes.messages)) {
		var one displayed
		if json.Unmarshal(s.notes.messages[id], &one) != nil {
			continue // cannot be: it was read when it was set
		}
		if (r.IDs == nil || slices.Contains(r.IDs, id)) && (r.Priority == "" || r.Priority == one.Priority) && (r.State == "" || r.State == one.State) {
			found = append(found, s.notes.messages[id])
		}
	}
	if found == nil {
		return status(unknown), nil
	}
	return status(accepted), func() {
		s.tell(say("NotifyDisplayMessages", object{"requestId": r.RequestID, "messageInfo": found}))
	}
}
