#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# install.sh - make install puts everything in its place, and what is installed works there.
. tests/static/lib.sh

b=${PLATEN_BUILD:-build}
sim=
trap 'kill $sim 2>/dev/null; rm -rf "$tmp"' EXIT

# copy_build TO: what was built, but for objects with a path compiled in.
copy_build() {
	mkdir "$1"
	cp -a "$b/obj" "$b/pic" "$1"
	grep -rlE 'PLATEN_(PLUGIN_DIR|LIBEXEC|SHARE)' core --include='*.c' | sed "s|^|$1/obj/|; s/c$/o/" | xargs rm -f
}

# Staged, as a packager does it.
copy_build "$tmp/build"
if ! make -s install B="$tmp/build" DESTDIR="$tmp/stage" PREFIX=/usr SYSCONFDIR=/etc >"$tmp/log" 2>&1; then
	echo "not ok make install DESTDIR=: $(tail -n 1 "$tmp/log")"
	sed 's/^/# /' "$tmp/log" | tail -n 10
	exit 1
fi
cat >"$tmp/expected" <<'LIST'
755 usr/bin/platen
755 usr/bin/platen-sim
755 usr/libexec/platen/platen-host
644 etc/platen/platen.ini
644 usr/include/platen/network.h
644 usr/include/platen/plugin.h
644 usr/include/platen/snmp.h
644 usr/include/platen/http.h
644 usr/include/platen/upload.h
644 usr/include/platen/text.h
644 usr/include/platen/names.h
644 usr/include/platen/table.h
644 usr/include/platen/tree.h
644 usr/include/platen/xml.h
644 usr/include/platen/html.h
644 usr/include/platen/json.h
644 usr/lib/libplaten-sdk.a
644 usr/lib/libplaten-xml.a
644 usr/lib/libplaten-json.a
644 usr/lib/pkgconfig/platen-sdk.pc
644 usr/lib/pkgconfig/platen-xml.pc
644 usr/lib/pkgconfig/platen-json.pc
644 usr/lib/platen/plugins/file.so
644 usr/lib/platen/plugins/printer-mib.so
644 usr/lib/systemd/system/platen.service
644 usr/share/man/man1/platen.1
644 usr/share/man/man1/platen-sim.1
644 usr/share/man/man5/platen.ini.5
644 usr/share/man/man3/platen-plugin.3
644 usr/share/platen/CHANGES
644 usr/share/platen/template/c/Makefile
644 usr/share/platen/template/c/NAME.c
644 usr/share/platen/template/cxx/Makefile
644 usr/share/platen/template/cxx/NAME.cc
644 usr/share/platen/METRICS
644 usr/share/platen/plugins/profile.md
644 usr/share/platen/profiles/acme-lp.ini
644 usr/share/platen/sites/gateway.ini
644 usr/share/platen/sites/office.ini
644 usr/share/platen/RECORD
644 usr/share/platen/schema/README.md
644 usr/share/platen/schema/1.sql
644 usr/lib/libplaten-sql.a
644 usr/lib/pkgconfig/platen-sql.pc
644 usr/include/platen/rows.h
644 usr/lib/platen/plugins/sqlite.so
644 usr/lib/platen/plugins/postgres.so
LIST
(cd "$tmp/stage" && find . -type f -printf '%m %P\n' | sort) >"$tmp/there"
sort "$tmp/expected" | comm -23 - "$tmp/there" | sed 's/$/ is not installed (mode, path)/' |
	verdict "make install puts the files where the manual says"
find "$tmp/stage" \( -perm /6000 -o -perm -o+w ! -type l \) | verdict "nothing installed is setuid or open to writers"
grep -rlF -e "$tmp" -e @PREFIX@ "$tmp/stage" | verdict "nothing installed knows the staging folder"

# Another time nothing of the owner's is overwritten.
echo "# mine" >"$tmp/stage/etc/platen/platen.ini"
make -s install B="$tmp/build" DESTDIR="$tmp/stage" PREFIX=/usr SYSCONFDIR=/etc >"$tmp/log" 2>&1
{ grep -qx "# mine" "$tmp/stage/etc/platen/platen.ini" || echo "it was overwritten"; } |
	verdict "an installed platen.ini stays"

# For real, into a folder of its own: built anew where a path is compiled in, else as it is.
rm -rf "$tmp/build"
copy_build "$tmp/build"
prefix=$tmp/prefix
if ! make -s install B="$tmp/build" PREFIX="$prefix" SYSCONFDIR="$prefix/etc" >"$tmp/log" 2>&1; then
	echo "not ok make install PREFIX=: $(tail -n 1 "$tmp/log")"
	exit 1
fi
# The build it came from is gone: what is installed stands on its own.
rm -rf "$tmp/build"
"$prefix/bin/platen" plugins -c /dev/null >"$tmp/out" 2>&1
grep -qw printer-mib "$tmp/out" && echo "ok the installed platen finds its plugins" ||
	echo "not ok the installed platen finds its plugins: $(head -n 1 "$tmp/out")"

# The example of a profile is a good one where it was put, and is read from there.
printf '[site]\nstate = %s\n[plugin profile]\nprofiles = %s/share/platen/profiles\n' "$tmp" "$prefix" \
	>"$tmp/profile.ini"
if "$prefix/bin/platen" check -c "$tmp/profile.ini" >"$tmp/out" 2>&1 &&
	"$prefix/bin/platen" replay -c "$tmp/profile.ini" --json tests/profile/acme 2>&1 |
	grep -q '"via":"profile"'; then
	echo "ok the installed example of a profile reads its printer"
else
	echo "not ok the installed example of a profile reads its printer: $(tail -n 1 "$tmp/out")"
fi

port=$((21000 + $$ % 9000))
"$prefix/bin/platen-sim" --listen 127.21.0.1 --port "$port" tests/sim/tiny >/dev/null 2>"$tmp/sim" &
sim=$!
sleep 0.5
printf '[snmp]\nport = %s\ntimeout = 500ms\n' "$port" >"$tmp/platen.ini"
(cd / && "$prefix/bin/platen" read -c "$tmp/platen.ini" --json 127.21.0.1) >"$tmp/out" 2>"$tmp/err"
if grep -q '"schema":"platen.reading/1"' "$tmp/out"; then
	echo "ok the installed platen reads a printer"
else
	echo "not ok the installed platen reads a printer: $(tail -n 1 "$tmp/err")"
	sed 's/^/# /' "$tmp/err"
fi
kill "$sim"
wait "$sim"
[ $? != 3 ] && echo "ok ... and writes nothing to it" || echo "not ok ... and writes nothing to it: $(cat "$tmp/sim")"
sim=
