package dynamodb

import (
	"net/http"
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
func (s *Service) describeContinuousBackups(body []byte) (any, error) {
	var in tableName
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	t, err := s.namedForBackups(in.TableName)
	if err != nil {
		return nil, err
	}
	return s.backups(t, time.Now()), nil
}

func (s *Service) updateContinuousBackups(body []byte) (any, error) {
	var in struct {
		TableName                        string
		PointInTimeRecoverySpecification *struct{ PointInTimeRecoveryEnabled bool }
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var c constraints
	c.notNull(in.PointInTimeRecoverySpecification == nil, "pointInTimeRecoverySpecification")
	if err := c.err(); err != nil {
		return nil, err
	}
	t, err := s.namedForBackups(in.TableName)
	if err != nil {
		return nil, err
	}
	err = s.catalog.change(t, func(changed *settings) {
		changed.PointInTimeRecovery = in.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
	})
	return s.backups(t, time.Now()), err
}

func (s *Service) backups(t *table, now time.Time) backupsAnswer {
	var answer backupsAnswer
	answer.ContinuousBackupsDescription.ContinuousBackupsStatus = "ENABLED" // of every table
	recovery := &answer.ContinuousBackupsDescription.PointInTimeRecoveryDescription
	recovery.PointInTimeRecoveryStatus = "DISABLED"
	if current := s.catalog.settingsOf(t); current.PointInTimeRecovery {
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

// namedForBackups is named with the error that the backup actions have for a missing table.
func (s *Service) namedForBackups(name string) (*table, error) {
	t, err := s.named(name)
	if err != nil && asError(err).Code() == "ResourceNotFoundException" {
		err = &Error{Status: http.StatusBadRequest, Type: namespace + "TableNotFoundException", Message: "Table not found: " + name}
	}
	return t, err
}
