#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/wan - the https sink against real parts: nginx with an authority made here, squid
# with a password, a SOCKS5 proxy, connections that are cut, servers that answer all sorts
# of things.  Each failure is one clear line, and afterwards the server has every record,
# once, as the agent made it.
source "$(dirname "$0")/../lib.sh"

for part in nginx squid microsocks openssl zstd; do
	PATH=$PATH:/usr/sbin command -v $part >/dev/null || { skip wan "there is no $part"; exit 0; }
done
PATH=$PATH:/usr/sbin
receiver=("/usr/bin/python3" "$here/receiver.py")
dictionary=$root/sdk/dictionary/platen.dict

# ---- an authority, and certificates good and bad ----

pki=$tmp/pki
mkdir "$pki"
chmod 755 "$tmp"
key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
make_ca() {
	openssl req -x509 "${key[@]}" -keyout "$pki/$1.key" -out "$pki/$1.crt" -days 9 \
		-subj "/CN=$1" 2>/dev/null
}
# make_cert NAME CA SUBJECT-ALT-NAME DAYS
make_cert() {
	openssl req "${key[@]}" -keyout "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$pki/$1.csr" -CA "$pki/$2.crt" -CAkey "$pki/$2.key" -days "$4" \
		-CAcreateserial -extfile <(echo "subjectAltName=$3") -out "$pki/$1.crt" 2>/dev/null
}
# pin_of NAME: of its public key
pin_of() {
	openssl pkey -in "$pki/$1.key" -pubout -outform der | openssl dgst -sha256 -binary | base64
}
make_ca authority
make_ca stranger
make_cert good authority DNS:localhost,IP:127.0.0.1 9
make_cert client authority DNS:agent 9
make_cert elsewhere authority DNS:elsewhere.example 9
make_cert foreign stranger DNS:localhost 9
make_cert old authority DNS:localhost -1
make_cert six authority IP:::1 9
chmod 600 "$pki"/*.key
echo right >"$pki/token"
echo wrong >"$pki/wrong-token"
echo open-sesame >"$pki/password"
echo knock-knock >"$pki/wrong-password"
chmod 600 "$pki"/token "$pki"/*-token "$pki"/*password

# ---- the servers ----

ports=($(for _ in {1..12}; do free_port; done))
back=${ports[0]} good=${ports[1]} elsewhere=${ports[2]} foreign=${ports[3]} old=${ports[4]}
cut=${ports[5]} basic=${ports[6]} socks=${ports[7]} late=${ports[8]}
digest=${ports[9]} ntlm=${ports[10]} six=
grep -qs '^0*1 ' /proc/net/if_inet6 && six=${ports[11]} # there is ::1
got=$tmp/got
mkdir "$got"
"${receiver[@]}" serve "$back" "$got" "$dictionary" 2>"$tmp/receiver.err" &
pids+=($!)
echo ok >"$tmp/relay.mode"
"${receiver[@]}" relay "$cut" "$good" "$tmp/relay.mode" 2>"$tmp/relay.err" &
pids+=($!)

# site PORT CERTIFICATE [ADDRESS]
site() {
	cat <<-NGINX
		server {
			listen ${3:-127.0.0.1}:$1 ssl http2;
			ssl_certificate $pki/$2.crt;
			ssl_certificate_key $pki/$2.key;
			ssl_client_certificate $pki/authority.crt;
			ssl_verify_client optional;
			location / {
				proxy_pass http://127.0.0.1:$back;
				proxy_set_header X-Protocol \$server_protocol;
				proxy_set_header X-Client \$ssl_client_verify;
				proxy_pass_request_headers on;
			}
			location /hangs-up { return 444; }
		}
	NGINX
}
mkdir "$tmp/nginx"
cat >"$tmp/nginx.conf" <<NGINX
daemon off;
worker_processes 1;
# One process: a worker would outlive a master that is killed.
master_process off;
pid $tmp/nginx/pid;
error_log $tmp/nginx/error.log;
events {}
http {
	access_log off;
	client_body_temp_path $tmp/nginx;
	proxy_temp_path $tmp/nginx;
	fastcgi_temp_path $tmp/nginx;
	uwsgi_temp_path $tmp/nginx;
	scgi_temp_path $tmp/nginx;
	proxy_next_upstream off;
	$(site "$good" good)
	$(site "$elsewhere" elsewhere)
	$(site "$foreign" foreign)
	$(site "$old" old)
	${six:+$(site "$six" six '[::1]')}
}
NGINX
chmod 777 "$tmp/nginx"
nginx -c "$tmp/nginx.conf" -p "$tmp/nginx" 2>"$tmp/nginx.err" &
pids+=($!)

source "$root/tests/squid.sh"
proxy_start basic "$basic" "$good" "${squid_basic[@]}"
proxy_start digest "$digest" "$good" "${squid_digest[@]}"
# That it takes any password: what is seen is that all three steps of NTLM are made.
proxy_start ntlm "$ntlm" "$good" "${squid_ntlm[@]}"
microsocks -i 127.0.0.1 -p "$socks" -u dealer -P open-sesame >"$tmp/socks.err" 2>&1 &
pids+=($!)

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for p in "$back" "$good" "$cut" "$basic" "$digest" "$ntlm" "$socks"; do
	wait_until 20 listens "$p" || { not_ok wan-parts "nobody listens on $p: $(tail -n 3 "$tmp"/*.err "$squid"/*/err)"; exit 1; }
