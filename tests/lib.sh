# SPDX-License-Identifier: Apache-2.0
#
# tests/lib.sh - what the end-to-end suites share; sourced, never run.
#
# A suite starts simulators and agents through these functions and leaves the
# ending of them to a trap: everything is ended by its process id, also when the
# suite is broken off.  Lines of results are those that tests/run counts.
#
#	$tmp	a folder of the suite's own, gone at the end
#	$here	the suite's folder

set -u
shopt -s nullglob
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
PLATEN_BUILD=${PLATEN_BUILD:-$root/build}
platen=$PLATEN_BUILD/platen
records=("/usr/bin/python3" "$root/tests/records.py" --schema "$root/sdk/RECORD")
tmp=$(mktemp -d -t "platen-$(basename "$here").XXXXXX")
failed=0
pids=() # of all that was started and not yet waited for
running=() outputs=() # see parallel

under_sanitizer() { [ "${PLATEN_VARIANT:-}" = sanitizer ]; }

# by_variant N M: N, or M where every instruction is checked and slow
by_variant() { if under_sanitizer; then echo "$2"; else echo "$1"; fi; }

# ---- results ----

ok() { echo "ok $1"; }

# not_ok NAME WHY: on one line; the file NAMEd $tmp/err, if any, is shown by `blame`
not_ok() {
	echo "not ok $1: ${2//$'\n'/ | }"
	failed=1
}

skip() { echo "skip $1: $2"; }

# verdict NAME STATUS WHY: ok when the status is 0
verdict() { if [ "$2" = 0 ]; then ok "$1"; else not_ok "$1" "$3"; fi; }

