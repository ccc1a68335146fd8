package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/token"
)

// Tokens is the TokenTable, one item per id token:
//
//	idToken    S  partition key, lower case
//	spelling   S  as it was written, where that differs from the key
//	type       S
//	status     S  Accepted | Blocked
//	expiresAt  S
//	groupId    S
//	ttl        N  seconds since 1970, of one that the system made
type Tokens struct{ table }

// NewTokens opens the TokenTable.
func NewTokens(api *dynamodb.Client, tableName string) *Tokens {
	return &Tokens{open(api, tableName, "idToken", "")}
}

var _ token.Store = (*Tokens)(nil)

type tokenItem struct {
	IDToken   string       `dynamodbav:"idToken"`
	Spelling  string       `dynamodbav:"spelling,omitempty"`
	Type      string       `dynamodbav:"type,omitempty"`
	Status    token.Status `dynamodbav:"status,omitempty"`
	ExpiresAt time.Time    `dynamodbav:"expiresAt,omitempty"`
	GroupID   string       `dynamodbav:"groupId,omitempty"`
	TTL       int64        `dynamodbav:"ttl,omitempty"`
}

func (i tokenItem) value() token.Token {
	found := token.Token{IDToken: i.IDToken, Type: i.Type, Status: i.Status, ExpiresAt: i.ExpiresAt, GroupID: i.GroupID}
	if i.Spelling != "" {
		found.IDToken = i.Spelling
	}
	return found
}

func (t *Tokens) row(idToken string) row {
	return row{key: item{t.hash: text(token.Key(idToken))}, name: "id token " + token.Mask(idToken)}
}

// Find implements token.Store. The read is consistent: a charge point that is told of a remote start asks within milliseconds whether
// the token that was made for it may charge, and an eventually consistent read may be a second behind.
func (t *Tokens) Find(ctx context.Context, idToken string) (token.Token, error) {
	if idToken == "" {
		return token.Token{}, fault.New(fault.NotFound, "an empty id token is never in table %s", t.name) // and no key of DynamoDB
	}
	stored, err := t.get(ctx, t.row(idToken), true)
	if err != nil {
		return token.Token{}, err
	}
	decoded, err := decode[tokenItem](stored)
	return decoded.value(), err
}

// Put implements token.Store: it makes or replaces the token. fault.Invalid if it has no id.
func (t *Tokens) Put(ctx context.Context, put token.Token) error {
	if put.IDToken == "" {
		return fault.New(fault.Invalid, "an id token cannot be empty")
	}
	row := tokenItem{IDToken: token.Key(put.IDToken), Type: put.Type, Status: put.Status, ExpiresAt: put.ExpiresAt, GroupID: put.GroupID}
	if row.IDToken != put.IDToken {
		row.Spelling = put.IDToken
	}
	if !put.ForgetAt.IsZero() {
		row.TTL = put.ForgetAt.Unix()
	}
	encoded, err := encode(row)
	if err != nil {
		return err
	}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: encoded}); err != nil {
		return t.failed(err, "write", t.row(put.IDToken).name)
	}
	return nil
}

// Delete implements token.Store.
func (t *Tokens) Delete(ctx context.Context, idToken string) error {
	if idToken == "" {
		return nil // never stored
	}
	r := t.row(idToken)
	if _, err := t.api.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.name, Key: r.key}); err != nil {
		return t.failed(err, "delete", r.name)
	}
	return nil
}

// List implements token.Store, in no order.
func (t *Tokens) List(ctx context.Context, cursor string, limit int) (tokens []token.Token, next string, err error) {
	items, next, err := t.scan(ctx, nil, true, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	tokens, err = decodeAll(items, tokenItem.value)
	return tokens, next, err
}
