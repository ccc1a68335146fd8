package store

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
)

var definition = Definition{
	Name: "Test", Keys: Keys{Key{"p", "S"}, Key{"s", "N"}}, Types: map[string]string{"p": "S", "s": "N", "l": "S", "g": "N"},
	Indexes: []Index{
		{Name: "Global", Global: true, Keys: Keys{Hash: Key{"g", "N"}}, Projection: ProjectKeys},
		{Name: "Local", Keys: Keys{Key{"p", "S"}, Key{"l", "S"}}, Projection: ProjectAll},
	},
}

func openTable(t *testing.T, dir string) *Table {
	t.Helper()
	table, err := Open(definition, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func key(p, s int) attribute.Map {
	return attribute.Map{"p": attribute.String(fmt.Sprint("P", p)), "s": attribute.Number(strconv.Itoa(s))}
}

// TestConcurrentWrites changes items from several goroutines, while another one compacts and reads, and compares the indexes with the items at
// the end, and after opening the table again.
func TestConcurrentWrites(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "table")
	table := openTable(t, dir)
	var writers sync.WaitGroup
	for seed := range uint64(8) {
		writers.Go(func() {
			r := rand.New(rand.NewPCG(seed, 0))
			for range 500 {
				k := key(r.IntN(5), r.IntN(20))
				_, _, err := table.Write(k, func(old attribute.Map) (attribute.Map, error) {
					if old != nil && r.IntN(4) == 0 {
						return nil, nil
					}
					item := attribute.Map{"p": k["p"], "s": k["s"], "writes": attribute.Number("1")}
					if n, has := old["writes"].(attribute.Number); has {
						var err error
						if item["writes"], err = n.Plus("1"); err != nil {
							return nil, err
						}
					}
					if r.IntN(3) > 0 {
						item["l"] = attribute.String(strconv.Itoa(r.IntN(9)))
					}
					if r.IntN(3) > 0 {
						item["g"] = attribute.Number(strconv.Itoa(r.IntN(9)))
					}
					return item, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 5 {
		if err := table.Compact(); err != nil {
			t.Error(err)
		}
		table.Page(Read{Index: table.Index("Global"), Bytes: 1 << 20}, true)
	}
	writers.Wait()
	checkIndexes(t, table)
	before := contents(table)
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	table = openTable(t, dir)
	checkIndexes(t, table)
	if !slices.EqualFunc(before, contents(table), func(a, b attribute.Map) bool { return attribute.Equal(a, b) }) {
		t.Error("the table holds something else after it was opened again")
	}
	if err := table.Close(); err != nil {
		t.Error(err)
	}
}

func contents(table *Table) []attribute.Map { return slices.Collect(table.Each()) }

// checkIndexes compares what indexes hold with what they should hold, and the counts.
func checkIndexes(t *testing.T, table *Table) {
	t.Helper()
	all := contents(table)
	items, bytes := table.Count()
	size := 0
	for _, item := range all {
		size += item.Size()
	}
	if int(items) != len(all) || int(bytes) != size {
		t.Errorf("%d items of %d bytes are counted as %d and %d", len(all), size, items, bytes)
	}
	for i := range table.Indexes {
		index := &table.Indexes[i]
		want := 0
		for _, item := range all {
			if index.Holds(item) {
				want++
			}
		}
		held, _, _ := table.Page(Read{Index: index, Bytes: 1 << 30}, false)
		if len(held) != want {
			t.Errorf("index %s holds %d items, want %d", index.Name, len(held), want)
		}
		for _, item := range held {
			if !attribute.Equal(item, table.Get(table.KeyOf(nil, item))) {
				t.Errorf("index %s holds %v, which is not in the table", index.Name, item)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	table := openTable(t, "")
	for _, s := range []int{-10, -9, -1, 0, 1, 2, 10, 11} {
		for p := range 3 {
			item := key(p, s)
			if _, _, err := table.Write(item, func(attribute.Map) (attribute.Map, error) { return item, nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		operator string
		values   []attribute.Value
		want     []string
	}{
		{"", nil, []string{"-10", "-9", "-1", "0", "1", "2", "10", "11"}},
		{"=", []attribute.Value{attribute.Number("1")}, []string{"1"}},
		{"<", []attribute.Value{attribute.Number("-1")}, []string{"-10", "-9"}},
		{"<=", []attribute.Value{attribute.Number("-1")}, []string{"-10", "-9", "-1"}},
		{">", []attribute.Value{attribute.Number("2")}, []string{"10", "11"}},
		{">=", []attribute.Value{attribute.Number("2")}, []string{"2", "10", "11"}},
		{"BETWEEN", []attribute.Value{attribute.Number("-1"), attribute.Number("10")}, []string{"-1", "0", "1", "2", "10"}},
	} {
		var condition *expression.KeyCondition
		if test.operator != "" {
			condition = &expression.KeyCondition{Name: "s", Operator: test.operator, Values: test.values}
		}
		for _, reverse := range []bool{false, true} {
			var got []string
			read := Read{Range: Partition(attribute.String("P1"), condition), Reverse: reverse, Limit: 2, Bytes: 1 << 20}
			for more := true; more; {
				var items []attribute.Map
				if items, _, more = table.Page(read, false); more {
					read.Start = table.KeyOf(nil, items[len(items)-1])
				}
				for _, item := range items {
					got = append(got, string(item["s"].(attribute.Number)))
				}
			}
			if reverse {
				slices.Reverse(got)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s %v (reverse %v) finds %v, want %v", test.operator, test.values, reverse, got, test.want)
			}
		}
	}
}

func TestSegmentsAreEverything(t *testing.T) {
	for _, total := range []int{1, 2, 3, 64, 1000000} {
		end := ""
		for n := range min(total, 100) {
			segment := Segment(n, total)
			if segment.From != end || n > 0 && n < total && segment.From == "" {
				t.Fatalf("segment %d of %d begins at %x, the one before ends at %x", n, total, segment.From, end)
			}
			end = segment.To
		}
		if last := Segment(total-1, total); last.To != "" {
			t.Errorf("the last of %d segments ends at %x", total, last.To)
		}
	}
}
