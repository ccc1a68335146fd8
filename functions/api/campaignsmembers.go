package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// memberView is a charge point of a campaign, and what became of its order.
type memberView struct {
	ChargePointID string         `json:"chargePointId"`
	State         campaign.State `json:"state"`
	CommandID     string         `json:"commandId,omitempty"` // of the first of its commands
	Commands      int            `json:"commands,omitempty"`  // how many there are; nearly always 1
	Code          fault.Code     `json:"code,omitempty"`      // of what made it fail
	Error         string         `json:"error,omitempty"`     // why it failed, or what the charge point said
	OrderedAt     time.Time      `json:"orderedAt,omitzero"`
	ExpiresAt     time.Time      `json:"expiresAt,omitzero"` // not sent by then: expired
	ChangedAt     time.Time      `json:"changedAt"`
}

func viewMember(m campaign.Member, state campaign.State) memberView {
	view := memberView{
		ChargePointID: m.ChargePointID, State: state, Commands: m.Commands, Code: m.Code, Error: m.Error,
		OrderedAt: m.OrderedAt, ExpiresAt: m.ExpiresAt, ChangedAt: m.ChangedAt,
	}
	if m.Commands > 0 {
		view.CommandID = m.CommandID
	}
	return view
}

// memberList is a page of members.
type memberList struct {
	Members    []memberView `json:"members"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

// listCampaignMembers: the cursor is the last charge point of the page before. Members in one state may be far between,
// so each page is looked for until it is full.
func (a *API) listCampaignMembers(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	if cursor != "" && chargepoint.CheckID(cursor) != nil {
		return answer{}, fault.New(fault.Invalid, "cursor %.60q is none that the same list returned: start without one", cursor)
	}
	wanted := campaign.State(r.URL.Query().Get("state"))
	if wanted != "" && !slices.Contains(campaign.States, wanted) {
		return answer{}, fault.New(fault.Invalid, "'state' must be one of %v, not %.40q", campaign.States, wanted)
	}
	c, err := a.campaign(r)
	if err != nil {
		return answer{}, err
	}
	const window = 500 // read at once
	list, now := memberList{Members: []memberView{}}, a.Now()
	for {
		members, err := a.Campaigns.Members.After(r.Context(), c.ID, cursor, window)
		if err != nil {
			return answer{}, err
		}
		for _, m := range members {
			state := c.StateAt(m, now)
			if wanted != "" && state != wanted {
				continue
			}
			if len(list.Members) == limit {
				list.NextCursor = list.Members[limit-1].ChargePointID
				return reply(http.StatusOK, list), nil
			}
			list.Members = append(list.Members, viewMember(m, state))
		}
		if len(members) < window {
			return reply(http.StatusOK, list), nil
		}
		cursor = members[window-1].ChargePointID
	}
}
