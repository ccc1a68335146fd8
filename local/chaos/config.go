package chaos

import (
	"fmt"
	"time"
)

// Config says how long a fleet of which size goes through how much trouble.
type Config struct {
	Seed      uint64
	Count     int
	For       time.Duration // of the faults
	Mix       float64       // intensity, from 0 to 1; see fault.Mix
	Speed     float64       // simulated seconds per second: at 30 most cars charge for less than two minutes
	PerSecond float64       // orders
	Answers   time.Duration // how long a charge point may take for one; it waits three times as long to be sent
	MQTT      bool          // one order in four is published; such orders have 30 s to be answered, and a minute to be sent
	Kills     int           // how often the whole system is killed and restarted on its data
	Settle    time.Duration // time for everything to come to rest, each time
	Build     string        // folder of the functions' binaries
	Template  string
	DataDir   string             // needed for Kills
	StandIn   []string           // command line of a process that becomes the system; needed for Kills
	Progress  func(phase string) // is told of each phase that begins; may be nil
}

// Bounds of what an experiment can mean.
const (
	mostPoints = 10_000
	longest    = 24 * time.Hour
	fastest    = 10_000 // simulated seconds per second
	mostOrders = 10_000 // per second
)

// Check finds what is wrong with a Config: an experiment that does something else than was asked proves nothing.
func (c Config) Check() error {
	// What is not a number is within no bounds.
	within := func(number, above, most float64) bool { return number > above && number <= most }
	switch {
	case c.Count < 1 || c.Count > mostPoints:
		return fmt.Errorf("%d charge points: it is 1 to %d", c.Count, mostPoints)
	case c.For <= 0 || c.For > longest:
		return fmt.Errorf("faults for %v: it is more than nothing, and %v at most", c.For, longest)
	case c.Mix != 0 && !within(c.Mix, 0, 1):
		return fmt.Errorf("mix %g: it is 0 to 1", c.Mix)
	case !within(c.Speed, 0, fastest):
		return fmt.Errorf("speed %g: it is more than 0, and %d at most", c.Speed, fastest)
	case !within(c.PerSecond, 0, mostOrders):
		return fmt.Errorf("%g orders a second: it is more than 0, and %d at most", c.PerSecond, mostOrders)
	case c.Answers <= 0 || c.Settle <= 0:
		return fmt.Errorf("a time that is to be waited is not more than nothing")
	case c.Kills < 0:
		return fmt.Errorf("%d kills: it is 0 or more", c.Kills)
	}
	return nil
}
