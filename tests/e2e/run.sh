#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/e2e - from printers to the dealer's database, with real parts: agent, squid with a
# password, nginx with TLS, two gateways, PostgreSQL.  Each of them is away for a while; in the
# end every record of the site is in the database once, and nobody on the way could read it.
source "$(dirname "$0")/../lib.sh"
source "$here/parts.sh"

missing=$(parts_needed)
[ -z "$missing" ] || { skip e2e "$missing"; exit 0; }
ports=($(for _ in 1 2 3 4; do free_port; done))
front=${ports[0]} proxy=${ports[1]} gates="${ports[2]} ${ports[3]}"

pki_make
pg_make && pg_start || { not_ok postgres "$(tail -n 3 "$tmp/pg.log")"; exit 1; }
squid_start || { not_ok squid "$(tail -n 3 "$squid/basic/err")"; exit 1; }
nginx_start || { not_ok nginx "$(tail -n 3 "$tmp/nginx.err")"; exit 1; }
for n in 1 2; do gateway_make $n "${ports[n + 1]}"; done
range=127.27.0.1-127.27.0.6
sim_start --listen "$range" --unique --grow 600 $(own_printers | head -n 6)
for n in 1 2; do agent_make $n "$range"; done
for n in 1 2; do gateway_start $n || { not_ok "gateway-$n" "$(tail -n 3 "$tmp/gate-$n/log")"; exit 1; }; done
"$here/sniff.py" "$tmp/wire" $front $proxy $gates 2>"$tmp/sniff.err" &
sniff=$!
pids+=("$sniff")

more_there() { [ "$(there)" -ge "$1" ]; }
# goes_on NAME: new records arrive
goes_on() {
	wait_until 30 more_there $(($(there) + 1))
	verdict "$1" $? "no record arrives any more: $(tail -n 2 "$tmp/agent-1/log" "$tmp/gate-2/log")"
}
for n in 1 2; do platen_start "$tmp/agent-$n"; done
wait_until 30 more_there 12
verdict arrives $? "$(there) records: $(tail -n 3 "$tmp/agent-1/log" "$tmp/gate-1/log")"

# Everybody on the way is away for a while.
finish "$(<"$tmp/gate-1/pid")" KILL
goes_on by-the-other-gateway
pg_kill
gateway_start 1
finish "$squid_pid" KILL
pg_start
sleep 1
squid_start
goes_on after-squid-and-postgres
nginx_conf old && nginx_again
sleep 2
nginx_conf good && nginx_again
goes_on after-old-certificate
nginx_conf foreign && nginx_again
sleep 2
nginx_conf good 'return 503;' && nginx_again
sleep 1
nginx_conf good && nginx_again
goes_on after-foreign-certificate
check told-old "/certificate has expired/" "$(cat "$tmp"/agent-*/log)"
check told-foreign "/unable to get local issuer certificate/" "$(cat "$tmp"/agent-*/log)"
finish "$(<"$tmp/agent-2/pid")" KILL
platen_start "$tmp/agent-2"
goes_on after-agent

# No more readings; what is kept at the sites arrives.
finish "$sim"
sleep 1
wait_until 40 all_there
verdict all-there $? "$(there) of $(kept): $(tail -n 3 "$tmp/agent-1/log" "$tmp/gate-1/log")"
for n in 1 2; do
	finish "$(<"$tmp/agent-$n/pid")"
	check "agent-$n-ends" 0 "$status"
	finish "$(<"$tmp/gate-$n/pid")"
	check "gateway-$n-ends" 0 "$status"
done
# squid tells of a tunnel when it is closed.
check by-proxy "/CONNECT localhost:$front .*dealer/" "$(grep dealer "$squid/basic/access.log")"
all_the_same once
spools_clean spools
echo "# $(kept) records of 2 agents, by way of 2 gateways"
check billing "/^[1-9]/" "$(sql "SELECT count(*) FROM billing WHERE meter = 'total' AND pages > 0 AND resets = 0")"
check billing-never-negative 0 "$(sql "SELECT count(*) FROM billing WHERE pages < 0")"
# Both agents read the same printers: each is one device.
check devices "$(grep -c '^127\.27\.' "$tmp/printers")" "$(sql "SELECT count(*) FROM devices")"

# ---- who listened on the way ----

finish "$sniff"
if [ -s "$tmp/wire" ]; then
	check wire-heard "/CONNECT localhost:$front/" "$(strings -n 8 "$tmp/wire" | grep -m 1 CONNECT)"
	{
		echo SECRET-CUSTOMER-4711
		cat "$tmp"/agent-*/token
		sql "SELECT serial FROM devices WHERE serial IS NOT NULL"
		cat "$tmp"/agent-*/id
	} >"$tmp/secrets"
	check wire-secrets "" "$(grep -aoFf "$tmp/secrets" "$tmp/wire" | sort | uniq -c | head -n 5)"
	verdict wire-looked-for $(($(wc -l <"$tmp/secrets") < 8)) "only $(wc -l <"$tmp/secrets") secrets"
else
	skip wire "the wire cannot be listened to here: $(tail -n 1 "$tmp/sniff.err")"
fi
pg_stop
exit $failed
