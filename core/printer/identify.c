/* SPDX-License-Identifier: Apache-2.0 */
/* identify.c - who answers, and is it a printer?  See identify.h. */
#include "printer/identify.h"

#include <platen/identity.h>
#include <platen/text.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- the questions ---- */

enum {
	OBJECT_ID,
	DESCR,
	DEVICE_TYPE,
	DEVICE_DESCR,
	SERIAL,
	LIFE_COUNT,
	DEVICE_ID_PWG,
	DEVICE_ID_HP,
	NOBJECTS
};

static const struct platen_oid objects[NOBJECTS] = {
	[OBJECT_ID] = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 2, 0), /* sysObjectID */
	[DESCR] = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 1, 0), /* sysDescr */
	[DEVICE_TYPE] = PLATEN_OID(1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2, 1), /* hrDeviceType.1 */
	[DEVICE_DESCR] = PLATEN_OID(1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1), /* hrDeviceDescr.1 */
	[SERIAL] = PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1), /* prtGeneralSerialNumber.1 */
	[LIFE_COUNT] = PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1), /* prtMarkerLifeCount */
	/* ppmPrinterIEEE1284DeviceId.1 (PWG 5107.1); gdStatusId, answered by many makers. */
	[DEVICE_ID_PWG] = PLATEN_OID(1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3, 1),
	[DEVICE_ID_HP] = PLATEN_OID(1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1, 1, 7, 0),
};

enum { COL_TYPE, COL_DESCR, NDEVICE_COLUMNS };

static const struct platen_oid device_columns[NDEVICE_COLUMNS] = {
	[COL_TYPE] = PLATEN_OID(1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2),
	[COL_DESCR] = PLATEN_OID(1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3),
};

/* prtMarkerLifeCount and prtMarkerSuppliesDescription: what every Printer-MIB has one of. */
static const struct platen_oid mib_columns[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6),
};

/* hrDevicePrinter (RFC 2790) */
static const uint32_t device_printer[] = { 1, 3, 6, 1, 2, 1, 25, 3, 1, 5 };

const struct question *
identify_question(enum identify_step step)
{
	static const struct question questions[] = {
		[IDENTIFY_AGAIN] = { .kind = ASK_GET, .n = DESCR + 1, .oids = objects },
		[IDENTIFY_GET] = { .kind = ASK_GET, .n = NOBJECTS, .oids = objects },
		[IDENTIFY_DEVICES] = { .kind = ASK_TABLE,
			.n = NDEVICE_COLUMNS,
			.oids = device_columns },
		[IDENTIFY_MIB] = { .kind = ASK_TABLE,
			.n = COUNT(mib_columns),
			.oids = mib_columns },
	};

	return &questions[step];
}

/* ---- the answers ---- */

static void
take_text(char *to, size_t size, const struct platen_bind *b)
{
	if (b->type == PLATEN_OCTETS)
		platen_text(to, size, b->octets, b->len, 0, PLATEN_CHARSET_LATIN1);
}

static bool
is_printer_type(const struct platen_bind *b)
{
	return b->type == PLATEN_OBJECT_ID &&
		oid_compare(b->value.sub, b->value.n, device_printer, COUNT(device_printer)) == 0;
}

/* As text; none where it does not fit. */
static void
take_object_id(char *to, size_t size, const struct platen_bind *b)
{
	struct buf text = { 0 };

	to[0] = 0;
	if (b->type != PLATEN_OBJECT_ID)
		return;
	buf_text(&text, ""); /* never NULL, also of an OID without numbers */
	oid_format(b->value.sub, b->value.n, &text);
	if (text.n < size)
		memcpy(to, text.p, text.n + 1);
	buf_free(&text);
}

/* Is it the one that p has?  Numbers are compared, where both have some. */
static bool
is_object_id(const struct printer *p, const struct platen_bind *b)
{
	char now[sizeof(p->object_id)];
	struct oid was;

	if (b->type == PLATEN_OBJECT_ID && oid_parse(p->object_id, &was))
		return oid_compare(b->value.sub, b->value.n, was.sub, was.n) == 0;
	take_object_id(now, sizeof(now), b);
	return strcmp(now, p->object_id) == 0;
}

static void
forget(struct printer *p)
{
	p->object_id[0] = p->descr[0] = p->hr_model[0] = p->device_id[0] = p->serial[0] = 0;
	p->hr_device_index = 0;
}

static void
take_device_row(struct identity *who, struct printer *p, const struct platen_bind *type,
	const struct platen_bind *descr)
{
	if (type->type != PLATEN_ABSENT)
		who->devices_answered = true;
	if (who->printer_device || !is_printer_type(type))
		return;
	who->printer_device = true;
	p->hr_device_index = type->oid.sub[type->oid.n - 1];
	take_text(p->hr_model, sizeof(p->hr_model), descr);
}

bool
identify_same(const struct answer *a, struct identity *who, const struct printer *p)
{
	char descr[sizeof(p->descr)];

	if (a->n != DESCR + 1)
		return false;
	descr[0] = 0;
	take_text(descr, sizeof(descr), &a->binds[DESCR]);
	if (!is_object_id(p, &a->binds[OBJECT_ID]) || strcmp(descr, p->descr) != 0)
		return false;
	who->printer_device = true;
	return true;
}

