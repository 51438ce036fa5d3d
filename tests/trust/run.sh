#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/trust - which plugin files are loaded: hashes of the INI, signatures, keys.  A table
# of what stands beside the plugin and in the INI, and what is then said of it; the same in
# a jail (plugins) and in this process (replay).
source "$(dirname "$0")/../lib.sh"

chmod 755 "$tmp"
umask 022
capture=$(own_captures | head -n 1)

sign() { "$platen" sign "$@" >"$tmp/said" 2>&1; }

# ---- keys and signatures as files ----

sign --new-key "$tmp/ours"
check new-key 0 $?
check new-key-mode 600 "$(stat -c %a "$tmp/ours")"
check new-key-id "/^key [0-9a-f]{16}$/" "$(head -n 1 "$tmp/said")"
sign --new-key "$tmp/ours"
check new-key-kept "1 platen sign: $tmp/ours: cannot be written: File exists" "$? $(<"$tmp/said")"
sign --new-key "$tmp/theirs"

mkdir "$tmp/good" "$tmp/keys"
cp "$PLATEN_BUILD/plugins/printer-mib.so" "$tmp/good"
so=$tmp/good/printer-mib.so
sign "$tmp/ours" "$so"
check sign 0 $?
check sign-form "platen-signature 1" "$(head -n 1 "$so.sig")"
sed -n 3p "$so.sig" | base64 -d >"$tmp/raw"
openssl pkeyutl -verify -rawin -pubin -inkey "$tmp/ours.pub" -in "$so" -sigfile "$tmp/raw" \
	>"$tmp/openssl" 2>&1
verdict openssl-agrees $? "$(<"$tmp/openssl")"

# NAME | STATUS | ARGUMENTS | what is said
while IFS='|' read -r name want args said; do
	# shellcheck disable=SC2086 # words on purpose
	run_platen "$tmp/out" sign $args
	check "sign-$name" "$want" "$status"
	check "sign-$name-says" "/$said/" "$(cat "$tmp/out" "$tmp/out.err")"
done <<-TABLE
	nothing|2||give a KEYFILE and a FILE.so
	no-file|2|$tmp/ours|give a KEYFILE and a FILE.so
	key-and-file|2|--new-key $tmp/x $so|signs nothing yet
	no-such-key|1|$tmp/none $so|none: cannot be read: No such file
	no-such-file|1|$tmp/ours $tmp/none.so|none.so: cannot be read: No such file
	public-key|1|$tmp/ours.pub $so|holds no private key of Ed25519
	folder|1|$tmp/ours $tmp|is no regular file
TABLE
cp "$tmp/ours" "$tmp/open"
chmod 644 "$tmp/open"
run_platen "$tmp/out" sign "$tmp/open" "$so"
check sign-open-key "/is open to others; chmod 600/" "$(<"$tmp/out.err")"

# ---- what is loaded ----

hash=$(sha256sum <"$so" | cut -d' ' -f1)
id=$(sed -n 's/^key //p' "$so.sig")
other=${hash//[0-9]/7}

# prepare WHAT: $tmp/case with plugin, signature and keys, as the word says
prepare() {
	rm -rf "$tmp/case"
	mkdir -p "$tmp/case/keys"
	cp "$so" "$so.sig" "$tmp/case"
	cp "$tmp/ours.pub" "$tmp/case/keys"
	local at=$tmp/case/printer-mib.so keys=$tmp/case/keys
	case $1 in
	signed) ;;
	raw-key) # the 32 bytes in base64, on a line
		openssl pkey -pubin -in "$tmp/ours.pub" -outform DER | tail -c 32 | base64 >"$keys/ours.pub" ;;
	two-keys) cp "$tmp/theirs.pub" "$keys/a.pub" ;;
	unsigned) rm "$at.sig" ;;
	no-keys) rm -r "$keys" ;;
	stranger) mv "$tmp/case/keys/ours.pub" "$keys/.ours" && cp "$tmp/theirs.pub" "$keys" ;;
	changed) printf x >>"$at" ;;
	resigned) "$platen" sign "$tmp/theirs" "$at" >/dev/null ;;
	forged) "$platen" sign "$tmp/theirs" "$at" >/dev/null && sed -i "2s/.*/key $id/" "$at.sig" ;;
	damaged) sed -i 3s/./_/ "$at.sig" ;;
	cut) truncate -s 60 "$at.sig" ;;
	longer) echo more >>"$at.sig" ;;
	huge) head -c 2000 /dev/zero >"$at.sig" ;;
	folder) rm "$at.sig" && mkdir "$at.sig" ;;
	writable-key) chmod 666 "$keys/ours.pub" ;;
	private-key) cp "$tmp/ours" "$keys/ours.pub" ;;
	no-key) echo "not a key" >"$keys/ours.pub" ;;
	esac
}

