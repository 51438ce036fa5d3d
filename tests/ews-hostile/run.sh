#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/ews-hostile - web servers that mean harm: each hostile document and each broken
# server costs at most the pages of its printer in that visit.  What SNMP told stays, no
# wrong number comes, nobody is called who is not the printer, memory stays bounded, and
# the printers beside are read as without them.
source "$(dirname "$0")/../lib.sh"

net=127.31.0
captures=$root/plugins/hp-ews/captures
good=(ledm-color-mfp cdm-color-laser futuresmart-german older-mono)
web=$(free_port)
tls=$(free_port)

: >"$tmp/callers"
python3 "$here/nobody.py" 127.31.1.1 "$tmp/callers" >"$tmp/nobody" &
pids+=($!)
wait_until 10 test -s "$tmp/nobody" || { not_ok nobody "did not start"; exit 1; }
nobody=127.31.1.1:$(cat "$tmp/nobody")

# ---- a web server that takes all the time there is, and SNMP of the same printer ----

# Its pages may take longer than a visit; it goes on while the rest of this runs.
stuck=(http-hang http-mute http-slow=40)
places=()
for i in "${!stuck[@]}"; do
	places+=(--printer "127.31.5.$((i + 1))=$captures/ledm-color-mfp")
	places+=(--fault "${stuck[i]}@127.31.5.$((i + 1))")
done
sim_start --same --http-port "$web" --trace "$tmp/stuck.trace" "${places[@]}" "$captures"
ini "$tmp/stuck.ini" <<INI
[snmp]
port = $port
[http]
ports = http:$web
timeout = 60s
INI
(
	SECONDS=0
	limit=100 run_platen "$tmp/stuck" read --json -c "$tmp/stuck.ini" 127.31.5.1-127.31.5.3
	echo $SECONDS >"$tmp/stuck.seconds"
) &
stuck_read=$!
pids+=("$stuck_read")
stuck_sim=$sim
web=$(free_port)

# ---- who is there: documents, faults of servers, and four that are well ----

faults() {
	cat <<-FAULTS
	chunked     http-chunked=1024
	huge        http-huge=1024
	endless     http-endless
	headers     http-headers
	slow        http-slow=20
	hang        http-hang
	reset       http-reset
	mute        http-mute
	circle      http-redirect=/DevMgmt/DiscoveryTree.xml
	away        http-redirect=http://$nobody/
	away-tls    http-redirect=https://$nobody/
	away-name   http-redirect=http://$net.99@$nobody/
	short       http-length=40
	long        http-length=1000000
	negative    http-length=-1
	nonsense    http-length=many
	overflow    http-length=99999999999999999999999
	FAULTS
}

python3 "$here/documents.py" "$captures" "$tmp/documents.d" "http://$nobody" >"$tmp/documents" ||
	{ not_ok documents "were not made"; exit 1; }
n=0 names=() plain=() hostile=()
add() { # NAME CAPTURE [FOLDER]
	n=$((n + 1))
	names+=("$1")
	plain+=(--printer "$net.$n=$captures/$2")
	hostile+=(--printer "$net.$n=${3:-$captures/$2}")
}
while read -r name capture; do add "$name" "$capture" "$tmp/documents.d/$name"; done <"$tmp/documents"
while read -r name fault; do
	add "$name" ledm-color-mfp
	hostile+=(--fault "$fault@$net.$n")
done < <(faults)
bad=$n
for capture in "${good[@]}"; do add "well-$capture" "$capture"; done

# round NAME PORTS SIM-ARG...: records in $tmp/NAME, KiB in $tmp/NAME.kib
round() {
	local name=$1 ports=$2
	shift 2
	port=
	sim_start --same --http-port "$web" --https-port "$tls" --trace "$tmp/trace" "$@" "$captures"
	ini "$tmp/platen.ini" <<-INI
	[snmp]
	port = $port
	timeout = $(by_variant 1s 5s)
	[http]
	ports = $ports
	timeout = $(by_variant 2s 5s)
	INI
	limit=120 platen="$here/measured.py" run_platen "$tmp/$name" "$tmp/$name.kib" "$platen" \
		read --json -c "$tmp/platen.ini" "$net.1-$net.$n"
	check "$name-status" 0 "$status"
	check "$name-only-get" "" "$(grep -E '(POST|PUT|DELETE|PATCH) ' "$tmp/trace" | head -n 3)"
	sim_stop "$name-"
}

round bare "" "${plain[@]}"
round full "https:$tls, http:$web" "${plain[@]}"
round hostile "https:$tls, http:$web" "${hostile[@]}"

for ((i = 1; i <= n; i++)); do
	if [ $i -le "$bad" ]; then
		said=$("$here/judge.py" "$net.$i" "$tmp/full" "$tmp/bare" "$tmp/hostile" 2>&1)
		verdict "${names[i - 1]}" $? "${said:0:600}"
	else
		compare "${names[i - 1]}" same --only "$net.$i" "$tmp/full" "$tmp/hostile"
	fi
