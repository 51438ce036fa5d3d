#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# includes.sh - dependencies point one way: who may include and call what.
. tests/static/lib.sh

# includes FILE...: "FILE NAME" for each include, NAME with its < or ".
includes() {
	[ $# = 0 ] || grep -HE '^[[:space:]]*#[[:space:]]*include' "$@" |
		sed -E 's/^([^:]+):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"][^>"]*).*/\1 \2/'
}

shopt -s nullglob globstar

# What speaks to the network or to cryptography is in core/net alone; the simulator is the other side.
for f in core/**/*.[ch] sdk/**/*.[ch] plugins/**/*.[ch]; do
	case $f in core/net/* | sdk/sim/tls.c | sdk/sim/login.c) ;; *) includes "$f" ;; esac
done | grep -E '[<"](net-snmp|curl|openssl|ares|microhttpd|gnutls)' |
	verdict "only core/net includes net-snmp, curl, OpenSSL, c-ares, libmicrohttpd and GnuTLS"

# The way of a reading: each stage knows itself and the next one.
stages=(sweep device visit reading record spool delivery)
for i in "${!stages[@]}"; do
	here=${stages[i]} next=${stages[i + 1]:-}
	for f in core/"$here".[ch] core/*/"$here"_*.[ch]; do
		includes "$f" | while read -r file what; do
			name=${what#[<\"]} name=${name##*/} name=${name%.h} stage=${name%%_*}
			case " ${stages[*]} " in *" $stage "*) ;; *) continue ;; esac
			[ "$stage" = "$here" ] || [ "$name" = "$next" ] || echo "$file includes $name.h"
		done
	done
done | verdict "a stage includes its own and the next stage's header"

# Foreign code is loaded in one place.
grep -nE '\bdl(m)?open[[:space:]]*\(' core/**/*.[ch] sdk/**/*.[ch] plugins/**/*.[ch] |
	grep -vE '^core/host/' | verdict "only core/host calls dlopen"

# Sockets to the world are made in core/net; the pipe's socketpair is no such thing.
grep -nE '[^A-Za-z_](socket|connect|sendto|sendmsg|listen|accept4?)[[:space:]]*\(' \
	core/**/*.c plugins/**/*.c sdk/lib/**/*.c | grep -v '^core/net/' |
	grep -vE '^[^:]+:[0-9]+:[[:space:]]*(/?\*|//)' | grep -vE '^core/base/notify\.c:' |
	verdict "only core/net makes sockets (and notify.c its one to systemd)"

# A plugin is written as by a stranger: the SDK, its own headers, plain C, a parser at most.
plain='assert|ctype|errno|float|inttypes|limits|math|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|iconv|wchar'
for f in plugins/**/*.[ch]; do
	includes "$f" | while read -r file what; do
		case $what in
		\<platen/* | \<libxml/* | \<jansson.h | \<zstd.h | \<sqlite3.h | \<libpq-fe.h) ;;
		\"*) [ -e "$(dirname "$file")/${what#\"}" ] || echo "$file includes $what\"" ;;
		*) grep -qE "^<($plain)\.h$" <<<"$what" || echo "$file includes $what>" ;;
		esac
	done
done | verdict "plugins include the SDK, their own headers and plain C"

# The SDK stands alone: headers for plugins, the library, the simulator.
for f in sdk/platen/*.h sdk/lib/**/*.[ch] sdk/sim/*.[ch] sdk/template/**/*.[ch]; do
	includes "$f" | while read -r file what; do
		case $what in
		\<platen/*) ;;
		\"*) [ -e "$(dirname "$file")/${what#\"}" ] || echo "$file includes $what\"" ;;
		\<*) [ ! -e "core/${what#<}" ] && [ ! -e "./${what#<}" ] || echo "$file includes $what>" ;;
		esac
	done
done | verdict "the SDK includes nothing of core"

abi=(sdk/platen/{plugin,snmp,http,upload,network}.h)
includes "${abi[@]}" | grep -vE ' <(platen/[a-z]+|stddef|stdint)\.h$' |
	verdict "the ABI headers need stddef.h and stdint.h alone"

# Types whose size a compiler may choose are in no struct and in no call.
sed 's|/\*.*\*/||' "${abi[@]}" | grep -nE '^[^*]*\b(long|short|time_t|bool|_Bool|size_t|off_t|wchar_t|va_list|int [a-z]+)\b' |
	grep -vE '^[0-9]+:[[:space:]]*(/?\*|#)' | verdict "the ABI has types of fixed width alone"
