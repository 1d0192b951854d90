#!/usr/bin/env bash
# Puts a `muster` on the path: the one that is there, a released one whose checksum fits, or one built from source.
#
#   install.sh VERSION SOURCE_FOLDER      VERSION: a release such as 0.1.0, or `source`
#
# MUSTER_RELEASES is where releases are: <MUSTER_RELEASES>/v<VERSION>/muster-<system>-<machine>.tar.gz with a .sha256
# beside it.
set -euo pipefail

version=$1 source=$2
target=${RUNNER_TEMP:-${CI_PROJECT_DIR:-/tmp}}/muster-bin
mkdir -p "$target"

case $version in
source)
    "$source/.ci/packages" >&2
    swift build --package-path "$source" -c release --static-swift-stdlib --product muster >&2
    cp "$source/.build/release/muster" "$target/muster"
    ;;
[0-9]*)
    name=muster-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m).tar.gz
    from=${MUSTER_RELEASES:?where releases are}/v$version/$name
    curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --output "$target/$name" "$from"
    curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --output "$target/$name.sha256" "$from.sha256"
    # The file beside the archive names it; only the sum of that very name counts.
    (cd "$target" && grep -F "  $name" "$name.sha256" | sha256sum --check --strict --quiet -)
    tar -xzf "$target/$name" -C "$target" muster
    ;;
*)
    printf 'error: version must be a release such as 0.1.0, or "source", not "%s"\n' "$version" >&2
    exit 1
    ;;
esac
"$target/muster" --version >&2
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$target" >>"$GITHUB_PATH"
