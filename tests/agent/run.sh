#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/agent - the commands and the agent as an operator sees them: what is printed and
# where, exit statuses, signals, the service manager, printers that fall silent, are
# swapped, move or count back, and memory that does not grow.
source "$(dirname "$0")/../lib.sh"

captures=$(own_printers)
captures=${captures:-$(real_captures)}
[ -n "$captures" ] || { skip agent "there are no captures"; exit 0; }
mapfile -t captures <<<"$captures"
# One with a serial number and a life count.
for known in $(wc -l "${captures[@]}" | grep -v ' total$' | sort -n | awk '{ print $2 }'); do
	grep -q '^1\.3\.6\.1\.2\.1\.43\.5\.1\.1\.17\.1|4[x]*|..' "$known" &&
		grep -q '^1\.3\.6\.1\.2\.1\.43\.10\.2\.1\.4\.1\.1|65|' "$known" && break
done

# agent_ini FILE RANGE LINES: an agent that reads every second; LINES come behind [schedule]
agent_ini() {
	ini "$1" <<INI
[site]
state = $(dirname "$1")/state
[discover]
ranges = $2
rate = 2000
${4:-}
[snmp]
port = $port
timeout = 300ms
retries = 1
[http]
ports =
[sink file]
plugin = file
every = 100ms
path = $(dirname "$1")/records.jsonl
[schedule]
every = 1s
${3:-}
INI
}

lines_in() { cat "$@" 2>/dev/null | wc -l; }
has_lines() { [ "$(lines_in "$2")" -ge "$1" ]; }
has_note() { grep -q "\"kind\":\"$2\"" "$1" 2>/dev/null; }

# ---- what commands print, and how they end ----

# NAME              STATUS  ARGUMENTS (INI: a good one, BAD: a wrong one, SO: a plugin, CAP: a capture)
exits() {
	cat <<'CASES'
	none                 2
	unknown-command      2  frobnicate
	version              0  version
	version-operand      2  version 7
	discover             0  discover -c INI
	discover-json        0  discover --json -c INI
	discover-nothing     0  discover -c INI 127.24.9.1-127.24.9.3
	discover-no-option   2  discover --frobnicate
	discover-no-file     2  discover -c /nowhere/platen.ini 127.24.0.1
	discover-bad-ini     2  discover -c BAD 127.24.0.1
	discover-bad-target  2  discover -c INI 127.24.0.300
	discover-port-9100   2  discover -c INI 127.24.0.1:9100
	read                 0  read -c INI 127.24.0.1
	read-json            0  read --json -c INI 127.24.0.1
	read-range           0  read -c INI 127.24.0.1-127.24.0.9
	read-silent          1  read -c INI 127.24.9.1
	read-some            1  read -c INI 127.24.0.1 127.24.9.1
	read-no-target       2  read -c INI
	read-no-option       2  read --frobnicate 127.24.0.1
	read-option-value    2  read -c
	read-no-name         1  read -c INI no-such-host.invalid
	check                0  check -c INI
	check-bad-ini        1  check -c BAD
	check-no-file        1  check -c /nowhere/platen.ini
	check-operand        2  check -c INI 7
	plugins              0  plugins -c INI
	plugins-json         0  plugins --json -c INI
	plugins-file         0  plugins -c INI SO
	plugins-no-file      1  plugins -c INI /nowhere/none.so
	plugins-two          2  plugins -c INI SO SO
	record-no-target     2  record -c INI
	record-silent        1  record -c INI 127.24.9.1 -o DIR
	record               0  record -c INI 127.24.0.1 -o DIR
	replay               0  replay -c INI CAP
	replay-json          0  replay --json -c INI CAP
	replay-none          2  replay -c INI
	replay-no-file       1  replay -c INI /nowhere
	replay-no-plugin     1  replay -c INI --plugin /nowhere/none.so CAP
	spool-none           2  spool -c INI
	spool-unknown        2  spool -c INI frobnicate
	run-operand          2  run -c INI 127.24.0.1
	run-bad-ini          2  run -c BAD
	run-no-file          2  run -c /nowhere/platen.ini
CASES
}

