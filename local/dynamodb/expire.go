package dynamodb

import (
	"context"
	"strconv"
	"time"
)

const (
	// expiryPage is how many items are looked at in one request: few enough that nobody waits behind it.
	expiryPage = 200
	// expiryShare: after each page the search rests this many times as long as the page took, and so takes a fifth of
	// dynalite's one thread at most.
	expiryShare = 4
	// oldestExpiry: DynamoDB does not delete what expired more than five years ago, because such a number is hardly a time.
	oldestExpiry = 5 * 365 * 24 * time.Hour
)

// expire deletes expired items until Close.
func (s *Service) expire() {
	ticker := time.NewTicker(s.config.ExpiryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.closing.Done():
			return
		case <-s.child.ended:
			return
		}
		for table, settings := range s.settings.all() {
			if settings.TimeToLiveAttribute == "" {
				continue
			}
			deleted, err := s.expireTable(s.closing, table, settings.TimeToLiveAttribute)
			switch {
			case s.closing.Err() != nil:
				return
			case err != nil:
				s.log.Error("expired items not deleted", "table", table, "error", err)
			case deleted > 0:
				s.log.Debug("expired items deleted", "table", table, "items", deleted)
			}
		}
	}
}

// scanRequest is what is used of a Scan request, and condition what is used of a DeleteItem request.
type (
	scanRequest struct {
		TableName            string
		Limit                int
		ExclusiveStartKey    item `json:",omitempty"`
		ProjectionExpression string
		FilterExpression     string
		expressionParts
	}
	deleteRequest struct {
		TableName           string
		Key                 item
		ConditionExpression string
		expressionParts
	}
	expressionParts struct {
		ExpressionAttributeNames  map[string]string
		ExpressionAttributeValues map[string]map[string]string
	}
)

// expireTable deletes the items of a table whose attribute, a number, is a time in the past. Each is deleted on the condition
// that it is still so, because it may have been written again since.
func (s *Service) expireTable(ctx context.Context, table, attribute string) (deleted int, err error) {
	described, err := s.describeTable(ctx, table)
	if err != nil {
		return 0, err
	}
	now := time.Now()
	const isExpired = "#ttl BETWEEN :oldest AND :now"
	parts := expressionParts{
		map[string]string{"#ttl": attribute},
		map[string]map[string]string{
			":now":    {"N": strconv.FormatInt(now.Unix()-1, 10)},
			":oldest": {"N": strconv.FormatInt(now.Add(-oldestExpiry).Unix(), 10)},
		},
	}
	scan := scanRequest{TableName: table, Limit: expiryPage, FilterExpression: isExpired, expressionParts: parts}
	scan.ExpressionAttributeNames = map[string]string{"#ttl": attribute}
	for i, key := range described.KeySchema {
		name := "#key" + strconv.Itoa(i)
		scan.ExpressionAttributeNames[name] = key.AttributeName
		if i > 0 {
			scan.ProjectionExpression += ", "
		}
		scan.ProjectionExpression += name
	}
	for {
		begin := time.Now()
		var page struct {
			Items            []item
			LastEvaluatedKey item
		}
		if err := s.call(ctx, "Scan", scan, &page); err != nil {
			return deleted, err
		}
		for _, key := range page.Items {
			err := s.call(ctx, "DeleteItem", deleteRequest{table, key, isExpired, parts}, &struct{}{})
			switch {
			case err == nil:
				deleted++
			case !isCode(err, "ConditionalCheckFailedException"):
				return deleted, err
			}
		}
		if page.LastEvaluatedKey == nil {
			return deleted, nil
		}
		scan.ExclusiveStartKey = page.LastEvaluatedKey
		select {
		case <-time.After(expiryShare * time.Since(begin)):
		case <-ctx.Done():
			return deleted, ctx.Err()
		}
	}
}
