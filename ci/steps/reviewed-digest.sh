#!/usr/bin/env bash
# Prints the digest of the plan that was reviewed on the pull or merge request that brought a commit, for
# `muster apply --expect`; nothing when the commit came without one.
#
#   reviewed-digest.sh COMMIT PROJECT/NAMESPACE
#
# A comment proves nothing by itself: anybody who may write here can write or edit one. What counts is its signature, made by
# the job that planned, over the digest, the request, its last commit, the branch it went into, and the project; both jobs
# hold MUSTER_REVIEW_KEY.
set -euo pipefail
# shellcheck source=ci/steps/host.sh
. "$(dirname "$0")/host.sh"

commit=$1 owner=$2 marker="<!-- muster plan $2 -->"
branch=${GITHUB_REF_NAME:-${CI_COMMIT_BRANCH:-}}
host_begin
if [ "$host" = gitlab ]; then
    project=/projects/${CI_PROJECT_ID:?}
    request GET "$project/repository/commits/$commit/merge_requests"
    filter='map(select(.state == "merged") | [(.iid | tostring), .sha, .target_branch] | join(" ")) | .[]'
else
    project=/repos/${GITHUB_REPOSITORY:?}
    request GET "$project/commits/$commit/pulls?per_page=100"
    filter='map(select(.merged_at != null) | [(.number | tostring), .head.sha, .base.ref] | join(" ")) | .[]'
fi
case $status in 2*) ;; *) fail "the host does not say where $commit came from ($status: $(reason))" ;; esac
requests=$(jq -r "$filter" "$work/answer")
[ -n "$requests" ] || exit 0
[ -n "${MUSTER_REVIEW_KEY:-}" ] ||
    fail "MUSTER_REVIEW_KEY is not set: without it nothing proves that a comment is the review that our job posted"

# shellcheck disable=SC2016 # the dollars are jq's
pairs='.body | [([match("(?m)^Digest: `(sha256:[0-9a-f]{64})`").captures[0].string] | first),
    ([match("(?m)^Signature: `([0-9a-f]{64})`").captures[0].string] | first // "none")] | select(.[0] != null) | join(" ")'
while read -r number head base; do
    if [ "$base" != "$branch" ]; then
        say "Request $number went into $base, not into $branch: its review does not count."
        continue
    fi
    if [ "$host" = gitlab ]; then path=$project/merge_requests/$number/notes; else path=$project/issues/$number/comments; fi
    all_of_own "$path" "$marker" "$pairs"
    case $status in 2*) ;; *) fail "comments cannot be read ($status: $(reason))" ;; esac
    reviews=$found
    [ -n "$(printf '%s' "$reviews" | tr -d '[:space:]')" ] || continue
    while read -r digest signature; do
        [ -n "$digest" ] || continue
        if muster review verify "$digest" "$signature" --subject "$(subject "$number" "$head" "$base" "$owner")" \
            2>"$work/verdict"; then
            printf '%s\n' "$digest"
            exit 0
        fi
    done <<<"$reviews"
    say "error: the review on $number does not hold for its last commit, $head: it was made before the last push, was edited,"
    say "or was not posted by a job that holds MUSTER_REVIEW_KEY. Plan the request again and review that."
    exit 3
done <<<"$requests"
