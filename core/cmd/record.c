/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.c - `platen record`: what a printer says over SNMP and on the pages that
 * plugins read, as a capture that replay and the simulator read.
 *
 * Walks the standard subtrees and what the installed plugins may reach, then
 * makes one visit as the agent would and keeps what the plugins were answered;
 * job tables never.  Names, numbers and addresses are replaced unless --raw is
 * given.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "message_read.h"
#include "printer/anonymise.h"
#include "printer/capture.h"
#include "printer/forbidden.h"
#include "process/lan.h"
#include "visit.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What every printer is asked for. */
static const char *const standard[] = {
	"1.3.6.1.2.1.1", /* system */
	"1.3.6.1.2.1.2.2.1.1", /* ifIndex ... */
	"1.3.6.1.2.1.2.2.1.2", /* ifDescr */
	"1.3.6.1.2.1.2.2.1.3", /* ifType */
	"1.3.6.1.2.1.2.2.1.6", /* ifPhysAddress */
	"1.3.6.1.2.1.2.2.1.8", /* ifOperStatus */
	"1.3.6.1.2.1.25.3", /* hrDevice, hrPrinter */
	"1.3.6.1.2.1.43", /* Printer-MIB */
	"1.3.6.1.4.1.2699.1.2", /* PWG Port Monitor MIB */
	"1.3.6.1.4.1.11.2.3.9.1.1.7", /* gdStatusId */
};

#define MAX_ROOTS 256
#define MAX_OBJECTS 100000 /* of one capture */
#define MAX_PAGES 256

/* A page as the printer gave it. */
struct page {
	const char *path;
	uint8_t *body;
	size_t n;
};

struct recording {
	struct lan tee; /* first: what the visit asks goes through here */
	const struct config *config;
	uv_loop_t loop;
	uv_timer_t soon;
	struct lan *lan;
	struct scrapers *scrapers;
	const char *target, *folder;
	char address[64];
	uint16_t port;
	char *learned;
	struct oid roots[MAX_ROOTS];
	uint32_t nroots, root;
	struct oid last; /* where the walk of this root has come to */
	struct pool *pool;
	struct platen_bind *binds;
	uint32_t n;
	struct page pages[MAX_PAGES];
	uint32_t npages;
	struct visits *visits;
	struct recorder recorder;
	bool raw, failed;
};

static void fail(struct recording *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
fail(struct recording *r, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "platen record: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	r->failed = true;
}

/* ---- writing ---- */

/* Text a line can hold as it is. */
static bool
is_plain(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7E)
			return false;
	return n == 0 || (p[0] != ' ' && p[n - 1] != ' ');
}

static void
write_octets(FILE *f, const struct anonymiser *a, const struct platen_bind *b)
{
	uint8_t *octets = mem_copy(b->octets, b->len);

	if (a != NULL)
		anonymise_change(a, octets, b->len);
	if (is_plain(octets, b->len)) {
		fprintf(f, "4|%.*s\n", (int)b->len, (const char *)octets);
	} else {
		fprintf(f, "4x|");
		for (uint32_t i = 0; i < b->len; i++)
			fprintf(f, "%02x", octets[i]);
		fprintf(f, "\n");
	}
	free(octets);
}

static void
write_bind(FILE *f, const struct anonymiser *a, const struct platen_bind *b)
{
	struct buf oid = { 0 };

	oid_format(b->oid.sub, b->oid.n, &oid);
	fprintf(f, "%s|", (char *)oid.p);
	buf_clear(&oid);
	switch (b->type) {
	case PLATEN_INTEGER:
		fprintf(f, "2|%lld\n", (long long)b->number);
		break;
	case PLATEN_UNSIGNED:
		fprintf(f, "%d|%lld\n", b->number > UINT32_MAX ? 70 : 66, (long long)b->number);
		break;
	case PLATEN_OBJECT_ID:
		oid_format(b->value.sub, b->value.n, &oid);
		fprintf(f, "6|%s\n", (char *)oid.p);
		break;
	case PLATEN_OCTETS:
	default:
		write_octets(f, a, b);
		break;
	}
	buf_free(&oid);
}

static int
by_oid(const void *x, const void *y)
{
	const struct platen_bind *a = x, *b = y;

	return oid_compare(a->oid.sub, a->oid.n, b->oid.sub, b->oid.n);
}

/* The folders that lead to a file. */
static bool
make_folders(const char *file)
{
	char *path = mem_string(file), *slash = path;
	bool ok = true;

	while (ok && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = 0;
		ok = mkdir(path, 0777) == 0 || errno == EEXIST;
		*slash = '/';
	}
	free(path);
	return ok;
}

