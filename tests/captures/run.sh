#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/captures - every recorded printer gives the same record from its file (replay)
# and over the wire (read, through the simulator), a valid one, and the right one:
# as its facts (decoded by another program) or its expect.json say.
#
# What is recorded but no printer is neither found nor read.
source "$(dirname "$0")/../lib.sh"

mapfile -t captures < <(own_captures; real_captures)
[ ${#captures[@]} -gt 0 ] || { skip captures "there are no captures"; exit 0; }
[ -n "${PLATEN_CAPTURES:-}" ] || skip real-captures "PLATEN_CAPTURES is not set"

net=127.21.0
range=$net.1-$net.${#captures[@]}
sim_start --same --listen "$range" "${captures[@]}"
ini "$tmp/platen.ini" <<INI
[snmp]
port = $port
timeout = 1s
[http]
ports =
[discover]
rate = 1000
INI

# ---- over the wire, all at once ----
run_platen "$tmp/live" read --json -c "$tmp/platen.ini" "$range"
live_status=$status
run_platen "$tmp/found" discover --json -c "$tmp/platen.ini" "$range"
sim_stop

# ---- from the files, each at the address it had ----
while read -r address name _; do
	[[ $address == "$net".* ]] || continue
	for file in "${captures[@]}"; do
		[ "$(basename "$file" .snmprec)" = "$name" ] || continue
		run_platen "$tmp/one" replay --json -c "$tmp/platen.ini" --address "$address" "$file"
		cat "$tmp/one" >>"$tmp/replayed"
		cat "$tmp/one.err" >>"$tmp/replayed.err"
		: >"$tmp/none"
		grep -F "\"ip\":\"$address\"" "$tmp/live" >"$tmp/two"
		compare "replay-is-read-$name" same "$tmp/one" "$tmp/two"
		expect=$(dirname "$file")/expect.json
		[ ! -e "$expect" ] || compare "expect-$name" expect "$tmp/two" "$expect"
	done
done <"$tmp/printers"

compare schema-live schema "$tmp/live"
compare schema-replayed schema "$tmp/replayed"
check read-says-nothing-more "" "$(grep -v 'is no printer' "$tmp/live.err")"
others=$(grep -c 'is no printer' "$tmp/live.err")
check read-exit $((others > 0)) "$live_status"
check discovered "$(wc -l <"$tmp/live")" "$(wc -l <"$tmp/found")"

# ---- the right records ----
/usr/bin/python3 "$here/facts.py" "$tmp/live" "$tmp/printers" \
	${PLATEN_CAPTURES:+"$PLATEN_CAPTURES/snmp"} || failed=1
exit $failed