static enum identify_step
take_get(const struct answer *a, struct identity *who, struct printer *p)
{
	const struct platen_bind *b = a->binds;

	forget(p);
	take_object_id(p->object_id, sizeof(p->object_id), &b[OBJECT_ID]);
	take_text(p->descr, sizeof(p->descr), &b[DESCR]);
	take_device_row(who, p, &b[DEVICE_TYPE], &b[DEVICE_DESCR]);
	take_text(p->device_id, sizeof(p->device_id), &b[DEVICE_ID_PWG]);
	if (p->device_id[0] == 0)
		take_text(p->device_id, sizeof(p->device_id), &b[DEVICE_ID_HP]);
	take_text(p->serial, sizeof(p->serial), &b[SERIAL]);
	who->printer_mib = b[SERIAL].type != PLATEN_ABSENT || b[LIFE_COUNT].type != PLATEN_ABSENT;
	if (who->printer_mib && !who->printer_device)
		p->hr_device_index = 1; /* which is what these two were asked for */
	return who->printer_device ? IDENTIFY_KNOWN : IDENTIFY_DEVICES;
}

static enum identify_step
take_devices(const struct answer *a, struct identity *who, struct printer *p)
{
	for (uint32_t i = 0; i + NDEVICE_COLUMNS <= a->n; i += NDEVICE_COLUMNS)
		take_device_row(who, p, &a->binds[i + COL_TYPE], &a->binds[i + COL_DESCR]);
	return who->printer_device || who->printer_mib ? IDENTIFY_KNOWN : IDENTIFY_MIB;
}

/* Its rows are numbered by hrDeviceIndex, also where there is no hrDeviceTable. */
static void
take_mib(const struct answer *a, struct identity *who, struct printer *p)
{
	const struct platen_oid *row = a->n > 0 ? &a->binds[0].oid : NULL;

	who->printer_mib = row != NULL;
	if (row != NULL && row->n > mib_columns[0].n)
		p->hr_device_index = row->sub[mib_columns[0].n];
}

/* Who makes it, what is it called: as far as these few objects tell. */
static void
name(struct printer *p)
{
	struct oid oid;
	struct platen_device device = identify_device(p, &oid);

	platen_identity_manufacturer(&device, p->manufacturer, sizeof(p->manufacturer));
	platen_identity_model(&device, p->model, sizeof(p->model));
	if (!platen_serial_is_real(p->serial))
		platen_identity_serial(&device, p->serial, sizeof(p->serial));
}

enum identify_step
identify_take(enum identify_step step, const struct answer *a, struct identity *who,
	struct printer *p)
{
	enum identify_step next = IDENTIFY_KNOWN;

	switch (step) {
	case IDENTIFY_AGAIN:
		return identify_same(a, who, p) ? IDENTIFY_KNOWN : IDENTIFY_GET;
	case IDENTIFY_GET:
		next = a->n == NOBJECTS ? take_get(a, who, p) : IDENTIFY_DEVICES;
		break;
	case IDENTIFY_DEVICES:
		next = take_devices(a, who, p);
		break;
	case IDENTIFY_MIB:
		take_mib(a, who, p);
		break;
	case IDENTIFY_KNOWN:
		break;
	}
	if (next == IDENTIFY_KNOWN)
		name(p);
	return next;
}

/* ---- the verdict ---- */

/* A device id that names a class names the printer's: "CLS:PRINTER"; scanners say otherwise. */
static bool
device_id_says_printer(const char *id)
{
	char class[64], model[64];

	if (!platen_id1284_field(id, "CLS", class, sizeof(class)))
		platen_id1284_field(id, "CLASS", class, sizeof(class));
	if (class[0] != 0)
		return strcasecmp(class, "PRINTER") == 0;
	return platen_id1284_field(id, "MDL", model, sizeof(model)) ||
		platen_id1284_field(id, "MODEL", model, sizeof(model));
}

bool
identify_printer(const struct identity *who, const struct printer *p)
{
	struct platen_device device;
	struct oid oid;

	if (who->printer_device || who->printer_mib)
		return true;
	if (p->device_id[0] != 0)
		return device_id_says_printer(p->device_id);
	/* It lists its devices, and no printer is among them. */
	if (who->devices_answered)
		return false;
	device = identify_device(p, &oid);
	return platen_enterprise_is_printer(device.object_id, device.nobject_id);
}

struct platen_device
identify_device(const struct printer *p, struct oid *oid)
{
	if (!oid_parse(p->object_id, oid))
		oid->n = 0;
	return (struct platen_device){
		.size = sizeof(struct platen_device),
		.object_id = oid->sub,
		.nobject_id = oid->n,
		.descr = p->descr,
		.model = p->hr_model,
		.device_id = p->device_id,
		.hr_device_index = p->hr_device_index,
		.key = p->id[0] != 0 ? p->id : p->address,
	};
}
