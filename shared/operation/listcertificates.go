package operation

import (
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// ListCertificates asks which certificates are installed (Improved security for OCPP 1.6-J M03, OCPP 2.x part 2 use case
// M03). They come with the command's result, as hashes, which the operation that deletes them takes.
type ListCertificates struct {
	// Use is a use as certificates are installed for; in 2.x also "v2gChain" for the charge point's own certificate for
	// vehicles. Left out: all; in 1.6, which asks for one use at a time, that makes two commands.
	Use string `json:"use"`
}

// Calls implements Operation.
func (l *ListCertificates) Calls(version ocppj.Version) ([]Call, error) {
	uses := certificateUses[version]
	if version != ocppj.V16 {
		uses = with(uses, map[string]string{"v2gChain": "V2GCertificateChain"})
	}
	if l.Use != "" {
		use, err := word(version, "use", l.Use, uses)
		if err != nil {
			return nil, err
		}
		return []Call{listCall(version, use)}, nil
	}
	if version != ocppj.V16 {
		return []Call{{"GetInstalledCertificateIds", struct{}{}}}, nil
	}
	return []Call{listCall(version, uses["centralSystemRoot"]), listCall(version, uses["manufacturerRoot"])}, nil
}

func listCall(version ocppj.Version, use string) Call {
	if version == ocppj.V16 {
		return Call{"GetInstalledCertificateIds", map[string]any{"certificateType": use}}
	}
	return Call{"GetInstalledCertificateIds", map[string]any{"certificateType": []string{use}}}
}
