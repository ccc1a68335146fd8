package fleet

import "time"

// tasks are what a station does beside charging.
type tasks struct {
	beat      *entry  // the next heartbeat
	reset     *string // a reset with this reason waits for the cars to leave
	firmware  job
	log       job
	installed int // firmware updates
}

// job is an upload or an update that goes through states.
type job struct {
	requestID int
	word      string // the state that was told last
	next      *entry
	running   bool
	install   bool // the station is out of service for it
}

func (t *tasks) updating() bool { return t.firmware.install }

// pace is how long each step of a job takes.
const pace = 30 * time.Second

// run takes a job through words; each is told when its time comes. last is done after the last one. A job that was
// running is given up, which is reported.
func (s *Station) run(j *job, requestID int, begins time.Time, words []string, tell func(requestID int, word string) *message, last func()) (cancelled bool) {
	cancelled = j.running
	j.next.cancel()
	j.requestID, j.running, j.install = requestID, true, false
	var step func(at time.Time)
	step = func(at time.Time) {
		if len(words) == 0 {
			j.running = false
			last()
			return
		}
		j.word, words = words[0], words[1:]
		j.install = j.word == "Installing"
		s.tell(tell(requestID, j.word))
		j.next = s.agenda.add(at.Add(pace), step)
	}
	j.next = s.agenda.add(maxTime(begins, s.now()), step)
	return cancelled
}

// updateFirmware goes through a download and an installation, and reboots. signed is an update whose signature is checked.
func (s *Station) updateFirmware(requestID int, retrieve time.Time, signed bool) (cancelled bool) {
	words := []string{"Downloading", "Downloaded", "Installing"}
	if signed {
		words = []string{"Downloading", "Downloaded", "SignatureVerified", "Installing"}
	}
	tell := func(requestID int, word string) *message { return s.dialect.firmware(requestID, word) }
	return s.run(&s.tasks.firmware, requestID, retrieve, words, tell, func() {
		s.tasks.installed++
		s.tasks.firmware.word = "InstallRebooting"
		s.reset(false, "FirmwareUpdate")
	})
}

// reportInstalled tells after the boot that an update is done.
func (t *tasks) reportInstalled(s *Station) {
	if t.firmware.word != "InstallRebooting" {
		return
	}
	t.firmware.word, t.firmware.install = "Installed", false
	s.tell(s.dialect.firmware(t.firmware.requestID, "Installed"))
	s.tell(s.dialect.securityEvent("FirmwareUpdated", s.now()))
}

// uploadLog goes through an upload.
func (s *Station) uploadLog(requestID int, tell func(requestID int, word string) *message) (cancelled bool) {
	return s.run(&s.tasks.log, requestID, s.now(), []string{"Uploading", "Uploaded"}, tell, func() { s.tasks.log.word = "" })
}

// state is that of a job as a trigger asks for it.
func (j *job) state() string {
	if !j.running || j.word == "" {
		return "Idle"
	}
	return j.word
}

// version is the firmware that is installed.
func (t *tasks) version() string {
	return "1." + string(rune('0'+t.installed%10)) + ".0"
}
