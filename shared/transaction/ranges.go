package transaction

import (
	"fmt"
	"strconv"
	"strings"
)

// Ranges is a set of sequence numbers in compact form, such as "0-45,47": a day of events stays small. A set of very many
// gaps forgets the first of them, and keeps the others.
type Ranges string

// Add returns the set with n in it.
func (r Ranges) Add(n int) Ranges {
	spans := append(r.spans(), span{n, n})
	for i := len(spans) - 1; i > 0 && spans[i].low < spans[i-1].low; i-- {
		spans[i], spans[i-1] = spans[i-1], spans[i]
	}
	merged := spans[:1]
	for _, next := range spans[1:] {
		if last := &merged[len(merged)-1]; next.low <= last.high+1 {
			last.high = max(last.high, next.high)
		} else {
			merged = append(merged, next)
		}
	}
	if excess := len(merged) - maxSpans; excess > 0 {
		merged[excess].low = merged[0].low
		merged = merged[excess:]
	}
	return format(merged)
}

// maxSpans keeps the record of a transaction at about a kilobyte, the unit in which its writes are paid, though a charge point
// leave out every other number. No more than that many events get lost of one that is worth asking which.
const maxSpans = 100

// Gaps returns the numbers missing between the first and the last.
func (r Ranges) Gaps() Ranges {
	var gaps []span
	spans := r.spans()
	for i := 1; i < len(spans); i++ {
		gaps = append(gaps, span{spans[i-1].high + 1, spans[i].low - 1})
	}
	return format(gaps)
}

type span struct{ low, high int }

func (r Ranges) spans() []span {
	var spans []span
	for part := range strings.SplitSeq(string(r), ",") {
		low, high, isSpan := strings.Cut(part, "-")
		first, err := strconv.Atoi(low)
		if err != nil {
			continue // only the empty set has a part that is no number: format wrote the others
		}
		last := first
		if isSpan {
			last, _ = strconv.Atoi(high) // written by format
		}
		spans = append(spans, span{first, last})
	}
	return spans
}

func format(spans []span) Ranges {
	parts := make([]string, len(spans))
	for i, s := range spans {
		if parts[i] = strconv.Itoa(s.low); s.high > s.low {
			parts[i] = fmt.Sprintf("%d-%d", s.low, s.high)
		}
	}
	return Ranges(strings.Join(parts, ","))
}