static bool
write_page(const struct recording *r, const struct anonymiser *a, struct page *page)
{
	char *path = capture_page(r->folder, page->path);
	FILE *f = make_folders(path) ? fopen(path, "wx") : NULL;
	bool ok = f != NULL;

	if (a != NULL)
		anonymise_change(a, page->body, page->n);
	if (ok)
		ok = fwrite(page->body, 1, page->n, f) == page->n;
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok)
		fprintf(stderr, "platen record: %s: %s; the page is left out\n", path,
			strerror(errno));
	free(path);
	return ok;
}

static void
write_pages(struct recording *r, const struct anonymiser *a)
{
	uint32_t written = 0;

	for (uint32_t i = 0; i < r->npages; i++)
		written += write_page(r, a, &r->pages[i]);
	if (written > 0)
		fprintf(stderr, "%u page%s in %s/http\n", written, written == 1 ? "" : "s",
			r->folder);
}

static void
write_capture(struct recording *r)
{
	char *path = mem_format("%s/device.snmprec", r->folder);
	struct anonymiser *a = r->raw ? NULL : anonymise_new(r->address);
	FILE *f;

	if (mkdir(r->folder, 0777) < 0 && errno != EEXIST)
		fail(r, "cannot make the folder: %s", strerror(errno));
	else if ((f = fopen(path, "wx")) == NULL)
		fail(r, "%s: %s; give another DIR", path, strerror(errno));
	else {
		qsort(r->binds, r->n, sizeof(*r->binds), by_oid);
		for (uint32_t i = 0; a != NULL && i < r->n; i++)
			anonymise_learn(a, &r->binds[i]);
		for (uint32_t i = 0; i < r->n; i++)
			if (i == 0 || by_oid(&r->binds[i - 1], &r->binds[i]) != 0)
				write_bind(f, a, &r->binds[i]);
		if (fclose(f) != 0)
			fail(r, "cannot write %s: is the disk full?", path);
		else
			fprintf(stderr, "%u objects in %s%s\n", r->n, path,
				r->raw ? "" : "; serial number, addresses and names are replaced");
		write_pages(r, a);
	}
	if (a != NULL)
		anonymise_free(a);
	free(path);
}

/* ---- asking ---- */

static void on_soon(uv_timer_t *timer);

static void
finish(struct recording *r)
{
	if (!r->failed && r->n > 0)
		write_capture(r);
	uv_timer_start(&r->soon, on_soon, 0, 0);
}

static void ask(struct recording *r);
static void visit(struct recording *r);

static void
keep(struct recording *r, const struct platen_bind *b)
{
	struct platen_bind *k;

	if (b->type == PLATEN_ABSENT || r->n == MAX_OBJECTS)
		return;
	r->binds = mem_grow(r->binds, (r->n + 1) * sizeof(*r->binds));
	k = &r->binds[r->n++];
	*k = *b;
	k->oid.sub = pool_copy(r->pool, b->oid.sub, b->oid.n * sizeof(uint32_t));
	k->octets = pool_copy(r->pool, b->octets, b->len);
	k->value.sub = pool_copy(r->pool, b->value.sub, b->value.n * sizeof(uint32_t));
}

static void
on_answer(void *arg, const struct answer *a)
{
	struct recording *r = arg;
	bool more = a->status == PLATEN_EPARTIAL && a->n == PLATEN_MAX_ROWS && r->n < MAX_OBJECTS;

	if (a->status != PLATEN_OK && a->status != PLATEN_EPARTIAL && r->root == 0) {
		fail(r, "%s does not answer", r->target);
		finish(r);
		return;
	}
	for (uint32_t i = 0; i < a->n; i++)
		keep(r, &a->binds[i]);
	if (more) {
		r->last.n = a->binds[a->n - 1].oid.n;
		memcpy(r->last.sub, a->binds[a->n - 1].oid.sub, r->last.n * sizeof(uint32_t));
	} else {
		r->root++;
		r->last.n = 0;
	}
	ask(r);
}

static void
ask(struct recording *r)
{
	const struct target target = {
		.address = r->address,
		.port = r->port,
		.learned = r->learned,
	};
	struct platen_oid root;
	struct question q = { .kind = ASK_TABLE, .n = 1, .oids = &root };

	if (r->root == r->nroots) {
		visit(r);
		return;
	}
	root = (struct platen_oid){ r->roots[r->root].sub, r->roots[r->root].n };
	q.after = (struct platen_oid){ r->last.sub, r->last.n };
	r->lan->ops->ask(r->lan, &target, &q, on_answer, r);
}

