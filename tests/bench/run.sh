#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The bench works: a small run of it shows all chapters, reads every printer of every round, and
# leaves no process and no file behind, also when it is broken off.  Judges no time.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
unset PLATEN_CAPTURES
export TMPDIR=$tmp/files
mkdir "$TMPDIR"
echo "TMPDIR=$TMPDIR" >"$tmp/pattern"

# check NAME COMMAND...
check() {
	local name=$1
	shift
	if "$@" >"$tmp/check" 2>&1; then echo "ok $name"; else echo "not ok $name: $(tail -q -n 5 "$tmp/check" "$tmp/err" | tr '\n' ' ')"; fi
}

# Files, and processes that the bench started: what is there after a moment is said.
nothing_left() {
	local left=
	for _ in $(seq 20); do
		left=$(ls -A "$TMPDIR"; env -u TMPDIR grep -lszFf "$tmp/pattern" /proc/[0-9]*/environ)
		[ -z "$left" ] && return
		sleep 0.1
	done
	echo "left: $left"
	return 1
}
chapters() { [ "$(grep -c '^## ' "$tmp/page")" = 9 ]; }
met() { grep -q "^| $1 .* met |$" "$tmp/page" && ! grep -q "^| $1 .* NOT MET |$" "$tmp/page"; }

timeout 100 "$here/run" --small --page "$tmp/page" >"$tmp/out" 2>"$tmp/err"
check small-run test $? = 0
check chapters chapters
check printers-found met '/24: printers found'
check printers-read met 'known printers read completely'
check round-complete met 'a round of 40 printers'
check nothing-left nothing_left

"$here/run" --small --only memory >"$tmp/out" 2>"$tmp/err" &
sleep 2
kill $!
wait $!
check broken-off test $? = 143
check broken-off-nothing-left nothing_left
check wrong-chapter grep -q 'no chapter none' <("$here/run" --only none 2>&1)
