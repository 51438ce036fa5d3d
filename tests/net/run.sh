#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The lan role against strangers: Debian's snmpd (every version, user and cipher),
# snmpsimd, OpenSSL's web server, and platen-sim with its faults.  What the role
# says is printed by lan-drive; the lines are compared.  Does not measure speed.
. "$(dirname "$0")/../lib.sh"
drive=$PLATEN_BUILD/tests/net/lan-drive
descr=1.3.6.1.2.1.1.1.0
object=1.3.6.1.2.1.1.2.0
life=1.3.6.1.2.1.43.10.2.1.4.1.1
export MIBS= SNMPCONFPATH=$tmp SNMP_PERSISTENT_DIR=$tmp/snmpd

# ask ARG...: what the role says, in $said; $took in ms
ask() {
	local began=$(date +%s%N)
	said=$(timeout 100 "$drive" "$@" 2>&1)
	took=$((($(date +%s%N) - began) / 1000000))
}

# said_like NAME REGEX: on one line of what was said
said_like() {
	if grep -qE -- "$2" <<<"$said"; then ok "$1"; else not_ok "$1" "no $2 in: ${said:0:700}"; fi
}

# said_not NAME REGEX
said_not() {
	if grep -qE -- "$2" <<<"$said"; then not_ok "$1" "$2 in: ${said:0:700}"; else ok "$1"; fi
}

within() { if [ "$took" -le "$2" ]; then ok "$1"; else not_ok "$1" "took $took ms of $2"; fi; }

# ---- snmpd: every version and every user ----

auths="md5:MD5 sha:SHA sha224:SHA-224 sha256:SHA-256 sha384:SHA-384 sha512:SHA-512"
privs="des:DES aes:AES aes192:AES-192 aes256:AES-256"

snmpd_start() {
	local a p
	mkdir -p "$SNMP_PERSISTENT_DIR"
	{
		echo "agentAddress udp:127.0.0.1:$snmpd_port,udp6:[::1]:$snmpd_port"
		echo "rocommunity secret-one"
		echo "rocommunity6 secret-one"
		echo "sysDescr the test agent"
		echo "createUser nobody"
		echo "rouser nobody noauth"
		for a in $auths; do
			echo "createUser ${a%:*} ${a#*:} auth-password"
			echo "rouser ${a%:*}"
			for p in $privs; do
				echo "createUser ${a%:*}-${p%:*} ${a#*:} auth-password ${p#*:} priv-password"
				echo "rouser ${a%:*}-${p%:*}"
			done
		done
	} >"$tmp/snmpd.conf"
	snmpd -f -C -c "$tmp/snmpd.conf" -Lf "$tmp/snmpd.log" -I -smux >/dev/null 2>&1 &
	pids+=($!)
	wait_until 20 "$drive" -J off -c secret-one -v 2c -t 100 -r 0 -p "$snmpd_port" 127.0.0.1 \
		get "$descr" >/dev/null
	for _ in $(seq 100); do
		ask -c secret-one -v 2c -t 200 -p "$snmpd_port" 127.0.0.1 get "$descr"
		grep -q 'the test agent' <<<"$said" && return 0
		sleep 0.1
	done
	return 1
}

versions() {
	local v
	for v in 1 2c; do
		ask -c secret-one -v $v -p "$snmpd_port" 127.0.0.1 get "$descr,1.3.6.1.2.1.1.99.0,$object"
		check "snmpd v$v get" '/answer 1 ok n=3 .*octets the test agent.*1\.99\.0 absent.*oid 1\.3\.6\.1\.4\.1\.8072/' \
			"${said//$'\n'/ }"
		ask -c secret-one -v $v -p "$snmpd_port" 127.0.0.1 \
			table 1.3.6.1.2.1.1.9.1.2,1.3.6.1.2.1.1.9.1.77,1.3.6.1.2.1.1.9.1.3
		check "snmpd v$v table" "$(snmpwalk -v2c -c secret-one -On -Oq "127.0.0.1:$snmpd_port" \
			1.3.6.1.2.1.1.9.1.3 | sed 's/^\.//; s/ .*//' | sort)" \
			"$(awk '$1 ~ /1\.9\.1\.3\./ && $2 == "octets" { print $1 }' <<<"$said" | sort)"
		check "snmpd v$v holes" "$(grep -c '9.1.3.*octets' <<<"$said")" \
			"$(grep -c '9\.1\.77\.[0-9]* absent' <<<"$said")"
	done
	ask -c secret-one -v 2c -p "$snmpd_port" ::1 get "$descr"
	said_like "snmpd over IPv6" 'octets the test agent'
	ask -c wrong -c secret-one -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "second community" 'learned .* 2c community=1'
	ask -c wrong -p "$snmpd_port" -t 200 127.0.0.1 get "$descr"
	said_like "wrong community" 'answer 1 no-answer n=0'
	ask -c secret-one -v 2c -p "$snmpd_port" 127.0.0.1 get "$descr"
	ask -c secret-one -v 2c -p "$snmpd_port" \
		-l "$(sed -n 's/learned [^ ]* [^ ]* //p' <<<"$said")" 127.0.0.1 get "$descr"
	said_like "learned is used" 'answer 1 ok n=1 packets=1$'
	said_not "learned is told once" '^learned'
	ask -c other -c secret-one -v 2c -t 300 -p "$snmpd_port" -l "2c community=0 objects=500 =x nobulk" \
		127.0.0.1 get "$descr"
	said_like "a wrong memory heals" 'learned .*2c community=1'
	said_like "a wrong memory still answers" 'octets the test agent'
}

