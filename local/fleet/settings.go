package fleet

import (
	"strconv"
	"time"
)

// setting is a configuration key of 1.6 or a variable of 2.x. 2.x names are COMPONENT/VARIABLE.
type setting struct {
	name      string
	value     string
	readOnly  bool
	writeOnly bool // a secret
	reboot    bool // takes effect after a reset
	number    bool // takes whole numbers from 0 up alone
}

// settings keep the order in which they are told. A station has copies of those that were changed alone.
type settings struct {
	factory []setting // shared by all stations of a dialect: never written
	changed map[string]string
}

// find returns a setting with its present value.
func (s *settings) find(name string) (setting, bool) {
	for _, one := range s.factory {
		if one.name == name {
			return s.present(one), true
		}
	}
	return setting{}, false
}

func (s *settings) present(one setting) setting {
	if value, ok := s.changed[one.name]; ok {
		one.value = value
	}
	return one
}

// all returns every setting with its present value.
func (s *settings) all() []setting {
	all := make([]setting, 0, len(s.factory))
	for _, one := range s.factory {
		all = append(all, s.present(one))
	}
	return all
}

// put changes a value without asking whether the central system may.
func (s *settings) put(name, value string) {
	if s.changed == nil {
		s.changed = map[string]string{}
	}
	s.changed[name] = value
}

// seconds reads a setting that is a number of seconds; otherwise is returned for one that is not there.
func (s *settings) seconds(name string, otherwise time.Duration) time.Duration {
	one, ok := s.find(name)
	number, err := strconv.Atoi(one.value)
	if !ok || err != nil {
		return otherwise
	}
	return time.Duration(number) * time.Second
}

// outcome of changing a setting.
type outcome int

const (
	changedNow outcome = iota
	changedAfterReboot
	notChanged
	noSuchSetting
)

// change changes a setting as the central system wants it. after is what follows the answer; it may be nil.
func (s *Station) change(name, value string) (result outcome, after func()) {
	names := s.dialect.names()
	one, ok := s.settings.find(name)
	if !ok {
		return noSuchSetting, nil
	}
	if one.readOnly {
		return notChanged, nil
	}
	if number, err := strconv.Atoi(value); one.number && (err != nil || number < 0) {
		return notChanged, nil
	}
	if name == names.key {
		if !goodKey(s.config.Version, value) {
			return notChanged, nil
		}
		return changedNow, func() { // the new key is shown by using it
			s.connection.key = value
			s.reconnect()
		}
	}
	s.settings.put(name, value)
	if one.reboot {
		return changedAfterReboot, nil
	}
	if name == names.heartbeatInterval {
		after = func() {
			s.tasks.beat.cancel()
			s.beatNext(s.now())
		}
	}
	return changedNow, after
}