/* ---- the visit: what plugins are answered is kept on its way ---- */

/* A question of the visit. */
struct asked {
	struct recording *recording;
	const char *path; /* of a page */
	const struct question *read;
	lan_answer_fn *fn;
	void *arg;
};

static void
keep_page(struct recording *r, const char *path, const struct answer *a)
{
	for (uint32_t i = 0; i < r->npages; i++)
		if (strcmp(r->pages[i].path, path) == 0)
			return;
	if (r->npages < MAX_PAGES)
		r->pages[r->npages++] = (struct page){
			.path = path,
			.body = pool_copy(r->pool, a->body, a->len),
			.n = a->len,
		};
}

/* What came of the object or column at this place. */
static void
keep_read(const struct asked *asked, uint32_t place, const struct got *got)
{
	struct recording *r = asked->recording;
	const struct platen_bind *binds = got_binds(got, asked->read->oids[place], r->pool);

	for (uint32_t i = 0; i < got->n; i++)
		keep(r, &binds[i]);
}

static void
on_answered(void *arg, const struct answer *a)
{
	struct asked *asked = arg;
	bool good = a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL;

	switch (a->kind) {
	case ASK_GET:
	case ASK_TABLE:
		/* Some printers answer for objects that a walk does not come upon. */
		for (uint32_t i = 0; good && i < a->n; i++)
			keep(asked->recording, &a->binds[i]);
		break;
	case ASK_READ:
		for (uint32_t i = 0; good && i < a->ngot; i++)
			keep_read(asked, i, &a->got[i]);
		break;
	case ASK_PAGE:
		if (a->status == PLATEN_OK && a->code == 200 && asked->path != NULL)
			keep_page(asked->recording, asked->path, a);
		break;
	case ASK_LOGIN:
		break;
	}
	asked->fn(asked->arg, a);
}

static uint64_t
tee_ask(struct lan *lan, const struct target *target, const struct question *q, lan_answer_fn *fn,
	void *arg)
{
	struct recording *r = (struct recording *)lan;
	struct asked *asked = pool_alloc(r->pool, sizeof(*asked));

	*asked = (struct asked){ .recording = r, .fn = fn, .arg = arg };
	if (q->kind == ASK_PAGE)
		asked->path = pool_string(r->pool, q->path);
	if (q->kind == ASK_READ)
		asked->read = question_copy(r->pool, q);
	return r->lan->ops->ask(r->lan, target, q, on_answered, asked);
}

static void
tee_cancel(struct lan *lan, uint64_t id)
{
	struct recording *r = (struct recording *)lan;

	r->lan->ops->cancel(r->lan, id);
}

static void
tee_sweep(struct lan *lan, const struct sweep_order *order, const struct sweep_events *events,
	void *arg)
{
	struct recording *r = (struct recording *)lan;

	r->lan->ops->sweep(r->lan, order, events, arg);
}

static void
on_visited(void *arg, const struct visit_result *result)
{
	(void)result;
	finish(arg);
}

static void
visit(struct recording *r)
{
	static const struct lan_ops ops = { tee_ask, tee_cancel, tee_sweep };
	struct printer p = { .port = r->port };

	text_copy(p.address, sizeof(p.address), r->address);
	text_copy(p.learned, sizeof(p.learned), r->learned);
	r->tee.ops = &ops;
	r->recorder = (struct recorder){ .config = r->config };
	r->visits = visits_new(&r->loop, &r->tee, r->scrapers, &r->recorder);
	visit_start(r->visits, &p, "", false, on_visited, r);
}

/* ---- what is to be asked ---- */

/* Sub-identifiers of a root: what is wider than one enterprise is not walked as a whole. */
#define MIN_ROOT 7

static void
add_root(struct recording *r, const char *text)
{
	struct oid oid;
	struct platen_oid root;
	struct question q = { .kind = ASK_TABLE, .n = 1, .oids = &root };

	if (r->nroots == MAX_ROOTS || !oid_parse(text, &oid) || oid.n < MIN_ROOT)
		return;
	for (uint32_t i = 0; i < r->nroots; i++)
		if (oid_below(oid.sub, oid.n, r->roots[i].sub, r->roots[i].n))
			return;
	root = (struct platen_oid){ oid.sub, oid.n };
	if (question_forbidden(&q)) {
		fprintf(stderr, "platen record: %s is left out: there are job tables in it\n",
			text);
		return;
	}
	r->roots[r->nroots++] = oid;
}

