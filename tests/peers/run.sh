#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/peers - the same captures served by two agents that others wrote, Debian's snmpd
# and snmpsimd, over SNMPv1, v2c and v3 with every protection they offer: the record is
# the one that replay makes.  With a wrong community, user or password there is no record
# but a clear line and exit status 1.
source "$(dirname "$0")/../lib.sh"

snmpd=$(PATH=$PATH:/usr/sbin command -v snmpd) || snmpd=
snmpsimd=$(command -v snmpsimd) || snmpsimd=
mapfile -t captures < <(own_captures; real_captures)
[ ${#captures[@]} -gt 0 ] || { skip peers "there are no captures"; exit 0; }
# One of middling size: enough in it, and quickly read.
capture=$(wc -l "${captures[@]}" | grep -v ' total$' | sort -n |
	awk '$1 >= 100 && $1 < 2000 { print $2 }' | tail -n 1)
capture=${capture:-${captures[0]}}
export MIBS= SNMP_PERSISTENT_DIR=$tmp/persist SNMPCONFPATH=$tmp
mkdir "$tmp/persist"

auth_password=correct-horse priv_password=battery-staple
echo "$auth_password" >"$tmp/auth"
echo "$priv_password" >"$tmp/priv"
echo "wrong-password" >"$tmp/wrong"
chmod 600 "$tmp/auth" "$tmp/priv" "$tmp/wrong"

# ---- INIs ----

ini_community() { # VERSION COMMUNITY
	ini "$tmp/platen.ini" <<INI
[snmp]
versions = $1
communities = $2
timeout = 500ms
retries = 1
[http]
ports =
INI
}

ini_user() { # USER AUTH PRIV [AUTH-FILE [PRIV-FILE]]
	ini "$tmp/platen.ini" <<INI
[snmp]
versions = 3
timeout = 500ms
retries = 1
[http]
ports =
[snmpv3 tester]
user = $1
auth = $2
$([ "$2" = none ] || echo "auth_password_file = $tmp/${4:-auth}")
priv = $3
$([ "$3" = none ] || echo "priv_password_file = $tmp/${5:-priv}")
INI
}

# right NAME TARGET: with the INI at hand the record is the replay's, and nothing else is said
right() {
	local host=${2#[}
	run_platen "$tmp/got" read --json -c "$tmp/platen.ini" "$2"
	if [ "$status" != 0 ]; then
		not_ok "$1" "exit $status: $(cat "$tmp/got.err")"
		return
	fi
	if [[ $2 == \[* ]]; then host=${host%%]*}; else host=${host%%:*}; fi
	"$platen" replay --json -c "$tmp/platen.ini" --address "$host" "$capture" >"$tmp/wanted"
	compare "$1" same --only "$host" "$tmp/wanted" "$tmp/got"
}

# refused NAME WHY: no record, exit status 1, and what is said names the printer and WHY
refused() {
	run_platen "$tmp/got" read --json -c "$tmp/platen.ini" "127.0.0.1:$port"
	check "$1-exit" 1 "$status"
	check "$1-record" "" "$(cat "$tmp/got")"
	check "$1-line" "/platen read: 127\.0\.0\.1[^ ]*: .*communit/" "$(cat "$tmp/got.err")"
	check "$1-why" "/127\.0\.0\.1.*$2/" "$(cat "$tmp/got.err")"
}

# ---- Debian's snmpd ----

snmpd_start() {
	local serve="/usr/bin/python3 $here/capture-agent.py $capture" a p
	port=$(free_port)
	{
		echo "agentaddress udp:127.0.0.1:$port${v6:+,udp6:[::1]:$port}"
		echo "rocommunity public"
		[ -z "$v6" ] || echo "rocommunity6 public"
		for a in .1.3.6.1.2.1 .1.3.6.1.4.1; do echo "pass_persist $a $serve"; done
		echo "createUser none-none"
		echo "rouser none-none noauth"
		for a in "${auths[@]}"; do
			for p in none "${privs[@]}"; do
				echo "createUser $a-$p ${snmpd_name[$a]} \"$auth_password\"" \
					"${snmpd_name[$p]:+${snmpd_name[$p]} \"$priv_password\"}"
				echo "rouser $a-$p $([ "$p" = none ] && echo auth || echo priv)"
			done
		done
	} >"$tmp/snmpd.conf"
	"$snmpd" -f -Lo -C -c "$tmp/snmpd.conf" \
		-I pass_persist,pass,usmConf,usmUser,vacm_conf,vacm_vars,snmpEngine >"$tmp/snmpd.log" 2>&1 &
	pids+=($!)
	wait_until 10 snmpget -v2c -c public -t 0.3 -r 0 "127.0.0.1:$port" .1.3.6.1.2.1.1.2.0 \
		>/dev/null 2>&1 || { not_ok snmpd "did not start: $(tail -n 3 "$tmp/snmpd.log")"; return 1; }
}

auths=(md5 sha sha224 sha256 sha384 sha512)
privs=(des aes aes192 aes256)
declare -A snmpd_name=(
	[md5]=MD5 [sha]=SHA [sha224]=SHA-224 [sha256]=SHA-256 [sha384]=SHA-384 [sha512]=SHA-512
	[des]=DES [aes]=AES [aes192]=AES-192 [aes256]=AES-256 [none]=
)
v6=
[ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" = 0 ] && v6=yes

test_snmpd() {
	local a p version
	for version in 1 2c; do
		ini_community $version public
		right snmpd-v$version "127.0.0.1:$port"
	done
	ini_community "2c, 1" public
	if [ -n "$v6" ]; then right snmpd-ipv6 "[::1]:$port"; else skip snmpd-ipv6 "no IPv6 here"; fi
	for a in none "${auths[@]}"; do
		for p in none "${privs[@]}"; do
			[ "$a" = none ] && [ "$p" != none ] && continue
			ini_user "$a-$p" "$a" "$p"
			right "snmpd-v3-$a-$p" "127.0.0.1:$port"
		done
	done
	ini_community "2c, 1" secret
	refused snmpd-wrong-community "are community and port right"
	ini_user nobody sha256 aes
	refused snmpd-wrong-user "does not know the user"
	ini_user sha256-aes sha256 aes wrong
	refused snmpd-wrong-auth-password "the auth password or protocol is wrong"
	ini_user sha256-aes sha256 aes auth wrong
	refused snmpd-wrong-priv-password "is the priv password or protocol wrong"
	ini_user sha256-aes md5 none
	refused snmpd-wrong-auth-kind "the auth password or protocol is wrong"
}

# ---- snmpsimd ----

# A data file's name is the community; for the empty context of version 3 it is that of the
# transport.
snmpsimd_start() {
	local as=() d=$tmp/snmpsim
	port=$(free_port)
	mkdir -p "$d/data" "$d/cache"
	cp "$capture" "$d/data/public.snmprec"
	cp "$capture" "$d/data/1.3.6.1.6.1.1.0.snmprec"
	if [ "$(id -u)" = 0 ]; then
		as=(--process-user=nobody --process-group=nogroup)
		chmod a+rx "$tmp"
		chmod -R a+rwX "$d"
	fi
	HOME=$d "$snmpsimd" --data-dir="$d/data" --cache-dir="$d/cache" "${as[@]}" \
		--agent-udpv4-endpoint="127.0.0.1:$port" --v3-user=tester \
		--v3-auth-key=$auth_password --v3-auth-proto=SHA256 \
		--v3-priv-key=$priv_password --v3-priv-proto=AES >"$tmp/snmpsimd.log" 2>&1 &
	pids+=($!)
	wait_until 30 snmpget -v2c -c public -t 0.5 -r 0 "127.0.0.1:$port" .1.3.6.1.2.1.1.2.0 \
		>/dev/null 2>&1 || { not_ok snmpsimd "did not start: $(tail -n 3 "$tmp/snmpsimd.log")"; return 1; }
}

test_snmpsimd() {
	local version
	for version in 1 2c; do
		ini_community $version public
		right snmpsimd-v$version "127.0.0.1:$port"
	done
	ini_user tester sha256 aes
	right snmpsimd-v3 "127.0.0.1:$port"
	ini_user tester sha256 aes wrong
	refused snmpsimd-wrong-password "password or protocol"
}

if [ -z "$snmpd" ]; then skip snmpd "it is not installed"
elif snmpd_start; then test_snmpd; fi
if [ -z "$snmpsimd" ]; then skip snmpsimd "it is not installed"
elif snmpsimd_start; then test_snmpsimd; fi
exit $failed
