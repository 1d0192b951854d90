#!/usr/bin/env bash
# Looks for edits on the server that no spec made: succeeds when there are none, fails with 3 when there are.
#
#   drift.sh PROJECT_FOLDER ENVIRONMENT
set -euo pipefail
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"

project=$1 environment=$2
arguments=(-C "$project" --drift-only --detailed-exitcode)
[ -z "$environment" ] || arguments+=(--env "$environment")

status=0
muster plan "${arguments[@]}" || status=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ "$status" = 2 ]; then
    muster plan "${arguments[@]}" --format markdown >>"$GITHUB_STEP_SUMMARY" || true # 2 again: it has been told
fi
[ "$status" != 2 ] || exit 3
exit "$status"
