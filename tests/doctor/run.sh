#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/doctor - each thing `platen doctor` looks at, in each state it can be in:
# said to be good, bad or unknown as it is, with a way to mend what is bad; in the
# table for people as in JSON.
source "$(dirname "$0")/../lib.sh"

net=127.31.0
captures=$root/plugins/hp-ews/captures
signed=$(free_port) tls=$(free_port) plain=$(free_port) user_port=$(free_port)
: >"$tmp/counts"

# ---- printers ----

# Copies of captures with what the doctor asks beside them.
prepare() { mkdir -p "$tmp/$1"; cp -r "$captures/$2/." "$tmp/$1/"; }
prepare set ledm-color-mfp
sed -i 's|<dd:PasswordStatus>notSet|<dd:PasswordStatus>set|' "$tmp/set/http/DevMgmt/ProductConfigDyn.xml"
sed -i 's|InternalPrintDyn|NetAppsDyn|g' "$tmp/set/http/DevMgmt/DiscoveryTree.xml"
cat >"$tmp/set/http/DevMgmt/NetAppsDyn.xml" <<XML
<nad:NetAppsDyn xmlns:nad="x" xmlns:dd="y"><nad:ProxyConfig><dd:ProxySupport>enabled</dd:ProxySupport>
<dd:ResourceURI>proxy.example</dd:ResourceURI><dd:Port>8080</dd:Port></nad:ProxyConfig></nad:NetAppsDyn>
XML
prepare unset ledm-color-mfp
prepare cdm cdm-color-laser
mkdir -p "$tmp/cdm/http/cdm/security/v1" "$tmp/cdm/http/cdm/network/v1"
echo '{"passwordSet":"false"}' >"$tmp/cdm/http/cdm/security/v1/deviceAdminConfig"
echo '{"httpProxy":{"enabled":"false"}}' >"$tmp/cdm/http/cdm/network/v1/proxyConfig"
prepare tank cdm-tank
snmp=$root/plugins/printer-mib/captures
for name in kyocera-color-mfp projector; do
	mkdir -p "$tmp/$name" && cp "$snmp/$name/"*.snmprec "$tmp/$name/"
done

# .1's certificate is signed by an authority, which the printers of the simulator have not.
# certificate NAME CN ARG...
certificate() {
	local name=$1 cn=$2
	shift 2
	openssl req -newkey rsa:2048 -nodes -days 30 -subj "/CN=$cn" -keyout "$tmp/$name.key" \
		-out "$tmp/$name.crt" "$@" >"$tmp/openssl" 2>&1
	cat "$tmp/$name.key" "$tmp/$name.crt" >"$tmp/$name.pem"
}
certificate authority "the site's authority" -x509
signed_start() {
	certificate $net.1 $net.1 -x509 -CA "$tmp/authority.crt" -CAkey "$tmp/authority.key" ||
		not_ok certificate "$(tail -n 1 "$tmp/openssl")"
	python3 "$here/../weblogin/web.py" "$tmp" "$signed" "$(free_port)" "$tmp/counts" \
		"$net.1=open:$tmp/set/http:x:x" >"$tmp/web.out" 2>"$tmp/web.err" &
	web=$!
	pids+=("$web")
	wait_until 10 grep -qs ready "$tmp/web.out" || not_ok web "$(tail -n 3 "$tmp/web.err")"
}
signed_start

# A printer that speaks SNMPv3: snmpd with a printer's serial number.
echo correct-horse >"$tmp/user"
echo wrong-horse >"$tmp/wrong"
chmod 600 "$tmp/user" "$tmp/wrong"
export MIBS= SNMP_PERSISTENT_DIR=$tmp/persist SNMPCONFPATH=$tmp
mkdir "$tmp/persist"
cat >"$tmp/snmpd.conf" <<CONF
agentAddress udp:$net.9:$user_port
createUser reader SHA correct-horse
rouser reader auth
override .1.3.6.1.2.1.43.5.1.1.17.1 octet_str "QX20417"
CONF
PATH=$PATH:/usr/sbin snmpd -f -C -c "$tmp/snmpd.conf" -Lf "$tmp/snmpd.log" -I -smux,snmp_mib >/dev/null 2>&1 &
pids+=($!)

