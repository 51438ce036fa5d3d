/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - a scraper for tests: it asks every printer for "/" and takes the first
 * line of the page for its asset number.
 */
#include <platen/http.h>

static const struct platen_host *host;
static const struct platen_http *http;

static void
on_page(struct platen_visit *visit, const struct platen_http_reply *reply, void *arg)
{
	char line[64] = "";
	struct platen_reading r = {
		.size = sizeof(r),
		.metric = "device.asset",
		.number = PLATEN_NONE,
		.full = PLATEN_NONE,
		.text = line,
	};

	(void)arg;
	if (reply->status != PLATEN_OK || reply->code != 200)
		return;
	for (uint64_t i = 0; i < reply->len && i < sizeof(line) - 1 && reply->body[i] > ' '; i++)
		line[i] = (char)reply->body[i];
	if (line[0] != 0)
		host->emit(visit, &r);
}

static int32_t
start(const struct platen_host *given)
{
	host = given;
	http = host->service(host, PLATEN_HTTP);
	return http != NULL ? PLATEN_OK : PLATEN_EINVAL;
}

static int32_t
match(const struct platen_device *device)
{
	(void)device;
	return 1;
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	(void)device;
	return http->get(v, "/", on_page, NULL);
}

static const char *const needs[] = { PLATEN_HTTP, NULL };
static const char *const reach[] = { "get /", NULL };
static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};
static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "page",
	.version = "1.0",
	.summary = "the first line of the printer's page",
	.needs = needs,
	.reach = reach,
	.scraper = &scraper,
	.start = start,
};

const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
