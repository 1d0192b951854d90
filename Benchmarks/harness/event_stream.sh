#!/bin/sh
# Builds and runs the measurement of the event-stream parser, optimised as a release is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
swiftc -O -wmo -parse-as-library -package-name muster -o "$folder/event_stream" \
    "$here/event_stream.swift" "$here/../../Sources/AssistantsClient/Streaming/EventParser.swift"
"$folder/event_stream"
