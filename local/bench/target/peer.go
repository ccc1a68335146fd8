package target

import "context"

// A Peer is a plain central system that keeps everything in memory: see package peer.
type Peer struct{ *child }

// StartPeer starts it.
func StartPeer(ctx context.Context) (*Peer, error) {
	c, err := start(ctx, rolePeer, options{})
	if err != nil {
		return nil, err
	}
	return &Peer{c}, nil
}

// Drain has nothing to wait for: what the peer has answered, it has dealt with.
func (p *Peer) Drain(context.Context) error { return nil }
