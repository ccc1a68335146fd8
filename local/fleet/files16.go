package fleet

import "time"

func getDiagnostics(s *Station, _ struct{}) (any, func()) {
	s.uploadLog(0, diagnostics16)
	return object{"fileName": s.config.ID + "-diagnostics.zip"}, nil
}

func updateFirmware16(s *Station, r struct {
	Retrieve time.Time `json:"retrieveDate"`
}) (any, func()) {
	s.updateFirmware(0, r.Retrieve, false)
	return object{}, nil
}

func signedUpdateFirmware(s *Station, r struct {
	RequestID int `json:"requestId"`
	Firmware  struct {
		Retrieve time.Time `json:"retrieveDateTime"`
	} `json:"firmware"`
}) (any, func()) {
	return startedJob(s.updateFirmware(r.RequestID, r.Firmware.Retrieve, true)), nil
}

// getLog is the same in all versions.
func getLog(s *Station, r struct {
	RequestID int `json:"requestId"`
}) (any, func()) {
	result := startedJob(s.uploadLog(r.RequestID, s.dialect.log))
	result["filename"] = s.config.ID + "-log.zip"
	return result, nil
}

// startedJob says whether another job was given up for this one.
func startedJob(cancelled bool) object {
	if cancelled {
		return status("AcceptedCanceled")
	}
	return status(accepted)
}
