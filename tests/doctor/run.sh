#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/doctor - each thing `platen doctor` looks at, in each state it can be in:
# said to be good, bad or unknown as it is, with a way to mend what is bad.
source "$(dirname "$0")/../lib.sh"

net=127.31.0
captures=$root/plugins/hp-ews/captures
web=$(free_port)
plain=$(free_port)
: >"$tmp/counts"

# certificate NAME BITS FROM UNTIL: self-signed, valid between two times of openssl
certificate() {
	openssl req -x509 -newkey "rsa:$2" -nodes -days 30 -subj "/CN=printer" \
		-keyout "$tmp/$1.key" -out "$tmp/$1.crt" >"$tmp/openssl" 2>&1
	cat "$tmp/$1.key" "$tmp/$1.crt" >"$tmp/$1.pem"
}
certificate $net.1 2048
certificate $net.2 1024
certificate $net.3 2048
certificate $net.4 2048

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
mkdir -p "$tmp/plain" && cp "$root/plugins/printer-mib/captures/kyocera-color-mfp/"*.snmprec "$tmp/plain/"

python3 "$here/../weblogin/web.py" "$tmp" "$web" "$plain" "$tmp/counts" \
	"$net.1=open:$tmp/set/http:x:x" "$net.2=open:$tmp/unset/http:x:x" \
	"$net.3=open:$tmp/cdm/http:x:x" "$net.4=open:$tmp/tank/http:x:x" >"$tmp/web.out" 2>"$tmp/web.err" &
