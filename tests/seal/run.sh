#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The sealed envelope: its vectors by two implementations, its text, and counters under SIGKILL.
# What is altered or comes twice is tests/unit/test_seal.c's.
. "$(dirname "$0")/../lib.sh"

drive=$PLATEN_BUILD/tests/seal/seal-drive

/usr/bin/python3 "$here/vectors.py" "$root/sdk/ENVELOPE" "$drive" 2>&1 || failed=1

# What the text says of sizes is what the header says.
number() { sed -n "s/^#define $1 \([0-9]*\).*/\1/p" "$root/core/net/$2"; }
check text-datagram "$(number SEAL_DATAGRAM seal.h)" \
	"$(sed -n 's/^An envelope in one datagram has at most \([0-9]*\) bytes\.$/\1/p' "$root/sdk/ENVELOPE")"
check text-window "$(number SEAL_WINDOW seal_window.h)" \
	"$(grep -oE 'of the [0-9]+ counts' "$root/sdk/ENVELOPE" | tr -dc 0-9)"

# Killed in the middle, again and again: no counter is ever used twice.
kills=$(by_variant 60 20)
mkdir "$tmp/state"
for ((i = 0; i < kills; i++)); do
	"$drive" count "$tmp/state" >>"$tmp/used" 2>"$tmp/count.err" &
	pid=$!
	sleep "0.0$((RANDOM % 8 + 1))"
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
done 2>/dev/null
check kill-counters-used '/^[0-9]{3,}$/' "$(wc -l <"$tmp/used")"
check kill-no-counter-twice '' "$(sort "$tmp/used" | uniq -d | head -n 3)"
# Higher each time: a receiver knows an old block by that.
check kill-counters-rise '' "$(sort -c "$tmp/used" 2>&1 | head -n 1)"

# The state folder as it was before: time has gone on.
cp -a "$tmp/state" "$tmp/before"
timeout 0.2 "$drive" count "$tmp/state" >>"$tmp/used"
sleep 1.1
timeout 0.2 "$drive" count "$tmp/before" >>"$tmp/used"
check restored-no-counter-twice '' "$(sort "$tmp/used" | uniq -d | head -n 3)"

# A disk that takes nothing: no number is given out.
mkdir "$tmp/full" && chmod 500 "$tmp/full"
if [ "$(id -u)" = 0 ]; then rm -rf "$tmp/full"; fi
check no-disk-no-counter '' "$("$drive" count "$tmp/full" 2>/dev/null)"
exit $failed
