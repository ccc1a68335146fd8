package sqs

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// moveChunk is how many messages a move task takes at once: few enough that the source queue is not held up.
const moveChunk = 100

// moveTask moves the messages of a dead letter queue to another queue. Its fields are guarded by Service.mu.
type moveTask struct {
	handle      string
	source      *queue
	destination *queue // nil: each message goes to the queue it came from
	perSecond   int    // 0: as fast as it can
	started     time.Time
	status      string // RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED
	failure     string
	moved       int
	toMove      int
}

// startMove starts a task that moves what is visible in the source. The source must be the dead letter queue of some queue.
func (s *Service) startMove(sourceARN, destinationARN string, perSecond int) (string, error) {
	source := s.queueByARN(sourceARN)
	if source == nil {
		return "", errResourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	if len(s.sourcesOf(source)) == 0 {
		return "", errInvalidParameter("Source queue must be configured as a Dead Letter Queue.")
	}
	task := &moveTask{source: source, perSecond: perSecond, started: time.Now(), status: "RUNNING"}
	if destinationARN != "" {
		if task.destination = s.queueByARN(destinationARN); task.destination == nil {
			return "", errResourceNotFound("The resource that you specified for the DestinationArn parameter doesn't exist.")
		}
		if task.destination.fifo != source.fifo {
			return "", errInvalidParameter("Destination queue must be the same type of queue as the source queue.")
		}
	}
	if perSecond < 0 || perSecond > 500 {
		return "", errInvalidValue(perSecond, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.")
	}
	source.mu.Lock()
	source.advance(task.started)
	task.toMove = len(source.messages) - source.waiting.Len()
	source.mu.Unlock()

	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.moves {
		if other.source == source && other.status == "RUNNING" {
			return "", errInvalidParameter("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
		}
	}
	handle, err := json.Marshal(map[string]string{"taskId": uuid.NewString(), "sourceArn": sourceARN})
	if err != nil {
		return "", errInternal(err)
	}
	task.handle = base64.StdEncoding.EncodeToString(handle)
	s.moves = append(s.moves, task)
	s.tasks.Go(func() { s.runMove(task) })
	return task.handle, nil
}

// sourcesOf are the queues whose dead letter queue this is.
func (s *Service) sourcesOf(target *queue) []*queue {
	var sources []*queue
	for _, q := range s.allQueues() {
		q.mu.Lock()
		if q.settings.deadLetterTarget == target.arn {
			sources = append(sources, q)
		}
		q.mu.Unlock()
	}
	return sources
}

// runMove moves messages until there are none, the task is cancelled or the service closes.
func (s *Service) runMove(task *moveTask) {
	chunk := moveChunk
	if task.perSecond > 0 {
		chunk = task.perSecond
	}
	for {
		s.mu.Lock()
		if task.status == "CANCELLING" {
			task.status = "CANCELLED"
		}
		running := task.status == "RUNNING"
		s.mu.Unlock()
		if !running {
			return
		}
		moved, err := s.moveSome(task, chunk)
		s.mu.Lock()
		task.moved += moved
		switch {
		case err != nil:
			task.status, task.failure = "FAILED", err.Error()
			s.log.Error("message move task failed", "queue", task.source.name, "error", err)
		case moved == 0:
			task.status = "COMPLETED"
			s.log.Info("message move task completed", "queue", task.source.name, "messages", task.moved)
		}
		s.mu.Unlock()
		if task.perSecond > 0 && moved > 0 {
			select {
			case <-time.After(time.Second):
			case <-s.running.Done():
				return
			}
		}
	}
}

// moveSome moves up to max messages. A moved message is a new one: it has a new id and a new time, and was never received.
func (s *Service) moveSome(task *moveTask, max int) (moved int, err error) {
	now := time.Now()
	source := task.source
	source.mu.Lock()
	source.advance(now)
	taken, _ := source.line.take(max, func(*message) bool { return false })
	for _, m := range taken { // in flight while it is not known where to
		source.flying++
		m.until = now.Add(longestVisibility)
		source.waiting.add(m)
	}
	source.mu.Unlock()
	for _, m := range taken {
		destination := task.destination
		if destination == nil {
			destination = s.queueByARN(m.deadLetterOf)
		}
		if destination == nil || destination.isDeleted() {
			s.putBack(source, taken[moved:], now)
			return moved, errQueueDoesNotExist()
		}
		if err := moveOne(m, source, destination, now); err != nil {
			s.putBack(source, taken[moved+1:], now)
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// moveOne moves a message that is in flight for this purpose.
func moveOne(m *message, source, destination *queue, now time.Time) error {
	source.mu.Lock()
	source.remove(m)
	source.journal.deleted(m)
	left := source.journal.taken()
	source.wake()
	source.mu.Unlock()

	destination.mu.Lock()
	fresh := &message{
		id: uuid.NewString(), sequence: destination.nextSequence(now), body: m.body, attributes: m.attributes,
		traceHeader: m.traceHeader, senderID: m.senderID, groupID: m.groupID, deduplicationID: m.deduplicationID,
		sentAt: now, state: visible,
	}
	destination.add(fresh)
	destination.journal.added(fresh)
	receipt := destination.journal.stage(left...)
	destination.mu.Unlock()
	return durably(receipt)
}

// putBack makes messages visible that could not be moved.
func (s *Service) putBack(source *queue, messages []*message, now time.Time) {
	source.mu.Lock()
	defer source.mu.Unlock()
	for _, m := range messages {
		source.waiting.remove(m)
		m.until = now
		source.appear(m)
	}
	source.wake()
}

func (q *queue) isDeleted() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.deleted
}
