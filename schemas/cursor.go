package schemas

import (
	"bytes"
	"encoding/json"
)

// cursor moves through JSON that is known to be valid, so it checks nothing. It copies nothing either, but for strings with
// escapes in them.
type cursor struct {
	data []byte
	pos  int
}

// peek returns the first byte of what comes next, which tells its JSON type.
func (c *cursor) peek() byte {
	for {
		switch b := c.data[c.pos]; b {
		case ' ', '\t', '\n', '\r', ',', ':':
			c.pos++
		default:
			return b
		}
	}
}

// text reads a string. The bytes are only valid until the payload is released.
func (c *cursor) text() []byte {
	start := c.pos
	c.skipString()
	raw := c.data[start:c.pos]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var decoded string
	if err := json.Unmarshal(raw, &decoded); err != nil {
		panic("schemas: valid JSON has an invalid string: " + err.Error())
	}
	return []byte(decoded)
}

// literal reads a number, true, false or null.
func (c *cursor) literal() []byte {
	start := c.pos
	for c.pos < len(c.data) {
		switch c.data[c.pos] {
		case ',', ']', '}', ' ', '\t', '\n', '\r':
			return c.data[start:c.pos]
		}
		c.pos++
	}
	return c.data[start:]
}

// skip passes over a value of any type and depth.
func (c *cursor) skip() {
	depth := 0
	for {
		switch c.peek() {
		case '"':
			c.skipString()
		case '{', '[':
			depth++
			c.pos++
		case '}', ']':
			depth--
			c.pos++
		default:
			c.literal()
		}
		if depth == 0 {
			return
		}
	}
}

func (c *cursor) skipString() {
	for c.pos++; c.data[c.pos] != '"'; c.pos++ {
		if c.data[c.pos] == '\\' {
			c.pos++
		}
	}
	c.pos++
}