# WHAT | require_signed | sha256 | what is said ("" : it is loaded)
while IFS='|' read -r what require sha256 said; do
	prepare "$what"
	name=$what-$require${sha256:+-hash}
	printf '[plugins]\npath = /nowhere\nrequire_signed = %s\n[plugin printer-mib]\nsha256 = %s\n' \
		"$require" "$sha256" >"$tmp/case/platen.ini"
	run_platen "$tmp/out" plugins -c "$tmp/case/platen.ini" "$tmp/case/printer-mib.so"
	jailed=$(tr -s ' \n' ' ' <"$tmp/out")
	run_platen "$tmp/out" replay -c "$tmp/case/platen.ini" --plugin "$tmp/case/printer-mib.so" \
		--json "$capture"
	here_said=$(<"$tmp/out.err")
	if [ -n "$said" ]; then
		check "$name" "/printer-mib.so: refused: .*$said/" "$jailed"
		check "$name-replay" "/printer-mib.so: refused: .*$said/" "$here_said"
	else
		check "$name" "/printer-mib 1.0 ABI/" "$jailed"
		check "$name-replay" 0 "$status"
	fi
done <<-TABLE
	signed|yes||
	signed|yes|$hash|
	signed|yes|${hash^^}|
	signed|no|$other|its SHA-256 is $hash, but .*platen.ini says in \[plugin printer-mib\] sha256 that it is $other
	raw-key|yes||
	two-keys|yes||
	unsigned|no||
	unsigned|no|$hash|
	unsigned|yes||it has no signature beside it, and \[plugins\] says require_signed = yes
	no-keys|no||
	no-keys|yes||it is signed with the key $id, which is not in $tmp/case/keys
	stranger|no||
	stranger|yes||it is signed with the key $id, which is not in
	resigned|no||
	resigned|yes||it is signed with the key [0-9a-f]*, which is not in
	forged|no||its signature is not of these bytes .key $id in ours.pub.
	forged|yes||its signature is not of these bytes
	changed|no||its signature is not of these bytes
	changed|yes|$hash|its SHA-256 is
	damaged|no||its signature has no signature in its third line
	cut|no||its signature has no signature in its third line
	longer|no||its signature goes on behind its third line
	huge|no||its signature is larger than 1024 bytes
	folder|no||its signature is no regular file
	writable-key|yes||it is signed with the key $id, which is not in
	private-key|yes||it is signed with the key $id, which is not in
	no-key|yes||it is signed with the key $id, which is not in
TABLE

# ---- platen check says what is wrong with keys ----

while IFS='|' read -r what said; do
	prepare "$what"
	printf '[site]\nstate = %s\n[plugins]\nrequire_signed = yes\n' "$tmp/state" >"$tmp/case/platen.ini"
	run_platen "$tmp/out" check -c "$tmp/case/platen.ini"
	check "check-$what" "/$said/" "$(<"$tmp/out.err")"
done <<-TABLE
	writable-key|keys/ours.pub: others may write it; chmod go-w it
	private-key|keys/ours.pub: holds a private key, which belongs to whoever signs
	no-key|keys/ours.pub: is neither a public key in PEM nor 32 bytes in base64
	no-keys|there is no key in $tmp/case/keys, so no plugin is loaded
TABLE

# What was judged is what is loaded: here it is swapped behind the agent's back.
prepare signed
real=$PLATEN_BUILD/platen-host
cat >"$tmp/host" <<SCRIPT
#!/bin/sh
cp "$PLATEN_BUILD/tests/bad/start-fails.so" "$tmp/case/swapped"
mv "$tmp/case/swapped" "$tmp/case/printer-mib.so"
exec "$real" "\$@"
SCRIPT
chmod +x "$tmp/host"
printf '[plugins]\nrequire_signed = yes\n' >"$tmp/case/platen.ini"
PLATEN_HOST=$tmp/host run_platen "$tmp/out" plugins -c "$tmp/case/platen.ini" \
	"$tmp/case/printer-mib.so"
check swapped "/printer-mib 1.0 ABI/" "$(tr -s ' \n' ' ' <"$tmp/out")"
cmp -s "$PLATEN_BUILD/tests/bad/start-fails.so" "$tmp/case/printer-mib.so"
verdict swapped-indeed $? "the file was not swapped: the test is wrong"

# The plugin of a sink is held to the same.
prepare signed
cp "$PLATEN_BUILD/plugins/file.so" "$tmp/case"
printf '[site]\nstate = %s\n[plugins]\npath = .\n[plugin file]\nsha256 = %s\n[sink a]\nplugin = file\npath = %s\n' \
	"$tmp/state" "$hash" "$tmp/a" >"$tmp/case/platen.ini"
run_platen "$tmp/out" plugins -c "$tmp/case/platen.ini" "$tmp/case/file.so"
check sink-hash "/file.so: refused: its SHA-256 is/" "$(tr -s ' \n' ' ' <"$tmp/out")"
exit $failed