users() {
	local a p
	ask -v 3 -u n:nobody -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 without auth" 'octets the test agent'
	for a in $auths; do
		a=${a%:*}
		ask -v 3 -u "n:$a:$a:auth-password" -p "$snmpd_port" 127.0.0.1 get "$descr"
		said_like "v3 $a" 'octets the test agent'
		for p in $privs; do
			p=${p%:*}
			ask -v 3 -u "n:$a-$p:$a:auth-password:$p:priv-password" -p "$snmpd_port" 127.0.0.1 \
				get "$descr" table 1.3.6.1.2.1.1.9.1.2
			said_like "v3 $a $p" 'octets the test agent'
			said_like "v3 $a $p table" 'answer 2 ok n=[1-9]'
		done
	done
}

refusals() {
	ask -v 3 -u n:sha:sha:wrong-password -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 wrong auth password" 'refuses .snmpv3 n.: the auth password'
	said_like "v3 wrong auth password is refused" 'answer 1 refused'
	ask -v 3 -u n:stranger:sha:auth-password -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 unknown user" 'does not know the user'
	ask -v 3 -u n:sha-aes:sha:auth-password:aes:wrong-password -t 200 -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 wrong priv password" 'refuses .*priv password'
	ask -v 3 -u n:sha:sha:auth-password:aes:priv-password -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 priv not offered" 'does not offer|does not know|priv password'
	ask -v 3 -u n:sha:sha:short -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 short password" 'shorter than 8'
	ask -v 3 -u one:sha:sha:wrong-password -u two:sha:sha:auth-password -p "$snmpd_port" \
		127.0.0.1 get "$descr" get "$object"
	said_like "v3 one name, two passwords" 'learned .* 3 user=1'
	ask -v 3 -v 2c -c secret-one -u n:sha:sha:auth-password:::10.0.0.0/8 -p "$snmpd_port" 127.0.0.1 get "$descr"
	said_like "v3 match is kept to" 'learned .* 2c community=0'
}

snmpd_port=$(free_port)
if command -v snmpd >/dev/null && snmpd_start; then
	versions
	users
	refusals
	ask -v 3 -u n:sha:sha:auth-password -p "$snmpd_port" 127.0.0.1 sweep "127.0.0.1,[::1]"
	check "sweep with v3 alone" 2 "$(grep -c '^found' <<<"$said")"
else
	skip snmpd "it is not installed or did not start: $(tail -n 1 "$tmp/snmpd.log" 2>/dev/null)"
fi

# ---- snmpsimd ----

capture=$root/tests/sim/tiny/tiny.snmprec
sim_port=$(free_port)
if command -v snmpsimd >/dev/null; then
	mkdir -p "$tmp/snmpsim" "$tmp/snmpsim.cache"
	cp "$capture" "$tmp/snmpsim/public.snmprec"
	snmpsimd --data-dir="$tmp/snmpsim" --cache-dir="$tmp/snmpsim.cache" --process-user=nobody \
		--process-group=nogroup --agent-udpv4-endpoint="127.0.0.1:$sim_port" \
		--logging-method=null >"$tmp/snmpsim.log" 2>&1 &
	pids+=($!)
	chmod -R a+rwX "$tmp"
	for _ in $(seq 30); do
		ask -c public -t 300 -p "$sim_port" 127.0.0.1 get $descr
		grep -q 'answer 1 ok' <<<"$said" && break
		sleep 0.3
	done
	if grep -q 'answer 1 ok' <<<"$said"; then
		said_like "snmpsimd get" "$descr octets "
	else
		skip snmpsimd "did not start: $(tail -n 1 "$tmp/snmpsim.log")"
	fi
