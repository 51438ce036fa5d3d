/* SPDX-License-Identifier: Apache-2.0 */
/*
 * minimal.c - a plugin of ABI v1.0 that uses every call a scraper has.
 *
 * minimal.so was built from it once, for x86-64, against the headers as they
 * were (platen/ beside it).  Neither is ever built anew: it stands for the
 * plugins that are out there.  See README.
 */
#include <platen/http.h>
#include <platen/plugin.h>
#include <platen/snmp.h>

static const struct platen_host *host;
static const struct platen_snmp *snmp;
static const struct platen_http *http;

static const struct platen_oid objects[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
};

static const struct platen_oid columns[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8),
};

/* What is carried from the visit to its answers: memory of the visit. */
struct memory {
	int64_t answers;
};

static void
emit(struct platen_visit *v, struct platen_reading r)
{
	r.size = sizeof(r);
	if (host->emit(v, &r) != PLATEN_OK)
		host->log(host, PLATEN_ERROR, "a reading was refused");
}

static void
emit_text(struct platen_visit *v, const char *metric, const char *part, const char *text)
{
	emit(v, (struct platen_reading){
			.metric = metric,
			.part = part,
			.number = PLATEN_NONE,
			.full = PLATEN_NONE,
			.text = text,
		});
}

static void
on_page(struct platen_visit *v, const struct platen_http_reply *r, void *arg)
{
	struct memory *m = arg;

	m->answers++;
	if (r->status == PLATEN_OK && r->code == 200 && r->len > 0)
		emit_text(v, "device.asset", 0, (const char *)r->body);
	/* Beside it stands that all three answers came. */
	if (m->answers == 3)
		emit_text(v, "device.firmware", 0, host->option(host, "firmware"));
}

static void
on_supplies(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct memory *m = arg;

	m->answers++;
	for (uint32_t i = 0; i + 3 <= r->n; i += 3) {
		char part[2] = { (char)('1' + i / 3), 0 };

		if (r->binds[i]->type == PLATEN_OCTETS)
			emit_text(v, "supply.description", part, (const char *)r->binds[i]->octets);
		emit(v, (struct platen_reading){
				.metric = "supply.level",
				.part = part,
				.unit = "percent",
				.number = r->binds[i + 1]->type == PLATEN_ABSENT ?
						  PLATEN_UNKNOWN :
						  r->binds[i + 1]->number,
				.full = r->binds[i + 2]->number,
			});
	}
	http->get(v, "/info/asset.txt", on_page, m);
}

static void
on_meter(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct memory *m = arg;

	m->answers++;
	if (r->status == PLATEN_OK && r->n == 2) {
		emit(v, (struct platen_reading){
				.metric = "meter.total",
				.unit = "impressions",
				.number = r->binds[0]->number,
				.full = PLATEN_NONE,
			});
		emit_text(v, "device.serial", 0, (const char *)r->binds[1]->octets);
	}
	snmp->table(v, columns, 3, on_supplies, m);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *d)
{
	struct memory *m = host->alloc(v, sizeof(*m));

	host->log(host, PLATEN_DEBUG, "visits");
	emit_text(v, "device.model", 0, d->model);
	return m != 0 ? snmp->get(v, objects, 2, on_meter, m) : PLATEN_EBUDGET;
}

static int32_t
match(const struct platen_device *d)
{
	return d->nobject_id > 6 ? 100 : 0;
}

static int32_t
start(const struct platen_host *given)
{
	host = given;
	snmp = host->service(host, PLATEN_SNMP);
	http = host->service(host, PLATEN_HTTP);
	return PLATEN_HAS(host, platen_host, emit) && snmp != 0 && http != 0 ? PLATEN_OK :
										PLATEN_EINVAL;
}

static void
stop(void)
{
	host = 0;
}

static const char *const needs[] = { PLATEN_SNMP, PLATEN_HTTP, 0 };
static const char *const reach[] = { "oid 1.3.6.1.2.1.43", "get /info/", 0 };
static const struct platen_option options[] = {
	{ "firmware", "1.2.3", "what is told as the firmware" },
	{ 0, 0, 0 },
};
static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};
static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "minimal",
	.version = "1.0",
	.summary = "a plugin of ABI v1.0",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = start,
	.stop = stop,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
