#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/profile - a model that no plugin knows is read by a text file alone; and what is wrong
# with such a file is told with its line: bad/NAME.ini by the lines of bad/NAME.expect.
#
#   tests/profile/run.sh           test
#   tests/profile/run.sh --expect  write the .expect files anew, to be looked at
source "$(dirname "$0")/../lib.sh"

# the_ini FOLDER: profile and printer-mib, with the profiles in FOLDER
mkdir -p "$tmp/plugins"
cp "$PLATEN_BUILD"/plugins/{profile,printer-mib}.so "$tmp/plugins/"
the_ini() {
	plugins=$tmp/plugins ini "$tmp/platen.ini" <<INI
[site]
state = $tmp
[plugin profile]
profiles = $1
INI
}

# faults NAME: what platen check says of the profile, without its folder
faults() {
	rm -rf "$tmp/profiles" && mkdir "$tmp/profiles"
	cp "$here/bad/$1.ini" "$tmp/profiles/"
	the_ini "$tmp/profiles"
	run_platen "$tmp/out" check -c "$tmp/platen.ini"
	sed "s|$tmp/profiles/||" "$tmp/out.err"
}

if [ "${1:-}" = --expect ]; then
	for file in "$here"/bad/*.ini; do
		faults "$(basename "$file" .ini)" >"${file%.ini}.expect"
	done
	exit
fi

for file in "$here"/bad/*.ini; do
	name=$(basename "$file" .ini)
	faults "$name" >"$tmp/said"
	check "bad-$name-status" 1 "$status"
	check "bad-$name" "$(<"${file%.ini}.expect")" "$(<"$tmp/said")"
done

# ---- the example, and a printer it is for ----

the_ini "$root/plugins/profile/examples"
run_platen "$tmp/out" check -c "$tmp/platen.ini"
check good-check "0 " "$status $(<"$tmp/out.err")"
run_platen "$tmp/out" replay -c "$tmp/platen.ini" --expect "$here/expect.json" "$here/acme"
check good-record 0 "$status"
[ "$status" = 0 ] || cat "$tmp/out" "$tmp/out.err"

# The same over the wire, out of the jail: nothing is asked but what the profile names.
port=
sim_start --listen 127.26.0.1-127.26.0.1 "$here/acme"
plugins=$tmp/plugins ini "$tmp/live.ini" <<INI
[snmp]
port = $port
[http]
ports =
[plugin profile]
profiles = $root/plugins/profile/examples
INI
run_platen "$tmp/live" read --json -c "$tmp/live.ini" 127.26.0.1
check live "0 /\"via\":\"profile\"/" "$status $(grep -o '"via":"profile"' "$tmp/live" | head -n 1 | sed 's|.*|/&/|')"
sim_stop

# Without the file the model's own counters are not there.
run_platen "$tmp/out" replay --json -c /dev/null --plugin "$PLATEN_BUILD/plugins/printer-mib.so" "$here/acme"
check without "" "$(grep -o '"mono"' "$tmp/out")"

# Neither another model of the maker nor another maker's model of this name is this printer.
the_ini "$root/plugins/profile/examples"
for change in 's/ACME LP-2100/ACME XP-2100/' 's/99999\.1\.21/99998.1.21/'; do
	mkdir -p "$tmp/other"
	sed "$change" "$here/acme/acme.snmprec" >"$tmp/other/other.snmprec"
	run_platen "$tmp/out" replay -v -c "$tmp/platen.ini" "$tmp/other"
	check "other $change" "/profile does not know this printer/" "$(<"$tmp/out")"
done

# A folder without profiles, and none.
mkdir "$tmp/none"
the_ini "$tmp/none"
run_platen "$tmp/out" replay -v -c "$tmp/platen.ini" "$here/acme"
check none "/profile does not know this printer/" "$(<"$tmp/out")"
the_ini "$tmp/nowhere"
run_platen "$tmp/out" check -c "$tmp/platen.ini"
check nowhere "/nowhere: is no folder that can be read/" "$(<"$tmp/out.err")"
exit $failed
