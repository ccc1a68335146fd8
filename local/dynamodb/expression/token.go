package expression

import "strings"

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenWord             // attribute, function or keyword
	tokenName             // #name
	tokenValue            // :value
	tokenNumber           // list index
	tokenSign             // ( ) [ ] , . = <> < <= > >= + -
	tokenUnknown
)

// token is a piece of an expression: text[begin:end] of it.
type token struct {
	kind       tokenKind
	text       string
	begin, end int
}

// is says whether a token is that sign.
func (t token) is(sign string) bool { return t.kind == tokenSign && t.text == sign }

// isWord says whether a token is that keyword, in whatever letters.
func (t token) isWord(keyword string) bool {
	return t.kind == tokenWord && strings.EqualFold(t.text, keyword)
}

// tokens divides an expression. The last token is the end; one of unknown kind says that the text holds something else.
func tokens(text string) []token {
	var all []token
	at := 0
	for {
		for at < len(text) && strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
		}
		t := next(text, at)
		all = append(all, t)
		if t.kind == tokenEnd || t.kind == tokenUnknown {
			return all
		}
		at = t.end
	}
}

func next(text string, begin int) token {
	if begin == len(text) {
		return token{tokenEnd, "<EOF>", begin, begin}
	}
	kind, end := tokenUnknown, begin+1
	switch c := text[begin]; {
	case isLetter(c):
		kind, end = tokenWord, endOf(text, begin, isLetterOrDigit)
	case c == '#' || c == ':':
		end = endOf(text, begin+1, isLetterOrDigit)
		if end > begin+1 {
			kind = tokenName
			if c == ':' {
				kind = tokenValue
			}
		}
	case isDigit(c):
		kind, end = tokenNumber, endOf(text, begin, isDigit)
	case strings.IndexByte("()[],.=+-", c) >= 0:
		kind = tokenSign
	case c == '<' || c == '>':
		kind = tokenSign
		if second := text[end:min(end+1, len(text))]; second == "=" || c == '<' && second == ">" {
			end++
		}
	}
	return token{kind, text[begin:end], begin, end}
}

func endOf(text string, at int, belongs func(byte) bool) int {
	for at < len(text) && belongs(text[at]) {
		at++
	}
	return at
}

func isLetter(c byte) bool        { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isDigit(c byte) bool         { return '0' <= c && c <= '9' }
func isLetterOrDigit(c byte) bool { return isLetter(c) || isDigit(c) }
