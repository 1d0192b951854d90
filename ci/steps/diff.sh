#!/usr/bin/env bash
# Compares the specs with another revision, without a server or a key: for pull requests from forks. Leaves review.md and
# diff.html in a folder, sets the output `changes`, and adds the review to the job's summary.
#
#   diff.sh PROJECT_FOLDER BASE OUTPUT_FOLDER
set -euo pipefail
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"
# shellcheck source=ci/steps/output.sh
. "$(dirname "$0")/output.sh"

project=$1 base=$2 out=$3
output_folder "$out"

if [ -n "${GITHUB_ACTIONS:-}" ]; then format=github; else format=text; fi
muster validate -C "$project" --format "$format"

status=0
muster diff -C "$project" "$base" --merge-base --detailed-exitcode || status=$?
case $status in
0) changes=false ;;
2) changes=true ;;
*) exit "$status" ;;
esac
muster diff -C "$project" "$base" --merge-base --format markdown >"$out/review.md"
muster diff -C "$project" "$base" --merge-base --format markdown --budget 15000 >"$out/review-short.md"
muster diff -C "$project" "$base" --merge-base --format html >"$out/diff.html"
output changes "$changes"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/review.md" >>"$GITHUB_STEP_SUMMARY"; fi
