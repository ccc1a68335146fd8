package chaos

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestWhatProvesNothingIsRefused(t *testing.T) {
	sound := Config{Count: 1, For: time.Second, Mix: 1, Speed: 1, PerSecond: 1, Answers: time.Second, Settle: time.Second}
	if err := sound.Check(); err != nil {
		t.Error(err)
	}
	for what, spoil := range map[string]func(*Config){
		"0 charge points": func(c *Config) { c.Count = 0 },
		"faults for 0s":   func(c *Config) { c.For = 0 },
		"faults for -1":   func(c *Config) { c.For = -1 },
		"mix 1.1":         func(c *Config) { c.Mix = 1.1 },
		"mix -0.1":        func(c *Config) { c.Mix = -0.1 },
		"mix NaN":         func(c *Config) { c.Mix = math.NaN() },
		"speed 0":         func(c *Config) { c.Speed = 0 },
		"speed +Inf":      func(c *Config) { c.Speed = math.Inf(1) },
		"0 orders":        func(c *Config) { c.PerSecond = 0 },
		"NaN orders":      func(c *Config) { c.PerSecond = math.NaN() },
		"a time":          func(c *Config) { c.Answers = 0 },
		"-1 kills":        func(c *Config) { c.Kills = -1 },
	} {
		config := sound
		spoil(&config)
		if err := config.Check(); err == nil || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := Run(t.Context(), config); err == nil {
			t.Errorf("%s: the experiment was made", what)
		}
	}
}
