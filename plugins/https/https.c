/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https - records to a dealer's server (sdk/UPLOAD).
 *
 * Makes bodies, reads receipts, settles.  It sees neither addresses nor secrets:
 * the agent chooses the server, and the wan role speaks to it.  Without a receipt
 * nothing counts as delivered.
 */
#include "https.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Requests for one batch; what is left then is for the next attempt. */
#define SENDS_MOST 24

static const struct platen_upload *upload;

/* What the server that answered last understands. */
static struct {
	char name[512];
	uint32_t can;
	bool plain; /* it took nothing that was packed */
} server;

enum state { WAITING, DONE, LEFT };

struct trip {
	struct platen_delivery *delivery;
	const struct platen_batch *batch;
	enum state *states; /* of each record */
	bool *whole; /* ... the server asked for it as a whole */
	struct line *lines; /* of the request that is out */
	uint32_t *places; /* ... and where in the batch they are */
	uint32_t n;
	uint32_t most; /* records in one request */
	enum form form;
	uint32_t sends;
};

static void
trip_free(struct trip *t)
{
	free(t->states);
	free(t->whole);
	free(t->lines);
	free(t->places);
	free(t);
}

static struct trip *
trip_new(struct platen_delivery *delivery, const struct platen_batch *batch)
{
	struct trip *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->delivery = delivery;
	t->batch = batch;
	t->states = calloc(batch->n, sizeof(*t->states));
	t->whole = calloc(batch->n, sizeof(*t->whole));
	t->lines = calloc(batch->n, sizeof(*t->lines));
	t->places = calloc(batch->n, sizeof(*t->places));
	if (t->states != NULL && t->whole != NULL && t->lines != NULL && t->places != NULL)
		return t;
	trip_free(t);
	return NULL;
}

/* ---- settling ---- */

static void
settle(struct trip *t, uint32_t place, int32_t verdict, const char *reason)
{
	upload->settle(t->delivery, place, 1, verdict, 0, reason);
	t->states[place] = DONE;
}

/* Nothing more is sent now: what is left comes again. */
static void
leave(struct trip *t, uint32_t retry_after, const char *reason)
{
	for (uint32_t i = 0; i < t->batch->n; i++)
		if (t->states[i] != DONE) {
			upload->settle(t->delivery, i, 1, PLATEN_LATER, retry_after, reason);
			break; /* the others are left without a word */
		}
	trip_free(t);
}

/* Records that have gone together; which of them the server has is not known. */
static void
doubt(const struct trip *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		bases_forget(t->lines[i].record);
}

/* ---- sending ---- */

static void on_reply(struct platen_delivery *, const struct platen_upload_reply *, void *);

static void
send_next(struct trip *t)
{
	struct platen_parcel parcel = { .size = sizeof(parcel), .type = "application/x-ndjson" };
	struct body body;
	int32_t status;

	t->n = 0;
	for (uint32_t i = 0; i < t->batch->n && t->n < t->most; i++) {
		if (t->states[i] != WAITING)
			continue;
		t->lines[t->n] = (struct line){ t->batch->records[i], t->whole[i], false };
		t->places[t->n++] = i;
	}
	if (t->n == 0 || t->sends++ == SENDS_MOST) {
		leave(t, 0, "the server refuses much of what is sent; the rest is tried again");
		return;
	}
	if (!body_make(&body, t->lines, t->n, t->form, server.can)) {
		leave(t, 0, "there is not enough memory for the batch");
		return;
	}
	parcel.coding = body.coding;
	parcel.body = body.bytes;
	parcel.len = body.n;
	/* What one server understands is for nobody else. */
	parcel.server = t->form == FORM_BEST && server.can != 0 ? server.name : NULL;
	status = upload->send_parcel(t->delivery, &parcel, on_reply, t);
	body_free(&body);
	if (status != PLATEN_OK)
		leave(t, 0, "the agent did not take the batch");
}

/* ---- answers ---- */

/* Nothing is known of the server any more. */
static void
begin_again(void)
{
	server.can = 0;
	server.name[0] = 0;
	bases_forget_all();
}

