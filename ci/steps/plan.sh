#!/usr/bin/env bash
# Validates with annotations, plans, and leaves the review in a folder: plan.json, plan.html, review.md and a shorter
# review-short.md. Sets the outputs `changes`, `digest` and `plan-file`, and adds the review to the job's summary.
#
#   plan.sh PROJECT_FOLDER ENVIRONMENT OUTPUT_FOLDER
#
# MUSTER_TRUSTED_BASE is the revision whose environments are believed: addresses, headers, where keys come from. What the
# pull request changes of them is shown, and not used.
set -euo pipefail
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"
# shellcheck source=ci/steps/output.sh
. "$(dirname "$0")/output.sh"

project=$1 environment=$2 out=$3
output_folder "$out"
arguments=()
[ -z "$environment" ] || arguments+=(--env "$environment")

if [ -n "${GITHUB_ACTIONS:-}" ]; then format=github; else format=text; fi
muster validate -C "$project" --format "$format"

status=0
if [ -n "${MUSTER_TRUSTED_BASE:-}" ]; then arguments+=(--trusted-base "$MUSTER_TRUSTED_BASE"); fi
muster plan -C "$project" "${arguments[@]}" --out "$out/plan.json" --detailed-exitcode || status=$?
case $status in
0) changes=false ;;
2) changes=true ;;
*) exit "$status" ;;
esac
muster show "$out/plan.json" --format markdown >"$out/review.md"
muster show "$out/plan.json" --format markdown --budget 15000 >"$out/review-short.md"
muster show "$out/plan.json" --format html >"$out/plan.html"
digest=$(jq -r .digest "$out/plan.json")

output changes "$changes"
output digest "$digest"
output plan-file "$out/plan.json"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/review.md" >>"$GITHUB_STEP_SUMMARY"; fi
