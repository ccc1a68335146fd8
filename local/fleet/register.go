package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// atOnce is how many requests the HTTP API gets at a time.
const atOnce = 8

// Register makes charge points and id tokens known over the HTTP API at base, and returns the keys of the charge points. It
// may be repeated: a charge point that is known gets a new key. Sign is called on each request before it is sent; nil sends
// them unsigned, which the system on one machine takes.
//
// The error is that of the first request that failed, with what the API said.
func Register(ctx context.Context, base string, ids []string, tokens []plan.Token, sign func(*http.Request, []byte) error) (keys map[string]string, err error) {
	api := registrar{base, sign}
	keys = make(map[string]string, len(ids))
	var mu sync.Mutex
	err = each(ids, func(id string) error {
		key, err := api.chargePoint(ctx, id)
		mu.Lock()
		defer mu.Unlock()
		keys[id] = key
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, each(tokens, func(token plan.Token) error { return api.token(ctx, token) })
}

// each calls f for all, some at a time, and returns the first error; what has not begun by then is left out.
func each[T any](all []T, f func(T) error) error {
	var (
		workers sync.WaitGroup
		once    sync.Once
		first   error
		work    = make(chan T)
		failed  = make(chan struct{})
	)
	for range atOnce {
		workers.Go(func() {
			for one := range work {
				if err := f(one); err != nil {
					once.Do(func() { first = err; close(failed) })
				}
			}
		})
	}
feed:
	for _, one := range all {
		select {
		case work <- one:
		case <-failed:
			break feed
		}
	}
	close(work)
	workers.Wait()
	return first
}

// registrar calls the HTTP API.
type registrar struct {
	base string
	sign func(*http.Request, []byte) error
}

// chargePoint makes a charge point known and returns its key.
func (r registrar) chargePoint(ctx context.Context, id string) (key string, err error) {
	var answer struct {
		Key string `json:"key"`
	}
	status, err := r.call(ctx, http.MethodPost, "/charge-points", object{"chargePointId": id, "key": true}, &answer)
	if status == http.StatusConflict {
		_, err = r.call(ctx, http.MethodPost, "/charge-points/"+url.PathEscape(id)+"/key", nil, &answer)
	}
	if err != nil {
		return "", fmt.Errorf("register %s: %w", id, err)
	}
	return answer.Key, nil
}

func (r registrar) token(ctx context.Context, token plan.Token) error {
	word := accepted
	if token.Blocked {
		word = "Blocked"
	}
	if _, err := r.call(ctx, http.MethodPut, "/tokens/"+url.PathEscape(token.ID), object{"type": "ISO14443", "status": word}, nil); err != nil {
		return fmt.Errorf("register an id token: %w", err)
	}
	return nil
}

// call sends a request and reads the answer into a value. Above 299 the error holds what the API said.
func (r registrar) call(ctx context.Context, method, path string, body object, into any) (status int, err error) {
	var encoded []byte
	if body != nil {
		if encoded, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(encoded))
	if err != nil {
		return 0, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.sign != nil {
		if err := r.sign(request, encoded); err != nil {
			return 0, err
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err
	}
	if response.StatusCode > 299 {
		return response.StatusCode, fmt.Errorf("%s %s: %s: %s", method, request.URL, response.Status, data)
	}
	if into == nil {
		return response.StatusCode, nil
	}
	return response.StatusCode, json.Unmarshal(data, into)
}
