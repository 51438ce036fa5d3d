#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What does not depend on how busy the machine is: the instructions of a read, and how often an
# agent with nothing to do wakes up.  A bound is what was counted when it was written down, with
# a margin for other compilers and libraries; who makes something dearer raises it knowingly.
. "$(dirname "$0")/../lib.sh"

# Instructions of one visit of a known printer, plugin and record included.
READ_MOST=1100000
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
	verdict "a read takes at most $READ_MOST instructions" \
		"$([ "$each" -gt 0 ] && [ "$each" -le "$READ_MOST" ]; echo $?)" "it takes $each"
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
an_idle_agent
exit "$failed"
