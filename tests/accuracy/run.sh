#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/accuracy - nothing that is read is wrong, no printer is read worse with its maker's
# plugin than without it, and no plugin can reach tables of jobs and people (matrix.py); and the
# INI chooses whose total is the record's.
source "$(dirname "$0")/../lib.sh"

captures=("$root/plugins")
if [ -n "${PLATEN_CAPTURES:-}" ]; then
	captures+=("$PLATEN_CAPTURES/snmp" "$PLATEN_CAPTURES/brother" "$PLATEN_CAPTURES/ews")
else
	skip recorded-printers "PLATEN_CAPTURES is not set"
fi
"$here/matrix.py" --check "$platen" "${captures[@]}" || failed=1

# ---- whose total is billed ----

printer=$root/plugins/kyocera/captures/kyocera-one-toner

# total_with YIELD: whose total is in the record, and the note about the other one
total_with() {
	printf '[plugins]\npath = %s/plugins\n[plugin kyocera]\nyield = %s\n' "$PLATEN_BUILD" "$1" \
		>"$tmp/platen.ini"
	run_platen "$tmp/out" replay --json -c "$tmp/platen.ini" "$printer"
	/usr/bin/python3 - "$tmp/out" <<'PYTHON'
import json, sys
record = json.load(open(sys.argv[1]))
print(*(f"{m['value']} {m['via']}" for m in record["meters"] if m["name"] == "total"))
print(*(n["text"] for n in record["notes"] if n["kind"] == "disagreement"))
PYTHON
}

check maker-total "87990 kyocera
total: kyocera says 87990 impressions, printer-mib says 88120, 130 (0.1 %) more" "$(total_with "")"
check standard-total "88120 printer-mib
total: printer-mib says 88120 impressions, kyocera says 87990, 130 (0.1 %) less" \
	"$(total_with "meter.total, meter.mono")"
total_with meter.totals >/dev/null 2>&1
run_platen "$tmp/out" check -c "$tmp/platen.ini"
check no-such-total "/yield names \"meter.totals\", which is no metric/" "$(<"$tmp/out.err")"
# ---- what is asked over the wire: the trace has every object of every request ----

mapfile -t printers < <(own_captures; real_captures)
range=127.28.0.1-127.28.0.${#printers[@]}
sim_start --listen "$range" --trace "$tmp/trace" "${printers[@]}"
printf '[plugins]\npath = %s/plugins\n[snmp]\nport = %s\ntimeout = 1s\n[http]\nports =\n' \
	"$PLATEN_BUILD" "$port" >"$tmp/platen.ini"
run_platen "$tmp/live" read --json -c "$tmp/platen.ini" "$range"
sim_stop
check traced "/[ ,]1\.3\.6\.1\.2\.1\.43\./" "$(grep -m 1 '1\.3\.6\.1\.2\.1\.43\.' "$tmp/trace")"
check traced-every-object "" "$(awk '$6 != split($7, names, ",") && $4 != "http"' "$tmp/trace" |
	head -n 3)"
check nobody-is-asked-about "" "$("$here/matrix.py" --private |
	sed 's/\./\\./g; s/.*/[ ,]&(\\.|[ ,]|$)/' | grep -E -m 3 -f - "$tmp/trace")"
exit $failed
