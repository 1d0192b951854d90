#!/usr/bin/env bash
# Asks the deployed assistants their sample prompts. Leaves junit.xml, report.json, report.html and report.md in a folder,
# with annotations at file and line on GitHub.
#
#   test.sh PROJECT_FOLDER ENVIRONMENT OUTPUT_FOLDER
set -euo pipefail
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"
# shellcheck source=ci/steps/output.sh
. "$(dirname "$0")/output.sh"

project=$1 environment=$2 out=$3
output_folder "$out"
arguments=(-C "$project" --junit "$out/junit.xml" --json "$out/report.json" --html "$out/report.html"
    --markdown "$out/report.md")
[ -z "$environment" ] || arguments+=(--env "$environment")
[ -z "${GITHUB_ACTIONS:-}" ] || arguments+=(--format github)

status=0
muster test "${arguments[@]}" || status=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -e "$out/report.md" ]; then cat "$out/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
