#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/record - a simulated printer is recorded: what is replayed is the record that was
# read, pages included, and who and where the printer is stands nowhere in the files.
source "$(dirname "$0")/../lib.sh"

address=127.27.0.1
serial=PHB7K00215
mkdir -p "$tmp/printer/http/info" "$tmp/plugins"
# A printer that tells much of its people: name, contact, place, operator, service.
grep -vE '^1\.3\.6\.1\.2\.1\.(1\.[456]\.0|43\.5\.1\.1\.(4|5|16)\.1)\|' \
	"$root/plugins/printer-mib/captures/hp-mono-laserjet/hp-mono-laserjet.snmprec" \
	>"$tmp/printer/device.snmprec"
cat >>"$tmp/printer/device.snmprec" <<LINES
1.3.6.1.2.1.1.4.0|4|Erika Mustermann, ext. 4711
1.3.6.1.2.1.1.5.0|4|prn-accounting-2
1.3.6.1.2.1.1.6.0|4|Hauptstrasse 7, room 2.13
1.3.6.1.2.1.43.5.1.1.4.1|4|operator-jane
1.3.6.1.2.1.43.5.1.1.5.1|4|service-joe
1.3.6.1.2.1.43.5.1.1.16.1|4|Müllers Drucker
LINES
cat >"$tmp/printer/http/index.html" <<PAGE
A-1042 is the number; serial $serial, 3c:52:82:0b:77:e1, 3C52820B77E1, 3c-52-82-0b-77-e1
This is prn-accounting-2 at $address, Hauptstrasse 7, room 2.13, of Erika Mustermann, ext. 4711
Müllers Drucker, operator-jane, service-joe
PAGE
echo "nobody asks for this" >"$tmp/printer/http/info/jobs.html"
LC_ALL=C sort -V -o "$tmp/printer/device.snmprec" "$tmp/printer/device.snmprec"
cp "$PLATEN_BUILD/plugins/printer-mib.so" "$tmp/plugins"
cc -std=c11 -O1 -fPIC -shared -fvisibility=hidden -I"$root/sdk" -o "$tmp/plugins/page.so" \
	"$root/tests/faults/page.c" || exit 1

web=$(free_port)
port=
sim_start --listen "$address" --http-port "$web" "$tmp/printer"
plugins=$tmp/plugins ini "$tmp/platen.ini" <<INI
[snmp]
port = $port
timeout = 500ms
[http]
ports = http:$web
INI

run_platen "$tmp/read" read --json -c "$tmp/platen.ini" "$address"
check read 0 "$status"
run_platen "$tmp/out" record -c "$tmp/platen.ini" "$address" -o "$tmp/recorded"
check record 0 "$status"
check record-says "/1 page in .*recorded\/http/" "$(<"$tmp/out.err")"
run_platen "$tmp/out" record -c "$tmp/platen.ini" "$address" -o "$tmp/raw" --raw
check record-raw 0 "$status"
run_platen "$tmp/out" record -c "$tmp/platen.ini" "$address" -o "$tmp/raw"
check record-twice "/File exists; give another DIR/" "$(<"$tmp/out.err")"
sim_stop

check files "device.snmprec http/index.html" \
	"$(cd "$tmp/recorded" && find . -type f -printf '%P\n' | sort | tr '\n' ' ' | sed 's/ $//')"

# ---- what is nowhere in the files, as text or as the hexadecimal of octets ----

# hex TEXT
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }

while read -r secret; do
	grep -rqiF -e "$secret" -e "$(hex "$secret")" "$tmp/raw"
	verdict "raw-has $secret" $? "not even in the raw capture: the test is wrong"
	! grep -rqiF -e "$secret" -e "$(hex "$secret")" "$tmp/recorded"
	verdict "hidden $secret" $? "$(grep -rniF -e "$secret" -e "$(hex "$secret")" "$tmp/recorded" | head -n 3)"
done <<SECRETS
$serial
3c:52:82:0b:77:e1
3c52820b77e1
3c-52-82-0b-77-e1
Erika Mustermann, ext. 4711
prn-accounting-2
Hauptstrasse 7, room 2.13
operator-jane
service-joe
Müllers Drucker
$address
SECRETS

# ---- what is replayed is what was read ----

