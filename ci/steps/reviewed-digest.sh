#!/usr/bin/env bash
# Prints the digest of the plan that was reviewed on the pull or merge request that brought a commit, for
# `muster apply --expect`; nothing when the commit came without one.
#
#   reviewed-digest.sh COMMIT PROJECT/NAMESPACE
#
# Only comments of ours count: otherwise anybody could write a digest into a comment.
set -euo pipefail
# shellcheck source=ci/steps/host.sh
. "$(dirname "$0")/host.sh"

commit=$1 marker="<!-- muster plan $2 -->"
host_begin
if [ "$host" = gitlab ]; then
    project=/projects/${CI_PROJECT_ID:?}
    request GET "$project/repository/commits/$commit/merge_requests"
    filter='map(select(.state == "merged") | .iid) | .[]'
else
    project=/repos/${GITHUB_REPOSITORY:?}
    request GET "$project/commits/$commit/pulls?per_page=100"
    filter='map(select(.merged_at != null) | .number) | .[]'
fi
case $status in 2*) ;; *) fail "the host does not say where $commit came from ($status: $(reason))" ;; esac
numbers=$(jq -r "$filter" "$work/answer")
for number in $numbers; do
    if [ "$host" = gitlab ]; then path=$project/merge_requests/$number/notes; else path=$project/issues/$number/comments; fi
    # The digest stands in a line of its own at the top; what the plan shows of others is indented.
    # shellcheck disable=SC2016 # the dollar is jq's
    first_of_own "$path" "$marker" '.body | [match("(?m)^Digest: `(sha256:[0-9a-f]{64})`").captures[0].string] | first'
    case $status in 2*) ;; *) fail "comments cannot be read ($status: $(reason))" ;; esac
    if [ -n "$found" ]; then
        printf '%s\n' "$found"
        exit 0
    fi
done
