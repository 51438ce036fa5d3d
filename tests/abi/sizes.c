/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sizes.c - a plugin whose structs are as long as those of ABI v1.0, or EXTRA
 * bytes longer as those of a later one may be.  Each ends where memory ends:
 * who reads further than its size says is ended by the machine.
 */
#include <platen/plugin.h>
#include <platen/snmp.h>

#include <string.h>
#include <sys/mman.h>

#ifndef EXTRA
#define EXTRA 0
#endif

#define PAGE 4096

/* Where a struct of minor 0 ended, as offsetof and sizeof said then (sdk/abi_v1.c). */
enum { PLUGIN_0 = 88, SCRAPER_0 = 24, READING_0 = 56 };

static const struct platen_host *host;
static const struct platen_snmp *snmp;
static char *reading_end;

static const struct platen_oid uptime = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 3, 0);

/* The first byte behind a page that can be read. */
static char *
end_of_memory(void)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(p + PAGE, PAGE, PROT_NONE);
	return p + PAGE;
}

/* A copy of a struct of n bytes that is n + EXTRA bytes long, up to the end. */
static void *
at_end(char *end, const void *from, uint32_t n)
{
	uint32_t size = n + EXTRA;
	char *to = end - size;

	memset(to, 0xAA, size);
	memcpy(to, from, n);
	memcpy(to, &size, sizeof(size)); /* its first field */
	return to;
}

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct platen_reading reading = {
		.metric = "meter.total",
		.unit = "impressions",
		.number = r->binds[0]->number,
		.full = PLATEN_NONE,
	};

	(void)arg;
	host->emit(v, at_end(reading_end, &reading, READING_0));
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *d)
{
	(void)d;
	return snmp->get(v, &uptime, 1, got, NULL);
}

static int32_t
match(const struct platen_device *d)
{
	(void)d;
	return 100;
}

static int32_t
start(const struct platen_host *given)
{
	host = given;
	snmp = host->service(host, PLATEN_SNMP);
	return PLATEN_OK;
}

const struct platen_plugin *
platen_plugin_v1(void)
{
	static const char *const needs[] = { PLATEN_SNMP, NULL };
	static const char *const reach[] = { "oid 1.3.6.1.2.1.1", NULL };
	const struct platen_scraper scraper = { .match = match, .visit = visit };
	struct platen_plugin plugin = {
		.abi_minor = EXTRA > 0 ? 99 : 0,
		.name = "sizes",
		.version = "1",
		.summary = "structs of other lengths",
		.needs = needs,
		.reach = reach,
		.start = start,
	};

	plugin.scraper = at_end(end_of_memory(), &scraper, SCRAPER_0);
	reading_end = end_of_memory();
	return at_end(end_of_memory(), &plugin, PLUGIN_0);
}
