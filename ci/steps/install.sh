#!/usr/bin/env bash
# Puts a `muster` on the path: a released one whose checksum fits, or one built from source.
#
#   install.sh VERSION SOURCE_FOLDER      VERSION: a release such as 0.1.0, or `source`
#
# MUSTER_RELEASES is where releases are: <MUSTER_RELEASES>/v<VERSION>/muster-<VERSION>-<system>-<machine>.tar.gz, over https. Its
# SHA-256 is in ci/releases.sha256, or in MUSTER_SHA256. Archives are kept in RUNNER_TOOL_CACHE where the runner has one; the
# checksum is compared at every use, so that nothing is believed of what lies there.
set -euo pipefail

version=$1 source=$2
say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}

target=${RUNNER_TEMP:-${CI_PROJECT_DIR:-}}
if [ -z "$target" ]; then target=$(mktemp -d); fi
target=$target/muster-bin
cache=${RUNNER_TOOL_CACHE:-$target}/muster-archives
mkdir -p "$target" "$cache"

# fits FILE SUM
fits() { [ -f "$1" ] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --strict --status -; }

# download ADDRESS FILE: over https and nothing else, also where the host sends elsewhere.
download() {
    curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' --retry 3 --max-time 300 \
        --output "$2" "$1"
}

install_release() {
    local name sum from archive
    name=muster-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m).tar.gz
    from=${MUSTER_RELEASES:?where releases are}/v$version/$name
    # Over plain http anybody on the way could send another program.
    case $from in https://*) ;; *) fail "releases are taken over https only, not from $from" ;; esac
    # The sum must come from elsewhere than the archive: from this repository, or from whoever calls.
    sum=${MUSTER_SHA256:-$(sed -n "s/^\([0-9a-f]\{64\}\)  $name\$/\1/p" "$(dirname "$0")/../releases.sha256")}
    [ -n "$sum" ] || {
        say "error: no checksum of $name is known here"
        fail "give it as MUSTER_SHA256 (sha256: of the action), or take a newer revision of this action, or version \"source\""
    }
    archive=$cache/$sum.tar.gz
    if ! fits "$archive" "$sum"; then
        download "$from" "$target/download" || fail "$from could not be had"
        fits "$target/download" "$sum" ||
            fail "$from is not the archive that was released, or only a part of it: its checksum is another; nothing was installed"
        mv "$target/download" "$archive"
    fi
    tar -xzf "$archive" -C "$target" --strip-components=1 "${name%.tar.gz}/muster"
}

# From source, minutes long. What was built is not kept for other jobs: whoever can write where it would lie could put another
# program there, and unlike an archive it has no checksum that anybody knows.
build_from_source() {
    "$source/.ci/packages" >&2
    swift build --package-path "$source" -c release --static-swift-stdlib --product muster >&2
    cp "$source/.build/release/muster" "$target/muster"
}

# Names of releases are Semantic Versions (semver.org); anything else could lead to another address.
release='^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$'
if [ "$version" = source ]; then
    build_from_source
elif [[ $version =~ $release ]]; then
    install_release
else
    fail "version must be a release such as 0.1.0, or \"source\", not \"$version\""
fi
"$target/muster" --version >&2
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$target" >>"$GITHUB_PATH"
