package iam

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A Role has policies and is assumed by functions.
type Role struct {
	Name     string
	ARN      string
	Policies []Policy
}

// Credentials are what an SDK signs with. Those of the administrator have no session token.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// A Caller is who makes a call.
type Caller struct {
	ARN      string // arn:aws:sts::…:assumed-role/ROLE/FUNCTION, or the administrator's
	Account  string
	Function string // the function's name; "" for the administrator
	Signed   bool   // the call carried a valid signature of credentials issued here

	administrator bool
	policies      []Policy
	usage         *usage
	decided       *decisions // nil for the administrator, who may do everything
}

// Administrator reports whether the caller may do everything.
func (c Caller) Administrator() bool { return c.administrator }

// A Directory knows every principal of one stand-in. Its methods may be used concurrently.
type Directory struct {
	account string
	usage   usage
	signer  *v4.Signer // one for all: it remembers the keys that it derives from secrets

	mu       sync.RWMutex
	sessions map[string]session // by access key
}

type session struct {
	credentials Credentials
	caller      Caller
	keys        *signingKeys
}

// NewDirectory returns a directory of an account without any principal.
func NewDirectory(account string) *Directory {
	return &Directory{account: account, signer: v4.NewSigner(), usage: usage{used: map[Grant]bool{}}, sessions: map[string]session{}}
}

// AssumeRole returns fresh credentials with which a function acts in its role, as Lambda does when it starts one.
func (d *Directory) AssumeRole(role Role, function string) Credentials {
	credentials := Credentials{
		AccessKeyID:     "ASIA" + rand.Text()[:16],
		SecretAccessKey: randomSecret(30),
		SessionToken:    randomSecret(60),
	}
	d.usage.expect(function, role.Policies)
	d.add(credentials, Caller{
		ARN:      fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", d.account, role.Name, function),
		Account:  d.account,
		Function: function,
		policies: role.Policies,
		usage:    &d.usage,
		decided:  &decisions{},
	})
	return credentials
}

// IssueAdministrator returns fresh credentials that allow everything.
func (d *Directory) IssueAdministrator() Credentials {
	credentials := Credentials{AccessKeyID: "AKIA" + rand.Text()[:16], SecretAccessKey: randomSecret(30)}
	d.add(credentials, d.administrator())
	return credentials
}

func (d *Directory) add(credentials Credentials, caller Caller) {
	caller.Signed = true
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[credentials.AccessKeyID] = session{credentials, caller, &signingKeys{}}
}

func (d *Directory) administrator() Caller {
	return Caller{ARN: fmt.Sprintf("arn:aws:iam::%s:user/administrator", d.account), Account: d.account, administrator: true}
}

func (d *Directory) session(accessKey string) (session, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found, ok := d.sessions[accessKey]
	return found, ok
}

func randomSecret(bytes int) string {
	random := make([]byte, bytes)
	rand.Read(random) // documented never to fail
	return base64.StdEncoding.EncodeToString(random)
}
