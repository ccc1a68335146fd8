package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// md5OfAttributes is the checksum that clients compare, as described under "Calculating the MD5 message digest for message
// attributes" in the SQS Developer Guide: for each attribute in the order of names, the name, the data type, one byte
// for the kind of value and the value, each with its length before it.
func md5OfAttributes(attributes map[string]MessageAttribute) string {
	const (
		kindString = 1
		kindBinary = 2
	)
	var buffer []byte
	part := func(value string) {
		buffer = binary.BigEndian.AppendUint32(buffer, uint32(len(value)))
		buffer = append(buffer, value...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		part(name)
		part(attribute.DataType)
		if attribute.binary() {
			buffer = append(buffer, kindBinary)
			part(string(attribute.BinaryValue))
		} else {
			buffer = append(buffer, kindString)
			part(attribute.StringValue)
		}
	}
	sum := md5.Sum(buffer)
	return hex.EncodeToString(sum[:])
}

// binary says whether the value is the binary one. The data type may carry a label: "Binary.gif".
func (a MessageAttribute) binary() bool {
	base, _, _ := strings.Cut(a.DataType, ".")
	return base == "Binary"
}
