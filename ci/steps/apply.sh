#!/usr/bin/env bash
# Applies what was reviewed and nothing else.
#
#   apply.sh PROJECT_FOLDER ENVIRONMENT EXPECT [OPTION...]      options of `muster apply`, such as --allow-delete
#
# EXPECT is the digest of the plan, or `reviewed`: then it is read from the comment on the pull or merge request that
# brought this commit. Where nothing was reviewed, the step succeeds only if there is nothing to do.
#
# What is overwritten or deleted is left in MUSTER_OUTPUT (muster-output) as `history`, also where the apply fails, and that
# folder is the output `history`: kept as an artefact, it is what `muster rollback --from` puts back on another machine.
set -euo pipefail
# shellcheck source=ci/steps/unreviewed.sh
. "$(dirname "$0")/unreviewed.sh"

# shellcheck source=ci/steps/output.sh
. "$(dirname "$0")/output.sh"

project=$1 environment=$2 expect=$3
shift 3
out=${MUSTER_OUTPUT:-muster-output}
output_folder "$out"
keep_history() {
    [ -d "$project/.muster/history" ] || return 0
    cp -R "$project/.muster/history" "$out/"
    output history "$out/history"
}
trap keep_history EXIT
arguments=(-C "$project")
[ -z "$environment" ] || arguments+=(--env "$environment")

digest=$expect
if [ "$expect" = reviewed ]; then
    owner=$(muster plan "${arguments[@]}" --format json | jq -r .owner)
    digest=$("$(dirname "$0")/reviewed-digest.sh" "${GITHUB_SHA:-${CI_COMMIT_SHA:?}}" "$owner")
fi
if [ -n "$digest" ]; then
    muster apply "${arguments[@]}" --expect "$digest" "$@"
    exit
fi
status=0
muster plan "${arguments[@]}" --detailed-exitcode || status=$?
case $status in
0) ;;
2)
    printf 'error: there are changes, but no plan was reviewed; nothing was changed\n' >&2
    exit 3
    ;;
*) exit "$status" ;;
esac
