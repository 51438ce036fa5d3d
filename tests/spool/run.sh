#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The spool and its file sink under bad luck: killed, no room, flipped bits.
# Lines "ok NAME" and "not ok NAME: why".  KILLS=n for another number of kills.
#
#     tests/spool/run.sh [BUILD-FOLDER]

set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${1:-${PLATEN_BUILD:-build}}
KILLS=${KILLS:-$([ "${PLATEN_VARIANT:-}" = sanitizer ] && echo 40 || echo 200)}
HERE=tests/spool
T=$(mktemp -d) || exit 2
DRIVE=$BUILD/tests/spool/spool-drive
MOUNTED=
failed=0

cleanup() {
	[ -n "$MOUNTED" ] && umount "$MOUNTED"
	rm -rf "$T"
}
trap cleanup EXIT
trap 'exit 2' INT TERM

result() { # NAME WHY: ok when WHY is empty
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1: $2"
		failed=1
	fi
}

verify() { # NAME STATE FILE [OPTION]
	result "$1" "$(python3 $HERE/verify.py "$2/spool.db" "$3" $4 2>&1 >/dev/null |
		grep -v '^[0-9]* records$' | tail -1)"
}

sound() { # NAME STATE
	printf '[site]\ncustomer = C-1\nname = site\nstate = %s\n' "$2" >"$T/check.ini"
	result "$1" "$("$BUILD/platen" spool -c "$T/check.ini" check 2>&1 | grep -v ': sound$' | head -1)"
}

drive() { # STATE FILE MS PER-TICK [SIZES]: to its end
	"$DRIVE" "$@" 2>>"$T/log"
}

[ -x "$DRIVE" ] || { echo "not ok spool: $DRIVE is missing, build it with make tests"; exit 1; }
export DRIVE_PLUGINS="$BUILD/plugins"

# ---- killed at any moment ----
mkdir "$T/kill"
n=0
while [ $n -lt "$KILLS" ]; do
	"$DRIVE" "$T/kill/state" "$T/kill/out" 5000 2 256k 2>>"$T/log" &
	pid=$!
	sleep "0.$(od -An -N1 -tu1 /dev/urandom | awk '{ printf "%03d", 20 + $1 * 1.2 }')"
	kill -9 $pid
	wait $pid 2>/dev/null
	n=$((n + 1))
	# A busy machine kills before much is delivered: what piles up must not reach the spool's bound.
	[ $((n % 20)) != 0 ] || drive "$T/kill/state" "$T/kill/out" 100 1 256k
done
verify "killed $KILLS times: each record once" "$T/kill/state" "$T/kill/out" ""
sound "killed $KILLS times: the spool is sound" "$T/kill/state"
files=$(ls "$T"/kill/out.* 2>/dev/null | wc -l)
result "killed while files were rotated" "$([ "$files" -ge 2 ] || echo "only $files rotated files")"

# ---- the folder of the file is not there, and comes ----
mkdir "$T/late"
drive "$T/late/state" "$T/late/folder/out" 300 1
mkdir "$T/late/folder"
drive "$T/late/state" "$T/late/folder/out" 300 1
verify "a sink that failed gets everything when it works" "$T/late/state" "$T/late/folder/out" ""

# ---- moved away by another program, while it runs ----
mkdir "$T/moved"
"$DRIVE" "$T/moved/state" "$T/moved/out" 1000 1 2>>"$T/log" &
pid=$!
sleep 0.5
mv "$T/moved/out" "$T/moved/out.1"
wait $pid
verify "a file moved away by logrotate" "$T/moved/state" "$T/moved/out" ""

# ---- no room ----
if [ "$(id -u)" = 0 ] && mkdir "$T/small" && mount -t tmpfs -o size=512k none "$T/small"; then
	MOUNTED="$T/small"
	# the spool is elsewhere, the file has no room; then it has
	"$DRIVE" "$T/room" "$T/small/out" 3000 1 2>>"$T/log" &
	pid=$!
	sleep 2
	mount -o remount,size=16m "$T/small"
	wait $pid
	drive "$T/room" "$T/small/out" 100 1
	verify "a full disk under the file, then room" "$T/room" "$T/small/out" ""
	sound "a full disk under the file: the spool is sound" "$T/room"
	# the spool has no room; records wait in memory until it has
	rm -rf "$T/small/out"
	mount -o remount,size=300k "$T/small"
	"$DRIVE" "$T/small/state" "$T/out" 4000 1 2>"$T/full.log" &
	pid=$!
	sleep 3
	mount -o remount,size=16m "$T/small"
	wait $pid
	verify "a full disk under the spool, then room" "$T/small/state" "$T/out" ""
	sound "a full disk under the spool: the spool is sound" "$T/small/state"
	result "a full disk is said once, and that it is over" \
		"$([ "$(grep -c 'wait in memory' "$T/full.log")" = 1 ] &&
			grep -q 'works again' "$T/full.log" || tail -1 "$T/full.log")"
else
	echo "ok full disks # skipped: needs root and tmpfs"
fi

# ---- bits flipped while it was off ----
flips=0
n=0
while [ $n -lt 20 ]; do
	rm -rf "$T/flip" && mkdir "$T/flip"
	drive "$T/flip/state" "$T/flip/out" 150 2
	python3 - "$T/flip/state/spool.db" $n <<-'PY'
		import random, sys
		random.seed(int(sys.argv[2]))
		with open(sys.argv[1], "r+b") as f:
		    data = bytearray(f.read())
		    for _ in range(40):
		        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
		    f.seek(0)
		    f.write(data)
	PY
	why=
	drive "$T/flip/state" "$T/flip/out" 300 2 || why="the agent ended with $?"
	drive "$T/flip/state" "$T/flip/out" 100 2 || why="the agent ended with $? the second time"
	[ -z "$why" ] && why=$(python3 $HERE/verify.py --gaps --from-file - "$T/flip/out" 2>&1 |
		grep -v '^[0-9]* records$')
	ls "$T"/flip/state/*damaged* >/dev/null 2>&1 && flips=$((flips + 1))
	[ -n "$why" ] && break
	n=$((n + 1))
done
result "flipped bits: collection goes on, no record twice" "$why"
result "flipped bits: damaged spools were set aside" "$([ $flips -gt 0 ] || echo "none was")"

# ---- the head of the file is gone ----
mkdir "$T/head"
drive "$T/head/state" "$T/head/out" 150 2
dd if=/dev/zero of="$T/head/state/spool.db" bs=100 count=1 conv=notrunc 2>/dev/null
drive "$T/head/state" "$T/head/out" 150 2
verify "a spool without its head: numbers go on" "$T/head/state" "$T/head/out" --gaps
sound "a spool without its head: the next one is sound" "$T/head/state"

# ---- full: what is dropped is told ----
mkdir "$T/bound"
"$DRIVE" "$T/bound/state" "$T/bound/none/out" 4000 5 64m 1m 2>>"$T/log"
size=$(stat -c %s "$T/bound/state/spool.db")
result "a spool of 1 MiB stays small" "$([ "$size" -lt 2000000 ] || echo "it has $size bytes")"
sound "a full spool is sound" "$T/bound/state"
mkdir "$T/bound/none"
drive "$T/bound/state" "$T/bound/none/out" 100 1 64m 1m
verify "a full spool: the rest comes in order" "$T/bound/state" "$T/bound/none/out" --gaps
result "a full spool: what is dropped is a record" \
	"$(grep -q '"kind":"dropped"' "$T/bound/none/out" || echo "there is none")"

[ $failed = 0 ] || { echo "the last lines of the log:"; tail -5 "$T/log"; }
exit $failed
