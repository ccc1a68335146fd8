package dynamodb

import (
	"errors"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// oldestExpiry: DynamoDB does not delete what expired more than five years ago, because such a number is hardly a time.
const oldestExpiry = 5 * 365 * 24 * time.Hour

// expire deletes expired items until Close.
func (s *Service) expire() {
	ticker := time.NewTicker(s.config.ExpiryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.closing.Done():
			return
		}
		for _, name := range s.catalog.names() {
			t, err := s.catalog.find(name)
			if err != nil {
				continue // it has just been deleted
			}
			if err := s.expireItems(t); err != nil {
				s.log.Error("expired items not deleted", "table", name, "error", err)
			}
		}
	}
}

// errNotExpired keeps an item that was written again while it was about to be deleted.
var errNotExpired = errors.New("not expired")

// expireItems deletes the items of a table whose attribute, a number, is a time in the past.
func (s *Service) expireItems(t *table) error {
	name := s.catalog.settingsOf(t).TimeToLiveAttribute
	if name == "" {
		return nil
	}
	now := time.Now()
	deleted := 0
	for item := range t.Each() {
		if s.closing.Err() != nil {
			return nil
		}
		if !isExpired(item, name, now) {
			continue
		}
		_, _, err := t.Write(t.KeyOf(nil, item), func(old attribute.Map) (attribute.Map, error) {
			if !isExpired(old, name, now) {
				return nil, errNotExpired
			}
			return nil, nil
		})
		switch {
		case err == nil:
			deleted++
		case !errors.Is(err, errNotExpired):
			return err
		}
	}
	if deleted > 0 {
		s.log.Debug("expired items deleted", "table", t.Name, "items", deleted)
	}
	return nil
}

func isExpired(item attribute.Map, name string, now time.Time) bool {
	number, is := item[name].(attribute.Number)
	if !is {
		return false
	}
	seconds, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return false // no number of that kind is a time
	}
	return seconds < float64(now.Unix()) && seconds > float64(now.Add(-oldestExpiry).Unix())
}