done

# ---- one agent and what it sends ----

range=127.25.0.1-127.25.0.2
sim_start --listen "$range" --unique --grow 600 $(own_printers | head -n 2)

# wan_ini NAME [LINE...]: its sink dealer with these lines; servers unless a line says so
wan_ini() {
	local name=$1 lines
	shift
	lines=$(printf '%s\n' "$@")
	[[ $lines == *servers\ =* ]] || lines+=$'\n'"servers = https://localhost:$good/$name"
	[[ $lines == *token_file\ =* ]] || lines+=$'\n'"token_file = $pki/token"
	[[ $lines == *timeout\ =* ]] || lines+=$'\n'"timeout = $(by_variant 1s 4s)"
	[[ $lines == *ca_file\ =* ]] || lines+=$'\n'"ca_file = $pki/authority.crt"
	ini "$tmp/$name/platen.ini" <<-INI
		[site]
		customer = C-1042
		state = $tmp/$name/state
		[discover]
		ranges = $range
		rate = 2000
		[snmp]
		port = $port
		[http]
		ports =
		[schedule]
		every = 1s
		[sink file]
		plugin = file
		every = 0s
		path = $tmp/$name/records.jsonl
		[sink dealer]
		plugin = https
		every = 0s
		retry_min = 200ms
		retry_max = 600ms
		$lines
	INI
}

mode() { echo "${*:2}" >"$got/$1.mode.new" && mv "$got/$1.mode.new" "$got/$1.mode"; }
lines_in() { cat "$1" 2>/dev/null | wc -l; }
has() { [ "$(lines_in "$got/$1.jsonl")" -ge "$2" ]; }
has_all() { [ "$(lines_in "$got/$1.jsonl")" -ge "$(lines_in "$tmp/$1/records.jsonl")" ]; }
said() { grep -qsE -- "$2" "$tmp/$1/agent.log"; }

# begin NAME: its agent, whose environment names a proxy that must not be used
begin() {
	HTTPS_PROXY=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 \
		"$platen" run -c "$tmp/$1/platen.ini" >>"$tmp/$1/agent.log" 2>&1 </dev/null &
	agent=$!
	pids+=("$agent")
}

# same NAME: the server has what the file has, up to its newest, and nothing else
same() {
	/usr/bin/python3 "$here/verify.py" same "$tmp/$1/records.jsonl" "$got/$1.jsonl" "${2:-}"
}

# arrives NAME [odd]: all of it does, and the agent ends well
arrives() {
	local want why
	want=$(($(lines_in "$tmp/$1/records.jsonl") + 2))
	[ "${2:-}" = odd ] && want=$((want / 2))
	wait_until 20 has "$1" "$want" ||
		not_ok "$1-arrives" "$(lines_in "$got/$1.jsonl") of $want: $(tail -n 3 "$tmp/$1/agent.log")"
	agent_stop
	check "$1-ends" 0 "$status"
	why=$(same "$@" 2>&1)
	verdict "$1-all-arrive-once" $? "$why"
	check "$1-no-secret-in-the-log" "" \
		"$(grep -E 'Bearer|sesame|knock|BEGIN|[^a-z]right$' "$tmp/$1/agent.log")"
}

