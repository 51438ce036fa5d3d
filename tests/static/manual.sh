#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# manual.sh - the manual is checked against the program: commands, options, form.
. tests/static/lib.sh

b=${PLATEN_BUILD:-build}
shopt -s nullglob
pages=(sdk/man/*.1 sdk/man/*.3 sdk/man/*.5 sdk/man/*.7 sdk/sim/*.1)

[ -x "$b/platen" ] || { echo "not ok there is a program to compare with: no $b/platen"; exit 0; }
[ -e sdk/man/platen.1 ] || { echo "not ok there is a manual: no sdk/man/platen.1"; exit 0; }

for f in "${pages[@]}"; do
	mandoc -Tlint -Wwarning "$f" 2>&1
done | grep -v 'outdated mandoc.db' | verdict "mandoc has no warning about a page"

# text PAGE: as it is read.  long: the long options in a text, one a line.
text() { mandoc -Tascii "$1" 2>/dev/null | col -bx; }
long() { grep -oE -- '(^|[^-a-z])--[a-z][a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | grep -vx -- --help | sort -u; }

# What the text of `--help` lists at the left is an option; the rest is explanation.
listed() { grep -E '^ {1,6}(-[a-zA-Z], )?--[a-z]' | sed -E 's/^( *(-[a-zA-Z], )?--[a-z0-9-]+).*/\1/' | long; }

commands=$("$b/platen" --help | sed -nE 's/^  ([a-z-]+) .*/\1/p')
text sdk/man/platen.1 >"$tmp/page"

for c in $commands; do
	grep -qE "^ +(platen )?$c( |\$)" "$tmp/page" || echo "$c is not in platen.1"
	"$b/platen" "$c" --help >"$tmp/help" 2>"$tmp/error" || echo "platen $c --help fails"
	[ ! -s "$tmp/error" ] || echo "platen $c --help writes to stderr"
	awk 'length > 80 { print "wide: " $0 }' "$tmp/help"
	listed <"$tmp/help" | sed "s/^/$c /"
done >"$tmp/said"
grep -vE '^[a-z-]+ --[a-z0-9-]+$' "$tmp/said" | verdict "every command is in the manual, its --help is sound"

grep -E '^[a-z-]+ --' "$tmp/said" | cut -d' ' -f2 | sort -u >"$tmp/options"
long <"$tmp/page" | grep -vx -- --version >"$tmp/manual"
comm -23 "$tmp/options" "$tmp/manual" | verdict "platen.1 has every option of --help"
comm -13 "$tmp/options" "$tmp/manual" | verdict "platen --help has every option of platen.1"

text sdk/sim/platen-sim.1 | long >"$tmp/manual"
"$b/platen-sim" --help 2>&1 | listed >"$tmp/options"
comm -3 "$tmp/options" "$tmp/manual" | tr -d '\t' | verdict "platen-sim.1 and platen-sim --help have the same options"

# Every key the INI may have stands in the sample and in platen.ini(5).
if [ -e sdk/man/platen.ini.5 ] && [ -e conf/platen.ini ]; then
	text sdk/man/platen.ini.5 >"$tmp/page"
	sed -nE 's/^#? ?([a-z_]+) =.*/\1/p' conf/platen.ini | sort -u | while read -r key; do
		grep -qw -- "$key" "$tmp/page" || echo "$key is not in platen.ini.5"
	done | verdict "platen.ini.5 has every key of conf/platen.ini"
fi

# Links between the pages lead somewhere.
sed -nE 's/^\.Xr (platen[-a-z.]*) ([0-9]).*/\1.\2/p' "${pages[@]}" | sort -u | while read -r page; do
	ls sdk/*/"$page" >/dev/null 2>&1 || echo "$page"
done | verdict "a page refers to pages there are"
