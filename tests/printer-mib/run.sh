#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/printer-mib - the plugin alone: its own captures line by line (the file
# readings), recorded printers against their facts.
set -u
cd "$(dirname "$0")/../.."
drive=$PLATEN_BUILD/tests/printer-mib/mib-drive
plugin=$PLATEN_BUILD/plugins/printer-mib.so
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

# drive_one FILE: what the plugin says of it, once a capture, in $tmp/NAME
drive_one() {
	local name
	name=$(basename "$1" .snmprec)
	[ -e "$tmp/$name" ] && return
	"$drive" "$plugin" "$1" >"$tmp/$name" 2>"$tmp/$name.err" && [ ! -s "$tmp/$name.err" ] && return
	echo "not ok $name: $(grep -h ^wrong "$tmp/$name" "$tmp/$name.err" | head -n 3 | tr '\n' ' ')"
	head -n 30 "$tmp/$name.err"
	status=1
}

while read -r capture sign line; do
	case $capture in '' | '#'*) continue ;; esac
	drive_one "plugins/printer-mib/captures/$capture/$capture.snmprec"
	if [ "$sign" = + ]; then
		grep -qxF -- "$line" "$tmp/$capture" || echo "$line"
	else
		awk -v l="$line" 'index($0, l) == 1' "$tmp/$capture"
	fi >"$tmp/why"
	if [ -s "$tmp/why" ]; then
		echo "not ok $capture $sign $line: $(head -n 1 "$tmp/why")"
		status=1
	else
		echo "ok $capture $sign $line"
	fi
done <tests/printer-mib/readings

if [ -z "${PLATEN_CAPTURES:-}" ]; then
	echo "skip recorded-printers: PLATEN_CAPTURES is not set"
	exit $status
fi

for file in "$PLATEN_CAPTURES"/snmp/*.snmprec; do
	name=$(basename "$file" .snmprec)
	drive_one "$file"
	case $name in
	epson-projector_* | epson-scanner_* | panasonic-ns)
		grep -qx "match 0" "$tmp/$name" || echo "it is no printer" ;;
	*) python3 tests/printer-mib/facts.py "${file%.snmprec}.facts.json" <"$tmp/$name" 2>&1 ;;
	esac >"$tmp/why"
	if [ -s "$tmp/why" ]; then
		echo "not ok facts $name: $(head -n 3 "$tmp/why" | tr '\n' ' ')"
		status=1
	else
		echo "ok facts $name"
	fi
done
exit $status