# fails NAME REGEX: is said, once, while records are kept
fails() {
	wait_until 20 said "$1" "left for later.*($2)" || { not_ok "$1-is-said" "$2; $(tail -n 4 "$tmp/$1/agent.log")"; return; }
	ok "$1-is-said"
	sleep 0.7
	check "$1-is-said-once" 1 "$(grep -cE -- "sink dealer: .*left for later" "$tmp/$1/agent.log")"
}

# a fault of the INI: told, then repaired and started anew.  repaired NAME REGEX BAD-LINE GOOD-LINE
repaired() {
	wan_ini "$1" "$3"
	begin "$1"
	fails "$1" "$2"
	check "$1-nothing-arrived" 0 "$(lines_in "$got/$1.jsonl")"
	agent_stop
	wan_ini "$1" "$4"
	begin "$1"
	arrives "$1"
}

# a fault of the server: told, then over.  recovers NAME REGEX MODE...
recovers() {
	mode "$1" "${@:3}"
	wan_ini "$1"
	begin "$1"
	fails "$1" "$2"
	mode "$1" ok
	arrives "$1"
	check "$1-says-that-it-works" "/sink dealer: delivers again/" "$(cat "$tmp/$1/agent.log")"
}

# ---- the good path ----

good_path() {
	wan_ini good "pin = $(pin_of foreign), sha256//$(pin_of good)" "transcript = $tmp/good/transcript" \
		"cert_file = $pki/client.crt" "key_file = $pki/client.key"
	run_platen "$tmp/good/check" check -c "$tmp/good/platen.ini"
	check good-check "0 " "$status $(cat "$tmp/good/check.err")"
	begin good
	wait_until 20 has good 10
	arrives good
	check good-http2 "" "$(grep -v ' HTTP/2.0 ' "$got/good.requests")"
	check good-client-certificate "" "$(grep -v 'client=SUCCESS' "$got/good.requests")"
	check good-begins-plain "/^ok HTTP.2.0 zstd lines=[0-9]+ deltas=0 /" "$(head -n 1 "$got/good.requests")"
	check good-deltas "/deltas=[1-9]/" "$(tail -n 1 "$got/good.requests")"
	check good-key "/key=[0-9a-f-]{36}\/[0-9]+-[0-9]+ /" "$(tail -n 1 "$got/good.requests")"
	/usr/bin/python3 "$here/verify.py" transcript "$tmp/good/transcript" "$dictionary" \
		>"$tmp/good/left" 2>&1
	verdict good-transcript $? "$(tail -n 2 "$tmp/good/left")"
	check good-transcript-has-all "$(grep -o 'lines=[0-9]*' "$got/good.requests" | awk -F= '{ n += $2 } END { print n }')" \
		"$(lines_in "$tmp/good/left")"
}

# ---- trust ----

trust() {
	repaired wrong-authority 'unable to get local issuer certificate.*ca_file' \
		"ca_file = $pki/stranger.crt" ""
	repaired foreign-server 'unable to get local issuer certificate.*ca_file' \
		"servers = https://localhost:$foreign/foreign-server" ""
}
trust_names() {
	repaired wrong-name "no alternative certificate subject name matches target host name 'localhost'" \
		"servers = https://localhost:$elsewhere/wrong-name" ""
	repaired expired 'certificate has expired' "servers = https://localhost:$old/expired" ""
}
trust_pins() {
	repaired wrong-pin 'public key does not match pinned public key.*none of pin' \
		"pin = $(pin_of foreign)" "pin = $(pin_of good)"
	repaired wrong-token 'answered 401: it does not know us; check token_file' \
		"token_file = $pki/wrong-token" ""
	repaired no-name 'no-such-host.invalid cannot be looked up' \
		"servers = https://no-such-host.invalid/no-name" ""
}

# ---- what servers say ----

answers_1() {
	recovers answers-500 'answered 500' 500
	recovers answers-502 'answered 502' 502
	recovers answers-404 'answered 404: there is nothing at this URL' 404
	recovers answers-429 'answered 429: it asks for a pause' 429 1
	recovers no-receipt 'answered 200, but gave no receipt: it is no JSON' page
}
answers_2() {
	recovers redirects 'answered 302: redirects are not followed' away
	recovers too-large 'its answer is larger than 1048576 bytes' large
	recovers strange-receipt 'no receipt: it speaks of records that were not sent' stranger
	recovers hangs 'Operation timed out|Operation too slow' hang
}

