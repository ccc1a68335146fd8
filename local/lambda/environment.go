package lambda

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// memoryOfProcessor is how much memory a function has when it gets one whole processor, in MB: its share grows with its memory.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const memoryOfProcessor = 1769

// environment is everything the child process sees: the function's own variables
// and the ones that Lambda defines, which win. Lambda bounds the share of a processor from outside; here a Go program is
// told how many it can use at once, so that it does not spread over all of this machine's.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (i *instance) environment(runtimeAPI, taskRoot string) []string {
	fn, stream := i.fn, uuid.New()
	env := maps.Clone(fn.Env)
	if env == nil {
		env = map[string]string{}
	}
	if _, own := env["GOMAXPROCS"]; !own {
		env["GOMAXPROCS"] = strconv.Itoa((fn.MemoryMB + memoryOfProcessor - 1) / memoryOfProcessor)
	}
	maps.Copy(env, map[string]string{
		"_HANDLER":                        fn.Handler,
		"AWS_REGION":                      i.host.config.Region,
		"AWS_DEFAULT_REGION":              i.host.config.Region,
		"AWS_ACCESS_KEY_ID":               fn.Credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           fn.Credentials.SecretAccessKey,
		"AWS_LAMBDA_RUNTIME_API":          runtimeAPI,
		"AWS_LAMBDA_FUNCTION_NAME":        fn.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(fn.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + fn.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      fmt.Sprintf("%s/[$LATEST]%x", time.Now().UTC().Format("2006/01/02"), stream[:]),
		"LAMBDA_TASK_ROOT":                taskRoot,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin",
		"TZ":                              ":UTC",
	})
	for name, value := range map[string]string{
		"AWS_SESSION_TOKEN":     fn.Credentials.SessionToken,
		"AWS_LAMBDA_LOG_FORMAT": fn.LogFormat,
		"AWS_LAMBDA_LOG_LEVEL":  fn.LogLevel,
	} {
		if value != "" {
			env[name] = value
		}
	}
	lines := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		lines = append(lines, name+"="+env[name])
	}
	return lines
}
