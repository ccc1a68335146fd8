package cloud

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"github.com/serverless-ocpp/backend/local/template"
)

// runCustomCalls does what the stack's custom resources ask of AWS when the stack is created.
func (c *Cloud) runCustomCalls() error {
	calls, err := c.template.CustomCalls()
	if err != nil {
		return err
	}
	for _, call := range calls {
		attributes, err := c.runCustomCall(call)
		if err != nil {
			return fmt.Errorf("custom resource %s (%s.%s): %w", call.LogicalID, call.Service, call.Action, err)
		}
		c.template.Supply(call.LogicalID, attributes)
	}
	return nil
}

func (c *Cloud) runCustomCall(call template.CustomCall) (map[string]string, error) {
	switch strings.ToLower(call.Service + "." + call.Action) {
	case "iot.updateeventconfigurations":
		return nil, c.updateEventConfigurations(call.Parameters)
	case "secretsmanager.getrandompassword":
		password, err := randomPassword(call.Parameters)
		return map[string]string{"RandomPassword": password}, err
	default:
		return nil, fmt.Errorf("the stand-in does not know this call: add it to local/cloud/custom.go")
	}
}

// updateEventConfigurations takes {"eventConfigurations": {"THING": {"Enabled": true}}}.
func (c *Cloud) updateEventConfigurations(parameters map[string]any) error {
	configurations, ok := parameters["eventConfigurations"].(map[string]any)
	if !ok {
		return fmt.Errorf("its parameters lack eventConfigurations")
	}
	change := map[string]bool{}
	for kind, value := range configurations {
		setting, _ := value.(map[string]any)
		enabled, ok := setting["Enabled"].(bool)
		if !ok {
			return fmt.Errorf("the configuration of %s lacks Enabled", kind)
		}
		change[kind] = enabled
	}
	return c.iot.Registry.SetEvents(change)
}

const (
	alphanumeric          = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	punctuation           = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	defaultPasswordLength = 32 // as of GetRandomPassword
	maximumPasswordLength = 4096
)

// randomPassword is GetRandomPassword of Secrets Manager.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
func randomPassword(parameters map[string]any) (string, error) {
	length, letters := defaultPasswordLength, alphanumeric+punctuation
	for name, value := range parameters {
		switch name {
		case "PasswordLength":
			number, ok := value.(float64)
			if !ok || number < 1 || number > maximumPasswordLength {
				return "", fmt.Errorf("PasswordLength is %v, not a number from 1 to %d", value, maximumPasswordLength)
			}
			length = int(number)
		case "ExcludePunctuation":
			if value == true {
				letters = alphanumeric
			}
		default:
			return "", fmt.Errorf("the stand-in does not know the parameter %s of getRandomPassword", name)
		}
	}
	password := make([]byte, length)
	for i := range password {
		index, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", fmt.Errorf("draw a password: %w", err)
		}
		password[i] = letters[index.Int64()]
	}
	return string(password), nil
}
