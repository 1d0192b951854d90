#!/bin/bash
# Measures `muster show` on a saved plan in every format: time, peak memory, size.
#
#   measure.sh MUSTER [CHANGES]        needs python3 and GNU time; the reading of the plan is in every figure, so the first
#                                      row says what reading alone takes
set -eu
muster=$1 changes=${2:-10000}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/generate.py" "$changes" >"$folder/plan.json"
python3 "$here/generate.py" 1 one-line >"$folder/edit.json"
echo "plan of $changes changes: $(wc -c <"$folder/plan.json") bytes"
printf '%-10s %8s %10s %14s %22s\n' format seconds 'peak MiB' bytes 'one-line edit, bytes'
for format in text markdown json html; do
    best=
    for _ in 1 2 3; do
        /usr/bin/time -f '%e %M' -o "$folder/time" "$muster" show "$folder/plan.json" --format "$format" >"$folder/output"
        read -r seconds memory <"$folder/time"
        if [ -z "$best" ] || awk "BEGIN {exit !($seconds < $best)}"; then best=$seconds; fi
    done
    "$muster" show "$folder/edit.json" --format "$format" >"$folder/edit"
    printf '%-10s %8s %10d %14d %22d\n' "$format" "$best" $((memory / 1024)) "$(wc -c <"$folder/output")" "$(wc -c <"$folder/edit")"
done
