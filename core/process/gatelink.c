/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gatelink.c - the agent's end of the gate role; see gatelink.h.  What the role
 * says was read from strangers, and it may have been taken over by them: all of
 * it is checked.
 */
#include "process/gatelink.h"

#include "config/gateway_files.h"
#include "process/child.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text that is shown to people. */
#define TEXT_MOST 1023
#define ADDRESS_MOST 64

struct gatelink {
	const struct config *config;
	struct gatelink_owner owner;
	struct child *child;
	char *program;
	const char *argv[2];
	struct gateway_files files; /* as they were when the INI was read */
	struct buf keys; /* the frame that says who may send */
	bool greeted;
};

/* ---- to the role ---- */

static struct gate_settings
settings_of(const struct gatelink *l, struct gate_listen *listen)
{
	const struct gateway_config *g = &l->config->gateway;
	struct gate_settings s = g->limits;

	s.listen = listen;
	for (uint32_t how = 0; how < GATE_HOWS; how++)
		for (uint32_t i = 0; i < g->nlisten[how]; i++)
			listen[s.nlisten++] =
				(struct gate_listen){ (enum gate_how)how, g->listen[how][i] };
	s.cert = (const char *)l->files.cert.p;
	s.key = (const char *)l->files.key.p;
	s.client_ca = (const char *)l->files.client_ca.p;
	s.sandbox = l->config->sandbox;
	return s;
}

static void
on_began(void *arg)
{
	struct gatelink *l = arg;
	struct gate_listen listen[MAX_GATE_LISTENERS];
	struct gate_settings settings = settings_of(l, listen);
	struct buf b = { 0 };
	size_t begun = wire_begin(&b, MSG_HELLO);

	l->greeted = false;
	wire_u64(&b, WIRE_PROTOCOL);
	wire_text(&b, "agent");
	wire_end(&b, begun);
	begun = wire_begin(&b, MSG_GATE_SETTINGS);
	gate_settings_put(&b, &settings);
	wire_end(&b, begun);
	child_send(l->child, &b);
	child_send(l->child, &l->keys);
	explicit_bzero(b.p, b.n);
	buf_free(&b);
}

void
gatelink_keys(struct gatelink *l, const struct gate_keys *keys)
{
	size_t begun;

	if (l->keys.p != NULL)
		explicit_bzero(l->keys.p, l->keys.n);
	buf_clear(&l->keys);
	begun = wire_begin(&l->keys, MSG_GATE_KEYS);
	gate_keys_put(&l->keys, keys);
	wire_end(&l->keys, begun);
	/* One that does not live yet has them with its settings; one that starts has old ones. */
	child_send(l->child, &l->keys);
}

void
gatelink_kept(struct gatelink *l, const struct gate_kept *kept)
{
	struct buf b = { 0 };
	size_t begun = wire_begin(&b, MSG_GATE_KEPT);

	gate_kept_put(&b, kept);
	wire_end(&b, begun);
	child_send(l->child, &b);
	buf_free(&b);
}

/* ---- from the role ---- */

static bool
is_text(const char *s, size_t most)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			return false;
	return n <= most && text_is_utf8(s, n);
}

static bool
is_uuid(const char *s)
{
	return strlen(s) == UUID_TEXT - 1 && strspn(s, "0123456789abcdef-") == UUID_TEXT - 1;
}

static bool
is_record(const struct gate_record *r)
{
	return r->seq > 0 && r->seq <= INT64_MAX / 2 && is_text(r->device, TEXT_MOST) &&
		is_text(r->label, TEXT_MOST) && r->len > 0 &&
		memchr(r->json, '\n', r->len) == NULL && memchr(r->json, 0, r->len) == NULL;
}

static bool
take_hello(struct gatelink *l, struct wire *w, struct pool *pool)
{
	uint64_t protocol = wire_get_u64(w);

	(void)pool;
	wire_get_text(w);
	if (l->greeted || !wire_ended(w) || protocol != WIRE_PROTOCOL)
		return false;
	l->greeted = true;
	child_ready(l->child);
	return true;
}

static bool
take_log(struct gatelink *l, struct wire *w, struct pool *pool)
{
	enum log_level level = wire_get_max(w, LOG_ERROR);
	const char *line;

	(void)l, (void)pool;
	wire_get_u64(w);
	line = wire_get_text(w);
	if (!wire_ended(w))
		return false;
	log_line(level, "gate: %.*s", WIRE_MAX_LINE, line);
	return true;
}

static bool
take_listening(struct gatelink *l, struct wire *w, struct pool *pool)
{
	enum gate_how how = wire_get_max(w, GATE_UDP);
	const char *where = wire_get_text(w);

	(void)l, (void)pool;
	if (!wire_ended(w) || !is_text(where, ADDRESS_MOST))
		return false;
	log_info("gate: takes uploads at %s (%s)", where, gate_how_word(how));
	return true;
}

static bool
take_batch(struct gatelink *l, struct wire *w, struct pool *pool)
{
	struct gate_batch b;

	if (!gate_batch_get(w, pool, &b) || !is_uuid(b.agent) || !is_text(b.peer, ADDRESS_MOST) ||
		!is_text(b.customer, TEXT_MOST) || !is_text(b.site, TEXT_MOST) ||
		!is_text(b.version, TEXT_MOST))
		return false;
	for (uint32_t i = 0; i < b.n; i++)
		if (!is_record(&b.records[i]))
			return false;
	l->owner.batch(l->owner.arg, &b);
	return true;
}

static const struct {
	enum message type;
	bool (*take)(struct gatelink *, struct wire *, struct pool *);
} messages[] = {
	{ MSG_HELLO, take_hello },
	{ MSG_LOG, take_log },
	{ MSG_GATE_LISTENING, take_listening },
	{ MSG_GATE_BATCH, take_batch },
};

static bool
on_frame(void *arg, struct wire *w)
{
	struct gatelink *l = arg;

	if (l->greeted != (w->type != MSG_HELLO))
		return false;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].type == w->type) {
			struct pool *pool = pool_new();
			bool ok = messages[i].take(l, w, pool);

			pool_free(pool);
			return ok;
		}
	return false;
}

static void
on_doing(void *arg, struct buf *out)
{
	(void)arg, (void)out;
}

static void
on_gone(void *arg, const char *how)
{
	struct gatelink *l = arg;

	(void)how;
	l->owner.gone(l->owner.arg);
}

/* ---- coming and going ---- */

static void
link_free(struct gatelink *l)
{
	if (l->keys.p != NULL)
		explicit_bzero(l->keys.p, l->keys.n);
	gateway_files_free(&l->files);
	buf_free(&l->keys);
	free(l->program);
	free(l);
}

struct gatelink *
gatelink_open(uv_loop_t *loop, const struct config *config, const struct gatelink_owner *owner,
	struct why *why)
{
	const char *given = getenv("PLATEN_GATE");
	struct gatelink *l = mem_alloc(sizeof(*l));

	l->config = config;
	l->owner = *owner;
	l->program = mem_string(given != NULL ? given : "/proc/self/exe");
	l->argv[0] = "platen-gate";
	if (!gateway_files_read(&config->gateway, &l->files, why)) {
		link_free(l);
		return NULL;
	}
	l->child = child_open(loop,
		&(struct child_plan){
			.who = "gate",
			.program = l->program,
			.argv = l->argv,
			.began = on_began,
			.frame = on_frame,
			.doing = on_doing,
			.gone = on_gone,
			.arg = l,
		});
	return l;
}

void
gatelink_close(struct gatelink *l)
{
	child_close(l->child);
	link_free(l);
}
