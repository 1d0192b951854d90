#!/bin/bash
# Reads of one assistant from two servers of the protocol, in turns, so that whatever else the machine does hits both.
#
#   beside.sh OURS THEIRS [HEADER]     the addresses of an assistant on each (needs wrk); HEADER: as theirs wants it
set -eu
ours=$1 theirs=$2 header=${3:-"X-None: none"}
rate() { wrk -t1 -c8 -d6s -H "$2" "$1" | awk '/Requests\/sec/ {print $2} /Non-2xx/ {print "refused: " $0 > "/dev/stderr"}'; }
for turn in 1 2 3; do
    one=$(rate "$ours" "X-None: none") other=$(rate "$theirs" "$header")
    awk -v turn="$turn" -v one="$one" -v other="$other" 'BEGIN {printf "%s: %s/s beside %s/s, %.0f times\n", turn, one, other, one / other}'
done
