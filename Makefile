# The two commands a newcomer needs: make demo, make test. They share one debug build.
.PHONY: demo test check build packages format lint imports release clean

SWIFT ?= swift
MUSTER = .build/debug/muster

demo: build
	@.ci/demo $(MUSTER)

# Where the official SDK and other programs in Python live for the tests.
VENVS = $(CURDIR)/.build/venvs

test: build
	@.ci/packages cmark-gfm shellcheck
	@sh Tests/EmulatorTests/Fixtures/make_venvs.sh $(VENVS)
	MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --skip '$(TIMED)'
	MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --no-parallel --filter '$(TIMED)'

# What depends on time or memory: beside a thousand other tests on two cores that would say nothing.
TIMED = HungServerTests|BoundsTests|RunRoutesTests

# What takes long: browsers, fuzzing by schema and by mutation, servers that mean no good, a real language model, crashes at every point, a minute of load.
# One after the other: some need the machine for themselves.
LONG = OutsideProgramTests|RealModel|ReportPageTests|ReviewPageTests|CrashTests|SettlingTests|ApplyTests|LoadTests|ServerKillTests|HostileServerTests|FuzzTests

check: build
	@.ci/packages chromium
	@sh Tests/EmulatorTests/Fixtures/make_venvs.sh $(VENVS) long
	MUSTER_LONG_TESTS=1 MUSTER_FUZZ_INPUTS=1000000 MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --no-parallel --filter '$(LONG)'

build: packages
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

# Installs the Debian packages that the build needs, or says which they are.
packages:
	@.ci/packages

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

release: packages
	$(SWIFT) build -c release --static-swift-stdlib --product muster
	strip .build/release/muster

clean:
	rm -rf .build assistants/.muster
