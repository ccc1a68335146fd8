package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Boot implements chargepoint.Boots. The operator's will is copied within the one update, so that an
// operator who changes it at the same moment is either told to the charge point or is not, but the
// row always knows which.
func (t *ChargePoints) Boot(ctx context.Context, id string, at time.Time) (chargepoint.ChargePoint, error) {
	r := t.row(id)
	change := expression.
		Set(name("bootStatus"), name("registration")).
		Set(name("bootedAt"), value(at)).
		Set(name("lastSeenAt"), value(at))
	booted, done, err := t.update(ctx, r, present(t.hash), change, types.ReturnValueAllNew)
	if err != nil {
		return chargepoint.ChargePoint{}, err
	}
	if !done {
		return chargepoint.ChargePoint{}, t.missing(r)
	}
	return chargePointOf(booted)
}

// DescribeBoot implements chargepoint.Boots. What it said later stays: then fault.Stale; fault.NotFound if the charge point is
// gone.
func (t *ChargePoints) DescribeBoot(ctx context.Context, id string, boot chargepoint.Boot, at time.Time) error {
	r := t.row(id)
	said, err := encode(shortened(bootItem(boot)))
	if err != nil {
		return err
	}
	notLater := present(t.hash).And(absent("describedAt").Or(name("describedAt").LessThanEqual(value(at))))
	change := expression.
		Set(name("boot"), expression.Value(&types.AttributeValueMemberM{Value: said})).
		Set(name("describedAt"), value(at))
	_, done, err := t.update(ctx, r, notLater, change, types.ReturnValueNone)
	if err != nil || done {
		return err
	}
	return t.goneOr(ctx, r, fault.New(fault.Stale, "%s has booted again since", r.name))
}

// maxBootText is how many characters of each thing that a charge point says of itself are kept: twice what OCPP allows. The
// row is written with every sign of life, and each write is paid by the kilobyte of the whole row.
const maxBootText = 100

func shortened(boot bootItem) bootItem {
	for _, text := range []*string{
		&boot.VendorName, &boot.Model, &boot.SerialNumber, &boot.FirmwareVersion, &boot.ICCID, &boot.IMSI, &boot.MeterType, &boot.MeterSerial, &boot.Reason,
	} {
		if characters := []rune(*text); len(characters) > maxBootText {
			*text = string(characters[:maxBootText])
		}
	}
	return boot
}
