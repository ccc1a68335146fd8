package dynamodb

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/local/killtest"
)

// TestKilled writes in a process of its own, kills it, and looks for everything that was acknowledged, in the table and in its indexes.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	acknowledged := killtest.Acknowledged(t, dir, 300, func(dir string, acknowledge func()) {
		s := start(t, dir)
		create(t, s, commands)
		c := connect(t, s)
		for i := 0; ; i++ {
			id := strconv.Itoa(i)
			put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text(id), "queuedAt": text(id), "day": text("today")})
			acknowledge()
		}
	})
	s := start(t, dir)
	create(t, s, commands)
	for _, index := range []*string{nil, aws.String("Queued"), aws.String("ByDay")} {
		page, err := connect(t, s).Scan(t.Context(), &client.ScanInput{TableName: aws.String("Commands"), IndexName: index})
		if err != nil {
			t.Fatal(err)
		}
		if int(page.Count) < acknowledged {
			t.Errorf("%d of %d acknowledged items are in index %s", page.Count, acknowledged, aws.ToString(index))
		}
	}
}

func TestTablesAreKept(t *testing.T) {
	dir := t.TempDir()
	open := func() *Service {
		t.Helper()
		s, err := Start(Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	create(t, s, commands)
	c := connect(t, s)
	for i := range 50 {
		put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text(strconv.Itoa(i)), "n": number("1")})
	}
	found, err := s.catalog.find("Commands")
	if err != nil {
		t.Fatal(err)
	}
	if err := found.Compact(); err != nil {
		t.Fatal(err)
	}
	_, err = c.DeleteItem(t.Context(), &client.DeleteItemInput{TableName: aws.String("Commands"), Key: attributes{"chargePointId": text("CP001"), "commandId": text("0")}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, c, "Commands", attributes{"chargePointId": text("CP001"), "commandId": text("1"), "n": number("2")})
	if _, err := Start(Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("a second process on the same folder returned %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open()
	create(t, s, commands)
	c = connect(t, s)
	page, err := c.Query(t.Context(), &client.QueryInput{
		TableName: aws.String("Commands"), KeyConditionExpression: aws.String("chargePointId = :c"), ExpressionAttributeValues: attributes{":c": text("CP001")},
	})
	if err != nil || page.Count != 49 || page.Items[0]["n"].(*types.AttributeValueMemberN).Value != "2" {
		t.Errorf("kept are %d items, the first %v, %v", page.Count, page.Items[0], err)
	}
	described, err := c.DescribeTimeToLive(t.Context(), &client.DescribeTimeToLiveInput{TableName: aws.String("Commands")})
	if err != nil || aws.ToString(described.TimeToLiveDescription.AttributeName) != "ttl" {
		t.Errorf("time to live is %+v, %v", described, err)
	}
	changed := commands
	changed.RangeKey = "queuedAt"
	changed.LocalIndexes = nil
	changed.AttributeTypes = map[string]string{"chargePointId": "S", "queuedAt": "S", "day": "S"}
	if err := s.CreateTables(t.Context(), []Table{changed}); err == nil || !strings.Contains(err.Error(), "table Commands: its keys or indexes have changed") {
		t.Errorf("a table with other keys returned %v", err)
	}
	if _, err := c.DeleteTable(t.Context(), &client.DeleteTableInput{TableName: aws.String("Commands")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	untimed := commands
	untimed.TimeToLiveAttribute = ""
	create(t, s, untimed)
	if items, _ := mustFind(t, s).Count(); items != 0 || s.catalog.settingsOf(mustFind(t, s)).TimeToLiveAttribute != "" {
		t.Errorf("a new table of a deleted one's name holds %d items", items)
	}
}

func mustFind(t *testing.T, s *Service) *table {
	t.Helper()
	found, err := s.catalog.find("Commands")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestLossIsTold(t *testing.T) {
	s := start(t, t.TempDir())
	create(t, s, commands)
	full := errors.New("no space left on device")
	s.noteLoss(invalid("a fault of the client is no loss"))
	s.noteLoss(full)
	s.noteLoss(errors.New("once more")) // must not wait
	select {
	case err := <-s.Died():
		if !errors.Is(err, full) {
			t.Errorf("told was %v", err)
		}
	default:
		t.Error("nobody was told")
	}
}

func TestRequestForADeletedTable(t *testing.T) {
	s := start(t, t.TempDir())
	create(t, s, commands)
	found := mustFind(t, s)
	if err := s.catalog.remove(found); err != nil {
		t.Fatal(err)
	}
	// A write that had found the table before.
	_, _, err := found.Write(attributesOf("CP001", "1"), keepsKey)
	if e := asError(err); e.Code() != "ResourceNotFoundException" {
		t.Errorf("it returned %v", err)
	}
	w := httptest.NewRecorder()
	fail(w, err)
	if w.Code != 400 || !strings.Contains(w.Body.String(), resourceNotFound) {
		t.Errorf("it was answered with %d %s", w.Code, w.Body)
	}
	if err := s.CreateTables(context.Background(), []Table{commands}); err != nil {
		t.Error(err)
	}
}
