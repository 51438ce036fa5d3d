/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp - for bad days: each printer's urgent facts, a datagram each, while the sink
 * that delivers the records cannot.
 *
 * The plugin picks the facts; the agent puts a keyed hash in the place of the
 * printer's id, seals the whole and sends it to the servers of the section.  Of
 * several records of one printer only the newest is sent.
 */
#include <platen/plugin.h>
#include <platen/upload.h>

#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE "application/platen-urgent"

static const struct platen_upload *upload;

/* A batch on its way, one printer after the other. */
struct job {
	const struct platen_batch *batch;
	uint32_t at; /* the record that is out */
	char *devices[]; /* device.id of each record, "" without a printer */
};

static int32_t
start(const struct platen_host *host)
{
	upload = (const struct platen_upload *)host->service(host, PLATEN_UPLOAD);
	return upload != NULL ? PLATEN_OK : PLATEN_EINVAL;
}

static json_t *
parse(const struct platen_record *r)
{
	return json_loadb(r->json, r->len, 0, NULL);
}

static char *
device_of(const struct platen_record *r)
{
	json_t *record = parse(r);
	const char *id =
		json_string_value(json_object_get(json_object_get(record, "device"), "id"));
	char *copy = strdup(id != NULL && strchr(id, '\n') == NULL ? id : "");

	json_decref(record);
	return copy;
}

static void
job_free(struct job *j)
{
	for (uint32_t i = 0; i < j->batch->n; i++)
		free(j->devices[i]);
	free(j);
}

static struct job *
job_new(const struct platen_batch *batch)
{
	struct job *j = calloc(1, sizeof(*j) + batch->n * sizeof(j->devices[0]));

	if (j == NULL)
		return NULL;
	j->batch = batch;
	for (uint32_t i = 0; i < batch->n; i++)
		if ((j->devices[i] = device_of(batch->records[i])) == NULL) {
			job_free(j);
			return NULL;
		}
	return j;
}

/* Is there a newer record of the same printer behind it? */
static int
is_overtaken(const struct job *j, uint32_t at)
{
	for (uint32_t i = at + 1; i < j->batch->n; i++)
		if (strcmp(j->devices[i], j->devices[at]) == 0)
			return 1;
	return 0;
}

static void sent(struct platen_delivery *, const struct platen_upload_reply *, void *arg);

/* Send the facts of the next printer, if there is one. */
static int32_t
send_next(struct platen_delivery *delivery, struct job *j)
{
	json_t *record;
	char *facts, *body;
	size_t n;
	int32_t status = PLATEN_ETOOBIG;

	while (j->at < j->batch->n && is_overtaken(j, j->at))
		j->at++;
	if (j->at == j->batch->n) {
		job_free(j);
		return PLATEN_OK;
	}
	record = parse(j->batch->records[j->at]);
	facts = facts_of(record);
	json_decref(record);
	n = facts != NULL ? strlen(j->devices[j->at]) + 1 + strlen(facts) : 0;
	body = facts != NULL ? malloc(n + 1) : NULL;
	if (body != NULL) {
		snprintf(body, n + 1, "%s\n%s", j->devices[j->at], facts);
		status = upload->send(delivery, TYPE, body, n, sent, j);
	}
	free(body);
	free(facts);
	if (status != PLATEN_OK)
		job_free(j);
	return status;
}

/* The record that was out, and those of the same printer that it has overtaken. */
static void
settle(struct platen_delivery *delivery, const struct job *j, int32_t verdict, const char *reason)
{
	for (uint32_t i = 0; i <= j->at; i++)
		if (strcmp(j->devices[i], j->devices[j->at]) == 0)
			upload->settle(delivery, i, 1, verdict, 0, reason);
}

/* The server understood and does not want it: the same again would be no better. */
static int
is_refused(int32_t code)
{
	return code == 400 || code == 413 || code == 415;
}

static void
sent(struct platen_delivery *delivery, const struct platen_upload_reply *reply, void *arg)
{
	struct job *j = arg;
	const char *why = PLATEN_HAS(reply, platen_upload_reply, reason) && reply->reason != NULL
		? reply->reason
		: "";
	char reason[200];

	if (reply->status != PLATEN_OK || (reply->code != 200 && !is_refused(reply->code))) {
		if (reply->status == PLATEN_OK)
			snprintf(reason, sizeof(reason), "the server answered %d",
				(int)reply->code);
		else
			snprintf(reason, sizeof(reason), "%s",
				*why != 0 ? why : "no server gave a receipt");
		upload->settle(delivery, j->at, j->batch->n - j->at, PLATEN_LATER,
			reply->retry_after, reason);
		job_free(j);
		return;
	}
	snprintf(reason, sizeof(reason), "the server refused it with %d", (int)reply->code);
	settle(delivery, j, reply->code == 200 ? PLATEN_SENT : PLATEN_REJECTED, reason);
	j->at++;
	(void)send_next(delivery, j);
}

static int32_t
deliver(struct platen_delivery *delivery, const struct platen_batch *batch)
{
	struct job *j = job_new(batch);

	return j != NULL ? send_next(delivery, j) : PLATEN_ETOOBIG;
}

static const struct platen_sink sink = {
	.size = sizeof(sink),
	.deliver = deliver,
};

static const char *const needs[] = { PLATEN_UPLOAD, NULL };
static const char *const reach[] = { NULL };

static const struct platen_option options[] = {
	{ "servers", NULL, "udp://HOST:PORT and tcp://HOST:PORT, tried in this order" },
	{ "seal_key_file", NULL, "the line that `platen keys new` printed at the gateway" },
	{ "transcript", "", "file that shows all that leaves; empty: none" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "udp",
	.version = "1.0",
	.summary = "sends each printer's urgent facts sealed in a datagram",
	.needs = needs,
	.reach = reach,
	.options = options,
	.sink = &sink,
	.start = start,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
