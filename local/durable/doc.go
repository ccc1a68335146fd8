// Package durable keeps the state of the stand-in's services in one file, or in
// memory when no folder for it was given.
//
// A Store holds named buckets of keys and values:
//
//	store, err := durable.Open(filepath.Join(dir, "sqs.db")) // or durable.Memory()
//	things := store.Bucket("things")
//	err = things.Put("CP001", thing)
//	err = things.ForEach(func(name string, thing []byte) error { … })
//
// What a call acknowledged survives the death of the process, kill -9 included: it is
// then in the operating system's hands. It may not survive a power cut, because waiting for
// the disk (fsync) would cost milliseconds for each message of a tool that runs on one machine.
//
// All methods are safe for concurrent use.
package durable
