# SPDX-License-Identifier: Apache-2.0
#
# tests/e2e/parts.sh - the whole way with real parts, on loopback: printers (platen-sim), agents,
# squid with a password, nginx with TLS, gateways, PostgreSQL; sourced behind tests/lib.sh.
#
#	pki_make			an authority, a certificate for localhost, one that has expired, one of a stranger
#	squid_start, nginx_start, gateway_start N, agent_make N RANGE
#	$front, $proxy			ports of nginx and squid; $gates: of the gateways

source "$root/tests/sinks/pg.sh"
source "$root/tests/squid.sh"
PATH=$PATH:/usr/sbin
sql() { pg "$1"; }

# parts_needed: names what is missing on this machine
parts_needed() {
	local p
	for p in nginx squid openssl psql; do command -v $p >/dev/null || { echo "there is no $p"; return; }; done
	[ -x "$pg_bin/initdb" ] || echo "there is no PostgreSQL server"
}

# nginx's workers outlive a master that is killed: they go with it.
clean_up() {
	[ -z "${nginx_pid:-}" ] || kill -KILL $(family "$nginx_pid") 2>/dev/null
	end_all
	rm -rf "$tmp"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# ---- who vouches for whom ----

pki_make() {
	local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes) ca
	pki=$tmp/pki
	mkdir "$pki"
	chmod 755 "$tmp" "$pki"
	for ca in authority stranger; do
		openssl req -x509 "${key[@]}" -keyout "$pki/$ca.key" -out "$pki/$ca.crt" -days 9 \
			-subj "/CN=$ca" 2>/dev/null
	done
	pki_cert good authority 9
	pki_cert old authority -1
	pki_cert foreign stranger 9
	echo open-sesame >"$pki/password"
	chmod 600 "$pki"/*.key "$pki/password"
}

# pki_cert NAME CA DAYS: for localhost
pki_cert() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/$1.key" \
		-out "$pki/$1.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$pki/$1.csr" -CA "$pki/$2.crt" -CAkey "$pki/$2.key" -days "$3" \
		-CAcreateserial -extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1") \
		-out "$pki/$1.crt" 2>/dev/null
}

# ---- squid, nginx ----

squid_start() {
	proxy_start basic "$proxy" "$front" "${squid_basic[@]}"
	wait_until 20 listens "$proxy"
}

# nginx_conf CERT [LINE]: the front before all gateways; LINE stands in its location
nginx_conf() {
	local port servers=
	for port in $gates; do servers+="server 127.0.0.1:$port max_fails=1 fail_timeout=1s; "; done
	cat >"$tmp/nginx.conf.new" <<-NGINX
		daemon off;
		worker_processes 1;
		pid $tmp/nginx/pid;
		error_log $tmp/nginx/error.log;
		events { worker_connections 500; }
		http {
			access_log off;
			client_body_temp_path $tmp/nginx/body;
			proxy_temp_path $tmp/nginx/proxy;
			fastcgi_temp_path $tmp/nginx/f;
			uwsgi_temp_path $tmp/nginx/u;
			scgi_temp_path $tmp/nginx/s;
			client_max_body_size 10m;
			upstream gateways { $servers }
			server {
				listen 127.0.0.1:$front ssl http2;
				ssl_certificate $pki/$1.crt;
				ssl_certificate_key $pki/$1.key;
				location / {
					${2:-}
					proxy_pass https://gateways;
					proxy_connect_timeout 1s;
					proxy_read_timeout 5s;
				}
				location /nowhere { return 444; }
			}
		}
	NGINX
	mv "$tmp/nginx.conf.new" "$tmp/nginx.conf"
}

nginx_start() {
	mkdir -p "$tmp/nginx"
	chmod 777 "$tmp/nginx"
	nginx_conf good
	nginx -c "$tmp/nginx.conf" -p "$tmp/nginx" >"$tmp/nginx.err" 2>&1 &
	nginx_pid=$!
	pids+=("$nginx_pid")
	wait_until 20 listens "$front"
}

nginx_again() { kill -HUP "$nginx_pid"; }

# ---- gateways, agents ----

# gateway_make N PORT: its INI; they share the file of keys and the database
gateway_make() {
	mkdir -p "$tmp/gate-$1"
	ini "$tmp/gate-$1/platen.ini" <<-INI
		[site]
		customer = dealer
		state = $tmp/gate-$1/state
		[gateway]
		https = 127.0.0.1:$2
		cert_file = $pki/good.crt
		key_file = $pki/good.key
		keys_file = $tmp/gateway.keys
		requests = 6000
		connections_per_address = 500
		[sink database]
		plugin = postgres
		url = $pg_url
		allow = network
		every = 0s
		retry_min = 100ms
		retry_max = 500ms
	INI
}

# platen_start FOLDER: `platen run` with its INI; the number of its process is in FOLDER/pid
platen_start() {
	"$platen" run -c "$1/platen.ini" >>"$1/log" 2>&1 </dev/null &
	echo $! >"$1/pid"
	pids+=($!)
}

gateway_start() {
	platen_start "$tmp/gate-$1"
	wait_until 20 grep -q 'takes uploads at' "$tmp/gate-$1/log"
}

# agent_make N RANGE [LINE...]: its INI, its number, its token.  LINE...: more of its sink
agent_make() {
	local dir=$tmp/agent-$1 range=$2 id
	mkdir -p "$dir"
	shift 2
	printf '[site]\nstate = %s/state\n' "$dir" | ini "$dir/platen.ini"
	platen_start "$dir"
	wait_until 20 test -s "$dir/state/agent.id"
	finish "$(<"$dir/pid")"
	id=$(sed -n 's/^agent \([^ ]*\).*/\1/p' "$dir/state/agent.id")
	echo "$id" >"$dir/id"
	(umask 077 && "$platen" keys -c "$tmp/gate-1/platen.ini" --json new "$id" |
		sed -n 's/.*"token":"\([^"]*\)".*/\1/p' >"$dir/token")
	ini "$dir/platen.ini" <<-INI
		[site]
		customer = SECRET-CUSTOMER-4711
		name = site-$(basename "$dir")
		state = $dir/state
		[discover]
		ranges = $range
		rate = 2000
		[snmp]
		port = $port
		timeout = 500ms
		[http]
		ports =
		[schedule]
		every = ${agent_every:-1s}
		jitter = 50
		[sink file]
		plugin = file
		every = 0s
		retry_min = 100ms
		retry_max = 500ms
		max_size = 0
		path = $dir/records.jsonl
		[sink dealer]
		plugin = https
		every = 0s
		retry_min = 100ms
		retry_max = 1s
		servers = https://localhost:$front/records
		ca_file = $pki/authority.crt
		token_file = $dir/token
		timeout = 5s
		proxy = http://127.0.0.1:$proxy
		proxy_user = dealer
		proxy_password_file = $pki/password
	INI
	: >"$dir/log"
}