# same NAME FILE KEYS...: but for these keys of the device
same() {
	local said
	said=$(/usr/bin/python3 -c '
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:3])
for r in a, b:
    for key in "id", "time":
        r.pop(key, None)
    for key in sys.argv[3:]:
        r["device"].pop(key, None)
for key in sorted(a.keys() | b.keys()):
    if a.get(key) != b.get(key):
        print(key, a.get(key), b.get(key))
' "$tmp/read" "$2" "${@:3}" 2>&1)
	check "$1" "" "$said"
}

run_platen "$tmp/replayed" replay --json -c "$tmp/platen.ini" --address "$address" "$tmp/raw"
same raw-replayed "$tmp/replayed"
check raw-asset "/\"asset\":\"A-1042\"/" "$(<"$tmp/replayed")"
run_platen "$tmp/replayed" replay --json -c "$tmp/platen.ini" --address "$address" "$tmp/recorded"
same recorded-replayed "$tmp/replayed" id serial mac
check recorded-asset "/\"asset\":\"A-1042\"/" "$(<"$tmp/replayed")"

# ---- replay shows what was asked, and holds it against what is expected ----

run_platen "$tmp/out" replay -v -c "$tmp/platen.ini" "$tmp/raw"
check verbose-page "/page asks: page \/: answered, status 200, [0-9]* bytes .*device.asset  *A-1042/" \
	"$(tr -s '\n ' ' ' <"$tmp/out")"
check verbose-match "/printer-mib knows this printer: [0-9]* of 100/" "$(<"$tmp/out")"
check verbose-packets "/[0-9]+ questions, [0-9]+ to [0-9]+ SNMP packets, [0-9]+ pages/" "$(<"$tmp/out")"
check verbose-columns "" "$(tail -n +2 "$tmp/out" | awk 'length > 90')"
run_platen "$tmp/out" replay -v --json -c "$tmp/platen.ini" "$tmp/raw"
check verbose-json 1 "$(grep -c '^{' "$tmp/out")"
check verbose-json-alone 1 "$(wc -l <"$tmp/out")"
run_platen "$tmp/out" replay -v -c /dev/null --plugin "$PLATEN_BUILD/tests/bad/reach-lie.so" "$tmp/raw"
check verbose-reach "/reach-lie says, warning: snmp get\(\) is not in its reach/" \
	"$(tr -s '\n ' ' ' <"$tmp/out")"

# WANTED | what is said ("" : nothing)
while IFS='|' read -r wanted said; do
	echo "$wanted" >"$tmp/wanted.json"
	run_platen "$tmp/out" replay --json -c "$tmp/platen.ini" --expect "$tmp/wanted.json" "$tmp/raw"
	check "expect $wanted" "$([ -z "$said" ] && echo 0 || echo 1)" "$status"
	[ -z "$said" ] || check "expect-says $wanted" "/raw\/device.snmprec: $said$/" "$(<"$tmp/out.err")"
done <<'TABLE'
{}|
{"time": "never", "id": "x", "device": {"asset": "A-1042", "id": "other"}}|
{"device": {"asset": "A-1043"}}|device.asset: wanted "A-1043", got "A-1042"
{"device": {"colour": 1}}|device.colour: wanted 1, got nothing
{"meters": [{"name": "total", "value": 131072}]}|
{"meters": [{"name": "total", "value": 131073}]}|meters.0.value: wanted 131073, got 131072
{"alerts": [{"code": "jam"}]}|alerts.0: wanted \{"code":"jam"\}, got nothing
{"status": 7}|status: wanted 7, got \{.*
TABLE
cp "$tmp/read" "$tmp/wanted.json"
run_platen "$tmp/out" replay --json -c "$tmp/platen.ini" --address "$address" \
	--expect "$tmp/wanted.json" "$tmp/raw"
check expect-whole-record 0 "$status"
for wanted in '[]' '{"a":1,"a":2}' '{'; do
	echo "$wanted" >"$tmp/wanted.json"
	run_platen "$tmp/out" replay --expect "$tmp/wanted.json" -c "$tmp/platen.ini" "$tmp/raw"
	check "expect-no-json $wanted" "2 /wanted.json/" "$status $(grep -o '/wanted.json' "$tmp/out.err")/"
done
exit $failed