test_commands() {
	local tmp=$tmp/commands name want args word long
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.0.1-127.24.0.3 --unique "${captures[@]}"
	agent_ini "$tmp/good.ini" 127.24.0.1-127.24.0.3
	agent_ini "$tmp/bad.ini" 127.24.0.1-127.24.0.3 "frobnicate = 7"
	while read -r name want args; do
		args=${args//INI/$tmp/good.ini}
		args=${args//BAD/$tmp/bad.ini}
		args=${args//SO/$PLATEN_BUILD/plugins/printer-mib.so}
		args=${args//DIR/$tmp/recorded}
		args=${args//CAP/$known}
		# shellcheck disable=SC2086 # words on purpose
		run_platen "$tmp/$name" $args
		check "exit-$name" "$want" "$status"
		[ "$want" = 0 ] || check "says-why-$name" "/[a-z]/" "$(cat "$tmp/$name.err" "$tmp/$name")"
		[ "$want" != 2 ] || check "stdout-empty-$name" "" "$(cat "$tmp/$name")"
	done < <(exits)
	sim_stop commands-

	check discover-lines 4 "$(lines_in "$tmp/discover")"
	long=$(awk 'length > 80' "$tmp/discover" "$tmp/discover.err" "$tmp/read")
	check discover-80-columns "" "$long"
	check discover-count "/3 printers/" "$(cat "$tmp/discover.err")"
	json_lines discover-json "$tmp/discover-json" 3
	json_lines read-json "$tmp/read-json" 1
	json_lines plugins-json "$tmp/plugins-json" "$(find "$PLATEN_BUILD/plugins" -name '*.so' | wc -l)"
	check discover-json-quiet "" "$(cat "$tmp/discover-json.err")"
	compare read-json-schema schema "$tmp/read-json"
	check plugins-text "/printer-mib.*oid 1\.3\.6\.1\.2\.1\.43/" "$(tr '\n' ' ' <"$tmp/plugins")"
	check version-text "/^platen [0-9.]+, plugin ABI v1\.[0-9]+, record platen\.reading\/1$/" \
		"$(cat "$tmp/version")"
	check read-names-silent "/127\.24\.9\.1/" "$(cat "$tmp/read-some.err")"
	check read-some-printed "/127\.24\.0\.1/" "$(cat "$tmp/read-some")"
	check record-then-replay "$(replayed "$tmp/recorded")" "$(sed -n 's/.*"meters":\(\[[^]]*\]\).*/\1/p' \
		"$tmp/read-json")"
}

replayed() { "$platen" replay --json "$1" -c "$tmp/good.ini" 2>&1 | sed -n 's/.*"meters":\(\[[^]]*\]\).*/\1/p'; }

# json_lines NAME FILE N: N lines, each a JSON object
json_lines() {
	check "$1-lines" "$3" "$(/usr/bin/python3 -c '
import json, sys
print(sum(isinstance(json.loads(l), dict) for l in sys.stdin))' <"$2" 2>&1)"
}

# Every option of a command stands in its --help, and --help is well formed.
test_help() {
	local name options o text
	while read -r name options; do
		text=$("$platen" "$name" --help 2>&1)
		check "help-$name-exit" 0 $?
		for o in $options --help; do
			check "help-$name$o" "/(^|[^a-z])$o([^a-z]|$)/" "$text"
		done
		check "help-$name-80-columns" "" "$(awk 'length > 80' <<<"$text")"
		check "help-$name-usage" "/^usage: platen $name/" "$text"
	done <<-'TABLE'
		discover --config --json
		read     --config --json
		run      --config --verbose
		check    --config
		plugins  --config --json --captures
		record   --config --raw
		replay   --config --json --plugin --address --expect --verbose
		sign     --new-key
		spool    --config
		version
	TABLE
	text=$("$platen" --help)
	check help-exit 0 $?
	for name in discover read run check plugins record replay sign spool version; do
		check "help-lists-$name" "/ $name /" "$text"
	done
}

# ---- signals ----

test_signals() {
	local tmp=$tmp/signals before said
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.1.1-127.24.1.3 --unique "${captures[@]}"
	agent_ini "$tmp/platen.ini" 127.24.1.1-127.24.1.3
	/usr/bin/python3 "$here/notified.py" "$tmp/notify" "$tmp/notified" &
	pids+=($!)
	wait_until 10 test -S "$tmp/notify"
	NOTIFY_SOCKET=$tmp/notify agent_start "$tmp/platen.ini"
	wait_until 20 has_lines 3 "$tmp/records.jsonl"
	verdict run-records $? "no records: $(tail -n 3 "$tmp/agent.log")"

	# A second agent on the same state folder.
	said=$(timeout 20 "$platen" run -c "$tmp/platen.ini" 2>&1)
	check second-agent-exit "/^[12]$/" $?
	check second-agent-says "/state/" "$said"

	# Another sink; then a wrong INI, which changes nothing.
	sed -i 's|records.jsonl|other.jsonl|' "$tmp/platen.ini"
	kill -HUP "$agent"
	wait_until 20 has_lines 3 "$tmp/other.jsonl"
	verdict reload-takes-effect $? "nothing in the new sink: $(tail -n 3 "$tmp/agent.log")"
	agent_said reloaded
	verdict reload-said $? "$(tail -n 3 "$tmp/agent.log")"
	echo "frobnicate = yes" >>"$tmp/platen.ini"
	kill -HUP "$agent"
	wait_until 10 agent_said 'frobnicate'
	verdict bad-reload-named $? "$(tail -n 3 "$tmp/agent.log")"
	agent_said 'old configuration stays'
	verdict bad-reload-said $? "$(tail -n 3 "$tmp/agent.log")"
	before=$(lines_in "$tmp/other.jsonl")
	wait_until 20 has_lines $((before + 3)) "$tmp/other.jsonl"
	verdict bad-reload-goes-on $? "no records after it"

	agent_stop 3
	check sigterm-exit 0 "$status"
	wait_until 5 grep -q STOPPING "$tmp/notified"
	check notified "READY=1 RELOADING=1 READY=1 RELOADING=1 READY=1 STOPPING=1" \
		"$(tr '\n' ' ' <"$tmp/notified" | sed 's/ $//')"
	sim_stop signals-
	compare signals-seqs-new schema "$tmp/records.jsonl" "$tmp/other.jsonl"
}

# ---- printers that change ----

test_silence() {
	local tmp=$tmp/silence before
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.2.1-127.24.2.3 --unique "${captures[@]}"
	agent_ini "$tmp/platen.ini" 127.24.2.1-127.24.2.3 "" "every = 4s"
	agent_start "$tmp/platen.ini"
	wait_until 20 has_lines 6 "$tmp/records.jsonl"
	sim_stop silence-
	wait_until 20 agent_said '127\.24\.2\.1 .*no answer'
	verdict silence-said $? "$(tail -n 3 "$tmp/agent.log")"
	sleep 6
	check silence-said-once "/^[012]$/" "$(grep -c '127\.24\.2\.1 .*no answer' "$tmp/agent.log")"
	before=$(lines_in "$tmp/records.jsonl")
	sim_start --listen 127.24.2.1-127.24.2.3 --unique "${captures[@]}"
	wait_until 20 has_lines $((before + 6)) "$tmp/records.jsonl"
	verdict silence-recovers $? "no records after the printers came back"
	agent_stop
	sim_stop silence-
	compare silence-no-notes note --kind swap --none "$tmp/records.jsonl"
	compare silence-no-reset note --kind reset --none "$tmp/records.jsonl"
}

test_changes() {
	local tmp=$tmp/changes
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.3.1-127.24.3.3 --unique --fault swap=5@127.24.3.1 \
		--fault back-count=5@127.24.3.2 "$known"
	agent_ini "$tmp/platen.ini" 127.24.3.0/28
	agent_start "$tmp/platen.ini"
	wait_until 20 has_note "$tmp/records.jsonl" swap
	wait_until 20 has_note "$tmp/records.jsonl" reset
	sleep 2
	sim_stop changes-
	agent_stop
	compare changes-swap note --kind swap --address 127.24.3.1 --text "stood at" "$tmp/records.jsonl"
	compare changes-reset note --kind reset --address 127.24.3.2 --text "total went back" \
		"$tmp/records.jsonl"
	check changes-once "1 1" "$(grep -c '"kind":"swap"' "$tmp/records.jsonl") $(grep -c \
		'"kind":"reset"' "$tmp/records.jsonl")"
	check changes-other 0 "$(grep '"ip":"127.24.3.3"' "$tmp/records.jsonl" | grep -c '"kind"')"
	# The meters of the swapped one are another printer's: no counter went back.
	check changes-swap-ids 2 "$("${records[@]}" get --address 127.24.3.1 "$tmp/records.jsonl" \
		device.id | sort -u | wc -l)"
}

# The total comes from another plugin, whose own is less: nothing went back.
test_sources() {
	local tmp=$tmp/sources yield n=0
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.7.1 "$root/plugins/kyocera/captures/kyocera-one-toner"
	for yield in meter.total "" meter.total; do
		agent_ini "$tmp/platen.ini" 127.24.7.1
		printf '[plugin kyocera]\nyield = %s\n' "$yield" >>"$tmp/platen.ini"
		agent_start "$tmp/platen.ini"
		n=$((n + 2))
		wait_until 20 has_lines $n "$tmp/records.jsonl"
		agent_stop
	done
	sim_stop sources-
	check sources-changed "88120 printer-mib 87990 kyocera 88120 printer-mib" "$(sed -E \
		's/.*"name":"total","value":([0-9]+),[^}]*"via":"([a-z-]+)".*/\1 \2/' \
		"$tmp/records.jsonl" | uniq | paste -sd ' ')"
	compare sources-no-reset note --kind reset --none "$tmp/records.jsonl"
}

test_move() {
	local tmp=$tmp/move
	mkdir "$tmp"
	port=
	sim_start --same --printer "127.24.4.1=$known" "$known"
	agent_ini "$tmp/platen.ini" 127.24.4.1-127.24.4.2 "" "every = 3s"
	agent_start "$tmp/platen.ini"
	wait_until 20 has_lines 2 "$tmp/records.jsonl"
	sim_stop move-
	sim_start --same --printer "127.24.4.2=$known" "$known"
	wait_until 25 has_note "$tmp/records.jsonl" move
	agent_stop
	sim_stop move-
	compare move-note note --kind move --address 127.24.4.2 --text "127.24.4.1" "$tmp/records.jsonl"
	check move-one-id 1 "$("${records[@]}" get "$tmp/records.jsonl" device.id | sort -u | wc -l)"
}

# A printer with two interfaces, both in the ranges: one record a round, and no moves.
test_twice() {
	local tmp=$tmp/twice
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.7.1-127.24.7.2 --same "${captures[0]}"
	agent_ini "$tmp/platen.ini" 127.24.7.1-127.24.7.2
	agent_start "$tmp/platen.ini"
	wait_until 60 has_lines 4 "$tmp/records.jsonl"
	verdict twice-is-read $? "only $(lines_in "$tmp/records.jsonl") records in time"
	check twice-one-address 1 "$("${records[@]}" get "$tmp/records.jsonl" device.ip | sort -u | wc -l)"
	check twice-no-move 0 "$(grep -c '"kind":"move"' "$tmp/records.jsonl")"
	agent_stop
	sim_stop twice-
}

# ---- who has what ----

inet_sockets() { # PID: its sockets that are IPv4 or IPv6
	local fd inode
	for fd in /proc/"$1"/fd/*; do
		inode=$(readlink "$fd" | sed -n 's/^socket:\[\([0-9]*\)\]$/\1/p')
		[ -n "$inode" ] && awk -v i="$inode" '$10 == i' /proc/net/{tcp,udp,tcp6,udp6}
	done 2>/dev/null
}

# The agent has no network socket, plugins have none either, and the lan role has no plugin.
test_duties() {
	local tmp=$tmp/duties p
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.6.1-127.24.6.8 --unique "${captures[@]}"
	agent_ini "$tmp/platen.ini" 127.24.6.1-127.24.6.8
	agent_start "$tmp/platen.ini"
	wait_until 60 has_lines 16 "$tmp/records.jsonl"
	check duties-agent "" "$(inet_sockets "$agent")"
	for p in $(family "$agent"); do
		case $(role_of "$p") in
		platen-lan)
			check duties-lan-has-sockets "/./" "$(inet_sockets "$p")"
			check duties-lan-has-no-plugin "" "$(grep 'plugins/' "/proc/$p/maps")" ;;
		platen-host*)
			check "duties-host-has-no-socket" "" "$(inet_sockets "$p")"
			check "duties-host-has-no-network-library" "" \
				"$(grep -E 'netsnmp|curl|libssl|libuv' "/proc/$p/maps")" ;;
		esac
	done
	agent_stop
	sim_stop duties-
}

# ---- memory ----

resident() { # PID: kilobytes of it and all below it
	local p
	for p in "$1" $(family "$1"); do
		awk '/^VmRSS/ { print $2 }' "/proc/$p/status" 2>/dev/null
	done | awk '{ n += $1 } END { print n }'
}

test_memory() {
	local tmp=$tmp/memory early late
	if under_sanitizer; then
		skip memory "the sanitizers' own memory grows"
		return
	fi
	mkdir "$tmp"
	port=
	sim_start --listen 127.24.5.1-127.24.5.50 --unique --grow 60 "${captures[@]}"
	agent_ini "$tmp/platen.ini" 127.24.5.1-127.24.5.50
	agent_start "$tmp/platen.ini"
	wait_until 60 has_lines 250 "$tmp/records.jsonl"
	early=$(resident "$agent")
	wait_until 60 has_lines 1000 "$tmp/records.jsonl"
	verdict memory-rounds $? "only $(lines_in "$tmp/records.jsonl") records in time"
	late=$(resident "$agent")
	verdict memory-flat $((late * 10 > early * 11)) "$early kB after 5 rounds, $late kB after 20"
	agent_stop
	sim_stop memory-
}

for t in commands help signals silence changes sources move twice duties memory; do parallel 3 $t test_$t; done
parallel_end
exit $failed