else
	skip snmpsimd "it is not installed"
fi

# ---- platen-sim: faults ----

columns=1.3.6.1.2.1.43.11.1.1.6,1.3.6.1.2.1.43.11.1.1.8,1.3.6.1.2.1.43.11.1.1.9
objects=$descr,$object,1.3.6.1.2.1.1.3.0,1.3.6.1.2.1.1.5.0,$life,1.3.6.1.2.1.43.5.1.1.17.1

# with FAULT... --: one printer with these faults; the questions of $orders
with() {
	local arguments=()
	while [ "$1" != -- ]; do arguments+=(--fault "$1") && shift; done
	shift
	port=
	sim_start --listen 127.9.1.1 "${arguments[@]}" "$capture"
	ask -c public -t 250 -p "$port" "$@" 127.9.1.1 get "$objects" table "$columns" get "$life" table "$columns"
	sim_stop
}

values() { grep -E '^  ' <<<"$said" | grep -vE ' 1\.3\.6\.1\.2\.1\.1\.3\.0 '; }

with --
said_like "sim: get" 'answer 1 ok n=6'
said_like "sim: table" 'answer 2 ok n=[1-9]'
right=$(values)

for fault in v1-only no-bulk bulk-error toobig=3 toobig=1 drop-many=2 duplicate late=150 sleepy; do
	with $fault --
	check "sim: $fault: the same values" "$right" "$(values)"
	case $fault in
	v1-only) said_like "sim: $fault is remembered" 'learned .* 1 community=0' ;;
	no-bulk | bulk-error) said_like "sim: $fault is remembered" 'learned .* nobulk' ;;
	toobig=3) said_like "sim: $fault is remembered" 'learned .* objects=3' ;;
	toobig=1 | drop-many=2) said_like "sim: $fault is remembered" 'learned .* objects=[12]' ;;
	sleepy) said_like "sim: $fault stays with v2c" 'learned .* 2c community=0' ;;
	esac
done

with --
for fault in loop back endless; do
	with $fault --
	said_like "sim: $fault: the table is partial" 'answer 2 partial'
	said_like "sim: $fault: get is not hurt" 'answer 1 ok n=6'
done
for fault in wrong-id wrong-source wrong-source=port silent malformed=truncated malformed=bad-length \
	malformed=deep malformed=random; do
	with $fault --
	said_like "sim: $fault: nothing is believed" '^answer 1 (no-answer|partial)'
	said_not "sim: $fault: no values" '^  .* (unsigned|octets|oid) [^ ]'
	within "sim: $fault: in time" 6000
done
with huge --
said_like "sim: huge: the rest is read" 'answer 1 partial n=6'
said_like "sim: huge: that one is absent" "$descr absent"
with loss=15 --
said_like "sim: loss: answered" 'answer 4 ok'

# A silent printer holds up nobody.
port=
sim_start --listen 127.9.1.1-127.9.1.20 --fault silent@127.9.1.1 "$capture"
ask -c public -v 2c -t 2000 -r 1 -p "$port" 127.9.1.1,127.9.1.2,127.9.1.3 get "$life"
check "the silent one last" "answer 1 no-answer n=0 packets=2" "$(grep '^answer' <<<"$said" | tail -n 1)"

# ---- sweeps ----

ask -c public -v 2c -t 300 -p "$port" -R 500 -x 127.9.1.7-127.9.1.9 127.0.0.1 \
	sweep 127.9.1.0/24,127.9.1.2-127.9.1.30
