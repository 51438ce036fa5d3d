#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/makers - every plugin of plugins/ as a dealer would judge it: nothing speaks against
# it, it knows all printers of its captures, its sample and its README have its options and
# no others, and what is private cannot be asked for, because its reach has none of it.
source "$(dirname "$0")/../lib.sh"

# What any plugin's section may have, beside the plugin's own options; and a sink's.
common="enabled sha256 reach plugin every retry_min retry_max take allow after standby"

# People, jobs, departments, names in the network and addresses, and what acts when asked.
private="
1.3.6.1.2.1.1.4 1.3.6.1.2.1.1.5 1.3.6.1.2.1.1.6
1.3.6.1.2.1.43.5.1.1.4 1.3.6.1.2.1.43.5.1.1.5
1.3.6.1.4.1.1248.1.2.2.44 1.3.6.1.4.1.2699.1.1
1.3.6.1.4.1.1347.47 1.3.6.1.4.1.1347.42.1 1.3.6.1.4.1.1347.40.10
1.3.6.1.4.1.367.3.2.1.3 1.3.6.1.4.1.367.3.2.1.6 1.3.6.1.4.1.367.3.2.1.7
1.3.6.1.4.1.18334.1.1.4 1.3.6.1.4.1.18334.1.1.2
1.3.6.1.4.1.253.8.59 1.3.6.1.4.1.253.8.51.5
1.3.6.1.4.1.2385.2.1.3.2.1.4.10770 1.3.6.1.4.1.2385.2.1.3.2.1.4.10301
1.3.6.1.4.1.1129.2.3.50.1.3.21.5
1.3.6.1.4.1.683.6.2.6 1.3.6.1.4.1.10642.30
"

# reach_faults FILE: subtrees in the judgement that have something private in or above them
reach_faults() {
	local oid p
	grep -oE '\b1\.3\.6(\.[0-9]+)+' "$1" | while read -r oid; do
		for p in $private; do
			if [[ $oid. == "$p".* || $p. == "$oid".* ]]; then echo "reach $oid has $p"; fi
		done
	done
}

# options_of FILE: the keys that the judgement lists
options_of() {
	sed -n '/^  options /,/^  [a-z]/p' "$1" | sed -E '/^  (options| )/!d' |
		grep -oE '^ +(options +)?[a-z_]+ (=|\(must)' | sed -E 's/^ +(options +)?//; s/ .*//' | sort
}

# keys_of FILE: those of an INI, also the ones that are commented out
keys_of() { sed -nE 's/^(# )?([a-z_]+) =.*/\2/p' "$1" | sort -u; }

judge() {
	local name=$1 folder=$root/plugins/$1 so=$PLATEN_BUILD/plugins/$1.so key captures=()
	local out=$tmp/$1 own
	[ -d "$folder/captures" ] && captures=(--captures "$folder/captures")
	run_platen "$out" plugins -c /dev/null "$so" "${captures[@]}"
	if [ -d "$folder/captures" ]; then
		own=$(find "$folder/captures" -name '*.snmprec' | grep -cvE '/(projector|scanner)/')
		check "$name-knows-its-printers" "/knows $own of [0-9]+ printers/" "$(tr -s ' \n' ' ' <"$out")"
	fi
	check "$name-judged" "/nothing speaks against it/" "$(tail -n 3 "$out") $(<"$out.err")"
	# profile asks for what the site's own files say; the agent's list of what is never
	# asked (core/printer/forbidden.c) holds for it as for all.
	[ "$name" = profile ] || check "$name-reach" "" "$(reach_faults "$out")"

	options_of "$out" >"$tmp/options"
	keys_of "$folder/$name.ini" | grep -vxF "$(tr ' ' '\n' <<<"$common")" >"$tmp/keys"
	check "$name-sample-has-its-options" "$(<"$tmp/options")" "$(<"$tmp/keys")"
	for key in $(<"$tmp/options"); do
		grep -q "\`$key\`\|^ *\(# \)\?$key =" "$folder/README.md" || echo "$key"
	done >"$tmp/untold"
	check "$name-readme-tells-its-options" "" "$(<"$tmp/untold")"
}

for folder in "$root"/plugins/*/; do
	judge "$(basename "$folder")"
done
exit $failed
