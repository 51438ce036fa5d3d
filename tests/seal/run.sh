#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The sealed envelope: its vectors by two implementations, its text, counters under SIGKILL, and a
# gateway's three listeners for it, tried by a stranger.  What the library does with what is altered
# or comes twice is tests/unit/test_seal.c's.
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
kills=$(by_variant 40 15)
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

# ---- a gateway ----

id=0194d2c0-1234-7abc-8def-00112233aabb
ini "$tmp/gate.ini" <<INI
[site]
state = $tmp/gate
[gateway]
udp = 127.0.0.1:0
tcp = 127.0.0.1:0
http = 127.0.0.1:0
timeout = 2s
connections_per_address = 10
[sink file]
plugin = file
every = 100ms
path = $tmp/kept.jsonl
INI
run_platen "$tmp/keys" keys new -c "$tmp/gate.ini" "$id"
key=$(grep -E '^[0-9]+:' "$tmp/keys") token=$(grep -E '^[^ :]{40,}$' "$tmp/keys")
agent_start "$tmp/gate.ini"
takes() { sed -n "s/.* takes uploads at 127.0.0.1:\([0-9]*\) ($1)$/\1/p" "$tmp/agent.log" | tail -n 1; }
takes_all() { [ -n "$(takes udp)" ] && [ -n "$(takes tcp)" ] && [ -n "$(takes http)" ]; }
wait_until 20 takes_all || not_ok gateway-listens "$(tail -n 3 "$tmp/agent.log")"
PYTHONDONTWRITEBYTECODE=1 timeout 120 /usr/bin/python3 "$here/client.py" "$key" "$id" \
	"$(takes udp)" "$(takes tcp)" "$(takes http)" "$token" >"$tmp/client" 2>&1 || failed=1
cat "$tmp/client"
kept=$(sed -n 's/^# kept //p' "$tmp/client")
check gateway-client-went-through '/^[0-9]+$/' "$kept"
has_kept() { [ "$(cat "$tmp/kept.jsonl" 2>/dev/null | wc -l)" -ge "${kept:-1}" ]; }
wait_until 10 has_kept
sleep 0.3
check gateway-kept-what-it-took-and-once "${kept:-?}" "$(wc -l <"$tmp/kept.jsonl")"
agent_said 'gate: udp: what 127.0.0.1 sent is no sealed envelope' ||
	not_ok gateway-says-what-it-drops "$(tail -n 5 "$tmp/agent.log")"
agent_said 'gate: udp: what 127.0.0.1 sent for agent .* was altered on its way' ||
	not_ok gateway-says-what-was-altered "$(tail -n 5 "$tmp/agent.log")"
lines=$(grep -c 'gate: .* what 127.0.0.1 sent' "$tmp/agent.log")
check gateway-says-it-a-few-times-only '/^([1-9]|[12][0-9]|30)$/' "$lines"
agent_stop
check gateway-ended-well 0 "$status"
exit $failed
