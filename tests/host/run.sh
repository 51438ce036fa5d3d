#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/host - every hostile plugin of tests/bad in a platen-host, driven by the agent's
# code with an honest plugin beside it.  Of each: what the operator is told, what the
# agent's code hears, and that the honest one lost nothing.  Then the same code's end of the
# lan role, with a role that dies or talks nonsense: each question is answered exactly once.
source "$(dirname "$0")/../lib.sh"

bad=$PLATEN_BUILD/tests/bad
drive=$PLATEN_BUILD/tests/host/host-drive
export PLATEN_HOST=$PLATEN_BUILD/platen-host
# AddressSanitizer catches the signals that are to be seen here: the agent's side has it, the
# host's side has not.
under_sanitizer && PLATEN_HOST=$root/build/platen-host
[ -x "$drive" ] && [ -x "$PLATEN_HOST" ] && [ -e "$bad/honest.so" ] || { not_ok built "make tests first"; exit 1; }
rm -f /tmp/platen-was-here

died="is started again in 100ms"
aside="it died 5 times within an hour and is set aside"
sigsys="killed by SIGSYS \(a system call it may not make\)"

# NAME | VISITS | what is told | what is heard
table="
honest            | 3 | | done 0 after 3 readings
emits-early       | 3 | | done 0 after 6 readings
ctor-socket       | 1 | plugin ctor-socket: $sigsys while it was loaded; .*$aside | end broken, 0 visits
ctor-write        | 1 | plugin ctor-write: $sigsys while it was loaded; .*$aside | end broken
ctor-fork         | 1 | plugin ctor-fork: $sigsys while it was loaded; .*$aside | end broken
ctor-exec         | 1 | plugin ctor-exec: $sigsys while it was loaded; .*$aside | end broken
ctor-kill         | 1 | plugin ctor-kill: $sigsys while it was loaded; .*$aside | end broken
ctor-read         | 1 | | log 2 visit could not read it
crash-visit       | 1 | plugin crash-visit: killed by SIGSEGV while reading 192.0.2.7; it $died | gone killed by SIGSEGV while reading 192.0.2.7
crash-visit       | 9 | plugin crash-visit: .*$aside | end broken, 5 visits, 5 lost
crash-answer      | 1 | plugin crash-answer: killed by SIGSEGV while reading 192.0.2.7; it $died | ask get 1.3.6.1.2.1.1.3.0
crash-match       | 1 | plugin crash-match: killed by SIGSEGV while it was asked whether it knows a printer; | gone killed
loop-visit        | 1 | plugin loop-visit: took too long and was killed while reading 192.0.2.7; | gone took
loop-deaf         | 1 | plugin loop-deaf: did not answer for 3 s and was killed while reading 192.0.2.7; | gone did
sleeps            | 1 | plugin sleeps: took too long and was killed while reading 192.0.2.7; | gone took
calls-exit        | 1 | plugin calls-exit: ended by itself with exit status 3 while reading 192.0.2.7; | gone ended
calls-abort       | 1 | plugin calls-abort: killed by SIGABRT while reading 192.0.2.7; | gone killed
stack-overflow    | 1 | plugin stack-overflow: killed by SIGSEGV while reading 192.0.2.7; | gone killed
eats-memory       | 1 | plugin eats-memory: killed by SIGSEGV while reading 192.0.2.7; | gone killed
closes-pipe       | 1 | plugin closes-pipe: closed its pipe while reading 192.0.2.7; | gone
garbage-pipe      | 1 | plugin garbage-pipe: spoke nonsense on its pipe and was killed while reading 192.0.2.7; | gone spoke
forges            | 1 | plugin forges: spoke nonsense on its pipe and was killed while reading 192.0.2.7; | gone spoke
calls-socket      | 1 | plugin calls-socket: $sigsys while reading 192.0.2.7; | gone killed
calls-exec        | 1 | plugin calls-exec: $sigsys while reading 192.0.2.7; | gone killed
calls-kill        | 1 | plugin calls-kill: $sigsys while reading 192.0.2.7; | gone killed
opens-file        | 1 | | log 2 visit could not read it
new-code          | 1 | | log 2 visit could not run it
log-flood         | 1 | | log 2 visit 99980 more log lines were left out
million-readings  | 1 | | done 0 after 2000 readings
asks-much         | 1 | | log 2 visit snmp get\(\) refused: too many questions
garbage-readings  | 1 | | done 0 after 0 readings
reach-lie         | 2 | | log 2 visit snmp get\(\) is not in its reach: \"get 1.3.6.1.4.1.1248.1.2.2.44.1.1.2.1\"
stale-visit       | 2 | | log 2 visit called emit\(\) for a visit that is over or not the one at hand: refused
no-symbol         | 1 | plugin [^ ]*no-symbol.so: refused: it has no platen_plugin_v1\(\) | end refused, 0 visits
null-symbol       | 1 | plugin [^ ]*null-symbol.so: refused: platen_plugin_v1\(\) returned NULL | end refused
wrong-size        | 1 | plugin [^ ]*wrong-size.so: refused: its struct platen_plugin gives a size of 12 bytes; build it | end refused
wrong-name        | 1 | plugin [^ ]*wrong-name.so: refused: its name must be | end refused
wrong-need        | 1 | plugin wrong-need: refused: it needs platen.upload/1, which only a sink may have | end refused
wrong-reach       | 1 | plugin wrong-reach: refused: reach \"oid \*\" is none of | end refused
missing-need      | 1 | plugin missing-need: refused: it needs the service com.example.teapot/1; this platen has platen.snmp/1, platen.http/1, platen.upload/1 | end refused
nothing-to-do     | 1 | plugin nothing-to-do: refused: it has neither scraper nor sink | end refused
start-fails       | 1 | plugin start-fails: refused: its start\(\) returned -2; the log may say why | log 3 - not today
"

