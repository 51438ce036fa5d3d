#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/judge - `platen plugins FILE.so` on every plugin of tests/bad, on honest ones, and on
# files that are none: it says what is wrong with each, and nothing hurts it.
source "$(dirname "$0")/../lib.sh"

bad=$PLATEN_BUILD/tests/bad
own=$root/plugins/printer-mib/captures
export PLATEN_HOST=$PLATEN_BUILD/platen-host
# AddressSanitizer catches the signals that are to be seen here.
under_sanitizer && PLATEN_HOST=$root/build/platen-host
[ -e "$bad/honest.so" ] && [ -x "$PLATEN_HOST" ] || { not_ok built "make tests first"; exit 1; }
capture=$(own_captures | grep small-v1)
mkdir "$tmp/captures"
cp "$capture" "$tmp/captures/one.snmprec"

# NAME | what is said against it ("" : nothing)
table="
asks-much        | misuse of the ABI: snmp get\(\) refused: too many questions
calls-abort      | it calls abort: .* it was killed by SIGABRT while reading
calls-exec       | it calls execl: a plugin starts no programs it was killed by SIGSYS
calls-exit       | it calls exit: a plugin returns, .* ended by itself with exit status 3
calls-kill       | it calls kill: .* it was killed by SIGSYS
calls-socket     | it calls socket: a plugin has no network.* it was killed by SIGSYS
closes-pipe      | it closed its pipe while reading
crash-answer     | it was killed by SIGSEGV while reading
crash-match      | it was killed by SIGSEGV while it was asked whether it knows a printer
crash-visit      | it was killed by SIGSEGV while reading
ctor-exec        | it calls execl: .* killed by SIGSYS .* while it was loaded
ctor-fork        | it calls fork: a plugin starts no programs .* while it was loaded
ctor-kill        | it calls kill: .* while it was loaded
ctor-loop        | did not answer for 11 s and was killed while it was loaded
ctor-read        | constructors: code that runs before .* it calls open: a plugin has no files
ctor-socket      | it calls socket: .* while it was loaded
ctor-write       | it calls open: a plugin has no files .* while it was loaded
eats-memory      | it was killed by SIGSEGV while reading
emits-early      |
fickle           | it calls nanosleep: a plugin never waits
forges           | it spoke nonsense on its pipe and was killed while reading
garbage-pipe     | it spoke nonsense on its pipe and was killed while reading
garbage-readings | misuse of the ABI: emit\(\) refused: \"meter.teapots\" is no metric .*text is not UTF-8
honest           |
log-flood        | misuse of the ABI: 99980 more log lines were left out
loop-deaf        | it did not answer for 3 s and was killed while reading
loop-visit       | it took too long and was killed while reading
million-readings | emit\(\) refused: more than 2000 readings \(20 times\)
missing-need     | refused: it needs the service com.example.teapot/1
new-code         | it calls mmap: a plugin brings its code with it
no-symbol        | it does not export platen_plugin_v1 .* so it is no plugin for this platen
nothing-to-do    | refused: it has neither scraper nor sink
null-symbol      | refused: platen_plugin_v1\(\) returned NULL
opens-file       | it calls open: a plugin has no files
reach-lie        | misuse of the ABI: snmp get\(\) is not in its reach: \"get 1.3.6.1.4.1.1248
sleeps           | it calls sleep: a plugin never waits it took too long and was killed
stack-overflow   | it was killed by SIGSEGV while reading
stale-visit      | misuse of the ABI: called emit\(\) for a visit that is over
start-fails      | refused: its start\(\) returned -2
wrong-name       | refused: its name must be
wrong-need       | refused: it needs platen.upload/1, which only a sink may have
wrong-reach      | refused: reach \"oid \*\" is none of
wrong-size       | refused: its struct platen_plugin gives a size of 12 bytes
"

