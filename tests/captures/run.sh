#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/captures - every recorded printer gives the same record from its file (replay)
# and over the wire (read, through the simulator), a valid one, and the right one:
# as its facts (decoded by another program) or its expect.json say.  With the makers'
# plugins no printer is read worse than by the standard alone.
#
# What is recorded but no printer is neither found nor read.
source "$(dirname "$0")/../lib.sh"

mapfile -t captures < <(own_captures; real_captures)
[ ${#captures[@]} -gt 0 ] || { skip captures "there are no captures"; exit 0; }
[ -n "${PLATEN_CAPTURES:-}" ] || skip real-captures "PLATEN_CAPTURES is not set"

no_printers="epson-projector_eb-4770w panasonic-ns epson-scanner_ds-860 projector scanner"
net=127.21.0
range=$net.1-$net.${#captures[@]}

# A place for each: its address, its name, its file.
for i in "${!captures[@]}"; do
	name=$(basename "${captures[i]}" .snmprec)
	echo "$net.$((i + 1)) $name ${captures[i]}"
done >"$tmp/places"
places=()
for i in "${!captures[@]}"; do places+=(--printer "$net.$((i + 1))=${captures[i]}"); done
sim_start --same "${places[@]}" "${captures[0]}"
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
while read -r address name file; do
	run_platen "$tmp/one" replay --json -c "$tmp/platen.ini" --address "$address" "$file"
	cat "$tmp/one" >>"$tmp/replayed"
	run_platen "$tmp/alone.one" replay --json -c "$tmp/platen.ini" --address "$address" \
		--plugin "$PLATEN_BUILD/plugins/printer-mib.so" "$file"
	cat "$tmp/alone.one" >>"$tmp/alone"
	grep -F "\"ip\":\"$address\"" "$tmp/live" >"$tmp/two"
	if [[ " $no_printers " == *" $name "* ]]; then
		check "no-printer-$name" "" "$(cat "$tmp/one" "$tmp/two")"
		continue
	fi
	compare "replay-is-read-$name" same --only "$address" "$tmp/one" "$tmp/two"
	expect=$(dirname "$file")/expect.json
	[ ! -e "$expect" ] || compare "expect-$name" expect "$tmp/two" "$expect"
done <"$tmp/places"

compare schema-live schema "$tmp/live"
compare schema-replayed schema "$tmp/replayed"
check read-says-nothing-more "" "$(grep -v 'is no printer' "$tmp/live.err")"
others=$(grep -c 'is no printer' "$tmp/live.err")
check read-exit $((others > 0)) "$live_status"
check discovered "$(wc -l <"$tmp/live")" "$(wc -l <"$tmp/found")"

# ---- the right records, and none worse than the standard's ----
/usr/bin/python3 "$here/better.py" "$tmp/alone" "$tmp/replayed" || failed=1
/usr/bin/python3 "$here/facts.py" "$tmp/live" "$tmp/places" \
	${PLATEN_CAPTURES:+"$PLATEN_CAPTURES/snmp"} || failed=1
exit $failed