# try NAME VISITS TOLD HEARD [ARG...]: the file is NAME.so, or $file
try() {
	local label=$1-$2 file=${file:-$bad/$1.so} out=$tmp/$1-$2 told heard
	timeout 120 "$drive" --rest 100 --visits "$2" --seconds 100 --beside "$bad/honest.so" "${@:5}" \
		"$file" >"$out" 2>"$out.err"
	check "$label-unhurt" 0 $?
	told=$(<"$out.err")
	if [ -n "$3" ]; then
		check "$label-told" "/$3/" "$told"
	else
		check "$label-told" "" "$told"
	fi
	check "$label-heard" "/$4/" "$(<"$out")"
	heard=$(grep '^beside' "$out")
	check "$label-beside" "/^beside [1-9][0-9]* readings of [0-9]* visits, 0 lost$/" "$heard"
}

trim() { sed 's/^ *//; s/ *$//' <<<"$1"; }

while IFS='|' read -r name visits told heard; do
	[ -n "$heard" ] || continue
	name=$(trim "$name") visits=$(trim "$visits")
	parallel 2 "$name-$visits" try "$name" "$visits" "$(trim "$told")" "$(trim "$heard")"
done <<<"$table"
# Once is enough of this one: it takes as long as a plugin may take to load.
parallel 2 ctor-loop try ctor-loop 1 \
	"plugin ctor-loop: did not answer for 11 s and was killed while it was loaded;" \
	"gone did not answer" --deaths 1
parallel 2 option try honest 1 'plugin honest: refused: it has no option "colour"; it knows none' \
	"end refused" --option colour=yes
parallel 2 sandbox try honest 2 "warning: sandbox = off: plugins can do whatever" "done 0" \
	--sandbox off

# What it asks is foreseen in the next visit: it asks, and is answered, as ever.
foreseen=(--foresee yes)
parallel 2 foreseen try honest 8 "" "done 0 after 8 readings" "${foreseen[@]}"
parallel 2 foreseen-fickle try fickle 40 "" "done 0 after 40 readings" "${foreseen[@]}"
# Each callback has its time, also when one frame brings several.
parallel 2 foreseen-slow try fickle 2 "" "done 0 after 2 readings" "${foreseen[@]}" \
	--option slow=yes
