package ocpp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/shared/report"
)

// The effects of messages that are kept whole, for whoever asks. They differ in what counts as the
// same: of two reports with one key, the one received last stays.

// Report keeps a message that replaces the one before it with the same key. at is the moment that it speaks of.
func (r Received) Report(kind report.Kind, key string, at time.Time) []Effect {
	return []Effect{Reported{r.report(kind, key, at)}}
}

// Progress keeps how far something has come. requestID is that of the request which began it; nil, when
// the charge point began it by itself or does nothing of the kind.
func (r Received) Progress(kind report.Kind, requestID *int) []Effect {
	if requestID == nil {
		return r.Report(kind, report.Latest, r.At)
	}
	return r.Report(kind, report.ByRequest(*requestID), r.At)
}

// Occurrence keeps what happens again and again: every one of them, a repeated message once.
func (r Received) Occurrence(kind report.Kind, at time.Time) []Effect {
	return r.Report(kind, report.ByTime(at, r.hash()), at)
}

// OccurrenceOf keeps what happens again and again to what the charge point calls id, in the order of
// receipt. A repeated message counts as another.
func (r Received) OccurrenceOf(kind report.Kind, id int, at time.Time) []Effect {
	return r.Report(kind, report.ByRequest(id)+"/"+report.ByTime(r.At, r.hash()), at)
}

// Part keeps one message of an answer to requestID that comes in several.
func (r Received) Part(kind report.Kind, requestID, seqNo int, continues bool, at time.Time) []Effect {
	part := r.report(kind, report.Part(requestID, seqNo), at)
	part.SeqNo, part.Continues = seqNo, continues
	return []Effect{Reported{part}}
}

// UnnumberedPart keeps one message of an answer whose messages carry no sequence number. Their content
// tells them apart, so that a repeated one is one; their order is that of ReceivedAt, for a charge point
// sends one after the other has been answered.
func (r Received) UnnumberedPart(kind report.Kind, requestID int, continues bool) []Effect {
	part := r.report(kind, report.ByRequest(requestID)+"/"+r.hash(), r.At)
	part.Continues = continues
	return []Effect{Reported{part}}
}

// OccurrencePart keeps one message of several that tell of the same moment, which no request asked for.
func (r Received) OccurrencePart(kind report.Kind, seqNo int, continues bool, at time.Time) []Effect {
	part := r.report(kind, report.ByTime(at, fmt.Sprintf("%05d-%s", seqNo, r.hash())), at)
	part.SeqNo, part.Continues = seqNo, continues
	return []Effect{Reported{part}}
}

func (r Received) report(kind report.Kind, key string, at time.Time) report.Report {
	return report.Report{Kind: kind, Key: key, Action: r.Action, At: at, ReceivedAt: r.At, Data: r.Payload}
}

// hash tells messages apart. A charge point that repeats one repeats its bytes.
func (r Received) hash() string {
	sum := sha256.Sum256(r.Payload)
	return hex.EncodeToString(sum[:6]) // 48 bits: two of one millisecond or one request do not meet
}
