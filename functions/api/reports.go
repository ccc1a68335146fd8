package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
)

func (a *API) reportRoutes() []route {
	few := []int{http.StatusNotFound, http.StatusUnprocessableEntity}
	return []route{
		{method: "GET", path: "/charge-points/{id}/reports", id: "listNewestReports", tag: tagState, summary: "Read the newest report of each kind",
			answers: map[int]any{http.StatusOK: reportList{}}, problems: []int{http.StatusNotFound}, serve: a.listNewestReports},
		{method: "GET", path: "/charge-points/{id}/reports/{kind}", id: "listReports", tag: tagState, summary: "List the reports of a kind, newest first",
			query: paged, answers: map[int]any{http.StatusOK: reportList{}}, problems: few, serve: a.listReports},
		{method: "GET", path: "/charge-points/{id}/reports/{kind}/{requestId}", id: "getAnswerToRequest", tag: tagState, summary: "Read what was reported on one request, put together from its parts",
			answers: map[int]any{http.StatusOK: answerToRequest{}}, problems: few, serve: a.getAnswerToRequest},
	}
}

// reportView is a message that a charge point reported with. Kinds with several reports tell them apart by key: the
// time of an event, the id of a request and the part of its answer.
type reportView struct {
	Kind       report.Kind     `json:"kind"`
	Key        string          `json:"key"`
	Action     string          `json:"action"`
	Timestamp  time.Time       `json:"timestamp,omitzero"` // of what is reported, by the charge point's clock
	ReceivedAt time.Time       `json:"receivedAt"`
	Data       json.RawMessage `json:"data"` // payload of the message, as it came
}

func viewReport(r report.Report) reportView {
	return reportView{r.Kind, r.Key, r.Action, r.At, r.ReceivedAt, r.Data}
}

type reportList struct {
	Reports    []reportView `json:"reports"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

// listNewestReports answers one report of each kind, and so which kinds there are. There are two dozen at most.
func (a *API) listNewestReports(r *http.Request) (answer, error) {
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	newest, err := a.Reports.Newest(r.Context(), cp.ID)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, reportList{Reports: views(newest, viewReport)}), nil
}

// listReports lists the reports of a kind, those with the last key first, which is the newest of what happens again and
// again. Large reports make a page shorter than its limit.
func (a *API) listReports(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	kind, err := kindOfReport(r)
	if err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Reports.List(r.Context(), cp.ID, kind, "", cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, reportList{views(found, viewReport), next}), nil
}

// answerToRequest is what a charge point has reported on one request of ours, put together from its parts.
type answerToRequest struct {
	Kind       report.Kind       `json:"kind"`
	RequestID  int               `json:"requestId"`
	Complete   bool              `json:"complete"` // false: parts are missing, maybe still to come
	Parts      int               `json:"parts"`
	ReceivedAt time.Time         `json:"receivedAt"` // of the part that came last
	Data       []json.RawMessage `json:"data"`       // their payloads in their order
}

// getAnswerToRequest reads every part of an answer that came in several messages.
func (a *API) getAnswerToRequest(r *http.Request) (answer, error) {
	kind, err := kindOfReport(r)
	if err != nil {
		return answer{}, err
	}
	id, err := strconv.Atoi(r.PathValue("requestId"))
	if err != nil {
		return answer{}, fault.New(fault.Invalid, "'requestId' must be a whole number, not %q", r.PathValue("requestId"))
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	parts, err := a.parts(r, cp.ID, kind, id)
	if err != nil {
		return answer{}, err
	}
	if len(parts) == 0 {
		return answer{}, fault.New(fault.NotFound, "charge point %s has reported no %s on request %d", cp.ID, kind, id)
	}
	parts = report.InOrder(parts)
	whole := answerToRequest{Kind: kind, RequestID: id, Complete: report.Complete(parts), Parts: len(parts)}
	for _, part := range parts {
		whole.Data = append(whole.Data, part.Data)
		if part.ReceivedAt.After(whole.ReceivedAt) {
			whole.ReceivedAt = part.ReceivedAt
		}
	}
	return reply(http.StatusOK, whole), nil
}

// maxAnswer leaves room for what is written around the parts: Lambda takes 6 MB as an answer.
const maxAnswer = 5 << 20

// parts reads all reports on a request. fault.Invalid if they are more than one answer can hold.
func (a *API) parts(r *http.Request, chargePointID string, kind report.Kind, requestID int) (parts []report.Report, err error) {
	key := report.ByRequest(requestID)
	size := 0
	for cursor := ""; ; {
		page, next, err := a.Reports.List(r.Context(), chargePointID, kind, key, cursor, maxLimit)
		if err != nil {
			return nil, err
		}
		for _, part := range page {
			if part.Key != key && !strings.HasPrefix(part.Key, key+"/") {
				continue // a longer number that begins with this one
			}
			parts = append(parts, part)
			size += len(part.Data)
		}
		if size > maxAnswer {
			return nil, fault.New(fault.Invalid, "the parts on request %d are more than %d MB: read them in pages of GET /charge-points/%s/reports/%s",
				requestID, maxAnswer>>20, chargePointID, kind)
		}
		if cursor = next; next == "" {
			return parts, nil
		}
	}
}

// kindOfReport is the kind that the path names. fault.NotFound says which there are.
func kindOfReport(r *http.Request) (report.Kind, error) {
	kind := report.Kind(r.PathValue("kind"))
	if !slices.Contains(report.Kinds, kind) {
		known := strings.Trim(fmt.Sprint(report.Kinds), "[]")
		return "", fault.New(fault.NotFound, "there is no kind of report %q, but: %s", string(kind), strings.ReplaceAll(known, " ", ", "))
	}
	return kind, nil
}
