#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check.sh - `platen check`, and the command line all commands share.
# Called by run.sh with $build, and $dir as a folder of our own.
platen=$build/platen
[ -x "$platen" ] || { echo "not ok check: $platen is not there"; exit 1; }
cd "$dir" || exit 1
status=0

# says NAME STATUS STREAM TEXT ARGUMENT...: ends with STATUS, TEXT is on STREAM (out, err), and
# the other stream is empty.
says() {
	local name=$1 want=$2 stream=$3 text=$4 other=err code
	shift 4
	[ "$stream" = out ] || other=out
	timeout 60 "$platen" "$@" >out 2>err </dev/null
	code=$?
	if [ $code != "$want" ]; then
		echo "not ok check $name: status $code, not $want: $(tail -n 1 err)"
	elif ! grep -qF -- "$text" $stream; then
		echo "not ok check $name: no \"$text\" in: $(tail -n 1 $stream)"
	elif [ -s $other ]; then
		echo "not ok check $name: and on std$other: $(head -n 1 $other)"
	else
		echo "ok check $name"
		return
	fi
	status=1
}

# ini NAME LINE...
ini() {
	local name=$1
	shift
	printf '%s\n' '[site]' "state = $dir/state" "$@" >"$name.ini"
}

mkdir -p state alien
ini well '[discover]' 'ranges = 10.0.0.0/24, 10.0.1.7, printer.example' '[sink local]' \
	'plugin = file' "path = $dir/readings.jsonl"
says "a good INI" 0 out "255 addresses and 1 name" check -c well.ini
says "a wrong INI" 1 err "words.ini:2: [site] sandbox:" check -c words.ini
says "all faults at once" 1 err "words.ini:11: [sink a] take:" check -c words.ini
says "an INI that is not there" 1 err "nowhere.ini: cannot be opened" check -c nowhere.ini

ini sink '[sink local]' 'plugin = teleporter'
says "a sink without its plugin" 1 err "there is no teleporter.so" check -c sink.ini
ini plugin '[plugin hp-teleporter]' 'enabled = no'
says "a section without its plugin" 1 err "[plugin hp-teleporter]: there is no" check -c plugin.ini

cp "$build/plugins/file.so" alien/alien.so
chmod 666 alien/alien.so
ini alien '[plugins]' "path = $dir/alien"
says "a plugin that others may write" 1 err "alien.so: not loaded: others may write it" check -c alien.ini
ini off '[plugins]' "path = $dir/alien" '[plugin alien]' 'enabled = no'
says "... unless it is not enabled" 0 out "alien (not enabled)" check -c off.ini

touch file
printf '[site]\nstate = file\n' >state-file.ini
says "state is a file" 1 err "file is no folder" check -c state-file.ini
printf '[site]\nstate = a/b\n' >state-missing.ini
says "state cannot be made" 1 err "./a/b does not exist and cannot be made in ./a" check -c state-missing.ini
printf '[site]\nstate = fresh\n' >state-fresh.ini
says "state will be made" 0 out "nothing is wrong" check -c state-fresh.ini
[ ! -e fresh ] && echo "ok check makes nothing" || echo "not ok check makes nothing: $dir/fresh"
mkdir -m 777 open
printf '[site]\nstate = open\n' >state-open.ini
says "state is open to all" 1 err "everybody may write ./open" check -c state-open.ini

ini secret '[snmp]' 'versions = 3' '[snmpv3 a]' 'user = a' 'auth = sha' 'auth_password_file = secret'
"$platen" check -c secret.ini >out 2>&1
if grep -q 'correct horse' out || ! grep -q 'versions 3; .* 1 user;' out; then
	echo "not ok check no password is shown: $(head -n 1 out)"
	status=1
else
	echo "ok check no password is shown"
fi

says "an unknown option" 2 err "unknown option --loud; see platen check --help" check --loud
says "an unknown letter" 2 err "unknown option -x; see" check -x
says "an option without its value" 2 err "--config needs a FILE; see" check -c
says "a flag with a value" 2 err "--json takes no value; see" discover --json=yes
says "an option twice" 2 err "--config is given twice; see" check -c well.ini -c well.ini
says "an operand too much" 2 err '"well.ini" is too much; see' check well.ini
says "--help" 0 out "usage: platen check [-c FILE]" check --help
says "-h behind an operand" 0 out "usage: platen read" read 10.0.0.1 -h
exit $status
