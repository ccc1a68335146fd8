package plan

import "fmt"

// Token is a driver's card.
type Token struct {
	ID      string // 14 hex digits, as the UID of an ISO 14443 card of 7 bytes; fits the idTag of 1.6
	Blocked bool   // the central system should refuse it
}

// oneBlockedOf is how many cards there are to a blocked one.
const oneBlockedOf = 40

// Tokens are the cards that drivers of a fleet have.
func Tokens(seed uint64, count int) []Token {
	tokens := make([]Token, count)
	for i := range tokens {
		tokens[i] = Token{ID: fmt.Sprintf("04%012X", Hash(seed, "token", fmt.Sprint(i))>>16), Blocked: i%oneBlockedOf == oneBlockedOf-1}
	}
	return tokens
}
