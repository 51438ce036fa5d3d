/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - the services: what a plugin asks goes out checked, what is answered comes back typed. */
#include "host/plugin.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a log-in form, before user and password are put in. */
#define MAX_FORM 4000

/* Bytes of a server's name in a reply, with the NUL. */
#define MAX_SERVER 512

/* Binds of an answer whose list needs no memory of its own. */
#define FEW_BINDS 256

/* ---- questions ---- */

static int32_t
refuse(struct job *job, const char *what, int32_t status, const char *reason)
{
	plugin_log(job->plugin, job, LOG_WARN, "%s refused: %s", what, reason);
	return status;
}

/* Which of the answers that are here is its one, -1: none. */
static int32_t
foreseen_find(struct job *job, const struct question *q)
{
	const struct foreseen *f = job->foreseen;
	int32_t at = f != NULL ? script_find(f->script, q, &job->last_foreseen) : -1;

	return at >= 0 && (f->known >> at & 1) != 0 ? at : -1;
}

static int32_t
refuse_far(struct job *job, const char *what, const struct question *q)
{
	struct buf said = { 0 };

	question_say(q, &said);
	plugin_log(job->plugin, job, LOG_WARN, "%s is not in its reach: \"%s\"", what,
		(char *)said.p);
	buf_free(&said);
	return PLATEN_EREACH;
}

/* Check the question against reach and budget, note who waits for it, and send it off. */
static int32_t
ask(struct job *job, const char *what, const struct question *q, const struct waiting *who)
{
	struct plugin *p = job->plugin;
	int32_t at = foreseen_find(job, q);
	struct waiting *w;

	/* What is foreseen is what it asked another printer: that was in its reach. */
	if (at < 0 && !reach_covers(&p->reach, q))
		return refuse_far(job, what, q);
	if ((w = job_wait(job, what)) == NULL)
		return PLATEN_EBUDGET;
	w->kind = q->kind;
	w->n = q->n;
	w->fn = who->fn;
	w->arg = who->arg;
	w->foreseen = at;
	if (at < 0)
		p->events->ask(p->arg, job->id, w->serial, q);
	return PLATEN_OK;
}

static int32_t
ask_objects(struct platen_visit *v, enum question_kind kind, const char *what,
	const struct platen_oid *oids, uint32_t n, platen_snmp_fn *fn, void *arg)
{
	struct job *job = call_job(v, JOB_VISIT, what);

	if (job == NULL)
		return PLATEN_EINVAL;
	if (oids == NULL || n == 0 || fn == NULL)
		return refuse(job, what, PLATEN_EINVAL, "no objects or no function");
	if (n > PLATEN_MAX_OIDS)
		return refuse(job, what, PLATEN_ETOOBIG, "too many objects at once");
	for (uint32_t i = 0; i < n; i++)
		if (oids[i].sub == NULL || oids[i].n < 2 || oids[i].n > PLATEN_MAX_SUBIDS)
			return refuse(job, what, PLATEN_EINVAL, "an OID of impossible length");
	return ask(job, what,
		&(struct question){ .kind = kind, .n = n, .oids = oids, .first = job->begins },
		&(struct waiting){ .fn.snmp = fn, .arg = arg });
}

static int32_t
snmp_get(struct platen_visit *v, const struct platen_oid *oids, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	return ask_objects(v, ASK_GET, "snmp get()", oids, n, fn, arg);
}

static int32_t
snmp_table(struct platen_visit *v, const struct platen_oid *oids, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	return ask_objects(v, ASK_TABLE, "snmp table()", oids, n, fn, arg);
}

static int32_t
http_get(struct platen_visit *v, const char *path, platen_http_fn *fn, void *arg)
{
	struct job *job = call_job(v, JOB_VISIT, "http get()");

	if (job == NULL)
		return PLATEN_EINVAL;
	if (path == NULL || fn == NULL)
		return refuse(job, "http get()", PLATEN_EINVAL, "no path or no function");
	return ask(job, "http get()",
		&(struct question){ .kind = ASK_PAGE, .path = path, .most = PLATEN_MAX_BODY },
		&(struct waiting){ .fn.http = fn, .arg = arg });
}