for name in set unset cdm tank; do mkdir -p "$tmp/walks/$name"; cp "$tmp/$name"/*.snmprec "$tmp/walks/$name/"; done
sim_start --same --http-port "$plain" --https-port "$tls" --printer "$net.1=$tmp/walks/set" \
	--printer "$net.2=$tmp/unset" --fault tls-weak@$net.2 \
	--printer "$net.3=$tmp/cdm" --fault tls-expired@$net.3 \
	--printer "$net.4=$tmp/tank" --fault tls-old@$net.4 \
	--printer "$net.5=$tmp/kyocera-color-mfp" --fault v1-only@$net.5 \
	--printer "$net.7=$tmp/projector" --printer "$net.8=$tmp/unset" "$tmp/kyocera-color-mfp"

# ---- the dealer: servers that answer, do not take us, or are not there ----
cat >"$tmp/dealer.py" <<'PY'
import http.server, ssl, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(401 if "closed" in self.path else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H)
c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
c.load_cert_chain(sys.argv[2])
s.socket = c.wrap_socket(s.socket, server_side=True)
print("ready", flush=True)
s.serve_forever()
PY
certificate dealer localhost -x509 -addext subjectAltName=DNS:localhost
chmod 600 "$tmp/dealer.key"
dealer=$(free_port) nobody=$(free_port) udp=$(free_port) tcp=$(free_port)
python3 "$tmp/dealer.py" "$dealer" "$tmp/dealer.pem" >"$tmp/dealer.out" 2>&1 &
pids+=($!)
wait_until 10 grep -q ready "$tmp/dealer.out" || { not_ok dealer "$(tail -n 3 "$tmp/dealer.out")"; exit 1; }
echo 'secret' >"$tmp/token"
chmod 600 "$tmp/token"

# Its gateway, for the urgent frames.
ini "$tmp/gateway.ini" <<INI
[site]
state = $tmp/gateway
[gateway]
tcp = 127.0.0.1:$tcp
udp = 127.0.0.1:$udp
[sink file]
plugin = file
path = $tmp/dealer.jsonl
INI
mkdir -p "$tmp/state"
id=0194d2c0-1111-7abc-8def-00112233aabb
printf 'agent %s\npromised 1\n' $id >"$tmp/with-id"
run_platen "$tmp/keys" keys new -c "$tmp/gateway.ini" $id
grep -E '^[0-9]+:' "$tmp/keys" >"$tmp/seal"
chmod 600 "$tmp/seal"
"$platen" run -c "$tmp/gateway.ini" >"$tmp/gateway.log" 2>&1 </dev/null &
pids+=($!)
listening() { [ "$(grep -c 'takes uploads at' "$tmp/gateway.log")" -ge 2 ]; }
wait_until 20 listening || not_ok gateway "$(tail -n 3 "$tmp/gateway.log")"

# the_ini SANDBOX MAX-SIZE [PORTS [TLS]]
the_ini() {
	ini "$tmp/platen.ini" <<INI
[site]
state = $tmp/state
sandbox = $1
[discover]
ranges = $net.1, $net.3
rate = 1000
[spool]
max_size = $2
[snmp]
port = $port
timeout = 300ms
retries = 0
versions = 1, 2c, 3
communities = other, public
[snmpv3 reader]
match = $net.9:$user_port
user = reader
auth = sha
auth_password_file = $tmp/user
[http]
ports = ${3-https:$signed, https:$tls}
tls = ${4:-pin}
timeout = 5s
[sink main]
plugin = https
servers = https://localhost:$dealer/in, https://localhost:$dealer/closed, https://localhost:$nobody/
ca_file = $tmp/dealer.crt
token_file = $tmp/token
INI
}

# finding FILE ABOUT CHECK [TEXT]: "VERDICT | TEXT | MEND"
finding() {
	python3 - "$@" <<'PY'
import json, sys
file, about, check, *text = sys.argv[1:]
for line in open(file):
    f = json.loads(line)
    if f["about"] == about and f["check"] == check and (not text or text[0] in f["text"]):
        print(f["verdict"], "|", f["text"], "|", f.get("mend", ""))
PY
}
doctor() { # FILE TARGET...
	local out=$1
	shift
	run_platen "$out" doctor --json -c "$tmp/platen.ini" "$@"
}
# row NAME ABOUT CHECK WANTED: in $tmp/json
row() { check "$1" "$4" "$(finding "$tmp/json" "$2" "$3")"; }

# ---- how it answers, and what it tells of itself ----
the_ini auto 1m
doctor "$tmp/json" $net.1-$net.5 $net.6 $net.7 $net.9:$user_port
check findings-are-told 1 "$status"
row snmp-second-community $net.1 snmp "/^good \| answers version 2c, community 2 of 2/"
row snmp-version-1 $net.5 snmp "/^good \| answers version 1, community 2 of 2/"
row snmp-user $net.9 snmp "/^good \| answers version 3, user of \[snmpv3 reader\]/"
row snmp-silent $net.6 snmp "/^bad \| no answer \| .+/"
row no-printer $net.7 printer "/^bad \| answers SNMP, but is no printer \| leave/"
row pages $net.1 'web pages' "/^good \| answers at https:$signed, through no proxy/"
row pages-unknown $net.5 'web pages' "/^unknown/"
row certificate-good $net.1 certificate "/^good \| nothing is odd/"
row certificate-weak $net.2 certificate "/^bad \| self-signed certificate, 1024-bit RSA key \| .*longer key/"
row certificate-expired $net.3 certificate "/^bad \| self-signed certificate, expired 20[0-9-]+ \| .*new certificate/"
row certificate-old-protocol $net.4 certificate "/^bad \| .*TLSv1 \| .*TLS 1.2/"
row certificate-no-page $net.5 certificate "/^unknown \| no page came/"
row key-no-agent $net.1 key "/^unknown \| the agent knows none/"
row key-no-page $net.5 key "/^unknown \| no page came/"
row firmware $net.1 firmware "/^good \| 20240117/"
row firmware-unknown $net.9 firmware "/^unknown/"
row password-set $net.1 password "/^good \| an administrator.s password is set/"
row password-not-set $net.2 password "/^bad \| no administrator.s password is set \| set one/"
row password-not-set-cdm $net.3 password "/^bad \| no administrator/"
row password-unknown $net.4 password "/^unknown/"
row proxy-on $net.1 'web proxy' "/^good \| it uses a web proxy/"
row proxy-off $net.3 'web proxy' "/^good \| it uses none/"
row proxy-unknown $net.5 'web proxy' "/^unknown/"
row user-names-unknown $net.1 'user names' "/^unknown \| lists of jobs.* not read \| see its accounting/"
check no-password-tried "" "$(cat "$tmp/counts")"

sed -i "s|$tmp/user|$tmp/wrong|" "$tmp/platen.ini"
doctor "$tmp/json" $net.9:$user_port
row snmp-wrong-user $net.9 snmp "/^bad \| .* \| .+/"
the_ini auto 1m "http:$plain"
doctor "$tmp/json" $net.8
row certificate-without-tls $net.8 certificate "/^unknown \| its pages came without TLS \| .+/"
row key-without-tls $net.8 key "/^unknown \| its pages came without TLS/"
the_ini auto 1m "https:$tls" ca
doctor "$tmp/json" $net.8
row pages-not-believed $net.8 'web pages' "/^bad \| answers, but is not believed/"
row certificate-not-believed $net.8 certificate "/^bad \| not believed \(self-signed certificate\).* \| .+/"
the_ini auto 1m "https:$tls" any
doctor "$tmp/json" $net.8
row key-any $net.8 key "/^unknown \| not kept/"
row certificate-self-signed $net.8 certificate "/^bad \| self-signed certificate \| .*authority/"

# ---- keys: the agent's, while it runs and when it rests ----
the_ini auto 1m
run_platen "$tmp/no-id" doctor --json -c "$tmp/platen.ini"
check no-id "/servers.*unknown.*no id yet/" "$(cat "$tmp/no-id")"
cp "$tmp/with-id" "$tmp/state/agent.id"
touch "$tmp/agent.log"
sweeps() { grep -c "swept:" "$tmp/agent.log"; }
swept_since() { [ "$(sweeps)" -gt "$1" ]; }
run_agent() {
	local before
	before=$(sweeps)
	agent_start "$tmp/platen.ini"
	wait_until 20 swept_since "$before" || not_ok agent "$(tail -n 3 "$tmp/agent.log")"
}
key_is_kept() { grep -qs "^$net.$1 [^-]" "$tmp/state/pins"; }
last_key() { grep "^$net.$1 " "$tmp/state/pins" | tail -n 1; }
run_agent
wait_until 20 key_is_kept 1
doctor "$tmp/json" $net.1
row key-known $net.1 key "/^good \| the one the agent knows/"
before=$(last_key 1)
finish "$web"
signed_start
doctor "$tmp/json" $net.1
row key-changed-agent-runs $net.1 key "/^bad \| changed: .* \| .*platen forget $net.1$/"
row key-changed-pages $net.1 'web pages' "/^bad \| answers, but is not believed/"
row key-changed-certificate $net.1 certificate "/^unknown \| not looked at/"
row key-changed-password $net.1 password "/^unknown/"
kill -USR1 "$agent"
wait_until 10 agent_said "$net.1 shows another TLS key"
verdict agent-says-so $? "$(tail -n 2 "$tmp/agent.log")"
agent_stop
doctor "$tmp/json" $net.1
row key-changed-agent-rests $net.1 key "/^bad \| changed/"
run_platen "$tmp/read" read --json -c "$tmp/platen.ini" $net.1
check read-does-not-believe-it "/another key than before/" "$(cat "$tmp/read")"
mv "$tmp/state/pins" "$tmp/pins"
mkdir "$tmp/state/pins"
doctor "$tmp/json" $net.1
rmdir "$tmp/state/pins"
mv "$tmp/pins" "$tmp/state/pins"
row keys-unreadable $net.1 key "/^unknown \| the keys .* cannot be read/"

# ---- forgetting it: while the agent runs, and when it rests ----
run_agent
swept=$(sweeps)
run_platen "$tmp/forget" forget -c "$tmp/platen.ini" $net.1
check forget "0 $net.1: forgotten at once, or when the agent starts" "$status $(cat "$tmp/forget")"
wait_until 20 agent_said "$net.1 .*what was learned of it is forgotten"
wait_until 20 swept_since "$swept"
kill -USR1 "$agent"
new_key() { [[ $(last_key 1) =~ [^-]$ ]] && [ "$(last_key 1)" != "$before" ]; }
wait_until 10 new_key
verdict forget-takes-the-new-key $? "$(tail -n 3 "$tmp/agent.log")"
doctor "$tmp/json" $net.1
row forgotten-key-known $net.1 key "/^good \| the one the agent knows/"
check forget-is-done "" "$(ls "$tmp/state" | grep forget)"
check forget-nobody-else 1 "$(grep -c 'what was learned of it is forgotten' "$tmp/agent.log")"
agent_stop
before=$(last_key 1)
finish "$web"
signed_start
run_platen "$tmp/forget" forget -c "$tmp/platen.ini" $net.1
doctor "$tmp/json" $net.1
row forget-at-rest $net.1 key "/^unknown \| the agent knows none/"
run_agent
kill -USR1 "$agent"
wait_until 20 new_key
verdict forget-at-the-start $? "$(tail -n 3 "$tmp/agent.log")"
agent_stop
run_platen "$tmp/forget" forget -c "$tmp/platen.ini" printer.example
check forget-no-address "/^2 .*is no address/" "$status $(cat "$tmp/forget.err")"

# ---- the site ----
cat >>"$tmp/platen.ini" <<INI
[sink emergency]
plugin = udp
servers = udp://127.0.0.1:$udp, udp://127.0.0.1:$nobody, tcp://127.0.0.1:$tcp, tcp://127.0.0.1:$nobody
seal_key_file = $tmp/seal
INI
doctor "$tmp/site"
site() { check "$1" "$4" "$(finding "$tmp/site" "$2" "$3" "${5:-}")"; }
site clock site clock "/^(good|unknown) \| 20/"
site disk site disk "/^good \| .* MB left/"
site state site state "/^good/"
under_sanitizer || site jail site jail "/^(good|bad) \|/"
site server-answers 'sink main' server "/^good \| .*directly: answers/" /in
site server-refuses 'sink main' server "/^bad \| .*does not take us \(401\) \| .*token_file/" /closed
site server-not-there 'sink main' server "/^bad \| .*directly: Failed to connect .* \| .*firewall/" ":$nobody"
site udp-answers 'sink emergency' server "/^good \| udp:.*: answers/" "udp://127.0.0.1:$udp"
site udp-not-there 'sink emergency' server "/^bad \| udp:.*directly: .+ \| see that the dealer listens.*firewall pass it$/" "udp://127.0.0.1:$nobody"
site tcp-answers 'sink emergency' server "/^good \| tcp:.*: answers/" "tcp://127.0.0.1:$tcp"
site tcp-not-there 'sink emergency' server "/^bad \| tcp:.*directly: .+ \| .*firewall/" "tcp://127.0.0.1:$nobody"
cp "$tmp/site" "$tmp/site.first"
the_ini off 64g
sed -i "s|^ca_file|proxy = http://127.0.0.1:$nobody\n&|" "$tmp/platen.ini"
doctor "$tmp/site"
site jail-off site jail "/^bad \| plugins are not jailed/"
site server-by-proxy 'sink main' server "/^bad \| .*by the proxy: .+ \| correct proxy/" "/in by the proxy"
site server-around-proxy 'sink main' server "/^good \| .*directly: answers/" "/in directly"
site server-proxy-needed 'sink main' server "/^good \| .*; the proxy is needed/" ":$nobody/ directly"
left=$(($(df --output=avail -k "$tmp" | tail -n 1) / 1048576))
[ $left -ge 64 ] || site disk-small site disk "/^bad/"
sed -i "s|^sandbox = off|sandbox = auto|; s|^ca_file = .*|ca_file = $tmp/authority.crt|; /^proxy/d" "$tmp/platen.ini"
sed -i "s|^state = .*|state = $tmp/nowhere|" "$tmp/platen.ini"
doctor "$tmp/site"
site no-state site state "/^bad \| .*No such file/"
site no-disk site disk "/^bad \| .*No such file/"
sed -i "s|^state = .*|state = $tmp/state|" "$tmp/platen.ini"
doctor "$tmp/site"
site server-wrong-certificate 'sink main' server "/^bad \| .*certificate/" /in

# ---- for people: the same findings, one line each, with the way to mend it below ----
the_ini auto 1m
doctor "$tmp/json" $net.1-$net.8 $net.9:$user_port
run_platen "$tmp/table" doctor -c "$tmp/platen.ini" $net.1-$net.8 $net.9:$user_port
said=$(python3 "$here/table.py" "$tmp/table" "$tmp/json" 2>&1)
verdict table $? "$said"
sim_stop
exit $failed
