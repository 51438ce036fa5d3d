#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/emergency - bad days: the server of the https sink is silent, then UDP is blocked, too,
# then all is back.  A gateway, two agents and simulated printers; all that goes between is
# passed on by relays that record it.
. "$(dirname "$0")/../lib.sh"

one=0194d2c0-1111-7abc-8def-00112233aabb two=0194d2c0-2222-7abc-8def-00112233aabb
printers=3
export PYTHONDONTWRITEBYTECODE=1
py() { /usr/bin/python3 "$@"; }

# ---- the parts ----

captures=$(own_printers | head -n $printers)
port=
mapfile -t captures <<<"$captures"
sim_start --listen 127.62.0.1-127.62.0.$printers --unique "${captures[@]}"

for p in g_https g_http g_tcp g_udp main emergency_udp emergency_tcp sealed; do
	declare "$p=$(free_port)"
done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=gateway \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$tmp/tls.key" -out "$tmp/tls.pem" 2>/dev/null
chmod 600 "$tmp/tls.key"

# start NAME INI: `platen run`; what it says is in $tmp/NAME.log; sets $started
start() {
	"$platen" run -c "$2" >>"$tmp/$1.log" 2>&1 </dev/null &
	started=$!
	pids+=("$started")
}
said() { grep -qE -- "$2" "$tmp/$1.log"; }

# relay NAME KIND LISTEN TARGET: its record is $tmp/NAME.record; sets $started
relay() {
	: >"$tmp/$1.ready"
	/usr/bin/python3 "$here/relay.py" "$2" "$3" "$4" "$tmp/$1.record" >"$tmp/$1.ready" \
		2>"$tmp/$1.err" &
	started=$!
	pids+=("$started")
	touch "$tmp/$1.record"
	wait_until 10 grep -q ready "$tmp/$1.ready" || not_ok "relay-$1" "$(tail -n 2 "$tmp/$1.err")"
}

ini "$tmp/gateway.ini" <<INI
[site]
state = $tmp/gateway
[gateway]
https = 127.0.0.1:$g_https
http = 127.0.0.1:$g_http
tcp = 127.0.0.1:$g_tcp
udp = 127.0.0.1:$g_udp
cert_file = $tmp/tls.pem
key_file = $tmp/tls.key
requests = 10000
[sink file]
plugin = file
every = 50ms
path = $tmp/dealer.jsonl
INI

# key AGENT NAME: its token and seal key are in $tmp/NAME.token and $tmp/NAME.seal
key() {
	run_platen "$tmp/$2.keys" keys new -c "$tmp/gateway.ini" "$1"
	grep -E '^[^ :]{40,}$' "$tmp/$2.keys" >"$tmp/$2.token"
	grep -E '^[0-9]+:' "$tmp/$2.keys" >"$tmp/$2.seal"
	chmod 600 "$tmp/$2.token" "$tmp/$2.seal"
	mkdir -p "$tmp/$2"
	printf 'agent %s\npromised 1\n' "$1" >"$tmp/$2/agent.id"
}
key $one one
key $two two

# agent_ini NAME: what both agents have
agent_ini() {
	cat <<INI
[site]
customer = C-4711
name = head-office
state = $tmp/$1
[discover]
ranges = 127.62.0.1-127.62.0.$printers
rate = 2000
[snmp]
port = $port
timeout = 300ms
[http]
ports =
[schedule]
every = 1s
INI
}
{
	agent_ini one
	cat <<INI
[sink main]
plugin = https
servers = https://127.0.0.1:$main/upload
ca_file = $tmp/tls.pem
token_file = $tmp/one.token
timeout = 2s
every = 50ms
retry_min = 300ms
retry_max = 1s
[sink emergency]
plugin = udp
servers = udp://127.0.0.1:$emergency_udp, tcp://127.0.0.1:$emergency_tcp
seal_key_file = $tmp/one.seal
transcript = $tmp/transcript
after = main 2s
every = 50ms
retry_min = 300ms
retry_max = 1s
INI
} | ini "$tmp/one.ini"

start gateway "$tmp/gateway.ini"
gateway=$started
listening() { [ "$(grep -c 'takes uploads at' "$tmp/gateway.log")" -ge "$1" ]; }
wait_until 20 listening 4 || not_ok gateway-listens "$(tail -n 3 "$tmp/gateway.log")"
relay main hole "$main" 0
hole=$started
relay udp udp "$emergency_udp" "$g_udp"
udp=$started
relay tcp tcp "$emergency_tcp" "$g_tcp"
relay sealed tcp "$sealed" "$g_http"
touch "$tmp/dealer.jsonl" "$tmp/two.log"