static int32_t
http_login(struct platen_visit *v, const struct platen_login *given, platen_http_fn *fn, void *arg)
{
	struct job *job = call_job(v, JOB_VISIT, "http login()");
	struct platen_login login = { 0 };

	if (job == NULL)
		return PLATEN_EINVAL;
	if (given == NULL ||
		!sized_copy(&login, sizeof(login), given, SIZE_0(platen_login, form)) ||
		login.path == NULL || login.form == NULL || fn == NULL)
		return refuse(job, "http login()", PLATEN_EINVAL, "no path, form or function");
	if (strnlen(login.form, MAX_FORM + 1) > MAX_FORM)
		return refuse(job, "http login()", PLATEN_ETOOBIG, "the form is too long");
	return ask(job, "http login()",
		&(struct question){ .kind = ASK_LOGIN, .path = login.path, .form = login.form },
		&(struct waiting){ .fn.http = fn, .arg = arg });
}

/* ---- a sink's ---- */

/* "application/x-ndjson; charset=utf-8": visible ASCII and blanks, not long. */
static bool
is_media_type(const char *s)
{
	size_t n = strnlen(s, 128);

	for (size_t i = 0; i < n; i++)
		if (s[i] < 0x20 || s[i] >= 0x7F)
			return false;
	return n > 0 && n < 128 && strchr(s, '/') != NULL;
}

/* A word for a header: "zstd". */
static bool
is_coding(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strnlen(s, 32);
}

static int32_t
send_parcel(struct job *job, const char *what, const struct platen_parcel *p, platen_upload_fn *fn,
	void *arg)
{
	const struct parcel parcel = { .type = p->type,
		.coding = p->coding != NULL ? p->coding : "",
		.server = p->server != NULL ? p->server : "",
		.body = p->body != NULL ? p->body : (const void *)"",
		.n = p->len };
	struct waiting *w;

	if (p->type == NULL || (p->body == NULL && p->len > 0) || fn == NULL)
		return refuse(job, what, PLATEN_EINVAL, "no type, body or function");
	if (p->len > PLATEN_MAX_BODY_CEILING)
		return refuse(job, what, PLATEN_ETOOBIG, "the body is too long");
	if (!is_media_type(p->type) || !is_coding(parcel.coding))
		return refuse(job, what, PLATEN_EINVAL, "type is no media type, or coding no word");
	if (strnlen(parcel.server, MAX_SERVER) == MAX_SERVER)
		return refuse(job, what, PLATEN_EINVAL, "no reply named such a server");
	if ((w = job_wait(job, what)) == NULL)
		return PLATEN_EBUDGET;
	w->fn.upload = fn;
	w->arg = arg;
	job->plugin->events->send(job->plugin->arg, job->id, w->serial, &parcel);
	return PLATEN_OK;
}

static int32_t
upload_send(struct platen_delivery *d, const char *type, const void *body, uint64_t len,
	platen_upload_fn *fn, void *arg)
{
	const struct platen_parcel p = { .type = type, .body = body, .len = len };
	struct job *job = call_job(d, JOB_DELIVERY, "upload send()");

	if (job == NULL)
		return PLATEN_EINVAL;
	return send_parcel(job, "upload send()", &p, fn, arg);
}

static int32_t
upload_send_parcel(struct platen_delivery *d, const struct platen_parcel *given,
	platen_upload_fn *fn, void *arg)
{
	struct job *job = call_job(d, JOB_DELIVERY, "upload send_parcel()");
	struct platen_parcel p = { 0 };

	if (job == NULL)
		return PLATEN_EINVAL;
	if (given == NULL || !sized_copy(&p, sizeof(p), given, SIZE_0(platen_parcel, len)))
		return refuse(job, "upload send_parcel()", PLATEN_EINVAL,
			"no struct platen_parcel");
	return send_parcel(job, "upload send_parcel()", &p, fn, arg);
}

/* Why records were rejected: one line of UTF-8, or that it was none. */
static const char *
reason_of(const char *given, char out[static MAX_PLUGIN_LINE + 1])
{
	size_t n = given != NULL ? strnlen(given, MAX_PLUGIN_LINE) : 0;

	memcpy(out, given != NULL ? given : "", n);
	out[n] = 0;
	plugin_clean(out);
	return out;
}

