#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wan/bytes.sh [DAYS] - what a site's uploads weigh on the wire.
#
# 50 printers, 4 readings a day with realistic change (year.py), sent by the real delivery,
# plugin and wan role to a real nginx over TLS.  All of it runs in a network of its own, whose
# one interface has an MTU of 1500 and is counted: TCP and IP headers, handshakes and what
# comes back are in the figure, Ethernet's 14 bytes a packet too.  nginx closes each
# connection, as hours would.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
days=${1:-14} printers=50 a_day=4
if [ -z "${PLATEN_BYTES_INSIDE:-}" ]; then
	PLATEN_BYTES_INSIDE=1 exec unshare -Urn "$0" "$days"
fi
PATH=$PATH:/usr/sbin
b=${PLATEN_BUILD:-$root/build}
export PLATEN_HOST=$b/platen-host
tmp=$(mktemp -d -t platen-bytes.XXXXXX)
pids=()
# shellcheck disable=SC2154
trap 'for p in "${pids[@]}"; do kill "$p"; done 2>/dev/null; wait; rm -rf "$tmp"' EXIT
ip link set lo mtu 1500 up

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=authority \
	-keyout "$tmp/ca.key" -out "$tmp/ca.crt" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=dealer \
	-keyout "$tmp/key" -out "$tmp/csr" 2>/dev/null
openssl x509 -req -in "$tmp/csr" -CA "$tmp/ca.crt" -CAkey "$tmp/ca.key" -CAcreateserial -days 9 \
	-extfile <(echo subjectAltName=IP:127.0.0.1) -out "$tmp/crt" 2>/dev/null
cat "$tmp/crt" "$tmp/ca.crt" >"$tmp/chain" # as a dealer's server sends it
echo right >"$tmp/token"
chmod 600 "$tmp/token"

# A server of the same user: `user` of nginx would need another.
cat >"$tmp/nginx.conf" <<NGINX
daemon off;
user root; # who we are in here
master_process off;
pid $tmp/pid;
error_log $tmp/error.log;
events {}
http {
	access_log off;
	client_body_temp_path $tmp;
	proxy_temp_path $tmp;
	fastcgi_temp_path $tmp;
	uwsgi_temp_path $tmp;
	scgi_temp_path $tmp;
	keepalive_timeout 0;
	ssl_session_timeout 2d;
	ssl_session_cache shared:tls:1m;
	server {
		listen 127.0.0.1:4433 ssl http2;
		ssl_certificate $tmp/chain;
		ssl_certificate_key $tmp/key;
		ssl_protocols TLSv1.2 TLSv1.3;
		location / { proxy_pass http://unix:$tmp/receiver; }
	}
}
NGINX
mkdir "$tmp/got"
"$root/tests/wan/receiver.py" serve "$tmp/receiver" "$tmp/got" "$root/sdk/dictionary/platen.dict" &
pids+=($!)
nginx -c "$tmp/nginx.conf" -p "$tmp" 2>"$tmp/nginx.err" &
pids+=($!)
for _ in $(seq 100); do
	[ -S "$tmp/receiver" ] && (exec 3<>/dev/tcp/127.0.0.1/4433) 2>/dev/null && break
	sleep 0.1
done

[ -S "$tmp/receiver" ] && (exec 3<>/dev/tcp/127.0.0.1/4433) 2>/dev/null || { cat "$tmp/nginx.err" "$tmp/error.log"; exit 1; }
on_wire() { awk '$1 == "lo:" { print $10, $11 }' /proc/net/dev; } # bytes and packets sent

for p in "$root"/plugins/*/captures; do
	"$b/platen" replay -c /dev/null --json "$p" --plugin "$b/plugins/$(basename "$(dirname "$p")").so"
done >"$tmp/records" 2>/dev/null

# measure BATCHES-A-DAY HTTP-VERSION WORDS
measure() {
	local bytes packets bytes2 packets2 name=day$1$2
	cat >"$tmp/platen.ini" <<-INI
		[plugins]
		path = $b/plugins
		[sink dealer]
		plugin = https
		servers = https://127.0.0.1:4433/$name
		ca_file = $tmp/ca.crt
		token_file = $tmp/token
		http_version = $2
	INI
	"$root/tests/wan/year.py" "$printers" "$days" "$a_day" "$1" <"$tmp/records" >"$tmp/batches"
	read -r bytes packets < <(on_wire)
	"$b/tests/wan/wan-drive" "$tmp/platen.ini" <"$tmp/batches" || exit 1
	sleep 0.3
	read -r bytes2 packets2 < <(on_wire)
	grep -v '^$' "$tmp/batches" >"$tmp/made"
	"$root/tests/wan/verify.py" same "$tmp/made" "$tmp/got/$name.jsonl" || exit 1
	awk -v bytes=$((bytes2 - bytes)) -v packets=$((packets2 - packets)) -v days="$days" \
		-v n="$printers" -v plain="$(wc -c <"$tmp/made")" -v what="$3" -v bodies="$(
			sed 's/.* bytes=\([0-9]*\) .*/\1/' "$tmp/got/$name.requests" |
				awk '{ n += $1 } END { print n }')" 'BEGIN {
		a = bytes / days * 365 / n
		printf "%-24s %6.1f kB a printer and year on the wire (%d packets a day and site; of it\n", \
			what, a / 1000, packets / days
		printf "%-24s %6.1f kB are bodies, %.0f kB as plain JSON); the model sends 2000 kB: %.0f times less\n", \
			"", bodies / days * 365 / n / 1000, plain / days * 365 / n / 1000, 2000000 / a
	}'
}
measure 1 2 "once a day:"
measure 1 1.1 "once a day, HTTP/1.1:"
measure 2 1.1 "every 12h, HTTP/1.1:"
measure 4 1.1 "every 6h, HTTP/1.1:"
measure 4 2 "every 6h:"
