package rules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	endOfText tokenKind = iota
	word                // a keyword, a property or a function's name
	text                // a string literal, without its quotes
	number
	symbol
)

type token struct {
	kind tokenKind
	text string
	at   int // byte offset in the statement
}

// is tells if the token is a symbol or, in any case of letters, a keyword.
func (t token) is(what string) bool {
	return (t.kind == symbol && t.text == what) || (t.kind == word && strings.EqualFold(t.text, what))
}

func (t token) String() string {
	switch t.kind {
	case endOfText:
		return "the end"
	case text:
		return fmt.Sprintf("'%s' at %d", t.text, t.at)
	default:
		return fmt.Sprintf("%s at %d", t.text, t.at)
	}
}

// symbols, the longer before those that begin them.
var symbols = []string{"<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", ":"}

// lex splits a statement into tokens; the last one is endOfText.
func lex(sql string) ([]token, error) {
	var tokens []token
	for at := 0; ; {
		at += len(sql[at:]) - len(strings.TrimLeftFunc(sql[at:], unicode.IsSpace))
		if at == len(sql) {
			return append(tokens, token{endOfText, "", at}), nil
		}
		next, length, err := lexOne(sql[at:])
		if err != nil {
			return nil, fmt.Errorf("%w at %d", err, at)
		}
		next.at = at
		tokens = append(tokens, next)
		at += length
	}
}

// lexOne reads the token that rest begins with and returns its length in bytes.
func lexOne(rest string) (token, int, error) {
	first, _ := utf8.DecodeRuneInString(rest)
	switch {
	case first == '\'' || first == '"':
		return lexText(rest)
	case first >= '0' && first <= '9':
		length := lengthOfNumber(rest)
		return token{kind: number, text: rest[:length]}, length, nil
	case isWordRune(first):
		length := strings.IndexFunc(rest, func(r rune) bool { return !isWordRune(r) })
		if length < 0 {
			length = len(rest)
		}
		return token{kind: word, text: rest[:length]}, length, nil
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			return token{kind: symbol, text: s}, len(s), nil
		}
	}
	return token{}, 0, fmt.Errorf("unexpected %q", first)
}

// lexText reads a literal in single or double quotes; a doubled quote stands for one.
func lexText(rest string) (token, int, error) {
	quote := rest[0]
	var content strings.Builder
	for i := 1; i < len(rest); i++ {
		if rest[i] != quote {
			content.WriteByte(rest[i])
			continue
		}
		if i+1 == len(rest) || rest[i+1] != quote {
			return token{kind: text, text: content.String()}, i + 1, nil
		}
		content.WriteByte(quote)
		i++
	}
	return token{}, 0, fmt.Errorf("a string that does not end, begun")
}

// lengthOfNumber is the length of digits[.digits][e[-+]digits].
func lengthOfNumber(rest string) int {
	digits := func(from int) int {
		for from < len(rest) && rest[from] >= '0' && rest[from] <= '9' {
			from++
		}
		return from
	}
	end := digits(0)
	if end < len(rest) && rest[end] == '.' && digits(end+1) > end+1 {
		end = digits(end + 1)
	}
	if end < len(rest) && (rest[end] == 'e' || rest[end] == 'E') {
		exponent := end + 1
		if exponent < len(rest) && (rest[exponent] == '-' || rest[exponent] == '+') {
			exponent++
		}
		if digits(exponent) > exponent {
			end = digits(exponent)
		}
	}
	return end
}

func isWordRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
