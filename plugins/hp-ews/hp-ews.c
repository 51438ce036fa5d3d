/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hp-ews.c - reads HP printers through their embedded web server: LEDM and CDM
 * documents, FutureSmart's pages, older pages, large-format usage.
 *
 * Beside it, two small tables of the Printer-MIB, which printer-mib asks for
 * anyway: under which number a supply stands there, and whether alerts do.
 * A page that wants a password is left, unless the site has a log-in for the
 * printer; a sleeping printer is not woken.
 */
#include "ews.h"

#include <platen/identity.h>
#include <platen/json.h>
#include <platen/xml.h>

#include <stdio.h>
#include <string.h>

const struct platen_host *host;
const struct platen_snmp *snmp;
const struct platen_http *http;
bool security;

static int32_t
start(const struct platen_host *given)
{
	host = given;
	snmp = host->service(host, PLATEN_SNMP);
	http = host->service(host, PLATEN_HTTP);
	security = strcmp(host->option(host, "security"), "yes") == 0;
	return snmp != NULL && http != NULL ? PLATEN_OK : PLATEN_EINVAL;
}

/* Better than what knows the maker's SNMP objects: by function and size only the pages count. */
static int32_t
match(const struct platen_device *device)
{
	char maker[MAX_LINE];

	platen_identity_manufacturer(device, maker, sizeof(maker));
	return strcmp(maker, "HP") == 0 ? 60 : 0;
}

void
ews_answered(struct ews *e)
{
	if (--e->pending == 0 && e->dialect != NULL)
		e->dialect->report(e);
}

static void
on_alerts(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct ews *e = arg;

	(void)v;
	e->alerts = r->n > 0 || r->status != PLATEN_OK;
	ews_answered(e);
}

/* prtAlertSeverityLevel (RFC 3805). */
static const struct platen_oid severity[] = { PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2) };

static void
ask_alerts(struct ews *e)
{
	if (snmp->table(e->visit, severity, 1, on_alerts, e) == PLATEN_OK)
		e->pending++;
	else
		e->alerts = true;
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	struct ews *e = host->alloc(v, sizeof(*e));

	if (e == NULL)
		return PLATEN_EBUDGET;
	e->visit = v;
	e->pending = 1;
	parts_ask(e);
	ask_alerts(e);
	find_begin(e, device);
	return PLATEN_OK;
}

static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};

static const char *const needs[] = { PLATEN_SNMP, PLATEN_HTTP, NULL };

/* Documents that are read, one by one: beside them lie actions, passwords and jobs. */
static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.11.1.1",
	"oid 1.3.6.1.2.1.43.12.1.1",
	"oid 1.3.6.1.2.1.43.18.1.1",
	"get /DevMgmt/DiscoveryTree.xml",
	"get /DevMgmt/ProductConfigDyn.xml",
	"get /DevMgmt/ProductUsageDyn.xml",
	"get /DevMgmt/ConsumableConfigDyn.xml",
	"get /DevMgmt/ProductStatusDyn.xml",
	"get /DevMgmt/NetAppsDyn.xml",
	"get /cdm/servicesDiscovery",
	"get /cdm/system/v1/identity",
	"get /cdm/system/v1/status",
	"get /cdm/deviceUsage/v1/lifetimeCounters",
	"get /cdm/supply/v1/suppliesPublic",
	"get /cdm/alert/v1/alerts",
	"get /cdm/security/v1/deviceAdminConfig",
	"get /cdm/network/v1/proxyConfig",
	"get /hp/device/InternalPages/Index?id=UsagePage",
	"get /hp/device/InternalPages/Index?id=SuppliesStatus",
	"get /hp/device/InternalPages/Index?id=ConfigurationPage",
	"get /hp/device/SignIn/Index",
	"login /hp/device/SignIn/Index",
	"get /hp/device/info_config.xml",
	"get /hp/device/info_configuration.html",
	"get /hp/device/webAccess/index.htm?content=usage",
	NULL,
};

static const struct platen_option options[] = {
	{ "security", "no", "yes: ask how the printer is secured, too; `platen doctor` does" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "hp-ews",
	.version = "1.0",
	.summary = "meters, supplies and identity from the web pages of HP printers",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = start,
};

const struct platen_plugin *
platen_plugin_v1(void)
{
	platen_xml_load();
	return &plugin;
}
