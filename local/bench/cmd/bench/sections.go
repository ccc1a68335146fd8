package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/cost"
	"github.com/serverless-ocpp/backend/local/bench/footprint"
	"github.com/serverless-ocpp/backend/local/bench/handler"
	"github.com/serverless-ocpp/backend/local/bench/memory"
	"github.com/serverless-ocpp/backend/local/bench/report"
	"github.com/serverless-ocpp/backend/local/bench/speed"
)

// section is one kind of measurement.
type section struct {
	name    string
	about   string
	measure func(context.Context, settings) ([]report.Table, error)
}

// sections, in the order in which they are measured and shown.
var sections = []section{
	{"handler", "The time that the function takes which answers charge points", func(ctx context.Context, s settings) ([]report.Table, error) {
		if s.quick {
			return handler.Tables(ctx, handler.Options{Runs: 10, Rounds: 1})
		}
		return handler.Tables(ctx, handler.Options{})
	}},
	{"functions", "Start, size and memory of the functions", func(ctx context.Context, s settings) ([]report.Table, error) {
		options := footprint.Options{Template: s.template, BuildDir: s.build}
		if s.quick {
			options.Starts = 2
		}
		return footprint.Tables(ctx, options)
	}},
	{"speed", "Answer time and throughput of the whole", func(ctx context.Context, s settings) ([]report.Table, error) {
		options := speed.Options{
			Template: s.template, BuildDir: s.build, Sizes: s.sizes, Storm: s.storm, Rate: s.rate, Duration: s.duration, Profile: s.profile,
		}
		if s.quick {
			options.Sizes, options.Storm, options.Rate, options.Duration = []int{1, 5}, 10, 20, 500*time.Millisecond
		}
		return speed.Tables(ctx, options)
	}},
	{"memory", "Memory of the functions over many events", func(ctx context.Context, s settings) ([]report.Table, error) {
		options := memory.Options{Template: s.template, BuildDir: s.build, Samples: "events", Messages: s.messages}
		if s.quick {
			options.Messages = 50
		}
		return memory.Tables(ctx, options)
	}},
	{"cost", "AWS operations of a message, and what they cost", func(ctx context.Context, s settings) ([]report.Table, error) {
		log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
		return cost.Tables(ctx, log, cost.Options{Template: s.template, BuildDir: s.build, Quick: s.quick})
	}},
}

func names() []string {
	all := make([]string, len(sections))
	for i, section := range sections {
		all[i] = section.name
	}
	return all
}
