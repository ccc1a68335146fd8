package count

import "fmt"

// An Item is what a line of an AWS bill counts.
type Item int

const (
	WebSocketMessage Item = iota // each way, per 32 KB
	ConnectionMinute             // of a WebSocket, begun ones whole
	HTTPRequest                  // of the HTTP API, per 512 KB
	LambdaRequest
	LambdaGBSecond // configured memory by duration, in whole milliseconds
	WriteUnit      // of DynamoDB on demand, indexes included
	ReadUnit
	SQSRequest     // of a standard queue, per 64 KB
	SQSFIFORequest // of a FIFO queue, likewise
	IoTMessage     // published, per 5 KB
	IoTOperation   // of the device shadow or the registry, per 1 KB
	IoTRule        // triggered: a message on its topic, whatever its WHERE says
	IoTAction      // executed by a rule
	LogByte        // taken by CloudWatch Logs
	EdgeRequest    // of CloudFront: a handshake, by HTTPS
	EdgeFunction   // runs of the CloudFront Function
	EdgeByte       // that CloudFront sends to charge points
	items          // how many there are
)

var itemNames = [items]string{
	"WebSocket messages", "connection minutes", "HTTP requests", "Lambda requests", "Lambda GB-s", "DynamoDB write units", "DynamoDB read units",
	"SQS requests", "SQS FIFO requests", "IoT messages", "IoT shadow and registry operations", "IoT rules triggered", "IoT rule actions", "log bytes",
	"CloudFront requests", "CloudFront Function runs", "CloudFront bytes out",
}

// Items returns all of them.
func Items() []Item {
	all := make([]Item, items)
	for i := range all {
		all[i] = Item(i)
	}
	return all
}

func (i Item) String() string {
	if i < 0 || i >= items {
		return fmt.Sprintf("Item(%d)", int(i))
	}
	return itemNames[i]
}

// MarshalText makes an Item the name of a JSON member.
func (i Item) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText undoes it.
func (i *Item) UnmarshalText(text []byte) error {
	for item, name := range itemNames {
		if name == string(text) {
			*i = Item(item)
			return nil
		}
	}
	return fmt.Errorf("%q is nothing that AWS bills here", text)
}

// blocks is how many blocks of a size are begun by so many bytes; even nothing is one.
func blocks(bytes, size int) float64 { return float64(max(1, (bytes+size-1)/size)) }
