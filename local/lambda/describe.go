package lambda

import (
	"os"
	"runtime"
	"time"
)

// configuration is Lambda's FunctionConfiguration, as far as it means something here.
// See https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
type configuration struct {
	FunctionName     string      `json:"FunctionName"`
	FunctionArn      string      `json:"FunctionArn"`
	Runtime          string      `json:"Runtime"`
	Role             string      `json:"Role"`
	Handler          string      `json:"Handler"`
	Description      string      `json:"Description"`
	CodeSize         int64       `json:"CodeSize"`   // bytes of the executable
	Timeout          int         `json:"Timeout"`    // seconds
	MemorySize       int         `json:"MemorySize"` // megabytes
	LastModified     string      `json:"LastModified"`
	Version          string      `json:"Version"`
	PackageType      string      `json:"PackageType"`
	Architectures    []string    `json:"Architectures"`
	Environment      environment `json:"Environment"`
	State            string      `json:"State"`
	LastUpdateStatus string      `json:"LastUpdateStatus"`
}

type environment struct {
	Variables map[string]string `json:"Variables"`
}

// describe tells a function's configuration. A function without an executable is
// shown as Failed, which is what makes an invocation fail.
func (h *Host) describe(fn *function) configuration {
	shown := configuration{
		FunctionName:     fn.Name,
		FunctionArn:      fn.arn,
		Runtime:          "provided.al2023",
		Role:             fn.Role,
		Handler:          fn.Handler,
		Description:      fn.Description,
		Timeout:          int(fn.Timeout / time.Second),
		MemorySize:       fn.MemoryMB,
		Version:          "$LATEST",
		PackageType:      "Zip",
		Architectures:    []string{architecture()},
		Environment:      environment{Variables: fn.Env},
		State:            "Failed",
		LastUpdateStatus: "Failed",
	}
	if info, err := os.Stat(fn.Bootstrap); err == nil {
		shown.CodeSize = info.Size()
		shown.LastModified = info.ModTime().UTC().Format("2006-01-02T15:04:05.000-0700")
		shown.State, shown.LastUpdateStatus = "Active", "Successful"
	}
	return shown
}

// architecture is Lambda's word for the machine's processor.
func architecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}
