package count

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// Path answers a GET with what was counted; no AWS API has such a path.
const Path = "/_local/count"

// A View is what a person sees of a cause.
type View struct {
	Cause      string             `json:"cause"`
	Operations float64            `json:"operations"` // everything that takes place at AWS, but logs and connection minutes
	RoundTrips map[int]int        `json:"roundTrips,omitempty"`
	Services   map[string]float64 `json:"services"` // operations by service
	Lines      []Line             `json:"lines"`
}

// Views returns what was counted, a cause each.
func (s Snapshot) Views() []View {
	byCause := map[string]*View{}
	for _, line := range s.Lines {
		view := byCause[line.Cause]
		if view == nil {
			view = &View{Cause: line.Cause, RoundTrips: s.Answers[line.Cause], Services: map[string]float64{}}
			byCause[line.Cause] = view
		}
		view.Operations += line.Count
		view.Services[line.Service] += line.Count
		view.Lines = append(view.Lines, line)
	}
	views := []View{}
	for _, cause := range slices.Sorted(maps.Keys(byCause)) {
		views = append(views, *byCause[cause])
	}
	return views
}

// ServeHTTP answers with a JSON list of Views.
func (c *Counter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// An error here is a client that went away; nobody is left to tell.
	_ = encoder.Encode(c.Snapshot().Views())
}
