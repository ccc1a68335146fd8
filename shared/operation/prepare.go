package operation

import "hash/fnv"

// sendable checks the CALLs of an operation before its Prepare notes anything, which nobody would take back when
// they turn out not to be sent. The errors are those of Orders.Place.
func sendable(operation Operation, target Target) error {
	calls, err := operation.Calls(target.Version)
	if err != nil {
		return err
	}
	for _, call := range calls {
		if _, err := checked(target.ChargePoint, target.Version, call); err != nil {
			return err
		}
	}
	return nil
}

// numberOf chooses a number as newNumber does, but always the same one for a command: preparing it again then notes
// the same thing again and not another one.
func numberOf(commandID string) int {
	hash := fnv.New32a()
	hash.Write([]byte(commandID)) // never fails: hash.Hash
	return 1 + int(hash.Sum32()%(1<<31-1))
}