pids+=($!)
wait_until 10 grep -q ready "$tmp/web.out" || { not_ok web "$(tail -n 3 "$tmp/web.err")"; exit 1; }
for name in set unset cdm tank; do mkdir -p "$tmp/walks/$name"; cp "$tmp/$name"/*.snmprec "$tmp/walks/$name/"; done
sim_start --same --printer "$net.1=$tmp/walks/set" --printer "$net.2=$tmp/walks/unset" \
	--printer "$net.3=$tmp/walks/cdm" --printer "$net.4=$tmp/walks/tank" \
	--printer "$net.5=$tmp/plain" "$tmp/plain"

# ---- the dealer: one that answers, one that does not take us, one that is not there ----
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
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout "$tmp/dealer.key" -out "$tmp/dealer.crt" >"$tmp/openssl" 2>&1
cat "$tmp/dealer.key" "$tmp/dealer.crt" >"$tmp/dealer.pem"
dealer=$(free_port)
python3 "$tmp/dealer.py" "$dealer" "$tmp/dealer.pem" >"$tmp/dealer.out" 2>&1 &
pids+=($!)
wait_until 10 grep -q ready "$tmp/dealer.out" || { not_ok dealer "$(tail -n 3 "$tmp/dealer.out")"; exit 1; }
nobody=$(free_port)
mkdir -p "$tmp/state"
echo 'secret' >"$tmp/token"
chmod 600 "$tmp/token"

# the_ini SANDBOX MAX-SIZE
the_ini() {
	ini "$tmp/platen.ini" <<INI
[site]
state = $tmp/state
sandbox = $1
[discover]
rate = 1000
[spool]
max_size = $2
[snmp]
port = $port
timeout = 300ms
retries = 0
communities = other, public
[http]
ports = https:$web
timeout = 5s
[sink main]
plugin = https
servers = https://localhost:$dealer/in, https://localhost:$dealer/closed, https://localhost:$nobody/
ca_file = $tmp/dealer.crt
token_file = $tmp/token
INI
}
the_ini auto 1m

# An agent that has run once has an id.
run_platen "$tmp/no-id" doctor --json -c "$tmp/platen.ini"
check no-id "/servers.*unknown.*no id yet/" "$(cat "$tmp/no-id")"
agent_start "$tmp/platen.ini"
wait_until 10 test -s "$tmp/state/agent.id"
agent_stop

run_platen "$tmp/json" doctor --json -c "$tmp/platen.ini" $net.1-$net.5 $net.6
check findings-are-told 1 "$status"
run_platen "$tmp/site" doctor --json -c "$tmp/platen.ini"

# finding FILE ABOUT CHECK [TEXT]: "VERDICT TEXT [MEND]"
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

# ---- printers ----
check snmp-second-community "/^good \| answers version 2c, community 2 of 2/" "$(finding "$tmp/json" $net.1 snmp)"
check snmp-silent "/^bad \| no answer \| .+/" "$(finding "$tmp/json" $net.6 snmp)"
check pages "/^good \| answers at https:$web, through no proxy/" "$(finding "$tmp/json" $net.1 'web pages')"
check pages-unknown "/^unknown/" "$(finding "$tmp/json" $net.5 'web pages')"
check certificate-odd "/^bad \| .*self-signed certificate/" "$(finding "$tmp/json" $net.1 certificate)"
check certificate-weak "/1024-bit RSA key/" "$(finding "$tmp/json" $net.2 certificate)"
check firmware "/^good \| 20240117/" "$(finding "$tmp/json" $net.1 firmware)"
check password-set "/^good \| set/" "$(finding "$tmp/json" $net.1 password)"
check password-not-set "/^bad \| not-set \| .+/" "$(finding "$tmp/json" $net.2 password)"
check password-not-set-cdm "/^bad \| not-set/" "$(finding "$tmp/json" $net.3 password)"
check password-unknown "/^unknown/" "$(finding "$tmp/json" $net.4 password)"
check proxy-on "/^good \| on/" "$(finding "$tmp/json" $net.1 'web proxy')"
check proxy-off "/^good \| off/" "$(finding "$tmp/json" $net.3 'web proxy')"
check proxy-unknown "/^unknown/" "$(finding "$tmp/json" $net.5 'web proxy')"
check user-names-unknown "/^unknown/" "$(finding "$tmp/json" $net.1 'user names')"
check no-password-tried "" "$(cat "$tmp/counts")"

# ---- the site ----
check clock "/^(good|unknown) \| 20/" "$(finding "$tmp/site" site clock)"
check disk "/^good \| .* MB left/" "$(finding "$tmp/site" site disk)"
check state "/^good/" "$(finding "$tmp/site" site state)"
under_sanitizer || check jail "/^(good|bad) \|/" "$(finding "$tmp/site" site jail)"
check server-answers "/^good \| .*directly: answers/" "$(finding "$tmp/site" 'sink main' server /in)"
check server-refuses "/^bad \| .*does not take us \(401\) \| .*token_file/" \
	"$(finding "$tmp/site" 'sink main' server /closed)"
check server-not-there "/^bad \| .*directly: Failed to connect .* \| .*firewall/" "$(finding "$tmp/site" 'sink main' server ":$nobody")"
the_ini off 64g
run_platen "$tmp/site" doctor --json -c "$tmp/platen.ini"
check jail-off "/^bad \| plugins are not jailed/" "$(finding "$tmp/site" site jail)"
left=$(($(df --output=avail -k "$tmp" | tail -n 1) / 1048576))
[ $left -ge 64 ] || check disk-small "/^bad/" "$(finding "$tmp/site" site disk)"
sed -i 's|^sandbox = off|sandbox = auto|; s|^ca_file = .*|ca_file = '"$tmp/$net.1.crt"'|' "$tmp/platen.ini"
run_platen "$tmp/site" doctor --json -c "$tmp/platen.ini"
check server-wrong-certificate "/^bad \| .*certificate/" "$(finding "$tmp/site" 'sink main' server /in)"

# ---- for people ----
run_platen "$tmp/table" doctor -c "$tmp/platen.ini" $net.2
check table "/^$net.2/" "$(cat "$tmp/table")"
check table-mends "/-> set an administrator's password/" "$(cat "$tmp/table")"
sim_stop
exit $failed