static void
take_fate(struct trip *t, uint32_t i, const struct platen_fated *f)
{
	switch (f->fate) {
	case PLATEN_STORED:
		settle(t, t->places[i], PLATEN_SENT, "");
		return;
	case PLATEN_REFUSED:
		bases_forget(t->lines[i].record);
		settle(t, t->places[i], PLATEN_REJECTED, f->reason);
		return;
	case PLATEN_WHOLE:
		t->whole[t->places[i]] = true;
		/* Who asks for what it was given shall not be asked in a circle. */
		if (!t->lines[i].delta)
			t->states[t->places[i]] = LEFT;
		return;
	case PLATEN_UNSAID:
		bases_forget(t->lines[i].record);
		t->states[t->places[i]] = LEFT;
		return;
	}
}

static void
take_receipt(struct trip *t, const struct platen_upload_reply *reply)
{
	struct platen_fated *fated = calloc(t->n, sizeof(*fated));
	const char *why = "there is not enough memory to read it";
	char text[256];
	uint32_t can = 0;

	for (uint32_t i = 0; fated != NULL && i < t->n; i++)
		fated[i].seq = t->lines[i].record->seq;
	if (fated != NULL)
		why = platen_receipt_read(reply->body, reply->len, fated, t->n, &can);
	if (why != NULL) {
		snprintf(text, sizeof(text),
			"the server answered 200, but gave no receipt: %s; "
			"check the URL in servers",
			why);
		free(fated);
		doubt(t);
		leave(t, 0, text);
		return;
	}
	if (strcmp(server.name, reply->server) != 0 || (can & PLATEN_CAN_DELTA) == 0)
		bases_forget_all();
	snprintf(server.name, sizeof(server.name), "%s", reply->server);
	server.can = can;
	server.plain = t->form == FORM_PLAIN;
	t->most = t->batch->n;
	for (uint32_t i = 0; i < t->n; i++)
		take_fate(t, i, &fated[i]);
	free(fated);
	for (uint32_t i = 0; i < t->batch->n; i++)
		if (t->states[i] == WAITING) {
			send_next(t);
			return;
		}
	leave(t, 0, "the server's receipt does not speak of all records");
}

static void say_code(const struct platen_upload_reply *, char *to, size_t);

/*
 * Is it said of one plain record?  That it is in no form that is taken there, or a
 * page of a web server in between, says nothing of the record.
 */
static bool
blames_record(const struct platen_upload_reply *reply)
{
	return reply->code != 415 && (reply->len == 0 || reply->body[0] != '<');
}

/* The server judged the records: say it plainer, then in smaller parts, then believe it. */
static void
refused(struct trip *t, const struct platen_upload_reply *reply)
{
	char reason[200], text[700];
	int line = 0;

	doubt(t);
	if (t->form != FORM_PLAIN) {
		t->form = t->form == FORM_BEST && server.can != 0 ? FORM_WHOLE : FORM_PLAIN;
		begin_again();
	} else if (t->n > 1) {
		t->most = (t->n + 1) / 2;
	} else if (!blames_record(reply)) {
		say_code(reply, text, sizeof(text));
		leave(t, reply->retry_after, text);
		return;
	} else {
		while ((uint64_t)line < reply->len && line < 120 && reply->body[line] >= 0x20 &&
			reply->body[line] < 0x7F)
			line++;
		snprintf(reason, sizeof(reason), "the server answered %d%s%.*s", reply->code,
			line > 0 ? ": " : "", line, (const char *)reply->body);
		settle(t, t->places[0], PLATEN_REJECTED, reason);
		t->most = 4;
		for (uint32_t i = 0;; i++) {
			if (i == t->batch->n) {
				trip_free(t);
				return;
			}
			if (t->states[i] != DONE)
				break;
		}
	}
	send_next(t);
}

