package dynamo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
)

// Pages of commands with large payloads end at 1 MB, and lose none.
func TestPagesOfLargeCommandsEnd(t *testing.T) {
	store := NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
	const commands = 15
	payload := []byte(`{"vendorId":"v","data":"` + strings.Repeat("x", 100<<10) + `"}`)
	for n := range commands {
		must(t, store.Create(t.Context(), command.Command{
			ChargePointID: "CP001", ID: fmt.Sprintf("c%02d", n), Action: "DataTransfer", Payload: payload, Protocol: "ocpp1.6", Origin: command.OriginHTTP,
			State: command.Queued, CreatedAt: at(n), ExpiresAt: at(60_000), Timeout: command.DefaultTimeout,
		}))
	}
	found, pages, cursor := map[string]bool{}, 0, ""
	for {
		page, next, err := store.List(t.Context(), "CP001", cursor, 200)
		must(t, err)
		size := 0
		for _, c := range page {
			found[c.ID] = true
			size += len(c.Payload)
		}
		if size > 1<<20+len(payload) { // the one at which it is over is still on it
			t.Errorf("a page has %d bytes of payloads", size)
		}
		if pages++; next == "" {
			break
		}
		cursor = next
	}
	if len(found) != commands || pages != 2 {
		t.Errorf("%d commands on %d pages", len(found), pages)
	}
}