# rows AGENT: sets $readings $urgent $highest $known of what the dealer has of it
rows() { read -r readings urgent highest known < <(py "$here/rows.py" "$tmp/dealer.jsonl" "$1"); }
all_known() { rows $one && [ "$known" = $printers ]; }
higher_than() { rows $one && [ "$highest" -gt "$1" ]; }
has_readings() { rows "$1" && [ "$readings" -ge "$2" ]; }
size() { stat -c %s "$tmp/$1.record"; }
# state: what the agent's standby does, in a word
state() {
	"$platen" spool status -c "$tmp/one.ini" --json 2>/dev/null |
		sed -n 's/.*"sink":"emergency".*"state":"\([a-z]*\)".*/\1/p'
}
is_state() { [ "$(state)" = "$1" ]; }

# ---- what is wrong in the INI is told ----

echo '7:too-short' >"$tmp/bad.seal"
chmod 600 "$tmp/bad.seal"
ini "$tmp/bad.ini" <<INI
[site]
state = $tmp/bad
[sink main]
plugin = file
path = $tmp/bad.jsonl
[sink emergency]
plugin = udp
servers = udp://dealer.example:9100, http://dealer.example/, tcp://dealer.example
seal_key_file = $tmp/bad.seal
after = main 10m
[sink unsealed]
plugin = udp
servers = udp://dealer.example:1202
INI
run_platen "$tmp/faults" check -c "$tmp/bad.ini"
check faults-status 1 "$status"
for fault in 'emergency] servers: nothing is ever sent to port 9100' \
	'emergency] servers: http://dealer.example/ is neither udp:// nor tcp://' \
	'emergency] servers: tcp://dealer.example names no port' \
	'emergency] seal_key_file: .*bad.seal holds no 32 bytes' \
	'unsealed] seal_key_file: must be set: what leaves here is always sealed'; do
	grep -qE "$fault" "$tmp/faults" "$tmp/faults.err" || not_ok faults-told "not told: $fault"
done

# ---- the server is silent ----

began=$SECONDS
start one "$tmp/one.ini"
agent=$started
wait_until 62 all_known
verdict udp-facts-within-after-and-60s $? "$known of $printers printers after $((SECONDS - began)) s: \
$(tail -n 3 "$tmp/one.log")"
echo "# by UDP $((SECONDS - began)) s after the start"
check udp-was-the-way '/^[1-9]/' "$(size udp)"
check udp-and-no-other 0 "$(size tcp)"
check udp-is-said '/sink main: has not delivered for 2s, sink emergency takes over/' "$(cat "$tmp/one.log")"
wait_until 10 is_state delivers
check udp-status-in-a-word delivers "$(state)"
rows $one
check udp-no-reading-yet 0 "$readings"

# The customer can read what left: the facts, for a hash.
grep -m 1 'udp://' "$tmp/transcript" | py -c 'import base64, json, sys
line = json.loads(sys.stdin.read())
facts = json.loads(base64.b64decode(line["body"]))
sys.exit(not (line["head"].startswith("printer ") and facts["meters"][0]["name"] == "total"))'
verdict udp-transcript $? "$(head -n 1 "$tmp/transcript")"

# ---- UDP is blocked, too ----

finish "$udp"
cp "$tmp/udp.record" "$tmp/replay.record"
relay udp drop "$emergency_udp" 0
udp=$started
rows $one
began=$SECONDS before=$highest
wait_until 60 higher_than "$((before + printers))"
verdict tcp-facts-within-60s $? "nothing behind $before: $(tail -n 3 "$tmp/one.log")"
echo "# by TCP $((SECONDS - began)) s after UDP was blocked"
check tcp-was-the-way '/^[1-9]/' "$(size tcp)"
check tcp-is-said '/tcp:.* takes urgent facts while those before it do not/' "$(cat "$tmp/one.log")"

# sizes: the largest datagram from the agent, and the largest to it
sizes() {
	py -c 'import sys
data, at, most = open(sys.argv[1], "rb").read(), 0, [0, 0]
while at < len(data):
    n = int.from_bytes(data[at:at + 4], "big")
    answer = data[at + 7] == 4
    most[answer] = max(most[answer], n)
    at += 4 + n
print(*most)' "$tmp/replay.record"
}
read -r most_out most_in < <(sizes)
[ "$most_out" -gt 192 ] && [ "$most_out" -le 1200 ] && [ "$most_in" -le 192 ]
verdict datagrams-are-small $? "$most_out bytes out, $most_in in"

# ---- what was recorded is said again ----

lines() { wc -l <"$tmp/dealer.jsonl"; }
urgent_lines() { grep -c '"platen.urgent/1"' "$tmp/dealer.jsonl"; }
# to the gateway that saw it; every row of it is there already
check replay-is-not-answered 0 "$(py "$here/relay.py" replay 0 "$g_udp" "$tmp/replay.record")"
said gateway 'has been here before and is dropped' || not_ok replay-is-said "$(tail -n 3 "$tmp/gateway.log")"

# ---- the server is back ----

