#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Asks platen-sim with net-snmp's tools and curl: two strangers who must agree with it.
# One line per check, "ok NAME" or "not ok NAME: why"; exit status 1 if any failed.
# The simulator is $PLATEN_SIM (default build/platen-sim). Does not measure speed.

here=$(cd "$(dirname "$0")" && pwd)
sim=${PLATEN_SIM:-build/platen-sim}
tmp=$(mktemp -d)
free_port() { /usr/bin/python3 "$here/../free_port.py" "$tmp/ports"; }
port=$(free_port)
web=$(free_port)
failed=0
pid=
export MIBS= SNMPCONFPATH=$tmp SNMP_PERSISTENT_DIR=$tmp

trap '[ -n "$pid" ] && kill "$pid" 2>/dev/null; rm -rf "$tmp"' EXIT

for tool in snmpget snmpgetnext snmpbulkget snmpbulkwalk snmpwalk snmpset curl openssl; do
	command -v $tool >/dev/null || { echo "ok # skip: $tool is not installed"; exit 0; }
done
[ -x "$sim" ] || { echo "not ok start: $sim is not there; build it or set PLATEN_SIM"; exit 1; }

# check NAME WANTED GOT: equal, or matching if WANTED is between slashes
check() {
	local name=$1 wanted=$2 got=$3
	if [[ $wanted == /*/ ]]; then
		local re=${wanted#/}
		[[ $got =~ ${re%/} ]] && { echo "ok $name"; return; }
	else
		[ "$got" = "$wanted" ] && { echo "ok $name"; return; }
	fi
	echo "not ok $name: wanted $wanted, got ${got//$'\n'/ | }"
	failed=1
}

# start OPTION...: a simulator on the tiny capture
start() {
	: >"$tmp/out"
	"$sim" --port $port --ready - "$@" "$here/tiny" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	for _ in $(seq 100); do
		grep -q '^ready' "$tmp/out" && return
		kill -0 $pid 2>/dev/null || break
		sleep 0.05
	done
	echo "not ok start $*: $(cat "$tmp/err")"
	exit 1
}

# stop: ends it; $status is how it ended
stop() {
	kill -TERM $pid
	wait $pid
	status=$?
	pid=
}

stat_of() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$tmp/out"; }

# ask TOOL VERSION ADDR ARG...: values only; errors are in the text too
ask() {
	local tool=$1 version=$2 to=$3
	shift 3
	"$tool" -v"$version" -c public -On -Oe -t 0.5 -r 0 "$to:$port" "$@" 2>&1
}

descr=.1.3.6.1.2.1.1.1.0
serial=.1.3.6.1.2.1.43.5.1.1.17.1
life=.1.3.6.1.2.1.43.10.2.1.4
hc1=.1.3.6.1.2.1.31.1.1.1.6.1
a=127.9.0.1

# raw ADDR: octets of the answers to a GET of sysDescr; the socket is connected, so that only
# what comes from the asked address and port counts (net-snmp's tools take it from anywhere)
get_descr='\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x07\x02\x01\x00\x02\x01\x00\x30\x0e'
get_descr+='\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00'
raw() {
	exec 3<>"/dev/udp/$1/$port"
	printf "$get_descr" >&3
	timeout 0.4 cat <&3 | od -An -v -tx1 | tr -d ' \n'
	exec 3>&-
}

# ---- one printer, byte for byte ----------------------------------------------------------------
snmpget -v2c -c public -t 0.1 -r 0 127.0.0.1:9 .1.3 >/dev/null 2>&1 # makes its own folders
start --listen $a,[::1] --same --http-port $web --trace "$tmp/trace"
check v2c-get "$descr = STRING: \"Tiny Printing System|with a bar\"" "$(ask snmpget 2c $a $descr)"
check v2c-no-such-object '/No Such Object/' "$(ask snmpget 2c $a .1.3.6.1.2.1.99.1.0)"
check v2c-no-such-instance '/No Such Instance/' "$(ask snmpget 2c $a .1.3.6.1.2.1.1.1.7)"
check v2c-no-such-row '/No Such Instance/' "$(ask snmpget 2c $a $life.9.9)"
check v2c-counter64 "$hc1 = Counter64: 18446744073709551615" "$(ask snmpget 2c $a $hc1)"
check v2c-oid '/= OID: .1.3.6.1.4.1.99999.1.128.16384.4294967295$/' \
	"$(ask snmpget 2c $a .1.3.6.1.2.1.1.2.0)"
check v2c-negative '/= INTEGER: -3$/' "$(ask snmpget 2c $a .1.3.6.1.2.1.43.8.2.1.10.1.1)"
check v2c-null '/= NULL$/' "$(ask snmpget 2c $a .1.3.6.1.2.1.43.18.1.1.2.1.1)"
check v2c-address '/= IpAddress: 192.0.2.7$/' \
	"$(ask snmpget 2c $a .1.3.6.1.2.1.4.20.1.1.192.0.2.7)"
check last-line-wins '/= ""$/' "$(ask snmpget 2c $a .1.3.6.1.2.1.1.4.0)"
check v2c-getnext ".1.3.6.1.2.1.1.2.0" "$(ask snmpgetnext 2c $a $descr | cut -d' ' -f1)"
check v2c-end '/No more variables left in this MIB View/' \
	"$(ask snmpgetnext 2c $a .1.3.6.1.4.1.99999.7.1.0)"
check v1-get "$descr = STRING: \"Tiny Printing System|with a bar\"" "$(ask snmpget 1 $a $descr)"
check v1-no-such-name '/noSuchName.*Failed object: .1.3.6.1.2.1.99.1.0/' \
	"$(ask snmpget 1 $a -Cf $descr .1.3.6.1.2.1.99.1.0 | tr '\n' ' ')"
check v1-no-counter64 '/noSuchName/' "$(ask snmpget 1 $a $hc1)"
check v1-next-skips-counter64 "$serial = STRING: \"ZZQ0012345\"" \
	"$(ask snmpgetnext 1 $a .1.3.6.1.2.1.31)"
check v1-end '/noSuchName/' "$(ask snmpgetnext 1 $a .1.3.6.1.4.1.99999.7.1.0)"
check walk-count 26 "$(ask snmpwalk 2c $a .1.3 | grep -vc 'No more')"
check bulk-equals-next "$(ask snmpwalk 2c $a .1.3)" "$(ask snmpbulkwalk 2c $a .1.3)"
check bulk-rows 4 "$(ask snmpbulkget 2c $a -Cn1 -Cr3 $descr $life | wc -l)"
check bulk-end '/No more variables/' "$(ask snmpbulkget 2c $a -Cr50 .1.3.6.1.4.1.99999.7)"
check other-community '/Timeout/' \
	"$(snmpget -v2c -c secret -t 0.3 -r 0 $a:$port $descr 2>&1)"
check other-address '/Timeout/' "$(ask snmpget 2c 127.9.0.2 $descr)"
check ipv6 '/Tiny/' "$(ask snmpget 2c 'udp6:[::1]' $descr)"
check same-serial "$serial = STRING: \"ZZQ0012345\"" "$(ask snmpget 2c $a $serial)"
check v3-ignored '/Timeout|No response/' \
	"$(snmpget -v3 -l noAuthNoPriv -u x -t 0.3 -r 0 $a:$port $descr 2>&1)"
check http-page "$(cat "$here/tiny/http/DevMgmt/ProductUsageDyn.xml")" \
	"$(curl -s http://$a:$web/DevMgmt/ProductUsageDyn.xml)"
check http-type '/^text\/xml$/' \
	"$(curl -s -o /dev/null -w '%{content_type}' http://$a:$web/DevMgmt/ProductUsageDyn.xml)"
check http-query 'query page' "$(curl -s "http://$a:$web/page.html?kind=1")"
check http-other-query 'plain page' "$(curl -s "http://$a:$web/page.html?kind=2")"
check http-missing 404 "$(curl -s -o /dev/null -w '%{http_code}' http://$a:$web/none)"
check http-no-climbing 404 "$(curl -s --path-as-is -o /dev/null -w '%{http_code}' \
	http://$a:$web/../tiny.snmprec)"
check http-keep-alive 1 "$(curl -s -o /dev/null -o /dev/null -w '%{num_connects}' \
	http://$a:$web/none http://$a:$web/page.html | cut -c1)"
check http-ipv6 'plain page' "$(curl -s -g "http://[::1]:$web/page.html")"
check http-other-address '/^(7|56)$/' "$(curl -s http://127.9.0.2:$web/page.html; echo $?)"
stop
check exit-clean 0 $status
check stats-get '/^[1-9]/' "$(stat_of get)"
check stats-v3 '/^[1-9]/' "$(stat_of v3_ignored)"
check stats-printers 2 "$(stat_of printers)"
check stats-elsewhere '/^[1-9]/' "$(stat_of elsewhere)"
check trace "/ $a v2c GET 1 1.3.6.1.2.1.1.1.0/" "$(cat "$tmp/trace")"
check trace-every-object "/ $a v2c GETBULK 2 ${descr#.},${life#.}/" "$(cat "$tmp/trace")"

# ---- several printers --------------------------------------------------------------------------
start --listen 127.9.1.0/24 --list
check list 256 "$(grep -c '^127.9.1' "$tmp/out")"
check list-unique 256 "$(grep '^127.9.1' "$tmp/out" | cut -d' ' -f3 | sort -u | wc -l)"
check list-shape 256 "$(grep '^127.9.1' "$tmp/out" | grep -c 'ZZQ00[0-9]\{5\}$')"
one=$(ask snmpget 2c 127.9.1.7 $serial .1.3.6.1.2.1.1.5.0 .1.3.6.1.4.1.99999.7.1.0)
own=$(grep '^127.9.1.7 ' "$tmp/out" | cut -d' ' -f3)
check serial-everywhere 3 "$(grep -c "$own" <<<"$one")"
mac1=$(ask snmpget 2c 127.9.1.7 .1.3.6.1.2.1.2.2.1.6.1)
mac2=$(ask snmpget 2c 127.9.1.8 .1.3.6.1.2.1.2.2.1.6.1)
check mac-maker '/02 11 22/' "$mac1"
check mac-own different "$([ "$mac1" = "$mac2" ] && echo equal || echo different)"
check mac-zero '/00 00 00 00 00 00/' "$(ask snmpget 2c 127.9.1.7 .1.3.6.1.2.1.2.2.1.6.2)"
mac_of() { ask snmpget 2c $1 .1.3.6.1.2.1.2.2.1.6.3; }
check mac-text '/STRING: "00:A0:B1:[0-9A-F:]{8}"/' "$(mac_of 127.9.1.7)"
check mac-text-own different "$([ "$(mac_of 127.9.1.7)" = "$(mac_of 127.9.1.8)" ] && echo equal || echo different)"
kill -USR1 $pid; sleep 0.2
check stats-usr1 '/^[1-9]/' "$(stat_of requests)"
stop

# ---- the captures of the plugins, each as two printers -------------------------------------------
start --list --listen 127.9.3.0/24 "$here"/../../plugins/*/captures
check list-captures '' "$(cut -s -d' ' -f3 "$tmp/out" | grep -v '^-$' | sort | uniq -d | tr '\n' ' ')"
stop

# ---- faults, one printer each ------------------------------------------------------------------
f() { echo --fault "$1@127.9.2.$2"; }
start --listen 127.9.2.1-127.9.2.40 --http-port $web \
	$(f silent 1) $(f v1-only 2) $(f no-bulk 3) $(f bulk-error 4) $(f toobig=1 5) \
	$(f drop-many=1 6) $(f multi-zero=1 7) $(f endless 8) $(f loop 9) $(f back 10) \
	$(f wrong-id 11) $(f wrong-source 12) $(f huge 13) $(f malformed 14) $(f duplicate 15) \
	$(f late=300 16) $(f wrong-type 17) $(f sleepy=2 18) $(f swap=1 19) $(f back-count=1 20) \
	$(f http-slow=2000 21) $(f http-hang 22) $(f http-reset 23) \
	$(f http-redirect=http://127.9.2.40/ 24) $(f http-endless 25) $(f http-huge=2 26) \
	$(f http-mute 31) $(f http-chunked=2 32) $(f http-length=7 33) $(f http-length=999 34) \
	$(f http-headers 35) \
	$(f wrong-source=port 27) --loss 100@127.9.2.28 --latency 200+-50@127.9.2.29
t0=$SECONDS
before=$(ask snmpget 2c 127.9.2.19 $serial)
tiny=$(printf 'Tiny Printing System|with a bar' | od -An -v -tx1 | tr -d ' \n')
plain=304502010104067075626c6963a238020107020100020100302d302b06082b06010201010100041f$tiny
check fault-silent '/Timeout/' "$(ask snmpget 2c 127.9.2.1 $descr)"
check fault-v1-only '/Timeout/' "$(ask snmpget 2c 127.9.2.2 $descr)"
check fault-v1-only-v1 '/Tiny/' "$(ask snmpget 1 127.9.2.2 $descr)"
check fault-no-bulk '/Timeout/' "$(ask snmpbulkget 2c 127.9.2.3 $descr)"
check fault-no-bulk-get '/Tiny/' "$(ask snmpget 2c 127.9.2.3 $descr)"
check fault-bulk-error '/genError/' "$(ask snmpbulkget 2c 127.9.2.4 $descr)"
check fault-toobig '/tooBig/' "$(ask snmpget 2c 127.9.2.5 $descr $serial)"
check fault-toobig-one '/Tiny/' "$(ask snmpget 2c 127.9.2.5 $descr)"
check fault-drop-many '/Timeout/' "$(ask snmpget 2c 127.9.2.6 $descr $serial)"
check fault-drop-many-one '/Tiny/' "$(ask snmpget 2c 127.9.2.6 $descr)"
check fault-multi-zero "/$life.1.1 = Counter32: 0/" "$(ask snmpget 2c 127.9.2.7 $descr $life.1.1)"
check fault-multi-zero-one "/Counter32: 1000/" "$(ask snmpget 2c 127.9.2.7 $life.1.1)"
check fault-endless 50 "$(ask snmpbulkget 2c 127.9.2.8 -Cr50 $life | grep -c "^$life\.")"
check fault-loop '/not increasing/' "$(ask snmpwalk 2c 127.9.2.9 $life)"
check fault-back '/not increasing/' "$(ask snmpwalk 2c 127.9.2.10 $life)"
check fault-wrong-id '/Timeout/' "$(ask snmpget 2c 127.9.2.11 $descr)"
check fault-none "$plain" "$(raw 127.9.2.40)"
check fault-wrong-source "" "$(raw 127.9.2.12)"
check fault-wrong-port "" "$(raw 127.9.2.27)"
check fault-huge 60000 "$(ask snmpget 2c 127.9.2.13 $descr | tr -dc x | wc -c)"
check fault-malformed-truncated "/^${plain:0:60}/" "$(raw 127.9.2.14)"
check fault-malformed-bad-length '/^308401000000/' "$(raw 127.9.2.14)"
check fault-malformed-indefinite '/^3080020101.*0000$/' "$(raw 127.9.2.14)"
check fault-malformed-deep '/^3082....3082....3082/' "$(raw 127.9.2.14)"
check fault-malformed-wrong-tag '/7075626c6963be/' "$(raw 127.9.2.14)"
check fault-malformed-trailing "/^$plain(a5){16}$/" "$(raw 127.9.2.14)"
check fault-malformed-random "/^[0-9a-f]{${#plain}}$/" "$(raw 127.9.2.14)"
check fault-malformed-again "/^${plain:0:60}/" "$(raw 127.9.2.14)"
check fault-duplicate "$plain$plain" "$(raw 127.9.2.15)"
t=$(date +%s%N)
check fault-late '/Tiny/' "$(ask snmpget 2c 127.9.2.16 $descr)"
check fault-late-time yes "$([ $((($(date +%s%N) - t) / 1000000)) -ge 300 ] && echo yes || echo no)"
check fault-wrong-type '/STRING: "1000"/' "$(ask snmpget 2c 127.9.2.17 $life.1.1)"
check fault-sleepy-first '/Timeout/' "$(ask snmpget 2c 127.9.2.18 $descr)"
check fault-sleepy-second '/Tiny/' "$(ask snmpget 2c 127.9.2.18 $descr)"
check fault-loss '/Timeout/' "$(ask snmpget 2c 127.9.2.28 $descr)"
check fault-latency '/Tiny/' "$(ask snmpget 2c 127.9.2.29 $descr)"
while [ $((SECONDS - t0)) -lt 2 ]; do sleep 0.2; done
after=$(ask snmpget 2c 127.9.2.19 $serial)
check fault-swap different "$([ "$before" = "$after" ] && echo equal || echo different)"
check fault-back-count '/Counter32: 10$/' "$(ask snmpget 2c 127.9.2.20 $life.1.1)"
page=http://127.9.2
code='curl -s -m 1 -o /dev/null -w %{http_code}:%{size_download}:%{exitcode}'
check http-slow-octets '/^200:[0-9]+:28$/' "$($code $page.21:$web/large.html)"
check http-hang '/:28$/' "$($code $page.22:$web/page.html)"
check http-reset '/:56$/' "$($code $page.23:$web/large.html)"
check http-redirect http://127.9.2.40/ \
	"$(curl -s -o /dev/null -w '%{redirect_url}' $page.24:$web/page.html)"
check http-endless '/^200:[0-9]{6,}:28$/' "$($code $page.25:$web/page.html)"
check http-huge 200:2097152:0 "$($code $page.26:$web/page.html)"
check http-serial-own 0 "$(curl -s $page.30:$web/DevMgmt/ProductUsageDyn.xml | grep -c ZZQ0012345)"
check http-mute '/^000:0:28$/' "$($code $page.31:$web/page.html)"
check http-chunked 200:2097152:0 "$($code $page.32:$web/page.html)"
check http-length-short plain-p "$(echo "$(curl -s $page.33:$web/page.html | head -c 7)" | tr ' ' -)"
check http-length-long '/:18$/' "$($code $page.34:$web/page.html)"
check http-headers '/:0:56$/' "$($code $page.35:$web/page.html)"
stop
check exit-faults 0 $status; [ $status = 0 ] || head -20 $tmp/err

# ---- TLS and log-ins ---------------------------------------------------------------------------
secure=$(free_port)
start --listen 127.9.4.1-127.9.4.9 --http-port $web --https-port $secure \
	--fault tls-expired@127.9.4.2 --fault tls-weak@127.9.4.3 --fault tls-old@127.9.4.4 \
	--fault tls-rekey=2@127.9.4.5 --fault http-mute@127.9.4.6 \
	--login 127.9.4.7=basic:admin:a:b --login "127.9.4.8=digest:admin:let me in" \
	--login '127.9.4.9=form::se+same&1'
# shows N OPTION...: what openssl says of the certificate of printer N
shows() {
	local n=$1
	shift
	echo | openssl s_client -connect "127.9.4.$n:$secure" -tls1 -cipher ALL:@SECLEVEL=0 2>"$tmp/tls" |
		openssl x509 -noout "$@" 2>&1
}
from=https://127.9.4
code='curl -sk -o /dev/null -w %{http_code}'
key=$(shows 5 -pubkey)
check tls-page 'plain page' "$(curl -sk $from.1:$secure/page.html)"
check tls-large "$(cksum <"$here/tiny/http/large.html")" \
	"$(curl -sk $from.1:$secure/large.html | cksum)"
check tls-name '/CN = 127.9.4.1$/' "$(shows 1 -subject)"
check tls-own-key different "$([ "$(shows 1 -pubkey)" = "$(shows 2 -pubkey)" ] && echo equal || echo different)"
check tls-same-key "$(shows 1 -pubkey)" "$(shows 1 -pubkey)"
check tls-valid 'Certificate will not expire' "$(shows 1 -checkend 0)"
check tls-expired 'Certificate will expire' "$(shows 2 -checkend 0)"
check tls-weak '/RSA Public-Key: .1024|Public-Key: .1024 bit/' "$(shows 3 -text)"
check tls-old '/^000$/' "$($code --tlsv1.2 $from.4:$secure/page.html)"
check tls-mute '/^000$/' "$($code -m 1 $from.6:$secure/page.html)"
check basic-none 401 "$($code $from.7:$secure/page.html)"
check basic-wrong 401 "$($code -u admin:x $from.7:$secure/page.html)"
check basic-right 200 "$($code -u admin:a:b $from.7:$secure/page.html)"
check digest-right 200 "$($code --digest -u 'admin:let me in' http://127.9.4.8:$web/page.html)"
check digest-wrong 401 "$($code --digest -u admin:x http://127.9.4.8:$web/page.html)"
# form PASSWORD: the form with its token; then the page
form() {
	local token
	token=$(curl -sk $from.9:$secure/page.html | sed -n 's/.*name="CSRFToken" value="\([^"]*\)".*/\1/p')
	curl -sk -o /dev/null -c "$tmp/jar" --data-urlencode "CSRFToken=$token" \
		--data-urlencode "PasswordTextBox=$1" $from.9:$secure/hp/device/SignIn/Index
	curl -sk -b "$tmp/jar" $from.9:$secure/page.html
}
check form-wrong '/PasswordTextBox/' "$(form x)"
check form-right 'plain page' "$(form 'se+same&1')"
sleep 1
check tls-rekey different "$([ "$(shows 5 -pubkey)" = "$key" ] && echo equal || echo different)"
stop
check login-is-no-write 0 $status
check login-counted '{"127.9.4.7":{"right":1,"wrong":1},"127.9.4.8":{"right":1,"wrong":1},"127.9.4.9":{"right":1,"wrong":1}}' \
	"$(sed -n 's/.*"logins":\(.*\)}$/\1/p' "$tmp/out")"

# ---- growth, one capture told ------------------------------------------------------------------
start --listen 127.9.3.1 --grow 60000 --printer "127.9.3.9=$here/tiny/tiny.snmprec"
sleep 0.5
check grow '/Counter32: [1-9][0-9]{3}$/' "$(ask snmpget 2c 127.9.3.1 $life.1.1)"
check printer-told '/Tiny/' "$(ask snmpget 2c 127.9.3.9 $descr)"
stop

# ---- writes are loud ---------------------------------------------------------------------------
start --listen $a
check set-refused '/notWritable/' "$(ask snmpset 2c $a .1.3.6.1.2.1.1.5.0 s x)"
stop
check set-exit 3 $status
check set-shout "/SET from 127.0.0.1:[0-9]+ to $a of 1.3.6.1.2.1.1.5.0/" "$(cat "$tmp/err")"
check set-counted 1 "$(stat_of set)"
start --listen $a
ask snmpget 2c $a .1.3.6.1.4.1.1248.1.2.2.44.1.1.2.1.100.105 >/dev/null
stop
check epson-exit 3 $status
check epson-shout '/Epson command from/' "$(cat "$tmp/err")"
start --listen $a --http-port $web
check post-refused 405 "$(curl -s -o /dev/null -w '%{http_code}' -d x=1 http://$a:$web/page.html)"
stop
check post-exit 3 $status
check post-shout '/HTTP POST from/' "$(cat "$tmp/err")"

# ---- usage -------------------------------------------------------------------------------------
usage() { "$sim" "$@" 2>&1 </dev/null; echo $?; }
check usage-option '/unknown option --frob.*2$/' "$(usage --frob | tr '\n' ' ' | sed 's/ $//')"
check usage-range '/--listen 1.2.3: .*give ADDR/' "$(usage --listen 1.2.3)"
check usage-fault '/no fault .frob/' "$(usage --fault frob)"
check usage-login '/--login 127.0.0.1=x:y:z: there is no .x/' "$(usage --login 127.0.0.1=x:y:z)"
check usage-capture '/no-such-file.*No such file/' "$(usage "$tmp/no-such-file")"
printf '1.3.6.1.2.1.1.1.0|4|x\n1.3.6.1.x|67|1\n' >"$tmp/bad.snmprec"
check usage-line '/bad.snmprec:2: the OID is not one/' "$(usage "$tmp/bad.snmprec")"
printf '1.3.6.1.2.1.1.1.0|4|x\n1.3.6.1.2.1.1.3.0|67|soon\n' >"$tmp/hurt.snmprec"
check damaged-value '/hurt.snmprec:2: the value is not a TimeTicks; this object is left out/' \
	"$(usage --port $port --for 0.1 "$tmp/hurt.snmprec")"
start --listen $a
check usage-port-in-use "/UDP port $port .* is in use/" "$(usage --port $port "$here/tiny")"
stop
man=$here/../../sdk/sim/platen-sim.1
missing=
for option in $("$sim" --help | sed -n 's/^    --\([a-z-]*\).*/\1/p'); do
	grep -q "^\.It Fl Fl $option" "$man" || missing="$missing $option"
done
for fault in $("$sim" --help | sed -n '/^Faults/,/^$/s/^    \([a-z0-9-]*\).*/\1/p'); do
	grep -q "^\.It Cm $fault" "$man" || missing="$missing $fault"
done
check manual-complete "" "$missing"

exit $failed
