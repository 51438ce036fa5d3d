#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/hp-ews - HP's web servers: every capture of the plugin's own gives its
# expect.json, from the file and over the wire; documents of real printers give
# what tests/hp-ews/known says; nothing is asked that is not to be.
source "$(dirname "$0")/../lib.sh"

captures=$root/plugins/hp-ews/captures
net=127.29.0

# ---- its own captures, from the file ----
: >"$tmp/replayed"
for expect in "$captures"/*/expect.json; do
	name=$(basename "$(dirname "$expect")")
	run_platen "$tmp/$name" replay --json --expect "$expect" "$captures/$name"
	check "replay-$name" 0 "$status"
	cat "$tmp/$name" >>"$tmp/replayed"
done
compare schema schema "$tmp/replayed"

# ---- the same over the wire, all in one run; one web server more is silent ----
places=() n=0
for folder in "$captures"/*/; do
	n=$((n + 1))
	places+=(--printer "$net.$n=$folder")
	echo "$net.$n $(basename "$folder")" >>"$tmp/places"
done
web=$(free_port)
sim_start --same --http-port "$web" --trace "$tmp/trace" "${places[@]}" "$captures"
ini "$tmp/platen.ini" <<INI
[snmp]
port = $port
timeout = 1s
[http]
ports = http:$web
timeout = 5s
INI
run_platen "$tmp/live" read --json -c "$tmp/platen.ini" "$net.1-$net.$n"
check live-status 0 "$status"
while read -r address name; do
	grep -F "\"ip\":\"$address\"" "$tmp/live" >"$tmp/one"
	compare "live-$name" expect "$tmp/one" "$captures/$name/expect.json"
done <"$tmp/places"

check only-get "" "$(grep -E '(POST|PUT|DELETE|PATCH) ' "$tmp/trace" | head -n 3)"
check asleep-is-left-alone "" "$(grep -i 'wakeup' "$tmp/trace" | head -n 3)"

sim_stop

# ---- what a printer spoke is remembered, of each for itself ----
# One without pages, seen first, and two of the same model that have them.
mkdir -p "$tmp/bare"
cp "$captures/ledm-color-mfp"/*.snmprec "$tmp/bare/"
: >"$tmp/trace"
sim_start --unique --http-port "$web" --trace "$tmp/trace" --fault "late=300@$net.52-$net.53" \
	--printer "$net.51=$tmp/bare" --printer "$net.52=$captures/ledm-color-mfp" \
	--printer "$net.53=$captures/ledm-color-mfp" "$tmp/bare"
agent_ini "$tmp/agent.ini" "$net.51-$net.53" "http:$web" 15s </dev/null
records_of() { grep -F "\"ip\":\"$net.$1\"" "$tmp/records.jsonl" 2>/dev/null; }
asked() { grep -F " $net.$1" "$tmp/trace" | grep -c "GET $2"; }
all_have() {
	local i
	for i in 51 52 53; do [ "$(records_of $i | wc -l)" -ge "$1" ] || return 1; done
}
agent_start "$tmp/agent.ini"
wait_until 40 all_have 4
verdict four-visits $? "not all printers were read four times: $(tail -n 3 "$tmp/agent.log")"
agent_stop
sim_stop
for i in 52 53; do
	check "not-like-its-sibling-$i" "/\"copy.total\",\"value\":640,/" "$(records_of $i | head -n 1)"
	# Once more when its serial number is known.
	check "dialect-remembered-$i" "/^[012]$/" "$(asked $i /DevMgmt/DiscoveryTree.xml)"
	check "documents-asked-$i" "/^[4-9]$/" "$(asked $i /DevMgmt/ProductUsageDyn.xml)"
done
check none-remembered "/^[12]$/" "$(asked 51 /DevMgmt/DiscoveryTree.xml)"
check none-read-by-snmp "/\"total\".*printer-mib/" "$(records_of 51 | tail -n 1)"

# ---- documents of real printers ----
if [ ! -d "${PLATEN_CAPTURES:-/nowhere}/ews" ]; then
	skip real-documents "PLATEN_CAPTURES is not set"
else
	python3 "$here/capture.py" "$PLATEN_CAPTURES/ews" "$tmp/real"
	places=() n=100
	for folder in "$tmp"/real/*/; do
		n=$((n + 1))
		places+=(--printer "$net.$n=$folder")
	done
	sim_start --same --http-port "$web" "${places[@]}" "$tmp/real"
	run_platen "$tmp/served" read --json -c "$tmp/platen.ini" "$net.101-$net.$n"
	sim_stop
	n=100
	for folder in "$tmp"/real/*/; do
		name=$(basename "$folder") n=$((n + 1))
		grep -F "\"ip\":\"$net.$n\"" "$tmp/served" >"$tmp/$name.json"
		said=$(python3 "$here/known.py" "$here/known" "$name" "$tmp/$name.json" 2>&1)
		verdict "served-$name" $? "$said"
		run_platen "$tmp/$name.json" replay --json "$folder"
		said=$(python3 "$here/known.py" "$here/known" "$name" "$tmp/$name.json")
		verdict "real-$name" $? "$said"
	done
fi
exit $failed
