#!/bin/bash
# Measures a local server on loopback: requests per second, p50, p99, and peak memory.
#
#   measure.sh BASE_URL PID        with a release build of `muster serve` running as PID; needs wrk and python3
set -eu
base=$1 pid=$2
here=$(cd "$(dirname "$0")" && pwd)
python3 "$here/clients.py" fill "$base" 10000
one=$(curl -s "$base/assistants?limit=1" | python3 -c 'import json, sys; print(json.load(sys.stdin)["first_id"])')
load() { # NAME PATH [SCRIPT]
    wrk -t1 -c8 -d10s --latency ${3:+-s "$3"} "$base/$2" |
        awk -v name="$1" '/50%/ {p50=$2} /99%/ {p99=$2} /Requests\/sec/ {rate=$2} END {print name ": " rate " requests/s, p50 " p50 ", p99 " p99}'
}
load "GET one assistant" "assistants/$one"
load "list page of 100 among 10,000" "assistants?limit=100"
load "create an assistant" assistants "$here/create.lua"
python3 "$here/clients.py" runs "$base" 1000
python3 "$here/clients.py" first_event "$base" 500
awk '/VmHWM/ {print "peak memory: " $2 / 1024 " MiB"}' "/proc/$pid/status"
