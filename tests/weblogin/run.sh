#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/weblogin - passwords for printers' pages: shown where they are asked for, by
# Digest, Basic over TLS and FutureSmart's form; once, and not again, where they are
# refused; never in the clear, in a log or in a file.  What is odd about a
# certificate is noted, a changed key is not believed.
source "$(dirname "$0")/../lib.sh"

net=127.30.0
captures=$root/plugins/hp-ews/captures
ledm=$captures/ledm-color-mfp futuresmart=$captures/futuresmart-german
web=$(free_port)
plain=$(free_port)
: >"$tmp/counts"
printf 'let me in\n' >"$tmp/right"
printf 'sesame-4711\n' >"$tmp/wrong"
chmod 600 "$tmp/right" "$tmp/wrong"

# certificate ADDRESS BITS DAYS: self-signed
certificate() {
	openssl req -x509 -newkey "rsa:$2" -nodes -days "$3" -subj "/CN=printer" \
		-keyout "$tmp/$1.key" -out "$tmp/$1.crt" >"$tmp/openssl" 2>&1
	cat "$tmp/$1.key" "$tmp/$1.crt" >"$tmp/$1.pem"
}

for i in 1 2 3 4 5 6 7 9; do certificate $net.$i 2048 30; done
certificate $net.9 1024 30

modes=(1=basic 2=digest 3=form 4=basic 5=digest 6=form 7=basic 8=plain 9=open)

