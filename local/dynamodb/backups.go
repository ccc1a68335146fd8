package dynamodb

import (
	"context"
	"time"
)

// recoveryDays is how far back point-in-time recovery reaches.
const recoveryDays = 35

type recoveryDescription struct {
	PointInTimeRecoveryStatus  string
	RecoveryPeriodInDays       int   `json:",omitempty"`
	EarliestRestorableDateTime int64 `json:",omitempty"` // Unix seconds
	LatestRestorableDateTime   int64 `json:",omitempty"`
}

type backupsAnswer struct {
	ContinuousBackupsDescription struct {
		ContinuousBackupsStatus        string
		PointInTimeRecoveryDescription recoveryDescription
	}
}

// describeContinuousBackups tells of the setting. Nothing is recorded by which a table could be restored here.
func (s *Service) describeContinuousBackups(ctx context.Context, body []byte) (any, error) {
	var in tableName
	if err := s.decodeForBackups(ctx, body, &in, &in.TableName); err != nil {
		return nil, err
	}
	return s.backups(in.TableName, time.Now()), nil
}

func (s *Service) updateContinuousBackups(ctx context.Context, body []byte) (any, error) {
	var in struct {
		TableName                        string
		PointInTimeRecoverySpecification struct{ PointInTimeRecoveryEnabled bool }
	}
	if err := s.decodeForBackups(ctx, body, &in, &in.TableName); err != nil {
		return nil, err
	}
	current := s.settings.of(in.TableName)
	err := s.settings.change(in.TableName, func(t *tableSettings) {
		t.TimeToLiveAttribute = current.TimeToLiveAttribute
		t.PointInTimeRecovery = in.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
	})
	return s.backups(in.TableName, time.Now()), err
}

func (s *Service) backups(table string, now time.Time) backupsAnswer {
	var answer backupsAnswer
	answer.ContinuousBackupsDescription.ContinuousBackupsStatus = "ENABLED" // of every table
	recovery := &answer.ContinuousBackupsDescription.PointInTimeRecoveryDescription
	recovery.PointInTimeRecoveryStatus = "DISABLED"
	if current := s.settings.of(table); current.PointInTimeRecovery {
		earliest := now.AddDate(0, 0, -recoveryDays)
		if current.RecoverableSince.After(earliest) {
			earliest = current.RecoverableSince
		}
		*recovery = recoveryDescription{
			PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: recoveryDays,
			EarliestRestorableDateTime: earliest.Unix(), LatestRestorableDateTime: now.Unix(),
		}
	}
	return answer
}

// decodeForBackups is decodeForTable with the error that the backup actions have for a missing table.
func (s *Service) decodeForBackups(ctx context.Context, body []byte, in any, name *string) error {
	err := s.decodeForTable(ctx, body, in, name)
	if isCode(err, "ResourceNotFoundException") {
		return &Error{400, namespace + "TableNotFoundException", "Table not found: " + *name}
	}
	return err
}
