# The two commands a newcomer needs: make demo, make test. They share one debug build.
.PHONY: demo test check build packages format lint imports release clean

SWIFT ?= swift
MUSTER = .build/debug/muster

demo: build
	@.ci/demo $(MUSTER)

test: build
	$(SWIFT) test --skip-build

# What takes long: soaks, full matrices, browsers.
check: build
	@.ci/check $(MUSTER)

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

clean:
	rm -rf .build assistants/.muster