# check NAME WANTED GOT: equal; or found in GOT if WANTED is /an extended regular expression/
check() {
	if [[ $2 == /*/ ]]; then
		local re=${2#/}
		[[ $3 =~ ${re%/} ]] && { ok "$1"; return; }
	elif [ "$3" = "$2" ]; then
		ok "$1"
		return
	fi
	not_ok "$1" "wanted $2, got ${3:0:600}"
}

# compare NAME ARG...: records.py ARG... must agree; what it says is the reason
compare() {
	local name=$1 said
	shift
	said=$("${records[@]}" "$@" 2>&1)
	verdict "$name" $? "${said:0:900}"
}

# ---- processes ----

# wait_until SECONDS COMMAND...: asks every 50 ms; false when it never was true
wait_until() {
	local until=$(($(date +%s%N) / 1000000 + ${1%.*} * 1000))
	shift
	while ! "$@"; do
		[ $(($(date +%s%N) / 1000000)) -lt $until ] || return 1
		sleep 0.05
	done
}

alive() { kill -0 "$1" 2>/dev/null; }

# gone PID...: none of them runs any more; who is dead and not yet buried is gone
gone() {
	local p
	for p in "$@"; do
		grep -qs '^State:.[^ZX]' "/proc/$p/status" && return 1
	done
	return 0
}

# finish PID [SIGNAL [SECONDS]]: ends it; $status is how it ended, 124 when it had to be killed
finish() {
	local pid=$1 tries=$((${3:-20} * 20)) p left=()
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	while alive "$pid" && [ $((tries--)) -gt 0 ]; do sleep 0.05; done
	if alive "$pid"; then
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		status=124
	else
		wait "$pid" 2>/dev/null
		status=$?
	fi
	for p in "${pids[@]}"; do [ "$p" = "$pid" ] || left+=("$p"); done
	pids=("${left[@]}")
} 2>/dev/null # bash tells of every process that was killed

# family PID: its children and theirs, one a line
family() {
	local c
	for c in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		echo "$c"
		family "$c"
	done
}

# role_of PID: "platen-lan", "platen-host", ...: the word it was started with
role_of() { tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | head -n 1 | sed 's|.*/||'; }

# ours PID: a child of this shell; one that ended long ago may have left its number to a stranger
ours() {
	local key value
	while read -r key value; do
		[ "$key" = PPid: ] && { [ "$value" = "$BASHPID" ]; return; }
	done 2>/dev/null <"/proc/$1/status"
	return 1
}

end_all() {
	local p
	[ ${#running[@]} = 0 ] || kill -TERM "${running[@]}" 2>/dev/null
	for p in "${pids[@]}"; do ours "$p" && kill -KILL "$p" 2>/dev/null; done
	wait 2>/dev/null
}

clean_up() {
	end_all
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# parallel N NAME COMMAND...: runs in a subshell, N at a time; its lines come at parallel_end
parallel() {
	local most=$1 out=$tmp/$2.lines
	shift 2
	while [ ${#running[@]} -ge "$most" ]; do reap_one; done
	(
		pids=() running=()
		trap end_all EXIT
		"$@"
	) >"$out" 2>&1 &
	running+=($!)
	outputs+=("$out")
}

reap_one() {
	local p left=()
	wait -n "${running[@]}" 2>/dev/null
	for p in "${running[@]}"; do if alive "$p"; then left+=("$p"); fi; done
	running=("${left[@]}")
}

parallel_end() {
	while [ ${#running[@]} -gt 0 ]; do reap_one; done
	[ ${#outputs[@]} = 0 ] || cat "${outputs[@]}"
	! grep -q '^not ok' "${outputs[@]}" || failed=1
	outputs=()
}

# free_port: a port where nobody is, and that was not given out before in this suite
free_port() { /usr/bin/python3 "$root/tests/free_port.py" "$tmp/ports"; }

# ---- the simulator ----

# sim_start ARG...: sets $sim and $port ($port stays what it is when it is set already);
# the table of its printers is $tmp/printers: address, capture, serial number
sim_start() {
	port=${port:-$(free_port)}
	: >"$tmp/printers"
	"$PLATEN_BUILD/platen-sim" --port "$port" --list --ready - --stats "$tmp/sim.stats" \
		"$@" >"$tmp/printers" 2>"$tmp/sim.err" &
	sim=$!
	pids+=("$sim")
	if ! wait_until 20 grep -q '^ready' "$tmp/printers"; then
		not_ok simulator "did not start: $(tail -n 3 "$tmp/sim.err")"
		exit 1
	fi
}

# sim_stop: and nobody has tried to write to a printer
sim_stop() {
	finish "$sim"
	sim=
	[ "$status" = 0 ] || not_ok "${1:-}nothing-written" \
		"the simulator ended with $status: $(tail -n 3 "$tmp/sim.err")"
}

sim_stat() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$tmp/sim.stats"; }

# ---- the agent ----

# ini FILE: what stands on stdin, and where the plugins are
ini() {
	mkdir -p "$(dirname "$1")"
	{
		printf '[plugins]\npath = %s\n' "${plugins:-$PLATEN_BUILD/plugins}"
		cat
	} >"$1"
}

# agent_ini FILE RANGES WEB TIMEOUT: an agent that reads all of them every second, from the simulator's
# $port and the web servers at WEB, into $tmp/records.jsonl; stdin: what else is to be in it
agent_ini() {
	ini "$1" <<-INI
	[site]
	state = $tmp/state
	[discover]
	ranges = $2
	rate = 1000
	[snmp]
	port = $port
	timeout = 1s
	[http]
	ports = $3
	timeout = $4
	[schedule]
	every = 1s
	[sink local]
	plugin = file
	every = 100ms
	path = $tmp/records.jsonl
	$(cat)
	INI
}

# run_platen FILE ARG...: the command's stdout goes to FILE, stderr to FILE.err; $status.
# Never longer than $limit seconds (60).
run_platen() {
	local out=$1
	shift
	timeout "${limit:-60}" "$platen" "$@" >"$out" 2>"$out.err" </dev/null
	status=$?
}

# agent_start INI [ARG...]: `platen run`; sets $agent; what it says is in $tmp/agent.log
agent_start() {
	local file=$1
	shift
	"$platen" run -c "$file" "$@" >>"$tmp/agent.log" 2>&1 </dev/null &
	agent=$!
	pids+=("$agent")
}

# agent_stop [SECONDS]: SIGTERM; $status is how it ended
agent_stop() {
	finish "$agent" TERM "${1:-20}"
	agent=
}

agent_said() { grep -qE -- "$1" "$tmp/agent.log"; }

# own_captures, real_captures: the .snmprec files at hand, one a line; those with web pages are
# for who serves them (tests/hp-ews)
own_captures() {
	find "$root"/plugins/*/captures -name '*.snmprec' 2>/dev/null | sort | while read -r f; do
		[ -d "${f%/*}/http" ] || echo "$f"
	done
}
own_printers() { own_captures | grep -vE '/(projector|scanner)/'; }
real_captures() {
	[ -z "${PLATEN_CAPTURES:-}" ] || find "$PLATEN_CAPTURES/snmp" -name '*.snmprec' | sort
}
