# Everything a person needs is a target here; `make help` lists them.

ARCH      ?= arm64# of the deployed functions: arm64 or amd64
HOST_ARCH := $(shell go env GOARCH 2>/dev/null || echo unknown)
FUNCTIONS := $(notdir $(patsubst %/,%,$(dir $(wildcard functions/*/main.go))))
SOURCES   := go.mod go.sum $(shell find functions shared schemas -name '*.go' ! -name '*_test.go') $(shell find schemas functions/api -name '*.json') $(shell find functions/console/static -type f)
CDK       := node_modules/.bin/cdk
GO_BUILD  := CGO_ENABLED=0 GOOS=linux go build -tags lambda.norpc -trimpath -ldflags "-s -w"

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: bin/local build/$(HOST_ARCH)/.built ## run the whole system on this machine (ARGS="-data DIR -port-offset N -auth -v")
	@bin/local $(ARGS)

# Where make fleet finds the system: here, or a deployed one, whose HTTP API wants signed calls (ARGS="-sigv4").
URL ?= ws://127.0.0.1:8080
API ?= http://127.0.0.1:8081

.PHONY: fleet
fleet: ## run virtual charge points against the running system (N=50 SPEED=60 URL=wss://… API=https://… ARGS="-sigv4 -seed 7 -versions 2.1")
	@go build -trimpath -o bin/fleet ./local/fleet/cmd/fleet
	@bin/fleet -n $(or $(N),50) -speed $(or $(SPEED),1) -url $(URL) -api "$(API)" $(ARGS)

.PHONY: demo
demo: build/$(HOST_ARCH)/.built ## run the whole system with a fleet that charges cars, to look at in a browser (N=50)
	@go build -trimpath -o bin/fleet ./local/fleet/cmd/fleet
	@bin/fleet -system -live -speed $(or $(SPEED),60) -n $(or $(N),50) $(ARGS)

.PHONY: test
test: build/$(HOST_ARCH)/.built node_modules ## run all tests
	go vet ./...
	node --test functions/edge/
	go test ./...
	$(MAKE) --no-print-directory test-dynalite

.PHONY: test-dynalite
test-dynalite: node_modules ## run the storage tests against dynalite, another implementation of DynamoDB
	DYNAMODB_TEST_ENDPOINT=dynalite go test -count=1 ./shared/dynamo/...

.PHONY: test-moto
test-moto: ## run the storage tests against moto (pip install 'moto[server]'), a second implementation of DynamoDB
	scripts/with-moto.sh go test -count=1 ./shared/dynamo/...

.PHONY: test-guide
test-guide: build/$(HOST_ARCH)/.built node_modules ## run the commands of the operators' documents with the AWS CLI (pip install awscli)
	go run ./scripts/guide

.PHONY: test-console
test-console: build/$(HOST_ARCH)/.built node_modules ## try the console in a browser (apt-get install chromium), and take its pictures
	CHROMIUM="$(CHROMIUM)" go run ./e2e/console

# The context of a stack that has everything there is, for the linter: the snapshot is one with the defaults.
EVERYTHING := {"stackName":"Everything","architecture":"$(if $(filter amd64,$(HOST_ARCH)),x86_64,arm64)","domainName":"ocpp.example.com","hostedZoneId":"Z0123456789","clientCertificates":"optional",\
"clientAuthorities":"s3://depot/ocpp.pem","httpApiJwtIssuer":"https://login.example.com/pool","httpApiJwtAudience":"depot","httpRequestsPerSecond":50,\
"webSocketRequestsPerSecond":500,"corsOrigins":"https://console.example.com","alarmEmail":"watch@example.com","keepTables":false,\
"webAclArn":"arn:aws:wafv2:us-east-1:123456789012:global/webacl/Depot/1a2b","webSocketAccessLog":true}

.PHONY: lint-template
lint-template: build/$(HOST_ARCH)/.built node_modules ## check the template with cfn-lint (pip install cfn-lint)
	$(call need,cfn-lint,it with pip install cfn-lint)
	CDK_DEPLOY_ACCOUNT=123456789012 CDK_DEPLOY_REGION=us-east-1 CDK_OUTDIR=build/lint CDK_CONTEXT_JSON='$(EVERYTHING)' go run ./stack
	@# W3005 is about how the CDK writes dependencies on roles.
	cfn-lint --ignore-checks W3005 --template stack/testdata/AwsOcppGatewayStack.template.json build/lint/Everything.template.json

.PHONY: build
build: build/$(ARCH)/.built ## build the functions for deployment (ARCH=arm64 or amd64)

.PHONY: bench
bench: build/$(HOST_ARCH)/.built ## measure speed, size and cost, and write docs/benchmarks.md (15 to 20 minutes; a part: ARGS="-sections speed -sizes 50")
	go run ./local/bench/cmd/bench $(or $(ARGS),-write docs/benchmarks.md)

.PHONY: chaos
chaos: build/$(HOST_ARCH)/.built ## run a fleet through faults and look for losses (N=200 MINUTES=4 SEED=1 MIX=0.3 ARGS="-kills 3")
	go run ./local/chaos/cmd/chaos -n $(or $(N),200) -minutes $(or $(MINUTES),4) -mix $(or $(MIX),0.3) $(if $(SEED),-seed $(SEED)) $(ARGS)

.PHONY: chaos-planted
chaos-planted: ## plant bugs, and see that the experiment finds each (ARGS="-only turn-not-taken")
	go run ./local/chaos/cmd/planted $(ARGS)

.PHONY: synth
synth: build/$(ARCH)/.built node_modules ## synthesize the CloudFormation template into cdk.out (needs no AWS account)
	$(CDK) synth --quiet $(CONTEXT)
	@echo "The template is in cdk.out."

.PHONY: deploy
deploy: build/$(ARCH)/.built node_modules ## deploy the stack (CONTEXT="--context stackName=…")
	$(CDK) deploy $(CONTEXT)

.PHONY: snapshot
snapshot: ## renew the committed template after a change of stack/
	go test ./stack -run Snapshot -update

.PHONY: invoke
invoke: ## send an event to a function of the running stand-in (FN=message EVENT=events/message-boot16.json)
	@scripts/invoke.sh "$(FN)" "$(EVENT)"

.PHONY: clean
clean: ## delete everything that was built
	rm -rf build bin cdk.out node_modules

# need fails with a sentence when a program is not installed.
need = @command -v $(1) >/dev/null || { echo "$(1) is missing: install $(2)" >&2; exit 1; }

bin/local: $(SOURCES) $(shell find local stack/testdata -type f ! -name '*_test.go')
	$(call need,go,Go 1.26 or newer)
	go build -trimpath -o $@ ./local

# One mark per architecture: go build itself knows what has changed.
build/%/.built: $(SOURCES)
	$(call need,go,Go 1.26 or newer)
	@for function in $(FUNCTIONS); do \
		GOARCH=$* $(GO_BUILD) -o build/$*/$$function/bootstrap ./functions/$$function || exit 1; \
	done
	@touch $@

node_modules: package.json package-lock.json
	$(call need,npm,Node.js 20 or newer)
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