/* What a code means for the person who set up the sink. */
static void
say_code(const struct platen_upload_reply *reply, char *to, size_t size)
{
	static const struct {
		int32_t code;
		const char *todo;
	} words[] = {
		{ 401, "it does not know us; check token_file or cert_file, or ask the dealer" },
		{ 403, "it does not let us in; check token_file or cert_file, or ask the dealer" },
		{ 404, "there is nothing at this URL; check servers, or ask the dealer" },
		{ 405, "nothing takes records at this URL; check servers, or ask the dealer" },
		{ 408, "it did not wait for the whole batch" },
		{ 410, "there is nothing at this URL any more; ask the dealer" },
		{ 415, "it takes no records in JSON lines; check servers, or ask the dealer" },
		{ 429, "it asks for a pause" },
		{ 503, "it asks for a pause" },
	};
	const char *todo = reply->code >= 300 && reply->code < 400
		? "redirects are not followed; name the right URL in servers"
		: "it is tried again";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].code == reply->code)
			todo = words[i].todo;
	snprintf(to, size, "%s answered %d: %s", reply->server, reply->code, todo);
}

/* Any other code is about us, the URL or the server: no record is lost for that. */
static bool
judges_records(int32_t code)
{
	return code == 400 || code == 413 || code == 415 || code == 422;
}

static void
on_reply(struct platen_delivery *delivery, const struct platen_upload_reply *reply, void *arg)
{
	struct trip *t = arg;
	bool bound = t->form == FORM_BEST && server.can != 0;
	char text[700];

	(void)delivery;
	if (reply->status == PLATEN_OK && reply->code == 200) {
		take_receipt(t, reply);
	} else if (reply->status == PLATEN_OK && judges_records(reply->code)) {
		refused(t, reply);
	} else if (bound && (reply->status != PLATEN_OK || reply->code >= 500)) {
		/* Perhaps another server takes it, which may understand less. */
		begin_again();
		t->form = FORM_WHOLE;
		send_next(t);
	} else {
		doubt(t);
		if (reply->status == PLATEN_OK)
			say_code(reply, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%s", reply->reason);
		leave(t, reply->retry_after, text[0] != 0 ? text : "no server answers");
	}
}

static int32_t
deliver(struct platen_delivery *delivery, const struct platen_batch *batch)
{
	struct trip *t = trip_new(delivery, batch);

	if (t == NULL)
		return PLATEN_ETOOBIG;
	t->most = batch->n;
	t->form = server.plain ? FORM_PLAIN : FORM_BEST;
	send_next(t);
	return PLATEN_OK;
}

/* ---- the plugin ---- */

static int32_t
start(const struct platen_host *host)
{
	upload = (const struct platen_upload *)host->service(host, PLATEN_UPLOAD);
	return upload != NULL && PLATEN_HAS(upload, platen_upload, send_parcel) ? PLATEN_OK
										: PLATEN_EINVAL;
}

static const struct platen_sink sink = {
	.size = sizeof(sink),
	.deliver = deliver,
};

static const char *const needs[] = { PLATEN_UPLOAD, NULL };
static const char *const reach[] = { NULL };

static const struct platen_option options[] = {
	{ "servers", NULL, "URLs to post records to, in order of preference" },
	{ "ca_file", "",
		"certificates of the authority that signs for the servers; empty: the "
		"machine's" },
	{ "pin", "", "SHA-256 of the servers' public keys in base64; another key is refused" },
	{ "cert_file", "", "our own certificate (PEM)" },
	{ "key_file", "", "its key (PEM), in a file closed to others" },
	{ "token_file", "", "file whose first line is the token of this agent" },
	{ "seal_key_file", "", "file with the key that seals records where a server is http://" },
	{ "proxy", "", "http://HOST:PORT or socks5://HOST:PORT; empty: none" },
	{ "proxy_user", "", "user for the proxy" },
	{ "proxy_password_file", "", "file whose first line is that user's password" },
	{ "http_version", "2",
		"2 where the server speaks it, or 1.1, which is a little less on the wire" },
	{ "timeout", "30s", "how long one server may take" },
	{ "transcript", "", "file that shows every byte that leaves; empty: none" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "https",
	.version = "1.0",
	.summary = "posts records to a dealer's server",
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