# judge NAME FILE SAID: what is said stands in $out, in one line
judge() {
	local out=$tmp/$1.out said
	timeout 120 "$platen" plugins -c /dev/null "$2" --captures "$tmp/captures" \
		>"$out" 2>"$out.err" </dev/null
	status=$?
	said=$(tr -s ' \n' ' ' <"$out")
	check "$1-columns" "" "$(awk 'length > 80' "$out")"
	check "$1-stderr" "" "$(<"$out.err")"
	if [ -n "$3" ]; then
		check "$1-status" 1 "$status"
		check "$1" "/$3.* verdict do not install it/" "$said"
	else
		check "$1-status" 0 "$status"
		check "$1" "/ verdict nothing speaks against it/" "$said"
	fi
}

trim() { sed 's/^ *//; s/ *$//' <<<"$1"; }

while IFS='|' read -r name said; do
	name=$(trim "$name")
	[ -n "$name" ] || continue
	parallel 2 "$name" judge "$name" "$bad/$name.so" "$(trim "$said")"
done <<<"$table"
parallel_end
for so in "$bad"/*.so; do
	grep -q "^$(basename "$so" .so) " <<<"$table" || not_ok "table" "$(basename "$so") is not in it"
done

# ---- files that are no plugins ----

so=$(dirname "$PLATEN_HOST")/plugins/printer-mib.so # built as the host is
: >"$tmp/empty.so"
head -c 100 "$so" >"$tmp/header.so"
head -c 4000 "$so" >"$tmp/half.so"
cp "$PLATEN_BUILD/platen" "$tmp/program.so"
{ printf '\177ELF\001\001\001'; head -c 200 /dev/zero; } >"$tmp/narrow.so"
{ head -c 18 "$so"; printf '\005\000'; tail -c +21 "$so"; } >"$tmp/foreign.so"
echo 'int platen_plugin_v1;' >"$tmp/text.so"
install -m 666 "$bad/honest.so" "$tmp/writable.so"
while IFS='|' read -r name said; do
	judge "$name" "$tmp/$name.so" "$said"
done <<-FILES
	empty|its file is no shared object \(ELF\)
	header|its file ends in its program headers
	half|its file has no
	program|it does not export platen_plugin_v1
	narrow|its file is built for another kind of machine
	foreign|its file is built for another kind of machine \(ELF machine 5
	text|its file is no shared object
	writable|not loaded: others may write it
	absent|not loaded: No such file
FILES

# ---- an honest one, with all the printers at hand ----

run_platen "$tmp/out" plugins -c /dev/null "$so" --captures "$own"
check printer-mib 0 "$status"
check printer-mib-columns "" "$(awk 'length > 80' "$tmp/out")"
check printer-mib-knows "/knows [1-9][0-9]* of [0-9]* printers, reads [1-9][0-9]* facts/" \
	"$(tr -s ' \n' ' ' <"$tmp/out")"
check printer-mib-reach "/1.3.6.1.2.1.43.11.1.1 \(the Printer-MIB/" "$(<"$tmp/out")"

# The captures beside it are tried by themselves; the best of the others is told: its maker's.
mkdir "$tmp/beside"
cp "$bad/honest.so" "$tmp/beside" && cp -r "$tmp/captures" "$tmp/beside"
run_platen "$tmp/out" plugins -c /dev/null --json "$tmp/beside/honest.so"
said=$(/usr/bin/python3 -c '
import json, sys
j = json.load(open(sys.argv[1]))
r = j["runs"][0]
print(len(j["runs"]), r["match"], r["rival"], r["questions"], r["readings"], r["packets"],
      r["memory"] > 100000, j["exports"], j["imports"], j["faults"], j["signature"], j["mode"])
' "$tmp/out" 2>&1)
if under_sanitizer; then
	skip json "the rival beside platen is sanitized, the host under test is not"
else
	check json "1 1 pantum 1 1 [1, 1] True ['platen_plugin_v1'] [] [] none 0755" "$said"
fi
run_platen "$tmp/out" plugins -c /dev/null "$tmp/beside/honest.so" --captures /nowhere
check no-captures "/not tried: \/nowhere: No such file/" "$(<"$tmp/out")"
run_platen "$tmp/out" plugins -c /dev/null "$so" --captures "$own/small-v1" \
	--captures "$own/epson-ink"
check captures-twice "/knows 2 of 2 printers/" "$(<"$tmp/out")"
run_platen "$tmp/out" plugins -c /dev/null --captures "$own"
check captures-of-nothing 2 "$status"
exit $failed
