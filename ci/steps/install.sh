#!/usr/bin/env bash
# Puts a `muster` on the path: the one that is there, a released one whose checksum fits, or one built from source.
#
#   install.sh VERSION SOURCE_FOLDER      VERSION: a release such as 0.1.0, or `source`
#
# MUSTER_RELEASES is where releases are: <MUSTER_RELEASES>/v<VERSION>/muster-<system>-<machine>.tar.gz, over https. Its
# SHA-256 is in ci/releases.sha256, or in MUSTER_SHA256.
set -euo pipefail

version=$1 source=$2
target=${RUNNER_TEMP:-${CI_PROJECT_DIR:-/tmp}}/muster-bin
mkdir -p "$target"

# Names of releases are Semantic Versions (semver.org); anything else could lead to another address.
release='^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$'
case $version in
source)
    "$source/.ci/packages" >&2
    swift build --package-path "$source" -c release --static-swift-stdlib --product muster >&2
    cp "$source/.build/release/muster" "$target/muster"
    ;;
*)
    [[ $version =~ $release ]] || {
        printf 'error: version must be a release such as 0.1.0, or "source", not "%s"\n' "$version" >&2
        exit 1
    }
    name=muster-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m).tar.gz
    from=${MUSTER_RELEASES:?where releases are}/v$version/$name
    # Over plain http anybody on the way could send another program; this machine itself is for tests.
    case $from in
    https://*) protocols='=https' ;;
    http://127.0.0.1:*) protocols='=http' ;;
    *)
        printf 'error: releases are taken over https only, not from %s\n' "$from" >&2
        exit 1
        ;;
    esac
    curl --fail --silent --show-error --location --proto "$protocols" --proto-redir "$protocols" --retry 3 \
        --output "$target/$name" "$from"
    # The sum must come from elsewhere than the archive: from this repository, or from whoever calls.
    sum=${MUSTER_SHA256:-$(sed -n "s/^\([0-9a-f]\{64\}\)  $version\/$name\$/\1/p" "$(dirname "$0")/../releases.sha256")}
    [ -n "$sum" ] || {
        printf 'error: no checksum of %s %s is known; give it as MUSTER_SHA256\n' "$name" "$version" >&2
        exit 1
    }
    printf '%s  %s\n' "$sum" "$target/$name" | sha256sum --check --strict --quiet -
    tar -xzf "$target/$name" -C "$target" muster
    ;;
esac
"$target/muster" --version >&2
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$target" >>"$GITHUB_PATH"
