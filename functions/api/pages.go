package main

import (
	"context"
	"net/http"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Limits of a page.
const (
	defaultLimit = 50
	maxLimit     = 200
)

// page reads limit and cursor. fault.Invalid for a limit that is no number from 1 to 200.
func page(r *http.Request) (cursor string, limit int, err error) {
	query := r.URL.Query()
	limit = defaultLimit
	if given := query.Get("limit"); given != "" {
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > maxLimit {
			return "", 0, fault.New(fault.Invalid, "'limit' must be a number from 1 to %d, not %q", maxLimit, given)
		}
	}
	return query.Get("cursor"), limit, nil
}

// listOf reads the page that a request asks for of what belongs to the charge point of its path. The cursor next is
// that of the page after it, "" after the last. Errors: fault.Invalid as of page, fault.NotFound as of chargePoint,
// and those of list.
func listOf[Row, View any](
	a *API, r *http.Request,
	list func(ctx context.Context, chargePointID, cursor string, limit int) (rows []Row, next string, err error),
	view func(Row) View,
) (found []View, next string, err error) {
	cursor, limit, err := page(r)
	if err != nil {
		return nil, "", err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := list(r.Context(), cp.ID, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	return views(rows, view), next, nil
}

// views turns a page of rows into a JSON array, which is [] and not null when it is empty.
func views[Row, View any](rows []Row, view func(Row) View) []View {
	list := make([]View, len(rows))
	for i, row := range rows {
		list[i] = view(row)
	}
	return list
}
