#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/abi - plugins of the past and of the future load: one that was built when the ABI was
# released, one with the structs of then and one with longer ones; and abidiff finds the
# types as they were.
#
#   tests/abi/run.sh             test
#   tests/abi/run.sh --baseline  write abi.abixml anew, when the ABI has grown on purpose
source "$(dirname "$0")/../lib.sh"

headers=$root/sdk
build_abi() {
	cc -std=c11 -g -O0 -fPIC -shared -fvisibility=hidden -I"$headers" -o "$tmp/libabi.so" "$here/abi.c"
}
baseline() {
	abidw --no-show-locs --no-corpus-path --no-comp-dir-path --type-id-style hash "$tmp/libabi.so" |
		sed "s|path='[^']*/|path='|"
}

if [ "${1:-}" = --baseline ]; then
	build_abi && baseline >"$here/abi.abixml"
	exit
fi

# ---- the plugin of the release ----

for folder in "$here"/v*; do
	so=$tmp/$(basename "$folder")/minimal.so
	name=$(basename "$folder")
	if [ "$(uname -m)" != x86_64 ]; then
		skip "$name" "its plugin is built for x86_64"
		continue
	fi
	mkdir -m 755 "$(dirname "$so")"
	install -m 644 "$folder/minimal.so" "$so"
	verdict "$name-small" $(($(stat -c %s "$so") >= 20000)) "larger than 20 kB"
	run_platen "$tmp/out" replay -v -c /dev/null --plugin "$so" --expect "$here/expect.json" \
		"$here/printer"
	check "$name-replay" "0 " "$status $(<"$tmp/out.err")"
	check "$name-nothing-refused" "" "$(grep -E 'refused|warning|error' "$tmp/out")"
	run_platen "$tmp/out" plugins -c /dev/null "$so" --captures "$here/printer"
	check "$name-jailed" "/knows 1 of 1 printers, reads 9 facts.*nothing speaks against it/" \
		"$(tr -s ' \n' ' ' <"$tmp/out")"
	# The source still compiles against the headers of today.
	cc -std=c11 -Wall -Wextra -Werror -Os -fPIC -shared -fvisibility=hidden -I"$headers" \
		-o "$tmp/minimal.so" "$folder/minimal.c" >"$tmp/cc" 2>&1
	verdict "$name-source" $? "$(head -n 3 "$tmp/cc")"
	run_platen "$tmp/out" replay -c /dev/null --plugin "$tmp/minimal.so" \
		--expect "$here/expect.json" "$here/printer"
	check "$name-rebuilt" 0 "$status"
done

# ---- structs of other lengths, each at the end of memory ----

for extra in 0 8 200; do
	so=$tmp/sizes-$extra/sizes.so
	mkdir -m 755 "$(dirname "$so")"
	cc -std=c11 -D_GNU_SOURCE -DEXTRA=$extra -O1 -fPIC -shared -fvisibility=hidden -I"$headers" \
		-o "$so" "$here/sizes.c" || exit 1
	run_platen "$tmp/out" replay --json -c /dev/null --plugin "$so" "$here/printer"
	check "sizes-$extra-replay" "0 \"value\":1000," "$status $(grep -o '"value":1000,' "$tmp/out")"
	run_platen "$tmp/out" plugins -c /dev/null "$so" --captures "$here/printer"
	check "sizes-$extra-jailed" "/knows 1 of 1 printers, reads 1 facts/" "$(<"$tmp/out")"
done
check newer-is-told "/built against a newer SDK \(v1.99\)/" "$(<"$tmp/out")"

# ---- the types ----

if command -v abidiff >/dev/null; then
	build_abi || exit 1
	abidiff --no-show-locs "$here/abi.abixml" "$tmp/libabi.so" >"$tmp/abidiff" 2>&1
	verdict types $? "$(head -n 20 "$tmp/abidiff")"
	# ... and it would find a change.
	mkdir -p "$tmp/sdk/platen"
	cp "$headers"/platen/*.h "$tmp/sdk/platen"
	sed -i 's/int64_t full;/int32_t full;/' "$tmp/sdk/platen/plugin.h"
	headers=$tmp/sdk
	build_abi || exit 1
	! abidiff "$here/abi.abixml" "$tmp/libabi.so" >"$tmp/abidiff" 2>&1
	verdict types-would-differ $? "abidiff does not see that a field has become smaller"
else
	skip types "there is no abidiff (package abigail-tools)"
fi
exit $failed
