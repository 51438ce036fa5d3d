#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/postgres - the sink postgres on a PostgreSQL of its own: what is in the database, once,
# whoever dies meanwhile, and what the sink's jail leaves it.
source "$(dirname "$0")/../lib.sh"
source "$root/tests/sinks/lib.sh"
source "$root/tests/sinks/pg.sh"

pg_make || { skip postgres "there is no PostgreSQL server here"; exit 0; }
pg_start || { not_ok postgres-started "$(tail -n 3 "$tmp/pg.log")"; exit 1; }
sql() { pg "$1"; }
fresh() { pg "DROP SCHEMA public CASCADE" "CREATE SCHEMA public"; }
sink_ini "$tmp/sink.ini" "plugin = postgres" "url = $pg_url"

check_once
check_bad
check_billing
check_urgent
check_host_killed

# ---- the server's own troubles ----

# A schema of before is brought up to date, by two that come at the same time, once.
fresh
pg "$(<"$root/sdk/schema/1.sql")" "INSERT INTO schema_version (version) VALUES (1)" \
	"INSERT INTO readings VALUES ('0000000f-0000-4000-8000-000000000000', 1,
	'01900000-0000-7000-8000-000000000001', '2026-01-01T00:00:00Z', '2026-01', 'C', NULL, 'old',
	'idle', NULL, 0, '{}')"
for i in 1 2; do
	timeout 30 "$drive" "$tmp/sink.ini" "$tmp/once" 50 >"$tmp/both.$i" 2>&1 &
	both[i]=$!
done
wait "${both[@]}"
check migrated "601|3|1" "$(count readings)|$(sql "SELECT count(*) FROM schema_version")|$(sql "SELECT count(*) FROM readings WHERE device = 'old'")"
check both "/sent 600 rejected 0.*sent 600 rejected 0/" "$(cat "$tmp"/both.* | tr '\n' ' ')"
check migrated-views "/[1-9]/" "$(count billing)"
pg "INSERT INTO schema_version (version) VALUES (99)"
head -n 1 "$tmp/bad" >"$tmp/one"
timeout 3 "$drive" "$tmp/sink.ini" "$tmp/one" 1 >"$tmp/newer" 2>&1
check newer-refused "/has schema version 99 and this platen knows 3: a newer platen made it/" "$(<"$tmp/newer")"
check newer-untouched 601 "$(count readings)"

# Only the server knows that it cannot take a record: found by halving, refused alone.
fresh
deliver "$tmp/one"
pg "ALTER TABLE meters ADD CHECK (value <> 4242)"
sed 's/"value": *[0-9]*/"value":4242/' "$tmp/one" | sed 's/"seq": 1/"seq": 77/; s/000000000001"/000000000077"/' >"$tmp/unwanted"
{ head -n 300 "$tmp/once"; cat "$tmp/unwanted"; tail -n 300 "$tmp/once"; } >"$tmp/mixed"
deliver "$tmp/mixed" 500
check server-refuses "/rejected 301 the database cannot take it: .*meters_value_check.*sent 600 rejected 1/" "$(tr '\n' ' ' <<<"$said")"
check server-refuses-one 601 "$(count readings)"

# Two gateways bring the same records, backwards and forwards, twice each, at the same time.
fresh
tac "$tmp/many" >"$tmp/ynam"
for i in 1 2 3 4; do
	case $i in 1 | 3) file=$tmp/many ;; *) file=$tmp/ynam ;; esac
	timeout 100 "$drive" "$tmp/sink.ini" "$file" $((i * 60)) >"$tmp/race.$i" 2>"$tmp/race.$i.err" &
	race[i]=$!
done
wait "${race[@]}"
check gateways-all "4" "$(cat "$tmp"/race.? | grep -c '^sent 4000 rejected 0')"
check gateways-once "4000|20000|16000|200" "$(count readings)|$(count meters)|$(count supplies)|$(count devices)"

# SIGKILL to the whole server, again and again, in the middle.
fresh
timeout 100 "$drive" "$tmp/sink.ini" "$tmp/many" 20 >"$tmp/power" 2>"$tmp/power.err" &
pid=$!
pids+=("$pid")
for _ in 1 2 3; do
	sleep 0.5
	pg_kill
	pg_start
done
wait "$pid"
check power-told "/sent 4000 rejected 0 batches [0-9]+ again [1-9]/" "$(<"$tmp/power")"
check power-once "4000|20000|16000" "$(count readings)|$(count meters)|$(count supplies)"

# A deadlock and a session that is ended are tried again.
fresh
deliver "$tmp/one"
timeout 60 "$drive" "$tmp/sink.ini" "$tmp/many" 20 >"$tmp/ended" 2>"$tmp/ended.err" &
pid=$!
for _ in 1 2 3 4 5 6; do
	sleep 0.15
	pg "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'platen'" >/dev/null
done
wait "$pid"
check ended-told "/sent 4000 rejected 0/" "$(<"$tmp/ended")"
check ended-once "4001|20001" "$(count readings)|$(count meters)"
pg "ALTER DATABASE platen SET default_transaction_read_only = on"
timeout 2 "$drive" "$tmp/sink.ini" "$tmp/once" 100 >"$tmp/ro" 2>&1
check read-only "/records are left for later: cannot execute .* in a read-only transaction/" "$(<"$tmp/ro")"
pg "ALTER DATABASE platen RESET default_transaction_read_only"
pg "ALTER DATABASE platen SET default_transaction_isolation = 'serializable'"
for i in 1 2; do
	timeout 60 "$drive" "$tmp/sink.ini" "$tmp/once" 30 >"$tmp/serial.$i" 2>&1 &
	both[i]=$!
