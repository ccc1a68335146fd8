package sqs

import "container/list"

// line decides which of a queue's messages are received next. It is guarded by the queue's lock, and told of
// every change of a message's state after the change.
type line interface {
	add(m *message)
	remove(m *message)
	// appeared tells that m, which was delayed or in flight, is visible now.
	appeared(m *message, was state)
	// take returns up to max messages that may be received now, in their order. Messages for which spent says so are not
	// among them and do not count; they are returned as dead, in their order, to be buried.
	take(max int, spent func(*message) bool) (taken, dead []*message)
	// ready says whether take would find anything.
	ready() bool
}

// standardLine gives visible messages in the order in which they were sent. SQS promises less.
type standardLine struct{ visible ordered[*message] }

func newStandardLine() *standardLine {
	return &standardLine{ordered[*message]{
		less:  func(a, b *message) bool { return a.sequence < b.sequence },
		place: func(m *message) *int { return &m.lineIndex },
	}}
}

func (l *standardLine) add(m *message) {
	m.lineIndex = -1
	if m.state == visible {
		l.visible.add(m)
	}
}

func (l *standardLine) remove(m *message)            { l.visible.remove(m) }
func (l *standardLine) appeared(m *message, _ state) { l.visible.add(m) }
func (l *standardLine) ready() bool                  { return l.visible.Len() > 0 }

func (l *standardLine) take(max int, spent func(*message) bool) (taken, dead []*message) {
	for len(taken) < max {
		m, ok := l.visible.first()
		if !ok {
			break
		}
		l.visible.remove(m)
		if spent(m) {
			dead = append(dead, m)
			continue
		}
		m.state = inFlight
		taken = append(taken, m)
	}
	return taken, dead
}

// fifoLine gives the messages of each group in the order in which they were sent, and none of a group of which one is in
// flight. Among the groups that may go on it begins with the one whose first message is oldest, and takes as many
// of that group as fit, as SQS does.
type fifoLine struct {
	groups map[string]*group
	open   ordered[*group] // may go on: nothing in flight, the first message visible
}

// group is a message group with messages in the queue.
type group struct {
	id       string
	messages *list.List // of *message, in their order
	inFlight int        // how many of them
	index    int        // in fifoLine.open
}

func (g *group) first() *message { return g.messages.Front().Value.(*message) }

func newFIFOLine() *fifoLine {
	return &fifoLine{
		groups: make(map[string]*group),
		open: ordered[*group]{
			less:  func(a, b *group) bool { return a.first().sequence < b.first().sequence },
			place: func(g *group) *int { return &g.index },
		},
	}
}

func (l *fifoLine) ready() bool { return l.open.Len() > 0 }

func (l *fifoLine) add(m *message) {
	g := l.groups[m.groupID]
	if g == nil {
		g = &group{id: m.groupID, messages: list.New(), index: -1}
		l.groups[m.groupID] = g
	}
	m.element = g.messages.PushBack(m)
	if m.state == inFlight { // as it was kept by an earlier process
		g.inFlight++
	}
	l.settle(g)
}

func (l *fifoLine) remove(m *message) {
	g := l.groups[m.groupID]
	l.open.remove(g) // before its first message changes, by which it is ordered
	g.messages.Remove(m.element)
	if m.state == inFlight {
		g.inFlight--
	}
	l.settle(g)
}

func (l *fifoLine) appeared(m *message, was state) {
	g := l.groups[m.groupID]
	if was == inFlight {
		g.inFlight--
	}
	l.settle(g)
}

// settle puts the group among the open ones, or takes it out, as its messages now stand.
func (l *fifoLine) settle(g *group) {
	switch {
	case g.messages.Len() == 0:
		l.open.remove(g)
		delete(l.groups, g.id)
	case g.inFlight > 0 || g.first().state != visible:
		l.open.remove(g)
	case g.index < 0:
		l.open.add(g)
	}
}

func (l *fifoLine) take(max int, spent func(*message) bool) (taken, dead []*message) {
	for len(taken) < max {
		g, ok := l.open.first()
		if !ok {
			break
		}
		l.open.remove(g)
		for e := g.messages.Front(); e != nil && len(taken) < max; {
			m := e.Value.(*message)
			e = e.Next()
			if m.state != visible {
				break
			}
			if spent(m) {
				g.messages.Remove(m.element)
				dead = append(dead, m)
				continue
			}
			m.state = inFlight
			g.inFlight++
			taken = append(taken, m)
		}
		l.settle(g)
	}
	return taken, dead
}
