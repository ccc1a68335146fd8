// Package peer is something to compare with: a central system as one writes it with a library, in one process that keeps its
// connections and its transactions in memory, and loses them with the process. It speaks OCPP 1.6.
package peer

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	ocpp16 "github.com/lorenzodonini/ocpp-go/ocpp1.6"
	"github.com/lorenzodonini/ocpp-go/ocpp1.6/core"
	"github.com/lorenzodonini/ocpp-go/ocpp1.6/types"
	"github.com/lorenzodonini/ocpp-go/ws"
)

const (
	heartbeatSeconds = 300
	startPause       = 5 * time.Millisecond // between looks whether the library listens
	startLooks       = 1000
)

// Serve runs a central system on a free port of this machine, tells announce where charge points may connect, and returns when
// done is closed.
func Serve(announce func(url string) error, done <-chan struct{}) error {
	server := ws.NewServer()
	// The library listens on every interface, which cannot be changed; whoever comes from outside is refused.
	server.SetCheckClientHandler(func(_ string, r *http.Request) bool {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		return err == nil && net.ParseIP(host).IsLoopback()
	})
	system := ocpp16.NewCentralSystem(nil, server)
	system.SetCoreHandler(&centralSystem{transactions: map[int]*session{}})
	go system.Start(0, "/{id}") // it ends with the process: Stop may wait for ever behind a thousand clients that have just left
	for range startLooks {
		if at := server.Addr(); at != nil {
			if err := announce("ws://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(at.Port))); err != nil {
				return err
			}
			<-done
			return nil
		}
		time.Sleep(startPause)
	}
	return errors.New("the peer does not listen: see what it has written")
}

// session is a transaction as far as it is known.
type session struct {
	chargePoint string
	start       *core.StartTransactionRequest
	values      []types.MeterValue
	stop        *core.StopTransactionRequest
}

// centralSystem knows every id tag.
type centralSystem struct {
	mu           sync.Mutex
	transactions map[int]*session
}

func now() *types.DateTime { return types.NewDateTime(time.Now()) }

func (*centralSystem) OnAuthorize(string, *core.AuthorizeRequest) (*core.AuthorizeConfirmation, error) {
	return core.NewAuthorizationConfirmation(types.NewIdTagInfo(types.AuthorizationStatusAccepted)), nil
}

func (*centralSystem) OnBootNotification(string, *core.BootNotificationRequest) (*core.BootNotificationConfirmation, error) {
	return core.NewBootNotificationConfirmation(now(), heartbeatSeconds, core.RegistrationStatusAccepted), nil
}

func (*centralSystem) OnDataTransfer(string, *core.DataTransferRequest) (*core.DataTransferConfirmation, error) {
	return core.NewDataTransferConfirmation(core.DataTransferStatusUnknownVendorId), nil
}

func (*centralSystem) OnHeartbeat(string, *core.HeartbeatRequest) (*core.HeartbeatConfirmation, error) {
	return core.NewHeartbeatConfirmation(now()), nil
}

func (c *centralSystem) OnMeterValues(_ string, request *core.MeterValuesRequest) (*core.MeterValuesConfirmation, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if request.TransactionId != nil && c.transactions[*request.TransactionId] != nil {
		running := c.transactions[*request.TransactionId]
		running.values = append(running.values, request.MeterValue...)
	}
	return core.NewMeterValuesConfirmation(), nil
}

func (*centralSystem) OnStatusNotification(string, *core.StatusNotificationRequest) (*core.StatusNotificationConfirmation, error) {
	return core.NewStatusNotificationConfirmation(), nil
}

func (c *centralSystem) OnStartTransaction(chargePoint string, request *core.StartTransactionRequest) (*core.StartTransactionConfirmation, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := len(c.transactions) + 1
	c.transactions[id] = &session{chargePoint: chargePoint, start: request}
	return core.NewStartTransactionConfirmation(types.NewIdTagInfo(types.AuthorizationStatusAccepted), id), nil
}

func (c *centralSystem) OnStopTransaction(_ string, request *core.StopTransactionRequest) (*core.StopTransactionConfirmation, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if running := c.transactions[request.TransactionId]; running != nil {
		running.stop = request
	}
	return core.NewStopTransactionConfirmation(), nil
}
