package fleet

// trigger sends the message that the central system asks for, of one connector or (0) of all that have it. after is nil when
// the station has no such message. The names are spelled alike in all versions, as far as they have the message.
func (s *Station) trigger(name string, number int) (after func()) {
	each := func(tell func(c *connector)) func() {
		return func() {
			for _, c := range s.selected(number) {
				tell(c)
			}
		}
	}
	switch name {
	case bootAction:
		return func() { s.boot("Triggered") }
	case "Heartbeat":
		return func() { s.tell(s.dialect.heartbeat()) }
	case "StatusNotification":
		return each(func(c *connector) { s.tellStatus(c, s.now()) })
	case "MeterValues":
		return each(func(c *connector) { s.tell(s.dialect.meterValues(s, c, s.read(c, s.now(), triggered))) })
	case "TransactionEvent":
		return each(func(c *connector) {
			if session := c.session; session != nil && session.tx != nil && !session.tx.ended {
				s.sample(c, session.tx, s.now(), triggered)
			}
		})
	case "FirmwareStatusNotification":
		return func() { s.tell(s.dialect.firmware(s.tasks.firmware.requestID, s.tasks.firmware.state())) }
	case "LogStatusNotification":
		return func() { s.tell(s.dialect.log(s.tasks.log.requestID, s.tasks.log.state())) }
	}
	return nil
}