done
check pages-were-read $n "$(grep -c '"via":"hp-ews"' "$tmp/full")"
compare schema schema "$tmp/hostile"
check nobody-came "" "$(cat "$tmp/callers")"
check nothing-died "" "$(grep -iE 'died|crash|killed|Sanitizer|runtime error' "$tmp/hostile.err")"
under_sanitizer ||
	verdict memory $(($(cat "$tmp/hostile.kib") > 65536)) "$(cat "$tmp/hostile.kib") KiB in one process"

# ---- dead web servers cost no time to others ----

# Before the first record of a dead one is there, for which its pages were waited for in vain,
# each of the others has been read more than once.
dead=()
for fault in http-hang http-mute http-slow=1 http-hang http-mute; do
	dead+=(--printer "127.31.2.$((${#dead[@]} / 4 + 1))=$captures/ledm-color-mfp")
	dead+=(--fault "$fault@127.31.2.$((${#dead[@]} / 4 + 1))")
done
alive=()
for capture in "${good[@]}"; do alive+=(--printer "127.31.3.$((${#alive[@]} / 2 + 1))=$captures/$capture"); done
# One of the same model that speaks no dialect, and is found out after its sibling was read.
mkdir -p "$tmp/speechless/http"
cp "$captures"/ledm-color-mfp/*.snmprec "$tmp/speechless/"
echo '<a/>' >"$tmp/speechless/http/index.html"
dead+=(--printer "127.31.4.1=$tmp/speechless" --latency 200@127.31.4.1)
port=
sim_start --unique --http-port "$web" --https-port "$tls" "${dead[@]}" "${alive[@]}" "$captures"
agent_ini "$tmp/run.ini" "127.31.2.1-127.31.2.5, 127.31.3.1-127.31.3.4, 127.31.4.1" \
	"https:$tls, http:$web" "$(by_variant 4s 12s)" </dev/null
agent_start "$tmp/run.ini"
has_dead() { grep -qF '"ip":"127.31.2.' "$tmp/records.jsonl" 2>/dev/null; }
wait_until 60 has_dead
verdict dead-are-read $? "no record of them: $(tail -n 3 "$tmp/agent.log")"
grep -m 1 -F '"ip":"127.31.2.' "$tmp/records.jsonl" >"$tmp/first"
sed "/\"ip\":\"127.31.2./,\$d" "$tmp/records.jsonl" >"$tmp/before"
for i in 1 2 3 4; do
	count=$(grep -cF "\"ip\":\"127.31.3.$i\"" "$tmp/before")
	verdict "not-delayed-$i" $((count < 2)) "read $count times before the first dead one was done"
done
# records_of ADDRESS: so far
records_of() { grep -F "\"ip\":\"$1\"" "$tmp/records.jsonl"; }
has_more() { [ "$(records_of "$1" | wc -l)" -gt "$2" ]; }
wait_until 60 has_more 127.31.4.1 0
wait_until 30 has_more 127.31.3.1 $(($(records_of 127.31.3.1 | wc -l) + 1))
check sibling-is-no-example 0 "$(records_of 127.31.3.1 | grep -vc '"via":"hp-ews"')"
check dead-snmp '/"name":"total","value":20514,/' "$(cat "$tmp/first")"
agent_stop
check agent-went-on 0 "$status"
check agent-nothing-died "" "$(grep -iE 'died|crash|killed|Sanitizer|runtime error' "$tmp/agent.log")"
sim_stop

# The record is there at the limit, with all that SNMP told; and that was asked for at once.
wait "$stuck_read"
check stuck-at-the-limit "/^(59|6[0-4])$/" "$(cat "$tmp/stuck.seconds")"
sed "s/^ports =.*/ports =/" "$tmp/stuck.ini" >"$tmp/bare.ini"
run_platen "$tmp/stuck.bare" read --json -c "$tmp/bare.ini" 127.31.5.1-127.31.5.3
check stuck-said "/plugin hp-ews: 60 s were not enough/" "$(grep -F '"ip":"127.31.5.3"' "$tmp/stuck")"
for i in "${!stuck[@]}"; do
	at=127.31.5.$((i + 1))
	said=$("$here/judge.py" "$at" "$tmp/stuck.bare" "$tmp/stuck.bare" "$tmp/stuck" 2>&1)
	verdict "stuck-snmp-whole-${stuck[i]%=*}" $? "${said:0:600}"
	took=$(awk -v at="$at" '$3 == at && $4 != "http" && $1 < 60 { first = first ? first : $1; last = $1 }
		END { print int(last - first) }' "$tmp/stuck.trace")
	check "stuck-snmp-at-once-${stuck[i]%=*}" "/^[0-2]$/" "$took"
done
sim=$stuck_sim
sim_stop stuck-
exit $failed
