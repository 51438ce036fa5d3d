/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identify.h - who answers at an address, and is it a printer?
 *
 * One GET for most printers, one or two tables for those that put themselves
 * elsewhere.  Judged by hrDeviceType (RFC 2790), the Printer-MIB (RFC 3805), the
 * IEEE 1284 device id and sysObjectID, so that projectors, telephones and
 * scanners are not reported.
 */
#ifndef PLATEN_IDENTIFY_H
#define PLATEN_IDENTIFY_H

#include "message.h"
#include "store/registry.h"

/* What has been seen of somebody so far. */
struct identity {
	bool devices_answered; /* it has an hrDeviceTable */
	bool printer_device; /* ... with a printer in it */
	bool printer_mib; /* something of the Printer-MIB is there */
};

enum identify_step {
	IDENTIFY_AGAIN, /* a known printer: is it still the same? */
	IDENTIFY_GET, /* the first question to a stranger */
	IDENTIFY_DEVICES, /* where is the printer in hrDeviceTable? */
	IDENTIFY_MIB, /* is there anything of the Printer-MIB? */
	IDENTIFY_KNOWN /* nothing more to ask */
};

const struct question *identify_question(enum identify_step);

/*
 * Take the answer to a step's question into p (object_id, descr, hr_model,
 * device_id, hr_device_index, manufacturer, model, serial) and say what to ask
 * next.  An answer without status OK counts as nothing learned.
 */
enum identify_step identify_take(enum identify_step, const struct answer *, struct identity *,
	struct printer *p);

/* IDENTIFY_AGAIN, answered: a known printer that is still the same needs no more questions. */
bool identify_same(const struct answer *, struct identity *, const struct printer *);

/* The verdict when nothing more is to be asked. */
bool identify_printer(const struct identity *, const struct printer *p);

/* p as a plugin is shown it; oid holds the object id. */
struct platen_device identify_device(const struct printer *p, struct oid *oid);

#endif
