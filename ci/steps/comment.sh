#!/usr/bin/env bash
# Puts a review on a pull or merge request: replaces the comment that an earlier run left, or writes the first.
#
#   comment.sh REVIEW [SHORTER_REVIEW]     Markdown files by `muster plan --format markdown`
#
# The first line of a review is its marker. Where the token may not write although it should, the step fails; for pull
# requests from forks (MUSTER_IS_FORK=true), whose tokens never may, the review is in the job's summary and log, and the step
# succeeds with a notice.
#
# With MUSTER_REVIEW_KEY the comment carries a signature over the plan's digest, the commit and the place, by which
# `apply reviewed` knows it again. MUSTER_HEAD_SHA and MUSTER_BASE_REF say which commit, and into which branch.
set -euo pipefail
# shellcheck source=ci/steps/host.sh
. "$(dirname "$0")/host.sh"

review=$1 shorter=${2:-}
marker=$(head -n 1 "$review")
case $marker in '<!-- muster '*' -->') ;; *) fail "$review does not begin with a marker of Muster" ;; esac
host_begin

if [ "$host" = gitlab ]; then
    notes=/projects/${CI_PROJECT_ID:?}/merge_requests/${CI_MERGE_REQUEST_IID:?}/notes
    note=$notes update=PUT
else
    number=${MUSTER_PULL_REQUEST:?the number of the pull request}
    notes=/repos/${GITHUB_REPOSITORY:?}/issues/$number/comments
    note=/repos/$GITHUB_REPOSITORY/issues/comments update=PATCH
fi

forbidden() {
    [ "${MUSTER_IS_FORK:-false}" = true ] ||
        fail "the review could not be posted ($status: $(reason)): give the token the right to write comments"
    say "The token may not comment ($status: $(reason)). Pull requests from forks get such tokens."
    [ "$host" = gitlab ] || printf '::notice title=Muster::The review could not be posted as a comment; %s\n' \
        "it is in the summary of this job."
    exit 0
}

# The id of our comment, in $found; empty when there is none yet.
find_comment() {
    first_of_own "$notes" "$marker" .id
    case $status in 2*) ;; 401 | 403 | 404) forbidden ;; *) fail "comments cannot be read ($status: $(reason))" ;; esac
}

# signed FILE: the review with a signature below its digest, where there is a key.
signed() {
    local digest owner signature
    # shellcheck disable=SC2016 # the quotes are Markdown's
    digest=$(sed -n 's/^Digest: `\(sha256:[0-9a-f]\{64\}\)`$/\1/p' "$1" | head -n 1)
    if [ -z "${MUSTER_REVIEW_KEY:-}" ] || [ -z "$digest" ]; then
        cat "$1"
        return
    fi
    owner=${marker#'<!-- muster plan '}
    owner=${owner%' -->'}
    signature=$(muster review sign "$digest" --subject "$(subject "${MUSTER_PULL_REQUEST:-${CI_MERGE_REQUEST_IID:-}}" \
        "${MUSTER_HEAD_SHA:-${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-${CI_COMMIT_SHA:-}}}" \
        "${MUSTER_BASE_REF:-${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}}" "$owner")")
    awk -v line="Signature: \`$signature\`" '{ print } !done && /^Digest: `sha256:/ { print ""; print line; done = 1 }' "$1"
}

# send FILE: the review as the one comment.
send() {
    signed "$1" | jq --raw-input --slurp '{body: .}' >"$work/body"
    if [ -n "$found" ]; then
        request "$update" "$note/$found" "$work/body"
        # A comment that looks like ours and belongs to somebody else: ours is written beside it.
        case $status in 403 | 404) found= && request POST "$notes" "$work/body" ;; esac
    else
        request POST "$notes" "$work/body"
    fi
}

find_comment
send "$review"
if [ "$status" = 422 ] || [ "$status" = 413 ] || { [ "$host" = gitlab ] && [ "$status" = 400 ]; }; then
    say "The host does not take the review ($status: $(reason)); sending a shorter one."
    [ -n "$shorter" ] || fail "there is no shorter review"
    send "$shorter"
fi
if [ -z "$found" ]; then
    case $status in
    000 | 5*)
        # The answer was lost: the comment may be there.
        find_comment
        [ -n "$found" ] || send "$review"
        ;;
    esac
fi
case $status in
2*) if [ -n "$found" ]; then say "Replaced comment $found."; else say "Wrote a comment."; fi ;;
401 | 403 | 404) forbidden ;;
*) fail "the comment could not be written ($status: $(reason))" ;;
esac
