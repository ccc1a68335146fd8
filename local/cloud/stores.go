package cloud

import (
	"path/filepath"

	"github.com/serverless-ocpp/backend/local/durable"
)

// stores keep what each service must not forget; in memory without Options.DataDir.
type stores struct {
	sqs, iot, lambda *durable.Store
}

func (c *Cloud) openStores() error {
	for name, store := range map[string]**durable.Store{"sqs": &c.stores.sqs, "iot": &c.stores.iot, "lambda": &c.stores.lambda} {
		*store = durable.Memory()
		if c.options.DataDir != "" {
			var err error
			if *store, err = durable.Open(filepath.Join(c.options.DataDir, name+".db")); err != nil {
				return err
			}
		}
		c.onClose(name+" state", (*store).Close)
	}
	return nil
}
