# shellcheck shell=bash
# What the steps know of the code host: GitHub or GitLab, told by the variables that their runners set. Sourced.
#
# The token is handed to curl in a file that only this user can read, never on a command line.

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}

# Requests that are tried again, and the longest that one waits for the host's limit to pass.
attempts=${MUSTER_ATTEMPTS:-5}
longest_wait=${MUSTER_LONGEST_WAIT:-120}

# shellcheck disable=SC2034 # read by the steps that source this
host_begin() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    umask 077
    if [ -n "${GITLAB_CI:-}" ]; then
        host=gitlab
        api=${CI_API_V4_URL:?}
        printf 'header = "PRIVATE-TOKEN: %s"\n' "${MUSTER_HOST_TOKEN:?the token that may write notes}" >"$work/curl"
    else
        host=github
        api=${GITHUB_API_URL:-https://api.github.com}
        printf 'header = "Authorization: Bearer %s"\nheader = "X-GitHub-Api-Version: 2022-11-28"\n' \
            "${MUSTER_HOST_TOKEN:?the token that may write comments}" >"$work/curl"
        printf 'header = "Accept: application/vnd.github+json"\n' >>"$work/curl"
    fi
}

# request METHOD PATH [BODY_FILE]: the answer in $work/answer, its headers in $work/headers, its status in $status.
request() {
    local method=$1 path=$2 body=${3:-} attempt=1 wait
    local arguments=(--silent --show-error --max-time 60 --config "$work/curl" --request "$method"
        --output "$work/answer" --dump-header "$work/headers" --write-out '%{http_code}')
    [ -z "$body" ] || arguments+=(--header 'Content-Type: application/json' --data-binary "@$body")
    while :; do
        : >"$work/headers"
        status=$(curl "${arguments[@]}" "$api$path") || status=000
        is_limited || [ "$status" = 000 ] || [ "${status#5}" != "$status" ] || return 0
        # A creation whose answer was lost may have happened; it is looked for before it is tried again.
        [ "$method" != POST ] || is_limited || return 0
        [ "$attempt" -lt "$attempts" ] || return 0
        wait=$(seconds_to_wait "$attempt")
        say "The host answered $status; trying again in $wait s."
        sleep "$wait"
        attempt=$((attempt + 1))
    done
}

# GitHub says 403 or 429 when there were too many requests, and then when to come back.
is_limited() {
    [ "$status" = 429 ] && return 0
    [ "$status" = 403 ] || return 1
    header retry-after >/dev/null || [ "$(header x-ratelimit-remaining)" = 0 ]
}

header() { # NAME
    sed -n "s/^$1: *//Ip" "$work/headers" | tr -d '\r' | tail -n 1 | grep .
}

seconds_to_wait() { # ATTEMPT
    local wait reset
    wait=$(header retry-after) || wait=
    if [ -z "$wait" ] && reset=$(header x-ratelimit-reset); then wait=$((reset - $(date +%s))); fi
    case $wait in '' | *[!0-9]*) wait=$(($1 * $1)) ;; esac
    [ "$wait" -le "$longest_wait" ] || wait=$longest_wait
    printf '%s\n' "$wait"
}

# What the host said, in one harmless line.
reason() {
    jq -r '(.message // .error // "no reason given") | if type == "string" then . else tojson end' "$work/answer" \
        2>/dev/null | tr -cd '[:print:]' | cut -c 1-200
}

# first_of_own PATH MARKER FILTER: what a jq filter gives for the first comment of ours that begins with MARKER and for
# which it gives anything, page by page, in $found.
first_of_own() { of_own first "$@"; }

# all_of_own PATH MARKER FILTER: the same for every such comment, a line each: a comment that only looks like ours must not
# hide the one that is.
all_of_own() { of_own all "$@"; }

# Ours are the comments of MUSTER_COMMENT_AUTHOR; without that, on GitHub those by a bot, and on GitLab those by the token's own
# user: anybody can write a marker.
of_own() {
    local which=$1 path=$2 marker=$3 filter=$4 author=${MUSTER_COMMENT_AUTHOR:-} page=1 own='' lines=''
    found=
    if [ "$host" = gitlab ] && [ -z "$author" ]; then
        request GET /user
        case $status in 2*) own=$(jq -r '.id // "nobody"' "$work/answer") ;; *) return 0 ;; esac
    fi
    while [ "$page" -le 50 ]; do
        request GET "$path?per_page=100&page=$page"
        case $status in 2*) ;; *) return 0 ;; esac
        lines=$lines$(jq -r --arg marker "$marker" --arg own "$own" --arg author "$author" "
            map(select((.body // \"\") | split(\"\n\")[0] | rtrimstr(\"\r\") == \$marker)
                | select(if \$author != \"\" then (.user.login // .author.username) == \$author
                         elif \$own != \"\" then (.author.id | tostring) == \$own
                         else .user.type == \"Bot\" end)
                | $filter | select(. != null)) | .[]" "$work/answer")$'\n'
        if [ "$which" = first ] && [ "$lines" != $'\n' ]; then
            found=${lines%%$'\n'*}
            return 0
        fi
        [ "$which" = all ] || lines=''
        [ "$(jq length "$work/answer")" = 100 ] || break
        page=$((page + 1))
    done
    # shellcheck disable=SC2034 # read by the steps that source this
    found=${lines%$'\n'}
}

# subject NUMBER HEAD BASE OWNER: what a signature is made for: this host, repository, request, commit, branch and project.
subject() {
    printf '%s %s %s %s %s %s\n' "$host" "${GITHUB_REPOSITORY:-${CI_PROJECT_ID:-}}" "$1" "$2" "$3" "$4"
}
