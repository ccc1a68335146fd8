package fleet

import "strings"

// localList is what the station decides about tokens by itself.
type localList struct {
	version int
	words   map[string]string // lower-case token -> authorization status
}

// listed is one entry of an update; an empty word removes the token.
type listed struct{ token, word string }

// update replaces the list, or changes it. false: a differential update does not follow the version that is there.
func (l *localList) update(full bool, version int, entries []listed) bool {
	if !full && version <= l.version {
		return false
	}
	if full {
		l.words = nil
	}
	for _, entry := range entries {
		if l.words == nil {
			l.words = map[string]string{}
		}
		if key := strings.ToLower(entry.token); entry.word == "" {
			delete(l.words, key)
		} else {
			l.words[key] = entry.word
		}
	}
	l.version = version
	return true
}

// status is what the list says of a token.
func (l *localList) status(token string) (word string, listed bool) {
	word, listed = l.words[strings.ToLower(token)]
	return word, listed
}
