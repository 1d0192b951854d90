# The two commands a newcomer needs: make demo, make test. They share one debug build, to which the second adds the tests.
.PHONY: demo test check program build packages format lint release dist install uninstall clean

SWIFT ?= swift
MUSTER = .build/debug/muster
PREFIX ?= /usr/local
DESTDIR ?=

demo: program
	@.ci/demo $(MUSTER)

# Where the official SDK and other programs in Python live for the tests.
VENVS = $(CURDIR)/.build/venvs

test: build
	@.ci/packages cmark-gfm shellcheck tinyproxy-bin iproute2
	@sh Tests/EmulatorTests/Fixtures/make_venvs.sh $(VENVS)
	MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --skip '$(TIMED)'
	MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --no-parallel --filter '$(TIMED)'

# What depends on time or memory: beside a thousand other tests on two cores that would say nothing.
TIMED = HungServerTests|BoundsTests|RunRoutesTests|CanaryTests|HostileNamesTests|SignalTests

# What takes long: browsers, fuzzing by schema and by mutation, servers that mean no good, a real language model, crashes at every point, a minute of load.
# One after the other: some need the machine for themselves.
LONG = OutsideProgramTests|RealModel|ReportPageTests|ReviewPageTests|CrashTests|SettlingTests|ApplyTests|LoadTests|ServerKillTests|HostileServerTests|BigInputTests|FuzzTests

check: build
	@.ci/packages chromium
	@sh Tests/EmulatorTests/Fixtures/make_venvs.sh $(VENVS) long
	MUSTER_LONG_TESTS=1 MUSTER_FUZZ_INPUTS=1000000 MUSTER_SDK_VENVS=$(VENVS) $(SWIFT) test --skip-build --no-parallel --filter '$(LONG)'

program: packages
	$(SWIFT) build --product muster

build: packages
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

# Installs the Debian packages that the build needs, or says which they are.
packages:
	@.ci/packages

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

# The program as releases hold it: .build/release/muster.
release:
	packaging/build

# What a release holds, in .build/dist.
dist:
	packaging/dist

# What `make release` built, with its manual and completions. Needs no compiler, so `sudo make install` builds nothing.
install:
	@test -x .build/release/muster || { echo "Build it first:  make release" >&2; exit 1; }
	packaging/install .build/release/muster "$(DESTDIR)" "$(PREFIX)"

uninstall:
	packaging/install --remove "$(DESTDIR)" "$(PREFIX)"

clean:
	rm -rf .build assistants/.muster