finish "$hole"
relay main tcp "$main" "$g_https"
back=$started
wait_until 40 is_state standby
verdict back-standby $? "$(state): $(tail -n 3 "$tmp/one.log")"
said one 'sink main: delivers, sink emergency stands by' || not_ok back-is-said "$(tail -n 3 "$tmp/one.log")"
before=$(urgent_lines)
has_readings $one 1
wait_until 20 has_readings $one $((highest + 2 * printers))
verdict back-records-arrive $? "$readings readings: $(tail -n 3 "$tmp/one.log")"
check back-no-more-urgent-facts "$before" "$(urgent_lines)"
finish "$agent"
check agent-ended-well 0 "$status"
cursor=$("$platen" spool status -c "$tmp/one.ini" --json | sed -n 's/.*"sink":"main".*"cursor":\([0-9]*\).*/\1/p')
complete() { [ -z "$(py "$here/rows.py" "$tmp/dealer.jsonl" $one "$cursor")" ]; }
wait_until 5 complete
check back-everything-once '' "$(py "$here/rows.py" "$tmp/dealer.jsonl" $one "$cursor" | head -n 3)"
run_platen "$tmp/check" spool check -c "$tmp/one.ini"
check agent-spool-is-sound 0 "$status"

# ---- http:// with sealed batches ----

# sealed_ini SEALFILE
sealed_ini() {
	{
		agent_ini two
		cat <<INI
[sink main]
plugin = https
servers = http://127.0.0.1:$sealed/upload
seal_key_file = $1
every = 300ms
retry_min = 300ms
retry_max = 1s
INI
	} | ini "$tmp/two.ini"
}
sed 's/:.*/:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/' "$tmp/two.seal" >"$tmp/wrong.seal"
chmod 600 "$tmp/wrong.seal"
sealed_ini "$tmp/wrong.seal"
start two "$tmp/two.ini"
two_says() { said two 'does not know the seal key'; }
wait_until 20 two_says
verdict wrong-key-is-said-by-the-agent $? "$(tail -n 3 "$tmp/two.log")"
finish "$started"
gateway_says() { said gateway "http: what 127.0.0.1 sent for agent $two .*another key"; }
gateway_says
verdict wrong-key-is-said-by-the-gateway $? "$(grep sent "$tmp/gateway.log" | tail -n 3)"
sealed_ini "$tmp/two.seal"
start two "$tmp/two.ini"
agent=$started
wait_until 30 has_readings $two $((3 * printers))
verdict sealed-http-carries-records $? "$readings readings: $(tail -n 3 "$tmp/two.log")"

# The process that seals is killed: the next one counts on, and is believed.
blocks() { sed -n 's/block //p' "$tmp/two/seal.counter"; }
before=$(blocks)
for p in $(family "$agent"); do
	[ "$(role_of "$p")" != platen-wan ] || kill -KILL "$p"
done
has_readings $two 0
wait_until 30 has_readings $two $((readings + 2 * printers))
verdict killed-wan-goes-on $? "$readings readings: $(tail -n 3 "$tmp/two.log")"
[ "$(blocks)" -gt "$before" ]
verdict killed-wan-counts-on $? "block $before, then $(blocks)"

# The gateway begins anew: the agent is asked for its session and goes on; old datagrams are worth
# nothing there either.
before=$(urgent_lines)
finish "$gateway" KILL
start gateway "$tmp/gateway.ini"
gateway=$started
wait_until 20 listening 8
check restart-replay-brings-nothing "$before" \
	"$(py "$here/relay.py" replay 0 "$g_udp" "$tmp/replay.record" >/dev/null; sleep 0.5; urgent_lines)"
has_readings $two 0
wait_until 30 has_readings $two $((readings + 2 * printers))
verdict restart-agent-goes-on $? "$readings readings: $(tail -n 3 "$tmp/two.log")"
finish "$agent"
cursor=$("$platen" spool status -c "$tmp/two.ini" --json | sed -n 's/.*"sink":"main".*"cursor":\([0-9]*\).*/\1/p')
two_complete() { [ -z "$(py "$here/rows.py" "$tmp/dealer.jsonl" $two "$cursor")" ]; }
wait_until 5 two_complete
check sealed-http-everything-once '' "$(py "$here/rows.py" "$tmp/dealer.jsonl" $two "$cursor" | head -n 3)"

finish "$gateway"
check gateway-ended-well 0 "$status"

# ---- nothing of it can be read on the way ----

records=("$tmp"/*.record)
awk '{ print $3 }' "$tmp/printers" | grep -v '^ready' | sort -u >"$tmp/secrets"
check search-has-serials '/^[1-9]/' "$(grep -c . "$tmp/secrets")"
check search-would-find $printers "$(grep -oFf "$tmp/secrets" "$tmp/dealer.jsonl" | sort -u | wc -l)"
{
	cat "$tmp/secrets" "$tmp/one.token" "$tmp/two.token"
	printf '%s\n' C-4711 head-office platen.reading platen.urgent 127.62.0. impressions toner
	sed 's/^[0-9]*://' "$tmp/one.seal" "$tmp/two.seal"
} >"$tmp/all-secrets"
check nothing-in-clear '' "$(grep -aoFf "$tmp/all-secrets" "${records[@]}" | sort | uniq -c | head -n 5)"
exit $failed
