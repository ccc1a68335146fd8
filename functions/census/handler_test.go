package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/metric"
)

type counted struct {
	count int
	err   error
}

func (c counted) CountConnected(context.Context) (int, error) { return c.count, c.err }

func TestHandle(t *testing.T) {
	var lines bytes.Buffer
	h := &Handler{ChargePoints: counted{count: 42}, Metrics: metric.New("S", &lines, time.Now)}
	if err := h.Handle(t.Context()); err != nil || !strings.Contains(lines.String(), `"ActiveConnections":[42]`) {
		t.Errorf("%v %s", err, lines.String())
	}
	lines.Reset()
	h.ChargePoints = counted{err: errors.New("no")}
	if err := h.Handle(t.Context()); err == nil || lines.Len() > 0 {
		t.Errorf("%v %s", err, lines.String())
	}
}
