#!/usr/bin/env bash
# Validates with annotations, plans, and leaves the review in a folder: plan.json, plan.html, review.md and a shorter
# review-short.md. Sets the outputs `changes`, `digest` and `plan-file`, and adds the review to the job's summary.
#
#   plan.sh PROJECT_FOLDER ENVIRONMENT OUTPUT_FOLDER
set -euo pipefail

project=$1 environment=$2 out=$3
mkdir -p "$out"
arguments=()
[ -z "$environment" ] || arguments+=(--env "$environment")

if [ -n "${GITHUB_ACTIONS:-}" ]; then format=github; else format=text; fi
muster validate -C "$project" --format "$format"

status=0
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

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'changes=%s\ndigest=%s\nplan-file=%s\n' "$changes" "$digest" "$out/plan.json" >>"$GITHUB_OUTPUT"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/review.md" >>"$GITHUB_STEP_SUMMARY"; fi