# It dies of an answer; its next life is told again what will be foreseen.
parallel 2 foreseen-death try crash-answer 4 \
	"plugin crash-answer: killed by SIGSEGV while reading 192.0.2.7" \
	"4 visits, 4 lost" "${foreseen[@]}"
parallel 2 foreseen-much try asks-much 3 "" "log 2 visit snmp get\(\) refused: too many" \
	"${foreseen[@]}"

# Files that are not loaded, whatever is in them.
mkdir -m 755 "$tmp/own" && mkdir -m 777 "$tmp/all"
chmod 755 "$tmp"
install -m 666 "$bad/honest.so" "$tmp/own/writable.so"
install -m 644 "$bad/honest.so" "$tmp/all/honest.so"
install -m 644 "$bad/honest.so" "$tmp/own/honest.so"
ln -s "$tmp/own/honest.so" "$tmp/own/link.so"
ln -s "$tmp/all/honest.so" "$tmp/own/astray.so"
ln -s /etc/passwd "$tmp/own/passwd.so"
mkfifo "$tmp/own/fifo.so"
: >"$tmp/own/empty.so"
while IFS='|' read -r name told heard; do
	name=$(trim "$name")
	file=$tmp/own/$name.so
	parallel 2 "$name" try "$name" 1 "$(trim "$told")" "$(trim "$heard")"
done <<-FILES
	writable | plugin [^ ]*writable.so: not loaded: others may write it; chmod go-w | end refused
	astray | plugin [^ ]*astray.so: not loaded: everybody may write its folder; chmod o-w $tmp/all | end refused
	fifo | plugin [^ ]*fifo.so: not loaded: it is no regular file | end refused
	absent | plugin [^ ]*absent.so: not loaded: No such file | end refused
	passwd | plugin [^ ]*passwd.so: not loaded: .*invalid ELF header | end refused
	empty | plugin [^ ]*empty.so: not loaded: .*file too short | end refused
	link | | done 0 after 1 readings
FILES

# try_link HOW TOLD HEARD
try_link() {
	local out=$tmp/link-$1
	timeout 60 "$PLATEN_BUILD/tests/host/link-drive" "$1" >"$out" 2>"$out.err"
	check "lan-$1-unhurt" 0 $?
	check "lan-$1-told" "${2:+/$2/}" "$(<"$out.err")"
	check "lan-$1-heard" "/$3/" "$(tail -n 1 "$out")"
	check "lan-$1-swept" "/swept/" "$(<"$out")"
}

nonsense="lan: spoke nonsense on its pipe and was killed"
try_link good "" "^76 answered, 0 unanswered, 0 wrong$"
try_link twice "" "^76 answered, 0 unanswered, 0 wrong$"
try_link dies "lan: killed by SIGSEGV with 66 questions out; it is started again in 50ms" \
	"^10 answered, 66 unanswered, 0 wrong$"
try_link garbage "$nonsense with 66 questions out; it is" "^10 answered, 66 unanswered, 0 wrong$"
try_link shape "$nonsense with 66 questions out; it is" "^10 answered, 66 unanswered, 0 wrong$"
try_link kind "$nonsense with 66 questions out; it is" "^10 answered, 66 unanswered, 0 wrong$"
try_link mixed "$nonsense; it is" "^76 answered, 0 unanswered, 0 wrong$"
try_link sweep "lan: killed by SIGSEGV" "^[0-9]+ answered, [0-9]+ unanswered, 0 wrong$"
parallel_end

# Every other visit is foreseen wholly, and the others ask: see host-drive.
check foreseen-asked 4 "$(grep -c '^ask' "$tmp/honest-8")"
check foreseen-wrong "" "$(grep -h 'wrong [1-9]' "$tmp"/fickle-*)"

# Nothing of what the constructors tried has come to pass.
[ ! -e /tmp/platen-was-here ]
verdict nothing-written $? "/tmp/platen-was-here is there"
exit $failed