# What a server does and is no failure at all.
kind_of() {
	mode "$1" "$2"
	wan_ini "$1"
	begin "$1"
	wait_until 20 has "$1" 6
	arrives "$@"
}
answers_3() {
	kind_of poor poor
	check poor-no-deltas "" "$(grep -v 'deltas=0' "$got/poor.requests")"
	kind_of plain plain
	check plain-only "/ none lines=/" "$(tail -n 1 "$got/plain.requests")"
	check plain-is-remembered 1 "$(grep -c ' zstd ' "$got/plain.requests")"
	kind_of forget forget
	check forget-sends-whole "/deltas=[1-9].*deltas=0/" "$(tail -n 2 "$got/forget.requests" | tr '\n' ' ')"
}
answers_4() {
	mode refuse refuse
	wan_ini refuse
	begin refuse
	wait_until 20 has refuse 3
	mode refuse refuse
	sleep 0.3
	check refuse-is-said "/set aside for good, the last is record [0-9]*[02468]: an even one/" \
		"$(cat "$tmp/refuse/agent.log")"
	agent_stop
	check refuse-odd-ones-arrive "" "$(same refuse odd 2>&1)"
	mode bad 422
	wan_ini bad
	begin bad
	wait_until 20 said bad 'set aside for good'
	check bad-is-said "/set aside for good, the last is record [0-9]+: the server answered 422: no/" \
		"$(cat "$tmp/bad/agent.log")"
	agent_stop
	run_platen "$tmp/bad/status" spool status -c "$tmp/bad/platen.ini"
	check bad-is-kept "/refused/" "$(cat "$tmp/bad/status")"
}

# ---- connections ----

cuts() {
	echo "cut 900" >"$tmp/relay.mode"
	wan_ini cut "servers = https://localhost:$cut/cut"
	begin cut
	fails cut '(the connection was cut|Connection reset|SSL_ERROR_SYSCALL|unexpected eof|Recv failure)'
	echo ok >"$tmp/relay.mode"
	wait_until 20 has cut 4
	for n in 700 1500 2100 3000; do # in the middle of TLS, of the head, of the body
		echo "cut $n" >"$tmp/relay.mode"
		sleep 1.2
	done
	echo ok >"$tmp/relay.mode"
	arrives cut
	# Kept, and nobody hears of it: it comes again and counts once.
	mode deaf cut
	wan_ini deaf
	begin deaf
	fails deaf 'answered 502'
	mode deaf ok
	arrives deaf
}

turns() {
	wan_ini turns "servers = https://localhost:$late/turns, https://localhost:$good/turns"
	begin turns
	wait_until 20 said turns "localhost:$good/turns takes records while those before it do not"
	wait_until 20 has turns 4
	"${receiver[@]}" relay "$late" "$good" "$tmp/late.mode" 2>>"$tmp/relay.err" &
	pids+=($!)
	wait_until 20 said turns "localhost:$late/turns takes records again"
	arrives turns
	check turns-there "/localhost:$good\/turns takes records while/" "$(cat "$tmp/turns/agent.log")"
	check turns-and-back "/localhost:$late\/turns takes records again/" "$(cat "$tmp/turns/agent.log")"
}

# ---- proxies ----

proxies() {
	local with="proxy = http://127.0.0.1:$basic"
	repaired proxy-no-user 'CONNECT tunnel failed, response 407; check proxy,' "$with" \
		"$with"$'\nproxy_user = dealer\nproxy_password_file = '"$pki/password"
	check proxy-was-used "/CONNECT localhost:$good/" "$(cat "$squid/basic/access.log")"
	repaired proxy-wrong-password 'response 407; check proxy,' \
		"$with"$'\nproxy_user = dealer\nproxy_password_file = '"$pki/wrong-password" \
		"$with"$'\nproxy_user = dealer\nproxy_password_file = '"$pki/password"
}
proxies_2() {
	local with="proxy = http://127.0.0.1:$basic"$'\nproxy_user = dealer\nproxy_password_file = '"$pki/password"
	repaired proxy-refuses 'response 403; check proxy' \
		"$with"$'\nservers = https://localhost:'"$elsewhere/proxy-refuses" "$with"
	# microsocks takes the first address of a name alone, which ::1 may be.
	with="proxy = socks5://127.0.0.1:$socks"$'\nservers = https://127.0.0.1:'"$good/socks"
	repaired socks 'SOCKS|proxy' "$with" "$with"$'\nproxy_user = dealer\nproxy_password_file = '"$pki/password"
}