# The walks without the pages: those come from the servers above.
mkdir -p "$tmp/walks/ledm" "$tmp/walks/futuresmart"
cp "$ledm"/*.snmprec "$tmp/walks/ledm/"
cp "$futuresmart"/*.snmprec "$tmp/walks/futuresmart/"
places=()
for m in "${modes[@]}"; do
	case $m in *form) folder=futuresmart ;; *) folder=ledm ;; esac
	places+=(--printer "$net.${m%%=*}=$tmp/walks/$folder")
done
sim_start --unique "${places[@]}" "$tmp/walks"

web_start() {
	local servers=() m folder serial new
	for m in "${modes[@]}"; do
		folder=$ledm serial=CNF8H1K0QZ
		case $m in *form) folder=$futuresmart serial=JPBCQ00417 ;; esac
		new=$(awk -v a="$net.${m%%=*}" '$1 == a { print $NF }' "$tmp/printers")
		servers+=("$net.${m%%=*}=${m#*=}:$folder/http:$serial:$new")
	done
	python3 "$here/web.py" "$tmp" "$web" "$plain" "$tmp/counts" "${servers[@]}" >"$tmp/web.out" \
		2>"$tmp/web.err" &
	server=$!
	pids+=("$server")
	wait_until 10 grep -q ready "$tmp/web.out" || { not_ok web "$(tail -n 3 "$tmp/web.err")"; exit 1; }
}
web_start

agent_ini "$tmp/platen.ini" "$net.1-$net.9" "https:$web, http:$plain" 5s <<INI
[login known]
match = $net.1-$net.3, $net.8
password_file = $tmp/right
[login mistaken]
match = $net.4-$net.6
password_file = $tmp/wrong
INI

# records_of N: the records of that printer so far
records_of() { grep -F "\"ip\":\"$net.$1\"" "$tmp/records.jsonl" 2>/dev/null; }
shown() { grep -c "^$net.$1 $2" "$tmp/counts"; }
all_have() {
	local i
	for i in 1 2 3 4 5 6 7 8 9; do [ "$(records_of $i | wc -l)" -ge "$1" ] || return 1; done
}

agent_start "$tmp/platen.ini"
wait_until 60 all_have 3
verdict three-visits $? "not all printers were read three times: $(tail -n 3 "$tmp/agent.log")"
agent_stop

check basic "/\"copy.total\",\"value\":640,.*\"via\":\"hp-ews\"/" "$(records_of 1 | tail -n 1)"
check digest "/\"copy.total\",\"value\":640,.*\"via\":\"hp-ews\"/" "$(records_of 2 | tail -n 1)"
check form "/\"copy.total\",\"value\":18008,.*\"via\":\"hp-ews\"/" "$(records_of 3 | tail -n 1)"
for i in 1 2 3; do check right-not-refused-$i 0 "$(shown $i wrong)"; done
for i in 4 5 6; do
	check wrong-shown-once-$i 1 "$(shown $i wrong)"
	check refused-said-$i "/\[login mistaken\]/" "$(grep -F "$net.$i refuses" "$tmp/agent.log")"
	check snmp-goes-on-$i "/\"total\".*printer-mib/" "$(records_of $i | tail -n 1)"
done
check no-login-nothing-shown "" "$(grep "^$net.7 " "$tmp/counts")"
check not-in-the-clear "" "$(grep "^$net.8 " "$tmp/counts")"
[ "$(shown 3 right)" -le "$(records_of 3 | wc -l)" ]
verdict form-at-most-once-a-visit $? "shown $(shown 3 right) times in $(records_of 3 | wc -l) visits"

# After a restart a refused password is still not shown; another one is.
agent_start "$tmp/platen.ini"
visits=$(records_of 4 | wc -l)
wait_until 30 all_have $((visits + 2))
agent_stop
for i in 4 5 6; do check restart-remembers-$i 1 "$(shown $i wrong)"; done
sed -i "s|$tmp/wrong|$tmp/right|" "$tmp/platen.ini"
agent_start "$tmp/platen.ini"
visits=$(records_of 4 | wc -l)
wait_until 30 all_have $((visits + 2))
agent_stop
check corrected-password "/\"copy.total\",\"value\":640/" "$(records_of 4 | tail -n 1)"
check corrected-form "/\"copy.total\",\"value\":18008/" "$(records_of 6 | tail -n 1)"

# ---- a session that came over TLS ----

# The web server with TLS goes away in the middle of it; the one without gets no cookie.
: >"$tmp/clear"
python3 "$here/web.py" "$tmp" "$web" "$plain" "$tmp/clear" "$net.3=tell:$tmp:x:x" >"$tmp/clear.out" 2>&1 &
pids+=($!)
wait_until 10 grep -q ready "$tmp/clear.out" || not_ok clear "$(tail -n 3 "$tmp/clear.out")"
agent_start "$tmp/platen.ini"
visits=$(records_of 3 | wc -l)
wait_until 30 all_have $((visits + 1))
kill "$server"
wait "$server" 2>/dev/null
wait_until 30 grep -q "^$net.3 " "$tmp/clear"
verdict session-without-tls-asked $? "nobody came: $(tail -n 3 "$tmp/agent.log")"
agent_stop
check session-stays-with-tls "" "$(grep cookie "$tmp/clear")"

# ---- certificates ----
check self-signed-noted "/\"kind\":\"certificate\",\"text\":\"its web pages: self-signed certificate\"/" \
	"$(records_of 1 | head -n 1)"
check weak-key-noted "/self-signed certificate, 1024-bit RSA key/" "$(records_of 9 | head -n 1)"
certificate $net.1 2048 30
before=$(shown 1 right)
web_start
agent_start "$tmp/platen.ini"
visits=$(records_of 1 | wc -l)
wait_until 30 all_have $((visits + 1))
agent_stop
check changed-key-noted "/another key than before/" "$(records_of 1 | tail -n 1)"
check changed-key-gets-nothing "$before" "$(shown 1 right)"

# ---- nothing else ----
check only-the-login-is-posted "" "$(grep -E 'POST|PUT|DELETE' "$tmp/counts")"
check password-nowhere "" "$(grep -rlaE 'let me in|let%20me%20in|sesame-4711|bGV0IG1lIGlu' \
	"$tmp/state" "$tmp/records.jsonl" "$tmp/agent.log")"
sim_stop
exit $failed
