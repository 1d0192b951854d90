#!/usr/bin/env bash
# Plans as plan.sh does, asks copies of what would change and the deployed assistants the same tests, and puts what changes in
# the answers before what changes in the specs. Leaves preview.json, preview.html and preview.xml (JUnit) beside the plan.
# Sets the outputs of plan.sh, and `regressions` and `preview-report`. Ends as `muster preview` does: 4 for a regression.
#
#   preview.sh PROJECT_FOLDER ENVIRONMENT OUTPUT_FOLDER [PREVIEW_OPTIONS…]
set -euo pipefail
"$(dirname "$0")/plan.sh" "$1" "$2" "$3"
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"
# shellcheck source=ci/steps/output.sh
. "$(dirname "$0")/output.sh"

project=$1 environment=$2 out=$3
shift 3
output_folder "$out"
arguments=(-C "$project" --json "$out/preview.json" --html "$out/preview.html" --junit "$out/preview.xml"
    --markdown "$out/preview.md" --budget 25000)
[ -z "$environment" ] || arguments+=(--env "$environment")
[ -z "${MUSTER_TRUSTED_BASE:-}" ] || arguments+=(--trusted-base "$MUSTER_TRUSTED_BASE")

rm -f "$out/preview.json" "$out/preview.md"
status=0
muster preview "${arguments[@]}" "$@" || status=$?
if [ ! -e "$out/preview.md" ]; then
    # It ended before there was anything to compare: the review says so, and is not green.
    printf '<!-- muster preview -->\n**❌ The preview ended with exit code %s before any answer was compared.**\n' \
        "$status" >"$out/preview.md"
else
    output regressions "$(jq -r .regressions "$out/preview.json")"
fi
output preview-report "$out/preview.html"

# joined BUDGET FILE: the plan's marker, the preview, then the plan in what is left of the budget.
joined() {
    local preview where plan=$out/plan-part.md
    preview=$(sed 1d "$out/preview.md")
    muster show "$out/plan.json" --format markdown --budget "$1" >"$plan"
    # A change of where and how stands above everything else.
    where=$(grep '^\*\*Look here first:\*\*' "$plan" || true)
    {
        head -n 1 "$plan"
        [ -z "$where" ] || printf '%s\n\n' "$where"
        printf '%s\n\n' "$preview"
        sed 1d "$plan"
    } >"$2"
    rm -f "$plan"
}
joined 34000 "$out/review.md"
joined 10000 "$out/review-short.md"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then sed 1d "$out/preview.md" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
