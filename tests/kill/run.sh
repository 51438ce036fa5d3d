#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/kill - an agent that is killed with SIGKILL two hundred times, whose children are
# killed, and whose disk fills up: in the file there is every record once, no seq is
# missing, none stands there twice, and nobody is left behind.
source "$(dirname "$0")/../lib.sh"

lives=$(by_variant 200 30)
captures=$(own_printers)
captures=${captures:-$(real_captures)}
[ -n "$captures" ] || { skip kill "there are no captures"; exit 0; }
mapfile -t captures <<<"$captures"

kill_ini() { # FOLDER RANGE LINES...
	ini "$1/platen.ini" <<INI
[site]
customer = C-1042
name = kill
state = $1/state
[discover]
ranges = $2
rate = 2000
[snmp]
port = $port
timeout = 300ms
[http]
ports =
[schedule]
every = 2s
[sink file]
plugin = file
every = 200ms
retry_min = 200ms
retry_max = 1s
path = $1/records.jsonl
max_size = 256k
keep = 0
INI
}

# A random pause of 0.05 to 0.6 seconds.
pause() { sleep "0.$(printf '%03d' $((50 + RANDOM % 550)))"; }

# the_file NAME FOLDER LEAST: what must be true of the records of a folder
the_file() {
	local files=("$2"/records.jsonl*)
	compare "$1-seqs" seqs -n "$3" "${files[@]}"
	compare "$1-schema" schema "${files[@]}"
	run_platen "$tmp/check" spool -c "$2/platen.ini" check
	check "$1-spool-check" 0 "$status"
}

records_of() { cat "$1"/records.jsonl* 2>/dev/null | wc -l; }

# has_more FOLDER N: there are more than N records
has_more() { [ "$(records_of "$1")" -gt "$2" ]; }

# ---- the agent and its children are killed ----

test_kills() {
	local life orphans=0 ended=0 dir=$tmp/many kin child
	mkdir "$dir"
	sim_start --listen 127.23.0.1-127.23.0.50 --unique --grow 600 "${captures[@]}"
	kill_ini "$dir" 127.23.0.1-127.23.0.50
	for ((life = 1; life <= lives; life++)); do
		agent_start "$dir/platen.ini"
		pause
		# Now and then one of the children goes first.
		if [ $((life % 16)) = 0 ]; then
			sleep 1
			mapfile -t kin < <(family "$agent")
			[ ${#kin[@]} = 0 ] || child=${kin[RANDOM % ${#kin[@]}]}
			[ ${#kin[@]} = 0 ] || kill -KILL "$child" 2>/dev/null
			sleep 1.5
		fi
		mapfile -t kin < <(family "$agent")
		gone "$agent" && ended=$((ended + 1))
		finish "$agent" KILL
		wait_until 3 gone "${kin[@]}" || orphans=$((orphans + 1))
	done
	check kill-agent-stays 0 $ended
	check kill-orphans 0 $orphans

	# One more life, to the end; the children, too, go with it.
	agent_start "$dir/platen.ini"
	sleep "$(by_variant 6 10)"
	mapfile -t kin < <(family "$agent")
	check kill-children "/^[1-9]/" ${#kin[@]}
	agent_stop "$(by_variant 3 10)"
	check kill-sigterm-exit 0 "$status"
	wait_until 2 gone "${kin[@]}"
	verdict kill-sigterm-children $? "some are left"
	sim_stop kill-
	the_file kill "$dir" $((lives * 4))
	check kill-rotated "/^([2-9]|[1-9][0-9]+)$/" "$(find "$dir" -name 'records.jsonl*' | wc -l)"
	check kill-no-sanitizer-report "" "$(grep -E 'Sanitizer|runtime error' "$tmp/agent.log" | head -n 3)"
}

# ---- the disk fills up ----

test_full() {
	local dir=$tmp/small before said
	mkdir "$dir"
	if [ "$(id -u)" != 0 ] || ! mount -t tmpfs -o size=4m platen-test "$dir" 2>/dev/null; then
		skip full "a small disk cannot be mounted here (not root, or not allowed)"
		return
	fi
	trap 'end_all; umount -l "$tmp/small"; rm -rf "$tmp"' EXIT
	: >"$tmp/agent.log"
	port=
	sim_start --listen 127.23.1.1-127.23.1.10 --unique --grow 600 "${captures[@]}"
	kill_ini "$dir" 127.23.1.1-127.23.1.10
	agent_start "$dir/platen.ini"
	wait_until 20 has_more "$dir" 20
	verdict full-begins $? "no records"
	dd if=/dev/zero of="$dir/fill" bs=4k 2>/dev/null
	sleep 10
	verdict full-agent-stays "$(gone "$agent" && echo 1 || echo 0)" "the agent is gone"
	before=$(records_of "$dir")
	[ -z "${PLATEN_SHOW_LOG:-}" ] || cat "$tmp/agent.log"
	said=$(grep -ciE 'no space|disk is full|full' "$tmp/agent.log")
	check full-said "/^[1-4]$/" "$said"
	rm "$dir/fill"
	wait_until 20 has_more "$dir" $((before + 30))
	verdict full-goes-on $? "no new records after the disk was freed"
	agent_stop
	check full-exit 0 "$status"
	sim_stop full-
	the_file full "$dir" 50
	umount "$dir" || umount -l "$dir"
	trap clean_up EXIT
}

for t in ${*:-kills full}; do "test_$t"; done
exit $failed
