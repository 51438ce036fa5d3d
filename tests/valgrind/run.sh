#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What memcheck says: no byte is read before it was written, none is lost.
#
# Unit tests, replay, and the agent and its lan role at work on simulated printers.  The
# plugins' own processes are left alone there: a jail and valgrind do not go together, and
# replay runs the same plugins in a process that it can watch.
set -u
cd "$(dirname "$0")/../.."

b=$PLATEN_BUILD
tmp=$(mktemp -d -t platen-valgrind.XXXXXX)
sim=
trap 'kill $sim 2>/dev/null; rm -rf "$tmp"' EXIT

cc -D_GNU_SOURCE -std=c11 -O1 -fPIC -shared -o "$tmp/pidfd.so" tests/valgrind/pidfd.c || exit 1

# memcheck LOG COMMAND...: its exit status, or 99 when memcheck has found something.
memcheck() {
	local log=$1
	shift
	LD_PRELOAD=$tmp/pidfd.so timeout --kill-after=5 "${limit:-60}" valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
		--errors-for-leak-kinds=definite,indirect --trace-children=no --num-callers=20 --child-silent-after-fork=yes \
		--suppressions=tests/valgrind/libraries.supp --log-file="$log.%p" "$@"
}

# verdict NAME LOG STATUS
verdict() {
	local log=$tmp/$2
	cat "$log".* 2>/dev/null >"$tmp/said"
	if [ "$3" = 99 ] || grep -q '^==' "$tmp/said"; then
		echo "not ok $1: $(grep -m 1 -E '^==[0-9]+== [A-Z0-9]' "$tmp/said" | sed 's/==[0-9]*== //')"
		head -n 60 "$tmp/said" | sed 's/^/# /'
	elif [ "$3" = 124 ]; then
		echo "not ok $1: did not end in ${limit:-60} s"
	elif [ "$3" -gt "${4:-0}" ]; then
		echo "not ok $1: ended with status $3"
		tail -n 5 "$tmp/$2.out" | sed 's/^/# /'
	else
		echo "ok $1"
	fi
}

# ---- unit tests; two at a time ----

one_unit() {
	local name
	name=$(basename "$1")
	CMOCKA_TEST_ABORT=0 memcheck "$tmp/$name" "$1" >"$tmp/$name.out" 2>&1
	verdict "$name" "$name" $?
}
running=0
for t in "$b"/tests/unit/test_*; do
	[ -x "$t" ] && [ -f "$t" ] || continue
	[ "${t##*.}" = so ] && continue
	one_unit "$t" >"$tmp/verdict.$(basename "$t")" &
	[ $((++running % 2)) = 0 ] && wait
done
wait
cat "$tmp"/verdict.*

# ---- replay: every plugin over every capture that comes with one ----

captures=(plugins/*/captures)
if [ -d "${captures[0]}" ]; then
	memcheck "$tmp/replay" "$b/platen" replay -c /dev/null --json "${captures[@]}" \
		>"$tmp/replay.out" 2>&1
	verdict "platen replay over $(grep -c '^{' "$tmp/replay.out") captures" replay $? 1
else
	echo "skip replay: no plugin has captures"
fi

# ---- the agent and its lan role ----

port=$(/usr/bin/python3 tests/free_port.py "$tmp/ports")
range=127.22.0.1-127.22.0.8
"$b/platen-sim" --listen $range --port $port --unique "${captures[0]}" >/dev/null 2>"$tmp/sim" &
sim=$!
sleep 0.5

cat >"$tmp/platen.ini" <<INI
[site]
customer = C-1
name = loopback
state = $tmp/state
sandbox = off

[discover]
ranges = $range
rate = 1000

[snmp]
port = $port
timeout = 3s

[schedule]
every = 5s

[sink local]
plugin = file
every = 1s
path = $tmp/readings.jsonl
INI
mkdir -m 700 "$tmp/state"

memcheck "$tmp/read" "$b/platen" read -c "$tmp/platen.ini" --json $range >"$tmp/read.out" 2>&1
verdict "platen read of $(grep -c '^{' "$tmp/read.out") printers" read $?
[ "$(grep -c '^{' "$tmp/read.out")" = 8 ] || echo "not ok platen read under valgrind reads all: $(tail -n 1 "$tmp/read.out")"

# The role is this program started anew as "platen-lan": here by a script, under valgrind.
mkdir "$tmp/bin"
ln -s "$(realpath "$b/platen")" "$tmp/bin/platen-lan"
# Through a pipe, as the role may write no file.
cat >"$tmp/lan.sh" <<SCRIPT
#!/bin/bash
export PATH=$tmp/bin:/usr/bin:/bin LD_PRELOAD=$tmp/pidfd.so
exec 8> >(exec cat >"$tmp/lan.\$\$")
exec valgrind --quiet --vgdb=no --leak-check=full --show-leak-kinds=definite,indirect --num-callers=20 \\
	--suppressions=$PWD/tests/valgrind/libraries.supp --log-fd=8 platen-lan
SCRIPT
chmod +x "$tmp/lan.sh"
PLATEN_LAN=$tmp/lan.sh timeout 60 "$b/platen" read -c "$tmp/platen.ini" --json $range 2>&1 |
	cat >"$tmp/lan.out"
verdict "the lan role reads $(grep -c '^{' "$tmp/lan.out") printers" lan "${PIPESTATUS[0]}"
[ -n "$(ls "$tmp"/lan.[0-9]* 2>/dev/null)" ] || echo "not ok the lan role was under valgrind"

# The agent for some rounds, ended as systemd ends it; spool, registry and sink take part.
memcheck "$tmp/run" "$b/platen" run -c "$tmp/platen.ini" >"$tmp/run.out" 2>&1 &
agent=$!
for ((i = 0; i < 200; i++)); do
	[ "$(cat "$tmp/readings.jsonl" 2>/dev/null | wc -l)" -ge 16 ] && break
	sleep 0.1
done
kill -TERM $agent
wait $agent
verdict "platen run, $(cat "$tmp/readings.jsonl" 2>/dev/null | wc -l) records, then SIGTERM" run $?
[ -s "$tmp/readings.jsonl" ] || { echo "not ok platen run under valgrind reads something"; tail "$tmp/run.out"; }

for command in "spool -c $tmp/platen.ini status" "spool -c $tmp/platen.ini check" \
	"check -c $tmp/platen.ini" "plugins -c $tmp/platen.ini" "discover -c $tmp/platen.ini"; do
	name=${command%% *}
	memcheck "$tmp/$name" "$b/platen" $command >"$tmp/$name.out" 2>&1
	verdict "platen ${command/-c $tmp\/platen.ini/}" "$name" $? 1
	rm -f "$tmp/$name".*
done
