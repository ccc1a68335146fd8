package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

// signer makes calls of the HTTP API acceptable to a stack that demands more than the one on this machine: a signature (SigV4)
// with the AWS credentials and the Region of the environment, or a token of the stack's issuer. It is nil when neither is
// wanted.
func signer(ctx context.Context, signed bool, token string) (func(*http.Request, []byte) error, error) {
	switch {
	case token != "":
		return func(r *http.Request, _ []byte) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}, nil
	case !signed:
		return nil, nil
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("-sigv4: %w", err)
	}
	if loaded.Region == "" {
		return nil, errors.New("-sigv4: no Region is configured: set AWS_REGION")
	}
	signer := v4.NewSigner()
	return func(r *http.Request, body []byte) error {
		credentials, err := loaded.Credentials.Retrieve(r.Context())
		if err != nil {
			return fmt.Errorf("-sigv4: %w", err)
		}
		sum := sha256.Sum256(body)
		return signer.SignHTTP(r.Context(), credentials, r, hex.EncodeToString(sum[:]), "execute-api", loaded.Region, time.Now())
	}, nil
}