check "sweep: all but the silent and the excluded, once" 16 "$(grep -c '^found' <<<"$said")"
check "sweep: none twice" "" "$(grep '^found' <<<"$said" | sort | uniq -d)"
said_not "sweep: exclusions are kept" 'found 127\.9\.1\.[789] '
sent=$(awk '/^swept/ { print $3 }' <<<"$said")
check "sweep: two questions at most" yes "$([ "$sent" -le 510 ] && [ "$sent" -ge 480 ] && echo yes || echo "no: $sent")"
check "sweep: the pace is kept" yes "$([ "$took" -ge $((sent * 2 - 150)) ] && echo yes || echo "no: $sent in $took ms")"
said_like "sweep: progress is told" '^progress [0-9]+ [0-9]+ [0-9]+'
ask -c public -v 2c -t 300 -p "$port" -R 1000000 127.0.0.1 sweep 127.9.0.0/16
check "sweep: of a /16 too" 19 "$(grep '^found 127\.9\.1\.' <<<"$said" | sort -u | wc -l)"
check "sweep: none twice of a /16" 19 "$(grep -c '^found' <<<"$said")"
ask -c public -p "$port" 127.0.0.1 sweep "localhost,no.such.name.invalid,127.9.1.2:$port"
said_like "sweep: a bad name is told" 'swept .*no\.such\.name\.invalid'
said_like "sweep: the others are found" 'found 127\.9\.1\.2 '
ask -c public -p "$port" -x no.such.name.invalid 127.0.0.1 sweep 127.9.1.2
said_like "sweep: an exclusion that is not understood spares all" 'swept 1 0 .*exclusion'
ask -c public -p "$port" 127.0.0.1 sweep 10.0.0.0/7,224.0.0.1,1.2.3.4-1.2.3.1,fe80::1
for word in 'more than' 'no printer has' 'ends before' 'in brackets'; do
	said_like "sweep: $word" "swept .*$word"
done
sim_stop

# pace RATE RANGE ADDRESSES: by the kernel's clock, as each packet arrives
pace() {
	local packets addresses most took unseen ideal=$((($3 - 1) * 1000 / $1))
	read -r packets addresses most took unseen < <(timeout 60 "$here/witness.py" "$nobody" \
		"$drive" -c public -v 2c -t 100 -r 0 -R "$1" -p "$nobody" 127.0.0.1 sweep "$2")
	check "pace: $1 a second: everybody is asked once" "$3 $3 0" "$packets $addresses $unseen"
	check "pace: $1 a second: never more in any second" yes \
		"$([ "${most:-9999}" -le "$1" ] && echo yes || echo "no: $most")"
	check "pace: $1 a second: and no less" yes \
		"$([ "${took%.*}" -ge $((ideal - 60)) ] && [ "${took%.*}" -le $((ideal * 105 / 100 + 200)) ] &&
			echo yes || echo "no: $took ms for $ideal")"
}
nobody=$(free_port)
pace 100 127.64.0.0/24 254
pace 1000 127.64.0.0/21 2046

# A silent address takes no memory: two bits each would be seen.
memory() {
	"$drive" -c public -v 2c -t 100 -r 0 -R 1000000 -p "$nobody" 127.0.0.1 sweep "$1" |
		awk '/^swept/ { sent = $3 } /^memory/ { print sent, $2 }'
}
no_larger() { [ "$1" -le $(($2 + 256)) ] && echo yes || echo "no: $2 and $1 KiB"; }
if under_sanitizer; then
	skip "memory of a sweep" "the sanitizer's own is larger"
else
	read -r few little < <(memory 127.64.0.0/20)
	read -r many much < <(memory 127.64.0.0/16)
	check "memory: of a /20 and a /16" "4094 65534 yes" "$few $many $(no_larger "$much" "$little")"
	memory 127.64.0.0/12 >"$tmp/twelve" & # looked at in the end
	twelve=$!
	pids+=($twelve)
fi

# ---- pages ----

web=$(free_port)
# web FAULT... -- ARG...: a page of a printer with these faults
web() {
	local arguments=()
	while [ "$1" != -- ]; do arguments+=(--fault "$1") && shift; done
	shift
	port=
	sim_start --listen 127.9.1.1 --http-port "$web" "${arguments[@]}" "$root/tests/sim/tiny"
	ask -T 2000 -h "http:$((web + 1))" -h "http:$web" "$@"
	sim_stop
}

web -- 127.9.1.1 page /page.html page /none
said_like "page: of the second port" 'answer 1 ok .*code=200 type=text/html'
said_like "page: the port is remembered" 'learned .* http=1'
said_like "page: not there" 'answer 2 ok .*code=404'
web -- 127.9.1.1 page /large.html,100
said_like "page: too big" 'answer 1 too-big'
web http-huge -- 127.9.1.1 page /page.html,100000
said_like "page: huge" 'answer 1 too-big'
web http-endless -- 127.9.1.1 page /page.html,100000
said_like "page: endless" 'answer 1 (too-big|no-answer)'
within "page: endless, in time" 4000
for fault in http-hang http-slow=5 http-reset; do
	web $fault -- 127.9.1.1 page /page.html
	said_like "page: $fault" 'answer 1 no-answer'
	within "page: $fault, in time" 4000