static int32_t
upload_settle(struct platen_delivery *d, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	struct job *job = call_job(d, JOB_DELIVERY, "upload settle()");
	char text[MAX_PLUGIN_LINE + 1];

	if (job == NULL)
		return PLATEN_EINVAL;
	if (n == 0 || first >= job->records || n > job->records - first)
		return refuse(job, "upload settle()", PLATEN_EINVAL,
			"these records are not in the batch");
	if (verdict < PLATEN_SENT || verdict > PLATEN_LATER)
		return refuse(job, "upload settle()", PLATEN_EINVAL, "an unknown verdict");
	if (verdict == PLATEN_REJECTED && (reason == NULL || reason[0] == 0))
		return refuse(job, "upload settle()", PLATEN_EINVAL,
			"records are rejected without a reason");
	job->plugin->events->settle(job->plugin->arg, job->id, first, n, verdict, retry_after,
		reason_of(reason, text));
	return PLATEN_OK;
}

/* ---- the services ---- */

static const struct platen_snmp snmp = {
	.size = sizeof(snmp),
	.get = snmp_get,
	.table = snmp_table,
};

static const struct platen_http http = {
	.size = sizeof(http),
	.get = http_get,
	.login = http_login,
};

static const struct platen_upload upload = {
	.size = sizeof(upload),
	.send = upload_send,
	.settle = upload_settle,
	.send_parcel = upload_send_parcel,
};

const void *
service_find(const char *id)
{
	static const struct {
		const char *id;
		const void *service;
	} services[] = {
		{ PLATEN_SNMP, &snmp },
		{ PLATEN_HTTP, &http },
		{ PLATEN_UPLOAD, &upload },
		{ PLATEN_NETWORK, &network_service },
	};

	for (size_t i = 0; i < COUNT(services); i++)
		if (strcmp(services[i].id, id) == 0)
			return services[i].service;
	return NULL;
}

/* ---- answers ---- */

/* A get has one bind for each object, a table whole rows: else it is no answer. */
static bool
has_shape(const struct waiting *w, const struct answer *a)
{
	if (a->status != PLATEN_OK && a->status != PLATEN_EPARTIAL)
		return a->n == 0;
	return w->kind == ASK_GET ? a->n == w->n
				  : a->n % w->n == 0 && a->n / w->n <= PLATEN_MAX_ROWS;
}

static void
give_binds(struct job *job, const struct waiting *w, const struct answer *a)
{
	struct answer wrong = answer_none(w->kind, PLATEN_ENOANSWER);
	const struct platen_bind *few[FEW_BINDS], **binds = few;
	struct platen_snmp_reply reply;

	if (!has_shape(w, a))
		a = &wrong;
	if (a->n > FEW_BINDS)
		binds = mem_alloc(a->n * sizeof(*binds));
	for (uint32_t i = 0; i < a->n; i++)
		binds[i] = &a->binds[i];
	reply = (struct platen_snmp_reply){
		.size = sizeof(reply),
		.status = a->status,
		.n = a->n,
		.binds = binds,
	};
	w->fn.snmp((struct platen_visit *)job->handle, &reply, w->arg);
	if (binds != few)
		free(binds);
}

static void
give_page(struct job *job, const struct waiting *w, const struct answer *a)
{
	const struct platen_http_reply reply = {
		.size = sizeof(reply),
		.status = a->status,
		.code = a->code,
		.type = a->type,
		.body = a->body,
		.len = a->len,
	};

	w->fn.http((struct platen_visit *)job->handle, &reply, w->arg);
}

void
answer_give(struct job *job, const struct waiting *w, const struct answer *a)
{
	struct answer wrong = answer_none(w->kind, PLATEN_ENOANSWER);

	if (a->kind != w->kind)
		a = &wrong;
	call_begin(job->plugin, job);
	switch (w->kind) {
	case ASK_GET:
	case ASK_TABLE:
		give_binds(job, w, a);
		break;
	case ASK_PAGE:
	case ASK_LOGIN:
		give_page(job, w, a);
		break;
	case ASK_READ: /* it is not asked by plugins */
		break;
	}
	call_end();
}

void
sent_give(struct job *job, const struct waiting *w, const struct sent *sent)
{
	const struct platen_upload_reply reply = {
		.size = sizeof(reply),
		.status = sent->status,
		.code = sent->code,
		.retry_after = sent->retry_after,
		.body = sent->body,
		.len = sent->len,
		.server = sent->server != NULL ? sent->server : "",
		.reason = sent->reason != NULL ? sent->reason : "",
	};

	call_begin(job->plugin, job);
	w->fn.upload((struct platen_delivery *)job->handle, &reply, w->arg);
	call_end();
}
