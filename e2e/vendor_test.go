package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The data of a vendor whose extensions an integrator serves reaches that integrator; all data is kept.
// Specification: OCPP 1.6 section 4.3; OCPP 2.0.1 P02.
func TestDataTransferReachesTheVendor(t *testing.T) {
	t.Parallel()
	const id = "VENDOR"
	createThing(t, id)
	seen := observe(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	cp.send(`[2,"1","DataTransfer",{"vendorId":"com.Example","messageId":"m","data":"hello"}]`)
	cp.want(`[3,"1",{"status":"Accepted"}]`)
	cp.send(`[2,"2","DataTransfer",{"vendorId":"org.other","data":"nobody"}]`)
	cp.want(`[3,"2",{"status":"UnknownVendorId"}]`)
	eventually(t, func() string {
		data := seen.frames("data/com.example ")
		kept := call(t, http.MethodGet, "/charge-points/"+id+"/reports/data-transfer", "").list("reports")
		if len(data) != 1 || !strings.Contains(data[0], `"data":"hello"`) || len(kept) != 2 {
			return fmt.Sprintf("published %v, kept %v", data, kept)
		}
		return ""
	})
}
