package wire

import (
	"sync"
	"time"
)

// pool holds connections that wait for a request, by host; those that waited least are last.
type pool struct {
	mutex   sync.Mutex
	waiting map[host][]*connection
}

// take returns a connection that lives, and closes those it finds that do not. nil if there is none.
func (p *pool) take(from host, idle time.Duration) *connection {
	for {
		found := p.last(from)
		if found == nil {
			return nil
		}
		if (idle <= 0 || time.Since(found.since) < idle) && lives(found.net) {
			return found
		}
		found.net.Close()
	}
}

func (p *pool) last(from host) *connection {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	waiting := p.waiting[from]
	if len(waiting) == 0 {
		return nil
	}
	last := len(waiting) - 1
	found := waiting[last]
	waiting[last], p.waiting[from] = nil, waiting[:last]
	return found
}

func (p *pool) put(c *connection) {
	// By the wall clock, as net/http has it: the other one may stand still while Lambda has frozen the process, and a service does not wait.
	c.reused, c.since = true, time.Now().Round(0)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	waiting := p.waiting[c.host]
	if len(waiting) >= c.max {
		c.net.Close()
		return
	}
	if p.waiting == nil {
		p.waiting = make(map[host][]*connection)
	}
	p.waiting[c.host] = append(waiting, c)
}