done
wait "${both[@]}"
check serializable "/sent 600 rejected 0.*sent 600 rejected 0/" "$(cat "$tmp"/serial.* | tr '\n' ' ')"
pg "ALTER DATABASE platen RESET default_transaction_isolation"

# ---- passwords and certificates ----

pg "CREATE ROLE dealer LOGIN PASSWORD 'correct horse'" "GRANT ALL ON DATABASE platen TO dealer" \
	"GRANT ALL ON SCHEMA public TO dealer" "GRANT ALL ON ALL TABLES IN SCHEMA public TO dealer"
pg_stop
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout "$tmp/other.key" \
	-out "$tmp/other.pem" 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -keyout "$pg_dir/server.key" -out "$pg_dir/server.pem" 2>/dev/null
chmod 600 "$pg_dir/server.key"
[ "$(id -u)" != 0 ] || chown "$pg_user" "$pg_dir/server.key" "$pg_dir/server.pem"
cp "$pg_dir/server.pem" "$tmp/ca.pem"
cat >"$pg_dir/data/pg_hba.conf" <<HBA
host all platen 127.0.0.1/32 trust
hostssl all dealer 127.0.0.1/32 scram-sha-256
hostssl all dealer ::1/128 scram-sha-256
HBA
pg_start -c ssl=on -c ssl_cert_file="$pg_dir/server.pem" -c ssl_key_file="$pg_dir/server.key"
umask 077
echo 'correct horse' >"$tmp/password"
echo 'wrong horse' >"$tmp/wrong"
umask 022
tls="postgresql://dealer@localhost:$pg_port/platen?hostaddr=127.0.0.1&sslmode=verify-full"

# with NAME WANTED SECONDS LINE...: one record, by these options
with() {
	local name=$1 wanted=$2 seconds=$3
	shift 3
	sink_ini "$tmp/$name.ini" "plugin = postgres" "$@"
	timeout "$seconds" "$drive" "$tmp/$name.ini" "$tmp/first" 1 >"$tmp/$name.out" 2>&1
	check "$name" "/$wanted/" "$(tr '\n' ' ' <"$tmp/$name.out")"
}

parallel 5 tls with tls "sent 1 rejected 0" 20 "url = $tls" "password_file = $tmp/password" "ca_file = $tmp/ca.pem"
parallel 5 tls-wrong-ca with tls-wrong-ca "left for later: .*certificate verify failed" 2 "url = $tls" \
	"password_file = $tmp/password" "ca_file = $tmp/other.pem"
parallel 5 tls-unknown-ca with tls-unknown-ca "left for later: .*certificate verify failed" 2 "url = $tls" "password_file = $tmp/password"
parallel 5 tls-wrong-name with tls-wrong-name 'left for later: .*server certificate for "localhost" does not match host name "db.example.com"' 2 \
	"url = ${tls/@localhost/@db.example.com}" "password_file = $tmp/password" "ca_file = $tmp/ca.pem"
parallel 5 tls-by-itself with tls-by-itself "left for later: .*(certificate verify failed|does not match host name)" 2 \
	"url = postgresql://dealer@db.example.com:$pg_port/platen?hostaddr=127.0.0.1" "password_file = $tmp/password"
parallel 5 wrong-password with wrong-password 'left for later: .*password authentication failed for user "dealer"' 2 "url = $tls" \
	"password_file = $tmp/wrong" "ca_file = $tmp/ca.pem"
parallel 5 no-password with no-password "left for later: .*no password supplied" 2 "url = $tls" "ca_file = $tmp/ca.pem"
parallel 5 url-password with url-password "url holds a password; write it into a file" 2 \
	"url = postgresql://dealer:secret@localhost/platen"
parallel 5 url-nonsense with url-nonsense "url is none of PostgreSQL" 2 "url = http://localhost/"
parallel 5 server-away with server-away "left for later: .*Connection refused" 2 "url = postgresql://platen@127.0.0.1:1/platen"
chmod 644 "$tmp/wrong"
parallel 5 open-password with open-password "wrong is open to others; chmod 600" 2 "url = $tls" "password_file = $tmp/wrong"
parallel_end

# The password is seen nowhere while it is in use.
timeout 20 "$drive" "$tmp/tls.ini" "$tmp/many" 10 >"$tmp/secret" 2>&1 &
pid=$!
sleep 0.7
for p in $(family "$pid"); do cat "/proc/$p/cmdline" "/proc/$p/environ"; done >"$tmp/seen" 2>/dev/null
wait "$pid"
check password-used "/sent 4000/" "$(<"$tmp/secret")"
check password-unseen "" "$(grep -a 'correct horse' "$tmp/seen" "$tmp/secret" "$tmp"/*.out "$tmp"/*.err)"
verdict password-looked $(($(wc -c <"$tmp/seen") < 20)) "no process was looked at"

# ---- what it is granted ----

parallel 5 jail-sockets try_nosy sockets "" "reads passwd: no .*reads hosts: yes .*reads its neighbour: no .*lives: yes" "url = $pg_url"
parallel 5 jail-sockets-exec try_nosy sockets-exec exec "killed by SIGSYS" "url = $pg_url"
parallel 5 jail-sockets-fork try_nosy sockets-fork fork "killed by SIGSYS" "url = $pg_url"
parallel 5 jail-sockets-listen try_nosy sockets-listen listen "killed by SIGSYS" "url = $pg_url"
parallel 5 jail-sockets-write try_nosy sockets-write create "killed by SIGSYS" "url = $pg_url"
parallel_end
pg_stop
exit $failed
