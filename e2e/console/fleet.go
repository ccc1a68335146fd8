package main

import (
	"context"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fleet"
)

// The fleet behind the tests: its first six hours pass in a minute, then it goes on in real time.
const (
	fleetCount = 12 // four of each version
	fleetPast  = 6 * time.Hour
	fleetSpeed = 360
	fleetHour  = 14 * time.Hour // of its drivers' day at the end of these hours
)

// startFleet runs virtual charge points of all versions until stop is called.
func startFleet(system *cloud.Cloud) (stop func(), err error) {
	began := time.Now().UTC()
	options := fleet.Options{
		Count: fleetCount, URL: system.Addresses().ChargePoints, Seed: 5, Visits: 8, Outages: 4, RampUp: time.Second, Grace: time.Second,
		Live: true, Speed: fleetSpeed, Start: began.Add(-fleetPast), Zone: fleetHour - began.Sub(began.Truncate(24*time.Hour)),
	}
	ctx, cancel := context.WithCancel(context.Background())
	if options.Keys, err = fleet.Register(ctx, system.Addresses().HTTP, options.IDs(), options.TokensOf(), nil); err != nil {
		cancel()
		return nil, err
	}
	var running sync.WaitGroup
	running.Go(func() { fleet.NewFleet(options).Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}, nil
}