# The proxy says how it is to be asked.
proxies_3() {
	local user=$'\nproxy_user = dealer\nproxy_password_file = '
	local by_digest="proxy = http://127.0.0.1:$digest" by_ntlm="proxy = http://127.0.0.1:$ntlm"
	repaired proxy-digest 'response 407; check proxy,' "$by_digest$user$pki/wrong-password" \
		"$by_digest$user$pki/password"
	check proxy-digest-was-used "/200 .* CONNECT localhost:$good dealer /" "$(cat "$squid/digest/access.log")"
	repaired proxy-ntlm 'response 407; check proxy,' "$by_ntlm" "$by_ntlm$user$pki/password"
	check proxy-ntlm-was-used "/200 .* CONNECT localhost:$good [^ ]*dealer/" "$(grep -v /407 "$squid/ntlm/access.log")"
}

# ---- servers at IPv6 addresses ----

six() {
	[ -n "$six" ] || { skip six "there is no ::1 here"; return; }
	repaired six 'public key does not match pinned public key' \
		"servers = https://[::1]:$six/six"$'\n'"pin = $(pin_of good)" "servers = https://[::1]:$six/six"
	check six-was-asked "/^ok /" "$(head -n 1 "$got/six.requests")"
}

# ---- what `platen check` says ----

# check_says NAME LINES REGEX
check_says() {
	wan_ini "check-$1" "$2"
	run_platen "$tmp/said" check -c "$tmp/check-$1/platen.ini"
	check "check-$1" "/^1 .*\[sink dealer\] $3/" "$status $(cat "$tmp/said.err")"
}
checks() {
	printf 'x' >"$pki/open-token"
	chmod 644 "$pki/open-token"
	check_says no-server 'servers =' 'servers: names no server'
	check_says clear 'servers = http://dealer.example/up' 'servers: http://dealer.example/up: records do not leave in clear'
	check_says ftp 'servers = ftp://dealer.example/up' 'servers: .*neither https'
	check_says no-url 'servers = dealer.example' 'servers: "dealer.example" is no URL'
	check_says in-url 'servers = https://me:secret@dealer.example/' 'servers: a URL with a user or a password'
	check_says printer 'servers = https://dealer.example:9100/' 'servers: nothing is ever sent to port 9100'
	check_says pin 'pin = sha1//abc' 'pin: "sha1//abc" is no pin'
	check_says no-ca "ca_file = $pki/none.crt" 'ca_file: .*cannot be read'
	check_says no-pem "ca_file = $pki/token" 'ca_file: .*holds no certificate'
	check_says open-token "token_file = $pki/open-token" 'token_file: .*is open to others; chmod 600'
	check_says no-token "token_file = $pki/none" 'token_file: .*cannot be opened'
	check_says half "cert_file = $pki/client.crt" 'key_file: must be set, too'
	check_says pair "cert_file = $pki/client.crt"$'\nkey_file = '"$pki/good.key" 'cert_file: key_file is not the key'
	check_says expired "cert_file = $pki/old.crt"$'\nkey_file = '"$pki/old.key" 'cert_file: .*has expired'
	check_says proxy 'proxy = ftp://proxy.example:21' 'proxy: .*neither http:// nor socks5'
	check_says proxy-port 'proxy = http://proxy.example' 'proxy: .*names no port'
	check_says proxy-user $'proxy = http://proxy.example:3128\nproxy_user = me' 'proxy_user: and proxy_password_file go together'
	check_says timeout 'timeout = 1h' 'timeout: must be from 1s to 100s'
	check_says relative 'token_file = token' 'token_file: token: must name a file, from / on'
	wan_ini check-all "servers = http://a.example/"$'\npin = x\nca_file = /none\ntimeout = 7'
	run_platen "$tmp/said" check -c "$tmp/check-all/platen.ini"
	check check-says-all 4 "$(grep -c 'sink dealer' "$tmp/said.err")"
}

most=$(by_variant 4 3)
for part in good_path trust trust_names trust_pins answers_1 answers_2 answers_3 answers_4 cuts \
	turns proxies proxies_2 proxies_3 six checks; do
	parallel "$most" "$part" "$part"
done
parallel_end
sim_stop
exit $failed
