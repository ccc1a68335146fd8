package fleet

import "encoding/json"

// notes are what a central system leaves at a station to be read again later. A station that was left nothing has none of
// the maps.
type notes struct {
	certificates []certificate
	messages     map[int]json.RawMessage // display messages by their id
	monitors     []monitor
	monitorCount int
	tariffs      map[int]string         // default tariff of an EVSE, 0 of all
	controls     map[string]derControl  // by their id
	streams      map[int]streamSettings // periodic event streams by their id
}

// put writes into a map of notes that may not be there yet.
func put[K comparable, V any](notes *map[K]V, key K, value V) {
	if *notes == nil {
		*notes = map[K]V{}
	}
	(*notes)[key] = value
}
