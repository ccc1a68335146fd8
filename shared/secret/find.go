package secret

import (
	"cmp"
	"slices"
	"strings"
)

// finding is where a secret stands.
type finding struct {
	start, end int
	credential bool   // the charge point logs in with it
	instead    string // JSON that stands for it; "" for Mask
}

// find returns the secrets of a JSON document in their order; none when it is no JSON.
func find(json []byte) []finding {
	root, err := parse(json)
	if err != nil {
		return nil
	}
	var found []finding
	collect(root, "", &found)
	slices.SortFunc(found, func(a, b finding) int {
		return cmp.Or(a.start-b.start, b.end-a.end, len(a.instead)-len(b.instead)) // of two for one value, the one that hides all of it
	})
	return found
}

// collect adds the secrets of a value; within is the lower-case name of the member that it is.
func collect(v value, within string, found *[]finding) {
	add := func(secret value, credential bool) {
		*found = append(*found, finding{start: secret.start, end: secret.end, credential: credential})
	}
	if url, has := withoutPassword(v.text); has {
		*found = append(*found, finding{start: v.start, end: v.end, instead: quoted(url)})
	}
	// An object that is about a secret by name: {"key":"AuthorizationKey","value":…} or {"variable":{"name":
	// "BasicAuthPassword"},"attributeValue":…}. All of a repeated member count, for nobody knows which one a
	// charge point takes.
	for _, about := range v.subjects() {
		if !names[about] {
			continue
		}
		for _, m := range v.members {
			switch m.name {
			case "value", "attributevalue", "actualvalue":
				add(m.value, credentials[about])
			case "variableattribute": // NotifyReport
				for _, attribute := range m.value.elements {
					for _, inner := range attribute.named("value") {
						add(inner, credentials[about])
					}
				}
			}
		}
	}
	for _, m := range v.members {
		// SetNetworkProfile: connectionData has basicAuthPassword, apn has apnPassword and simPin, vpn has password and key.
		if m.value.scalar() && (names[m.name] || within == "vpn" && (m.name == "password" || m.name == "key")) {
			add(m.value, credentials[m.name])
		}
		collect(m.value, m.name, found)
	}
	for _, element := range v.elements {
		collect(element, within, found)
	}
}

// subjects are the lower-case names of the configuration keys or variables that an object is about.
func (v value) subjects() []string {
	var about []string
	for _, key := range v.named("key") {
		about = append(about, strings.ToLower(key.text))
	}
	for _, variable := range v.named("variable") {
		for _, name := range variable.named("name") {
			about = append(about, strings.ToLower(name.text))
		}
	}
	return about
}
