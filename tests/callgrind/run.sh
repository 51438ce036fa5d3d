#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What does not depend on how busy the machine is: the instructions of a read and of an idle
# minute, and how often an agent with nothing to do wakes up.  A bound is what was counted when it
# was written down, with a margin for other compilers and libraries; who makes something dearer
# raises it knowingly.
. "$(dirname "$0")/../lib.sh"

# Instructions of one visit of a known printer, plugin and record included.
READ_MOST=420000
# Of one read of a known printer in the agent, with the pipes, its record and the spool; and in the
# lan role.  The plugin's host is jailed, which valgrind is not made for: replay stands for it.
AGENT_MOST=220000
LAN_MOST=150000
# Of the agent in a minute in which nothing is due.
MINUTE_MOST=3000000
# Wake-ups of all processes in IDLE seconds, none of them due.
IDLE=10
WAKES_MOST=4

# instructions ARG...: of one replay of printer-mib's captures, into $counted
instructions() {
	counted=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$platen" replay \
		-c /dev/null --plugin "$PLATEN_BUILD/plugins/printer-mib.so" "$@" \
		"$root"/plugins/printer-mib/captures/*/ 2>&1 >/dev/null | awk '/Collected/ { print $NF }')
}

# Twice as many visits of the same captures: what is more, the second ones took.
a_read() {
	local files=("$root"/plugins/printer-mib/captures/*/*.snmprec) once each
	instructions --json
	once=$counted
	instructions --packets
	each=$(((counted - once) / ${#files[@]}))
	at_most "a read of replay" $READ_MOST "$each"
}

# live NAME ROUNDS SECONDS: an agent and its lan role find and read eight printers, read them again
# so many times, and then do nothing so long; their instructions are in $tmp/NAME/{agent,lan}
live() {
	local dir=$tmp/$1 rounds=$2 seconds=$3 counted="valgrind --tool=callgrind --callgrind-out-file=/dev/null"
	mkdir -m 700 "$dir" "$dir/state"
	ini "$dir/platen.ini" <<-INI
	[site]
	state = $dir/state
	sandbox = off
	[discover]
	ranges = $range
	rate = 1000
	[snmp]
	port = $port
	timeout = 10s
	[schedule]
	every = 1d
	[sink local]
	plugin = file
	every = 100ms
	path = $dir/records
	INI
	# The role may write no file: its count leaves through a pipe.
	cat >"$dir/lan.sh" <<-SCRIPT
	#!/bin/bash
	exec 8> >(exec cat >"$dir/lan")
	export PATH=$tmp/bin:/usr/bin:/bin LD_PRELOAD=$tmp/pidfd.so
	exec $counted --vgdb=no --log-fd=8 platen-lan
	SCRIPT
	chmod +x "$dir/lan.sh"
	PLATEN_LAN=$dir/lan.sh LD_PRELOAD=$tmp/pidfd.so $counted --trace-children=no \
		--child-silent-after-fork=yes --log-file="$dir/agent" \
		"$platen" run -c "$dir/platen.ini" >"$dir/log" 2>&1 &
	agent=$!
	pids+=("$agent")
	records() { [ "$(cat "$dir/records" 2>/dev/null | wc -l)" -ge "$1" ]; }
	for ((n = 0; n <= rounds; n++)); do
		[ $n = 0 ] || kill -USR1 "$agent"
		wait_until 40 records $((8 * (n + 1))) || break
	done
	verdict "an agent under callgrind reads 8 printers $((rounds + 1)) times" $((n <= rounds)) \
		"$(tail -n 3 "$dir/log")"
	sleep "$seconds"
	agent_stop
	wait_until 10 grep -q Collected "$dir/lan"
}

collected() { awk '/Collected/ { print $NF }' "$tmp/$1"; }

# at_most WHAT BOUND COUNT
at_most() {
	verdict "$1 takes at most $2 instructions" "$([ "$3" -gt 0 ] && [ "$3" -le "$2" ]; echo $?)" "it takes $3"
	echo "# $1: $3 instructions"
}

# Three agents at once; what one has done more than another, its rounds or its time have taken.
an_agent() {
	range=127.23.0.1-127.23.0.8
	cc -D_GNU_SOURCE -std=c11 -O1 -fPIC -shared -o "$tmp/pidfd.so" "$root/tests/valgrind/pidfd.c" || exit 1
	mkdir "$tmp/bin"
	ln -s "$(realpath "$platen")" "$tmp/bin/platen-lan"
	port=
	sim_start --listen $range --unique "$root/plugins/printer-mib/captures"
	parallel 4 few live few 1 0
	parallel 4 more live more 5 0
	parallel 4 longer live longer 1 15
	parallel 4 wakes an_idle_agent
	parallel_end
	sim_stop
	at_most "a read in the agent" $AGENT_MOST $((($(collected more/agent) - $(collected few/agent)) / 32))
	at_most "a read in the lan role" $LAN_MOST $((($(collected more/lan) - $(collected few/lan)) / 32))
	# Two counts of the same differ a little: a minute may seem to take less than nothing.
	local minute=$((($(collected longer/agent) - $(collected few/agent)) * 4))
	at_most "an idle minute of the agent" $MINUTE_MOST $((minute > 0 ? minute : 1))
}

# wakes PID: how often it and its children went to sleep by themselves
wakes() {
	local p n=0
	for p in "$1" $(pgrep -P "$1"); do
		n=$((n + $(awk '/^voluntary_ctxt/ { print $2 }' "/proc/$p/status")))
	done
	echo "$n"
}

# An agent with a sink, without a printer.
an_idle_agent() {
	local agent before after
	mkdir -m 700 "$tmp/state"
	cat >"$tmp/platen.ini" <<-END
		[site]
		customer = C-1
		name = idle
		state = $tmp/state
		[plugins]
		path = $PLATEN_BUILD/plugins
		[plugin printer-mib]
		enabled = yes
		[sink local]
		plugin = file
		path = $tmp/out.jsonl
	END
	"$platen" run -c "$tmp/platen.ini" >"$tmp/log" 2>&1 &
	agent=$!
	pids+=("$agent")
	sleep 5
	before=$(wakes "$agent")
	sleep "$IDLE"
	after=$(wakes "$agent")
	verdict "an idle agent sleeps" "$([ $((after - before)) -le "$WAKES_MOST" ]; echo $?)" \
		"$((after - before)) wake-ups in $IDLE s"
	kill "$agent"
}

if under_sanitizer; then
	skip callgrind "the sanitizer's instructions are not ours"
	exit 0
fi
command -v valgrind >/dev/null || { skip callgrind "valgrind is not installed"; exit 0; }
a_read
an_agent
exit "$failed"
