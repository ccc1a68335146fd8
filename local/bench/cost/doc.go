// Package cost finds out what the system costs by running it: charge points of all versions say what they say on a day, the
// stand-in counts what AWS would have to do and to bill for it (package count), and the list prices make dollars of that.
//
//	day        what a charge point says on a day, and how often
//	station    a charge point that says it
//	measure    runs the system, one message at a time and many at once
//	figures    what a message causes, and what a month has of it
//	prices     AWS's list prices
//	stack      what is paid whatever charge points do, and what containers cost
//	tables     what comes of it
//
// A day is compressed: each kind of message is sent a few times, without the pauses between, and what it caused is multiplied by how
// often the day has it. That is exact, because what a message costs does not depend on the one before, but for the sign of
// life, which is written when five minutes have passed and is added; see signOfLife.
package cost
