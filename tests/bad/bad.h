/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bad.h - what the hostile plugins in this folder have in common: a scraper that
 * is harmless but for the one function or struct its file is about.
 */
#include <platen/plugin.h>
#include <platen/snmp.h>

#include <string.h>

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* Another plugin knows every printer as well as this one: nothing is lost by its failing. */
static int32_t
any_match(const struct platen_device *device)
{
	return 1;
}

static int32_t
keep_host(const struct platen_host *h)
{
	host = h;
	snmp = h->service(h, PLATEN_SNMP);
	return PLATEN_OK;
}

static inline int32_t
quiet_visit(struct platen_visit *v, const struct platen_device *device)
{
	return PLATEN_OK;
}

/* sysUpTime.0 */
static const struct platen_oid uptime = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 3, 0);

static inline void
emit_text(struct platen_visit *v, const char *metric, const char *part, const char *text)
{
	host->emit(v,
		&(struct platen_reading){
			.size = sizeof(struct platen_reading),
			.metric = metric,
			.part = part,
			.number = PLATEN_NONE,
			.full = PLATEN_NONE,
			.text = text,
		});
}

#define BAD_STRUCT(NAME, VISIT)                                                                    \
	static const struct platen_scraper scraper = {                                             \
		.size = sizeof(scraper),                                                           \
		.match = any_match,                                                                \
		.visit = VISIT,                                                                    \
	};                                                                                         \
	static struct platen_plugin plugin = {                                                     \
		.size = sizeof(plugin),                                                            \
		.abi_minor = PLATEN_ABI_MINOR,                                                     \
		.name = NAME,                                                                      \
		.version = "1",                                                                    \
		.summary = "a hostile plugin for the tests",                                       \
		.needs = (const char *const[]){ PLATEN_SNMP, NULL },                               \
		.reach = (const char *const[]){ "oid 1.3.6.1.2.1.1", NULL },                       \
		.scraper = &scraper,                                                               \
		.start = keep_host,                                                                \
	};

#define BAD_PLUGIN(NAME, VISIT)                                                                    \
	BAD_STRUCT(NAME, VISIT)                                                                    \
	const struct platen_plugin *platen_plugin_v1(void)                                         \
	{                                                                                          \
		return &plugin;                                                                    \
	}
