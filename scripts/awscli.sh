# Sourced by the operators' scripts: the AWS CLI, at the stand-in when AWS_ENDPOINT_URL names it.
# shellcheck shell=bash

command -v aws >/dev/null || { echo "the AWS CLI is missing: pip install awscli, or https://aws.amazon.com/cli" >&2; exit 2; }
export AWS_PAGER=""

# cli is aws; version 1 of it would take SQS past AWS_ENDPOINT_URL to AWS, but for the option.
cli() { aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"; }

# has_service tells whether a call's error text does not say that the stand-in lacks the service, or of CloudWatch the operation.
has_service() { [[ $1 != *"(UnknownService)"* && $1 != *"Could not find operation"* ]]; }

# short is the end of an error text of the CLI, which begins with an empty line.
short() { printf '%s\n' "$1" | sed '/^$/d' | tail -1; }

# stack_output prints an output of the stack; the stand-in has no CloudFormation, so a variable of the caller wins.
stack_output() {
	cli cloudformation describe-stacks --stack-name "$1" --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

# signed_curl calls the HTTP API as the CLI's identity would: curl signs with the credentials of the environment.
signed_curl() {
	curl -sS --aws-sigv4 "aws:amz:${AWS_DEFAULT_REGION:-${AWS_REGION:-us-east-1}}:execute-api" \
		--user "${AWS_ACCESS_KEY_ID:-}:${AWS_SECRET_ACCESS_KEY:-}" -H "x-amz-security-token: ${AWS_SESSION_TOKEN:-}" "$@"
}
