#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# binaries.sh - what the finished binaries can and cannot do, read from their symbols.
. tests/static/lib.sh

b=${PLATEN_BUILD:-build}
shopt -s nullglob
plugins=("$b"/plugins/*.so)
programs=("$b/platen" "$b/platen-host" "$b/platen-sim")

for f in "${programs[@]}"; do
	[ -x "$f" ] || { echo "not ok there are binaries to look at: no $f"; exit 0; }
done

# calls FILE: functions it takes from libraries.  offers FILE: those it gives.
calls() { nm -D --undefined-only "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }'; }
offers() { nm -D --defined-only "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }'; }
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# ---- nothing is written to a printer ----

# All of net-snmp that opens, sends or builds a request by itself; platen has its cryptography
# of it, and makes its own requests: GET, GETNEXT, GETBULK.
sends='^(snmp_(sess_|synch_|async_)?(open|open_ex|send|async_send|synch_response|synch_setup|add|add_ex|read|select_info)'
sends+='|snmp_(pdu_create|build|sess_session|create_session|set_.*|add_var|synch_.*)'
sends+='|netsnmp_(query_.*|transport_.*|tdomain_.*|udp.*|tcp.*|sess_.*|config_.*|oid2.*)'
sends+='|_netsnmp_send_synch|init_snmp|read_objid|snmp_shutdown)$'
for f in "${programs[@]}" "${plugins[@]}"; do
	calls "$f" | grep -E "$sends" | sed "s|^|$f calls |"
done | verdict "no binary takes a function from net-snmp that sends or sets"

calls "$b/platen" | grep -E '^(snmp_|netsnmp_|usm_|sc_|asn_|init_|sprint_|read_)' | LC_ALL=C sort |
	LC_ALL=C comm -23 - <(LC_ALL=C sort tests/static/net-snmp.symbols) | sed 's/$/ is not in net-snmp.symbols/' |
	verdict "net-snmp gives platen what tests/static/net-snmp.symbols lists"

grep -rniE 'SNMP_MSG_SET|snmp_set|\b0xa3\b' core plugins --include='*.[ch]' |
	verdict "no source mentions the SET request"

# HTTP to printers is GET and one login form; the options that would change a device are not there.
grep -rnE 'CURLOPT_(PUT|UPLOAD|CUSTOMREQUEST|MIMEPOST|HTTPPOST)|"(PUT|DELETE|PATCH)"' core plugins \
	--include='*.[ch]' | grep -v '^core/net/wan' | verdict "no HTTP method that changes things"

# ---- foreign code meets little ----

allowed='^(libc|libdl|libm|libpthread|libseccomp)\.so|^ld-linux'
needed "$b/platen-host" | grep -vE "$allowed" | verdict "platen-host links libc and seccomp alone"

for f in "${plugins[@]}"; do
	needed "$f" | grep -vE '^(libc|libm|libxml2|libjansson|libzstd|libsqlite3|libpq)\.so|^ld-linux' | sed "s|^|$f needs |"
done | verdict "plugins link libc, or a parser, or a database, alone"

for f in "${plugins[@]}"; do
	offers "$f" | grep -vx platen_plugin_v1 | sed "s|^|$f also exports |"
	offers "$f" | grep -qx platen_plugin_v1 || echo "$f does not export platen_plugin_v1"
done | verdict "a plugin exports platen_plugin_v1 and nothing else"

for f in "${plugins[@]}"; do
	calls "$f" | grep -xE 'socket|connect|bind|fork|vfork|exec.*|system|popen|dlopen|kill|pthread_create|open|openat|fopen|abort|exit|_exit' |
		sed "s|^|$f calls |"
done | verdict "a plugin calls nothing that opens, starts or ends something"

[ ${#plugins[@]} != 0 ] && echo "ok there are ${#plugins[@]} plugins" ||
	echo "not ok there are plugins: none in $b/plugins"

# ---- hardening ----

for f in "${programs[@]}" "${plugins[@]}"; do
	readelf -hW "$f" | grep -q 'Type:.*DYN' || echo "$f is not position independent"
	readelf -lW "$f" | grep -q GNU_RELRO || echo "$f has no RELRO"
	readelf -dW "$f" | grep -qE 'FLAGS.*(BIND_NOW|NOW)' || echo "$f binds lazily"
	readelf -lW "$f" | grep GNU_STACK | grep -q RWE && echo "$f has an executable stack"
	readelf -lW "$f" | awk '$1 == "LOAD"' | grep -q RWE && echo "$f has writable code"
	readelf -dW "$f" | grep -qE 'RPATH|RUNPATH|TEXTREL' && echo "$f has RPATH or TEXTREL"
done | verdict "PIE, RELRO, bound at start, no executable stack, no RPATH"

for f in "${programs[@]}"; do
	calls "$f" | grep -q '^__stack_chk_fail$' || echo "$f has no stack protector"
	calls "$f" | grep -qE '^__.*_chk$' || echo "$f is not fortified"
done | verdict "stack protector and FORTIFY_SOURCE"

for f in "${programs[@]}"; do
	[ ! -u "$f" ] && [ ! -g "$f" ] || echo "$f"
done | verdict "nothing is setuid"