# ---- is all there? ----

# kept: how many records the sites have, by their files; there: how many the database has
kept() { cat "$tmp"/agent-*/records.jsonl 2>/dev/null | wc -l; }
there() { sql "SELECT count(*) FROM readings" | grep -xE '[0-9]+' || echo 0; }
all_there() { [ "$(there)" = "$(kept)" ]; }

# all_the_same NAME: the database has each record of each site once, as the site has it
all_the_same() {
	sql "SELECT agent || ' ' || seq || ' ' || id || ' ' || coalesce(device, '') || ' ' ||
		(SELECT count(*) FROM meters m WHERE m.agent = r.agent AND m.seq = r.seq)
		FROM readings r" | sort >"$tmp/there"
	cat "$tmp"/agent-*/records.jsonl | /usr/bin/python3 -c '
import json, sys
for l in sys.stdin:
    r = json.loads(l)
    print(r["agent"], r["seq"], r["id"], r.get("device", {}).get("id", ""), len(r.get("meters", [])))
' | sort >"$tmp/kept"
	diff "$tmp/kept" "$tmp/there" >"$tmp/diff"
	verdict "$1" $? "$(grep -c '^<' "$tmp/diff") missing, $(grep -c '^>' "$tmp/diff") too many: $(head -n 5 "$tmp/diff")"
}

# spools_clean NAME
spools_clean() {
	local ini bad=
	for ini in "$tmp"/agent-*/platen.ini "$tmp"/gate-*/platen.ini; do
		timeout 30 "$platen" spool -c "$ini" check >"$tmp/spool.out" 2>&1 ||
			bad+="$(basename "$(dirname "$ini")"): $(head -n 2 "$tmp/spool.out") "
	done
	verdict "$1" "$([ -z "$bad" ]; echo $?)" "$bad"
}
