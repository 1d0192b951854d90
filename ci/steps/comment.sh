#!/usr/bin/env bash
# Puts a review on a pull or merge request: replaces the comment that an earlier run left, or writes the first.
#
#   comment.sh REVIEW [SHORTER_REVIEW]     Markdown files by `muster plan --format markdown`
#
# The first line of a review is its marker. Where the token may not write, as for pull requests from
# forks, the review is in the job's summary and log, and the step succeeds with a notice.
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

# send FILE: the review as the one comment.
send() {
    jq --raw-input --slurp '{body: .}' "$1" >"$work/body"
    if [ -n "$found" ]; then request "$update" "$note/$found" "$work/body"; else request POST "$notes" "$work/body"; fi
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
