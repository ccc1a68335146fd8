// Package chaos runs a fleet of charge points through faults, and then looks for what was lost.
//
//	witness    notes every frame at the charge points
//	commander  gives them orders over HTTP and MQTT
//	listener   notes what integrators are told of their outcomes
//	registrar  makes, changes and deletes Things
//	standin    the whole system, in this process or in one that can be killed
//	settle     waits until nothing is under way any more
//	gather     reads what the system knows
//	check      compares both (a package of its own, pure)
//	planted    holds bugs that must be found
package chaos