done
web "http-redirect=http://127.0.0.1:$web/page.html" -- 127.9.1.1 page /page.html
said_like "page: a redirect elsewhere" 'answer 1 refused'
web "http-redirect=http://127.9.1.1:$((web + 2))/page.html" -- 127.9.1.1 page /page.html
said_like "page: a redirect to another port" 'answer 1 refused'
web "http-redirect=file:///etc/passwd" -- 127.9.1.1 page /page.html
said_like "page: a redirect to a file" 'answer 1 refused'
web "http-redirect=/page.html" -- 127.9.1.1 page /page.html
said_like "page: a redirect to itself for ever" 'answer 1 refused n=0 packets=5'
web -- -h http:9100 -h https:631 -h ftp:21 127.9.1.1 page "/a b" login /x
for word in http:9100 https:631 ftp:21; do said_like "page: $word is no port" "\"$word\" is not used"; done
said_like "page: no blanks" 'answer 1 invalid'
said_like "login: refused" 'answer 2 refused'

# Nobody opens: that is remembered, and the next visits do not knock, for a while.
ask -T 2000 -h "http:$((web + 1))" -h "http:$((web + 2))" 127.9.1.1 page /page.html page /page.html
said_like "page: no web server, two knocks" 'answer 1 no-answer n=0 packets=2'
said_like "page: ... and no third" 'answer 2 no-answer n=0 packets=0'
shut=$(sed -n "s/.*learned .*\\(check=.* shut=1@[0-9]*\\).*/\\1/p" <<<"$said" | tail -1)
check "page: no web server is remembered" yes "${shut:+yes}"
ask -T 2000 -h "http:$((web + 1))" -h "http:$((web + 2))" -l "$shut" 127.9.1.1 page /page.html
said_like "page: no web server is left in peace" 'answer 1 no-answer n=0 packets=0'
for when in "$(($(date +%s) - 1))" "$(($(date +%s) + 1000000))"; do
	ask -T 2000 -h "http:$((web + 1))" -h "http:$((web + 2))" -l "${shut%@*}@$when" \
		127.9.1.1 page /page.html
	said_like "page: no web server is looked for again" 'answer 1 no-answer n=0 packets=2'
done

tls() {
	local tls_port=$1 pem=$tmp/printer.pem server
	shift
	openssl req -x509 -newkey rsa:1024 -nodes -keyout "$pem" -out "$pem.crt" -subj /CN=printer \
		-days 3 2>/dev/null
	(cd "$root/tests/sim/tiny/http" && exec openssl s_server -accept "127.0.0.1:$tls_port" \
		-key "$pem" -cert "$pem.crt" -WWW -tls1 -cipher ALL:@SECLEVEL=0 -quiet >/dev/null 2>&1) &
	server=$!
	pids+=("$server")
	sleep 0.5
	ask -T 3000 -h "https:$tls_port" "$@" 127.0.0.1 page /page.html
	finish "$server"
}
if command -v openssl >/dev/null; then
	tls "$(free_port)"
	said_like "tls: an old printer is read" 'answer 1 ok .*code=200'
	tls "$(free_port)" -s pin
	said_like "tls: its key is remembered" 'learned .*pin=[A-Za-z0-9+/]{43}= '
	tls "$(free_port)" -s pin -l "pin=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	said_like "tls: another key is refused" 'answer 1 refused'
	said_like "tls: another key is told" 'another TLS key'
	tls "$(free_port)" -s ca
	said_like "tls: ca believes nobody unknown" 'answer 1 refused'
else
	skip tls "openssl is not installed"
fi

# ---- the jail ----

jailed() {
	local pid=
	"$drive" -J require -c public -v 2c -t 2000 -r 0 -p 9 127.0.0.1 get "$descr" >/dev/null 2>&1 &
	pids+=($!)
	wait_until 5 pgrep -P $! >/dev/null
	pid=$(pgrep -P $!)
	sleep 0.5
	check "jail: seccomp" 2 "$(awk '/^Seccomp:/ { print $2 }' "/proc/$pid/status")"
	check "jail: no new privileges" 1 "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$pid/status")"
	check "jail: no core" 0 "$(awk '/^Max core/ { print $5 }' "/proc/$pid/limits")"
	wait $!
}
if under_sanitizer; then skip jail "there is none under AddressSanitizer"; else jailed; fi

if ! under_sanitizer; then
	wait $twelve
	read -r many much <"$tmp/twelve"
	check "memory: of a /12" "1048574 yes" "$many $(no_larger "$much" "$little")"
fi

exit $failed
