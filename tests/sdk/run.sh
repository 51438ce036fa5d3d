#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/sdk - what a stranger does: install platen, begin a plugin in C and in C++ in an
# empty folder, build and test it with what is installed alone, install it, read with it.
source "$(dirname "$0")/../lib.sh"

prefix=$tmp/prefix
make=(make -s PKG_CONFIG_PATH="$prefix/lib/pkgconfig")
unset PKG_CONFIG_PATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH CPATH MAKEFLAGS

if under_sanitizer; then
	skip sdk "what is built with a sanitizer is not installed"
	exit 0
fi

# install: as it was built, but for what has a path compiled in
mkdir "$tmp/build"
cp -a "$PLATEN_BUILD/obj" "$PLATEN_BUILD/pic" "$tmp/build"
(cd "$root" && grep -rlE 'PLATEN_(PLUGIN_DIR|LIBEXEC|SHARE)' core --include='*.c') |
	sed "s|^|$tmp/build/obj/|; s/c$/o/" | xargs rm -f
make -s -C "$root" install B="$tmp/build" PREFIX="$prefix" SYSCONFDIR="$prefix/etc" >"$tmp/log" 2>&1
verdict install $? "$(tail -n 2 "$tmp/log")"
rm -rf "$tmp/build"
platen=$prefix/bin/platen

# step NAME COMMAND...: in the new plugin's folder
step() {
	local name=$1
	shift
	(cd "$dir" && "$@") >"$tmp/out" 2>&1 </dev/null
	verdict "$name" $? "$(tail -n 4 "$tmp/out")"
}

# a_plugin NAME ARG...: begun with plugin-new ARG..., to be found in the prefix at the end
a_plugin() {
	local name=$1
	dir=$tmp/$1
	shift
	"$platen" plugin-new "$@" "$name" "$dir" >"$tmp/out" 2>&1
	verdict "$name-new" $? "$(tail -n 1 "$tmp/out")"
	step "$name-build" "${make[@]}"
	check "$name-no-warning" "" "$(cat "$tmp/out")"
	check "$name-exports" platen_plugin_v1 \
		"$(nm -D --defined-only "$dir/$name.so" | awk '{ print $3 }')"
	check "$name-links" "" "$(readelf -d "$dir/$name.so" | grep NEEDED |
		grep -vE '\[(libc|libm)\.so|\[ld-linux')"
	step "$name-test" "${make[@]}" test
	# The test is one: another number is told.
	sed -i 's/|10250$/|10251/' "$dir/captures/example/example.snmprec"
	(cd "$dir" && "${make[@]}" test) >"$tmp/out" 2>&1
	check "$name-test-fails" "/[1-9]/" "$?"
	sed -i 's/|10251$/|10250/' "$dir/captures/example/example.snmprec"
	step "$name-install" "${make[@]}" install
	"$platen" plugin-new "$@" "$name" "$dir" >"$tmp/out" 2>&1
	check "$name-not-over-another" "/1.*cannot be made: File exists/" "$? $(cat "$tmp/out")"
}

a_plugin stranger
(cd "$tmp/stranger" && make PKG_CONFIG_LIBDIR=/nonexistent) >"$tmp/out" 2>&1
check platen-not-found "/Is platen installed/" "$(cat "$tmp/out")"
a_plugin stranger-cxx --cxx

"$platen" plugin-new Wrong_Name "$tmp/wrong" >"$tmp/out" 2>&1
check name-refused 2 $?

# The whole agent, with both: one printer on the wire, each plugin in its jail.
sim_start --listen 127.27.0.1 "$tmp/stranger/captures/example"
printf '[snmp]\nport = %s\ntimeout = 500ms\n[http]\nports =\n' "$port" >"$tmp/platen.ini"
run_platen "$tmp/record" read -c "$tmp/platen.ini" --json 127.27.0.1
check read 0 "$status"
check read-by-stranger '/"value":418,"unit":"sheets","via":"stranger/' \
	"$(cat "$tmp/record" "$tmp/record.err")"
printf '[plugin stranger]\nenabled = no\n' >>"$tmp/platen.ini"
run_platen "$tmp/record" read -c "$tmp/platen.ini" --json 127.27.0.1
check read-by-cxx '/"value":418,"unit":"sheets","via":"stranger-cxx"/' \
	"$(cat "$tmp/record" "$tmp/record.err")"
sim_stop sdk-
exit $failed
