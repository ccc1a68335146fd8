package operation

import "strings"

// sharedVariables are the variables of 2.x that were configuration keys of 1.6, by those keys (OCPP 1.6 section 9,
// OCPP 2.x part 2 "Referenced Components and Variables"): those that mean the same and take the same values.
var sharedVariables = map[string]VariableName{
	"HeartbeatInterval":                 {Component: "OCPPCommCtrlr", Variable: "HeartbeatInterval"},
	"WebSocketPingInterval":             {Component: "OCPPCommCtrlr", Variable: "WebSocketPingInterval"},
	"ResetRetries":                      {Component: "OCPPCommCtrlr", Variable: "ResetRetries"},
	"TransactionMessageAttempts":        {Component: "OCPPCommCtrlr", Variable: "MessageAttempts", Instance: "TransactionEvent"},
	"TransactionMessageRetryInterval":   {Component: "OCPPCommCtrlr", Variable: "MessageAttemptInterval", Instance: "TransactionEvent"},
	"MeterValueSampleInterval":          {Component: "SampledDataCtrlr", Variable: "TxUpdatedInterval"},
	"MeterValuesSampledData":            {Component: "SampledDataCtrlr", Variable: "TxUpdatedMeasurands"},
	"StopTxnSampledData":                {Component: "SampledDataCtrlr", Variable: "TxEndedMeasurands"},
	"ClockAlignedDataInterval":          {Component: "AlignedDataCtrlr", Variable: "Interval"},
	"MeterValuesAlignedData":            {Component: "AlignedDataCtrlr", Variable: "Measurands"},
	"StopTxnAlignedData":                {Component: "AlignedDataCtrlr", Variable: "TxEndedMeasurands"},
	"ConnectionTimeOut":                 {Component: "TxCtrlr", Variable: "EVConnectionTimeOut"},
	"StopTransactionOnInvalidId":        {Component: "TxCtrlr", Variable: "StopTxOnInvalidId"},
	"StopTransactionOnEVSideDisconnect": {Component: "TxCtrlr", Variable: "StopTxOnEVSideDisconnect"},
	"MaxEnergyOnInvalidId":              {Component: "TxCtrlr", Variable: "MaxEnergyOnInvalidId"},
	"LocalAuthListEnabled":              {Component: "LocalAuthListCtrlr", Variable: "Enabled"},
	"AuthorizationCacheEnabled":         {Component: "AuthCacheCtrlr", Variable: "Enabled"},
	"LocalPreAuthorize":                 {Component: "AuthCtrlr", Variable: "LocalPreAuthorize"},
	"LocalAuthorizeOffline":             {Component: "AuthCtrlr", Variable: "LocalAuthorizeOffline"},
	"AllowOfflineTxForUnknownId":        {Component: "AuthCtrlr", Variable: "OfflineTxForUnknownIdEnabled"},
	"AuthorizeRemoteTxRequests":         {Component: "AuthCtrlr", Variable: "AuthorizeRemoteStart"},
}

// sharedVariable finds a variable by its configuration key, in any case.
func sharedVariable(key string) (VariableName, bool) {
	for known, name := range sharedVariables {
		if strings.EqualFold(known, key) {
			return name, true
		}
	}
	return VariableName{}, false
}
