package fleet

import "github.com/serverless-ocpp/backend/shared/ocppj"

// factory16 are the configuration keys that OCPP 1.6 chapter 9 and its security extensions demand.
var factory16 = []setting{
	{name: "AuthorizationKey", writeOnly: true},
	{name: "AuthorizeRemoteTxRequests", value: "false"},
	{name: "AllowOfflineTxForUnknownId", value: "true"},
	{name: "ChargeProfileMaxStackLevel", value: "10", readOnly: true},
	{name: "ChargingScheduleAllowedChargingRateUnit", value: "Current,Power", readOnly: true},
	{name: "ChargingScheduleMaxPeriods", value: "200", readOnly: true},
	{name: "ClockAlignedDataInterval", value: "0", number: true},
	{name: "ConnectionTimeOut", value: "60", number: true},
	{name: "ConnectorPhaseRotation", value: "0.RST"},
	{name: "GetConfigurationMaxKeys", value: "50", readOnly: true},
	{name: "HeartbeatInterval", value: "300", number: true},
	{name: "LocalAuthListEnabled", value: "true"},
	{name: "LocalAuthListMaxLength", value: "1000", readOnly: true},
	{name: "LocalAuthorizeOffline", value: "true"},
	{name: "LocalPreAuthorize", value: "true"},
	{name: "MaxChargingProfilesInstalled", value: "20", readOnly: true},
	{name: "MeterValuesAlignedData", value: "Energy.Active.Import.Register"},
	{name: "MeterValuesSampledData", value: "Energy.Active.Import.Register,Power.Active.Import,SoC"},
	{name: "MeterValueSampleInterval", value: "300", number: true},
	{name: "NumberOfConnectors", value: "1", readOnly: true},
	{name: "ResetRetries", value: "1", number: true},
	{name: "SecurityProfile", value: "1", reboot: true, number: true},
	{name: "SendLocalListMaxLength", value: "100", readOnly: true},
	{name: "StopTransactionOnEVSideDisconnect", value: "true"},
	{name: "StopTransactionOnInvalidId", value: "true"},
	{name: "StopTxnAlignedData", value: ""},
	{name: "StopTxnSampledData", value: "Energy.Active.Import.Register"},
	{name: "SupportedFeatureProfiles", value: "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger", readOnly: true},
	{name: "TransactionMessageAttempts", value: "3", number: true},
	{name: "TransactionMessageRetryInterval", value: "60", number: true},
	{name: "UnlockConnectorOnEVSideDisconnect", value: "true"},
	{name: "WebSocketPingInterval", value: "0", number: true},
}

// factory2x are those of the referenced variables of OCPP 2.0.1 part 2 that a charge point must have, as COMPONENT/VARIABLE.
var factory2x = []setting{
	{name: "AlignedDataCtrlr/Interval", value: "0", number: true},
	{name: "AuthCtrlr/AuthorizeRemoteStart", value: "false"},
	{name: "AuthCtrlr/LocalAuthorizeOffline", value: "true"},
	{name: "AuthCtrlr/LocalPreAuthorize", value: "true"},
	{name: "AuthCtrlr/OfflineTxForUnknownIdEnabled", value: "true"},
	{name: "ChargingStation/AvailabilityState", value: "Available", readOnly: true},
	{name: "ClockCtrlr/DateTime", readOnly: true},
	{name: "ClockCtrlr/TimeSource", value: "Heartbeat"},
	{name: "DeviceDataCtrlr/BytesPerMessage", value: "65000", readOnly: true},
	{name: "DeviceDataCtrlr/ItemsPerMessage", value: "50", readOnly: true},
	{name: "LocalAuthListCtrlr/Enabled", value: "true"},
	{name: "LocalAuthListCtrlr/Entries", value: "0", readOnly: true},
	{name: "LocalAuthListCtrlr/ItemsPerMessage", value: "100", readOnly: true},
	{name: "OCPPCommCtrlr/FileTransferProtocols", value: "HTTPS,FTPS", readOnly: true},
	{name: "OCPPCommCtrlr/HeartbeatInterval", value: "300", number: true},
	{name: "OCPPCommCtrlr/MessageAttempts", value: "3", number: true},
	{name: "OCPPCommCtrlr/MessageAttemptInterval", value: "60", number: true},
	{name: "OCPPCommCtrlr/MessageTimeout", value: "30", number: true},
	{name: "OCPPCommCtrlr/NetworkConfigurationPriority", value: "1", reboot: true},
	{name: "OCPPCommCtrlr/NetworkProfileConnectionAttempts", value: "3", number: true},
	{name: "OCPPCommCtrlr/OfflineThreshold", value: "60", number: true},
	{name: "OCPPCommCtrlr/QueueAllMessages", value: "false"},
	{name: "OCPPCommCtrlr/ResetRetries", value: "1", number: true},
	{name: "OCPPCommCtrlr/RetryBackOffRandomRange", value: "10", number: true},
	{name: "OCPPCommCtrlr/RetryBackOffRepeatTimes", value: "5", number: true},
	{name: "OCPPCommCtrlr/RetryBackOffWaitMinimum", value: "1", number: true},
	{name: "OCPPCommCtrlr/UnlockOnEVSideDisconnect", value: "true"},
	{name: "OCPPCommCtrlr/WebSocketPingInterval", value: "0", number: true},
	{name: "SampledDataCtrlr/TxEndedInterval", value: "0", number: true},
	{name: "SampledDataCtrlr/TxEndedMeasurands", value: "Energy.Active.Import.Register"},
	{name: "SampledDataCtrlr/TxStartedMeasurands", value: "Energy.Active.Import.Register"},
	{name: "SampledDataCtrlr/TxUpdatedInterval", value: "300", number: true},
	{name: "SampledDataCtrlr/TxUpdatedMeasurands", value: "Energy.Active.Import.Register,Power.Active.Import,SoC"},
	{name: "SecurityCtrlr/BasicAuthPassword", writeOnly: true},
	{name: "SecurityCtrlr/CertificateEntries", value: "0", readOnly: true},
	{name: "SecurityCtrlr/OrganizationName", value: "Fleet"},
	{name: "SecurityCtrlr/SecurityProfile", value: "1", readOnly: true},
	{name: "SmartChargingCtrlr/Entries", value: "0", readOnly: true},
	{name: "SmartChargingCtrlr/LimitChangeSignificance", value: "5"},
	{name: "SmartChargingCtrlr/PeriodsPerSchedule", value: "200", readOnly: true},
	{name: "SmartChargingCtrlr/ProfileStackLevel", value: "10", readOnly: true},
	{name: "SmartChargingCtrlr/RateUnit", value: "A,W", readOnly: true},
	{name: "TxCtrlr/EVConnectionTimeOut", value: "60", number: true},
	{name: "TxCtrlr/StopTxOnEVSideDisconnect", value: "true"},
	{name: "TxCtrlr/StopTxOnInvalidId", value: "true"},
	{name: "TxCtrlr/TxStartPoint", value: "PowerPathClosed"},
	{name: "TxCtrlr/TxStopPoint", value: "PowerPathClosed"},
}

// factory is what a station of a version comes with.
func factory(version ocppj.Version) []setting {
	if version == ocppj.V16 {
		return factory16
	}
	return factory2x
}