static void
add_roots(struct recording *r)
{
	for (size_t i = 0; i < COUNT(standard); i++)
		add_root(r, standard[i]);
	for (uint32_t i = 0; i < scrapers_count(r->scrapers); i++) {
		uint32_t n;
		const char *const *reach = scraper_reach(r->scrapers, i, &n);

		for (uint32_t k = 0; k < n; k++)
			if (strncmp(reach[k], "oid ", 4) == 0)
				add_root(r, reach[k] + 4);
	}
}

/* ---- the beginning ---- */

static void
on_found(void *arg, const char *address, uint16_t port, const char *as_asked)
{
	struct recording *r = arg;

	(void)as_asked;
	if (r->address[0] != 0)
		return;
	snprintf(r->address, sizeof(r->address), "%s", address);
	r->port = port;
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	(void)arg, (void)sent, (void)total, (void)found;
}

static void
on_swept(void *arg, uint64_t packets, const char *why)
{
	struct recording *r = arg;

	(void)packets;
	if (r->address[0] == 0) {
		fail(r, "%s: no answer to SNMP", why[0] ? why : r->target);
		finish(r);
		return;
	}
	add_roots(r);
	ask(r);
}

static void
on_ready(void *arg)
{
	static const struct sweep_events events = { on_found, on_progress, on_swept };
	struct recording *r = arg;

	r->lan->ops->sweep(r->lan,
		&(struct sweep_order){
			.targets = &r->target,
			.ntargets = 1,
			.rate = r->config->rate,
			.port = r->config->port,
		},
		&events, r);
}

/* The lan role's own words about the printer go back to it with the next question. */
static void
on_learned(void *arg, const char *address, uint16_t port, const char *learned)
{
	struct recording *r = arg;

	(void)address, (void)port;
	free(r->learned);
	r->learned = mem_string(learned);
}

static void
on_soon(uv_timer_t *timer)
{
	struct recording *r = timer->data;

	scrapers_close(r->scrapers);
	if (r->visits != NULL)
		visits_free(r->visits);
	lan_close(r->lan);
	uv_close((uv_handle_t *)timer, NULL);
}

static int
record(struct recording *r)
{
	struct why why;

	uv_loop_init(&r->loop);
	r->pool = pool_new();
	r->learned = mem_string("");
	if ((r->lan = lan_open(&r->loop, r->config, &why)) == NULL) {
		fail(r, "%s", why.text);
	} else {
		r->lan->learned = on_learned;
		r->lan->learned_arg = r;
		uv_timer_init(&r->loop, &r->soon);
		r->soon.data = r;
		r->scrapers = scrapers_open(&r->loop, r->config, SCRAPERS_JAILED, NULL, on_ready, r,
			&why);
	}
	loop_empty(&r->loop);
	pool_free(r->pool);
	free(r->binds);
	free(r->learned);
	return r->failed ? EXIT_SOME : EXIT_DONE;
}

static int
run(int argc, char **argv)
{
	struct recording *r = mem_alloc(sizeof(*r));
	struct config *config = NULL;
	const char *file = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 'o', "output", "DIR", "the folder to make (must be given)", NULL, &r->folder },
		{ 0, "raw", NULL, "leave serial number, addresses and names as they are", &r->raw,
			NULL },
	};
	int status, first = options_read(&cmd_record, options, COUNT(options), argc, argv, &status);

	if (first >= 0 && argc - first != 1)
		status = options_wrong(&cmd_record, "give one TARGET");
	else if (first >= 0 && r->folder == NULL)
		status = options_wrong(&cmd_record, "where to? Give -o DIR");
	else if (first >= 0 && !load_targets("record", argv + first, 1))
		status = EXIT_USAGE;
	else if (first >= 0 && (config = load_config(file)) == NULL)
		status = EXIT_USAGE;
	else if (first >= 0) {
		r->config = config;
		r->target = argv[first];
		status = record(r);
	}
	config_free(config);
	free(r);
	return status;
}

const struct cmd cmd_record = {
	.name = "record",
	.synopsis = "[-c FILE] TARGET -o DIR [--raw]",
	.summary = "capture a printer for replay, anonymised",
	.more = TARGET_HELP
	" Only objects are recorded that platen or its plugins may ask for, and the "
	"pages that plugins read; tables with jobs and users never are.",
	.run = run,
};
