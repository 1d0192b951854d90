# shellcheck shell=bash
# Where the steps leave what they make. The checkout is the pull request's, so a link in it may lead anywhere. Sourced.

# output_folder OUT: makes the folder, and refuses it where a link is in the way.
output_folder() {
    local part=$1 file
    while :; do
        [ ! -L "$part" ] || { printf 'error: %s is a link; the output folder may hold none\n' "$part" >&2; exit 1; }
        case $part in / | . | '') break ;; esac
        part=$(dirname "$part")
    done
    mkdir -p "$1"
    for file in "$1"/* "$1"/.[!.]*; do
        [ ! -L "$file" ] || { printf 'error: %s is a link; the output folder may hold none\n' "$file" >&2; exit 1; }
    done
}

# output NAME VALUE: an output of the step. A value of more than one line could set another.
output() {
    [ -n "${GITHUB_OUTPUT:-}" ] || return 0
    case $2 in *$'\n'* | *$'\r'*) printf 'error: the output %s has a line break\n' "$1" >&2; exit 1 ;; esac
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}
