/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes wrong: the table of faults, and those that need no answer to be known.
 *
 * A fault is KIND[=ARG][@RANGE]; without a range it is every printer's. Latency and loss are
 * faults like the others. Faults inside an answer's meaning are in agent.c, those in its encoding
 * are at the end of this file, those of pages in reply.c and http.c, and those of certificates in
 * tls.c.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

enum argument { NONE, NUMBER, OPTIONAL_NUMBER, TEXT, OPTIONAL_TEXT };

static const struct kind {
	const char *name;
	enum argument argument;
	double preset; /* of an optional number */
	const char *help;
} kinds[FAULT_KINDS] = {
	[FAULT_SILENT] = { "silent", NONE, 0, "answers nothing" },
	[FAULT_V1_ONLY] = { "v1-only", NONE, 0, "ignores v2c" },
	[FAULT_NO_BULK] = { "no-bulk", NONE, 0, "ignores GETBULK" },
	[FAULT_BULK_ERROR] = { "bulk-error", NONE, 0, "answers GETBULK with genErr" },
	[FAULT_TOOBIG] = { "toobig", NUMBER, 0,
		"tooBig to a GET or GETNEXT of more than ARG objects" },
	[FAULT_DROP_MANY] = { "drop-many", NUMBER, 0,
		"ignores questions of more than ARG objects" },
	[FAULT_MULTI_ZERO] = { "multi-zero", NUMBER, 0,
		"counters are 0 in a GET of more than ARG objects" },
	[FAULT_ENDLESS] = { "endless", NONE, 0, "GETNEXT, GETBULK: a column never ends" },
	[FAULT_LOOP] = { "loop", NONE, 0, "GETNEXT, GETBULK: the same name again" },
	[FAULT_BACK] = { "back", NONE, 0, "GETNEXT, GETBULK: a smaller name" },
	[FAULT_WRONG_ID] = { "wrong-id", NONE, 0, "another request id" },
	[FAULT_WRONG_SOURCE] = { "wrong-source", OPTIONAL_TEXT, 0,
		"answers from another address of 127/8, with ARG \"port\" from another port" },
	[FAULT_HUGE] = { "huge", NONE, 0, "sysDescr of 60,000 octets" },
	[FAULT_MALFORMED] = { "malformed", OPTIONAL_TEXT, 0,
		"spoiled encoding; ARG one of truncated, bad-length, indefinite, deep, wrong-tag, "
		"trailing, random; all in turn without" },
	[FAULT_DUPLICATE] = { "duplicate", NONE, 0, "answers twice" },
	[FAULT_LATE] = { "late", TEXT, 0,
		"answers ARG milliseconds late, ARG is MS or MS+-JITTER" },
	[FAULT_LOSS] = { "loss", NUMBER, 0, "ARG percent of questions or answers are lost" },
	[FAULT_WRONG_TYPE] = { "wrong-type", NONE, 0, "numbers as strings" },
	[FAULT_SLEEPY] = { "sleepy", OPTIONAL_NUMBER, 10,
		"ignores the first question after ARG (10) idle seconds" },
	[FAULT_SWAP] = { "swap", NUMBER, 0, "another serial number and MAC after ARG seconds" },
	[FAULT_BACK_COUNT] = { "back-count", NUMBER, 0,
		"life count starts at 10 after ARG seconds" },
	[FAULT_HTTP_SLOW] = { "http-slow", NUMBER, 0, "HTTP: ARG octets a second" },
	[FAULT_HTTP_HANG] = { "http-hang", NONE, 0, "HTTP: takes the request, never answers" },
	[FAULT_HTTP_RESET] = { "http-reset", NONE, 0, "HTTP: resets half way through the answer" },
	[FAULT_HTTP_REDIRECT] = { "http-redirect", TEXT, 0, "HTTP: 302 to the URL ARG" },
	[FAULT_HTTP_ENDLESS] = { "http-endless", NONE, 0, "HTTP: a page that never ends" },
	[FAULT_HTTP_HUGE] = { "http-huge", OPTIONAL_NUMBER, 64, "HTTP: pages of ARG (64) MiB" },
	[FAULT_HTTP_MUTE] = { "http-mute", NONE, 0,
		"HTTP: takes the connection and says nothing, not even to a TLS handshake" },
	[FAULT_HTTP_CHUNKED] = { "http-chunked", OPTIONAL_NUMBER, 1024,
		"HTTP: pages of ARG (1024) MiB, in chunks" },
	[FAULT_HTTP_LENGTH] = { "http-length", TEXT, 0,
		"HTTP: says Content-Length: ARG, whatever comes" },
	[FAULT_HTTP_HEADERS] = { "http-headers", NONE, 0, "HTTP: headers that never end" },
	[FAULT_TLS_EXPIRED] = { "tls-expired", NONE, 0, "TLS: a certificate of years ago" },
	[FAULT_TLS_WEAK] = { "tls-weak", NONE, 0, "TLS: an RSA key of 1024 bits" },
	[FAULT_TLS_OLD] = { "tls-old", NONE, 0, "TLS: version 1.0 alone" },
	[FAULT_TLS_REKEY] = { "tls-rekey", NUMBER, 0, "TLS: another key after ARG seconds" },
};

void
fault_help(FILE *f)
{
	for (int i = 0; i < FAULT_KINDS; i++) {
		static const char *const forms[] = { "", "=ARG", "[=ARG]", "=ARG", "[=ARG]" };
		char left[40];

		snprintf(left, sizeof left, "%s%s", kinds[i].name, forms[kinds[i].argument]);
		fprintf(f, "    %-22s %s\n", left, kinds[i].help);
	}
}

static bool
read_number(const char *text, const char **end, double *out)
{
	char *stop;

	*out = strtod(text, &stop);
	*end = stop;
	return stop != text && *out >= 0 && *out <= 1e9;
}

static int variant_of(const char *name);

/* Fills number and jitter from the text; says in *why what the kind wants. */
static bool
read_argument(struct fault *f, const char **why)
{
	const struct kind *k = &kinds[f->kind];
	const char *end = "";
	bool wants_number = k->argument == NUMBER || f->kind == FAULT_LATE ||
		(k->argument == OPTIONAL_NUMBER && f->text != NULL);

	f->number = k->preset;
	*why = "it takes no argument";
	if (f->text != NULL && k->argument == NONE)
		return false;
	*why = "it needs an argument, KIND=ARG";
	if (f->text == NULL && (k->argument == NUMBER || k->argument == TEXT))
		return false;
	*why = "its argument is not a number";
	if (wants_number && !read_number(f->text, &end, &f->number))
		return false;
	if (f->kind == FAULT_LATE && strncmp(end, "+-", 2) == 0 &&
		!read_number(end + 2, &end, &f->jitter))
		return false;
	if (*end != '\0')
		return false;
	*why = "its argument is more than 100 percent";
	if (f->kind == FAULT_LOSS && f->number > 100)
		return false;
	*why = "its argument is not one of the variants, see --help";
	if (f->kind == FAULT_MALFORMED && f->text != NULL && variant_of(f->text) < 0)
		return false;
	return f->kind != FAULT_WRONG_SOURCE || f->text == NULL || strcmp(f->text, "port") == 0;
}

static bool
read_kind(const char *name, struct fault *f)
{
	if (strcmp(name, "zero-many") == 0)
		name = "multi-zero";
	for (int i = 0; i < FAULT_KINDS; i++)
		if (strcmp(name, kinds[i].name) == 0) {
			f->kind = (enum fault_kind)i;
			return true;
		}
	return false;
}

bool
fault_add(struct sim *sim, const char *text)
{
	struct fault f = { .where = { { 0, 0 }, { UINT64_MAX, UINT64_MAX }, 0 } };
	char *copy = must_strdup(text), *at = strrchr(copy, '@'), *equals;
	const char *why;

	if (at != NULL) {
		*at = '\0';
		if (!range_parse(at + 1, &f.where, &why))
			return complain("--fault %s: %s; give @ADDR, @ADDR-ADDR or @ADDR/BITS",
				text, why);
	}
	f.spec = copy;
	equals = strchr(copy, '=');
	if (equals != NULL) {
		*equals = '\0';
		f.text = equals + 1;
	}
	if (!read_kind(copy, &f))
		return complain("--fault %s: there is no fault '%s'; platen-sim --help lists them",
			text, copy);
	if (!read_argument(&f, &why))
		return complain("--fault %s: %s", text, why);
	sim->faults = must_realloc(sim->faults, sim->fault_count + 1, sizeof f);
	sim->faults[sim->fault_count++] = f;
	return true;
}

uint32_t
sim_random(struct sim *sim)
{
	sim->random ^= sim->random << 13;
	sim->random ^= sim->random >> 7;
	sim->random ^= sim->random << 17;
	return (uint32_t)(sim->random >> 32);
}

/* From 0 up to, not including, 1. */
static double
random_share(struct sim *sim)
{
	return (double)sim_random(sim) / 4294967296.0;
}

/* Remembers that the printer was asked; whether it was idle too long before that. */
static bool
asleep(struct sim *sim, const struct printer *p)
{
	uint32_t now = (uint32_t)(sim->now_ms / 1000) + 1, last = sim->last_asked[p->index];

	sim->last_asked[p->index] = now;
	return p->fault[FAULT_SLEEPY] != NULL &&
		(last == 0 || now - last >= p->fault[FAULT_SLEEPY]->number);
}

bool
fault_lets_pass(struct sim *sim, const struct printer *p, const struct message *m)
{
	struct fault *const *on = p->fault;

	if (asleep(sim, p) || on[FAULT_SILENT] || (on[FAULT_V1_ONLY] && m->version != SNMP_V1))
		return false;
	if (on[FAULT_NO_BULK] && m->pdu == PDU_GETBULK)
		return false;
	if (on[FAULT_DROP_MANY] && m->count > on[FAULT_DROP_MANY]->number)
		return false;
	return !on[FAULT_LOSS] || random_share(sim) * 100 >= on[FAULT_LOSS]->number;
}

int64_t
fault_delay_ms(struct sim *sim, const struct printer *p)
{
	const struct fault *late = p->fault[FAULT_LATE];
	double ms;

	if (late == NULL)
		return 0;
	ms = late->number + (random_share(sim) * 2 - 1) * late->jitter;
	return ms < 0 ? 0 : (int64_t)ms;
}

/* ---- spoiled encodings --------------------------------------------------------------------- */

static void
truncated(struct sim *sim, struct answer *a)
{
	(void)sim;
	a->len -= a->len / 3 + 1;
}

/* The message claims 16 MiB. */
static void
bad_length(struct sim *sim, struct answer *a)
{
	static const uint8_t head[] = { TAG_SEQUENCE, 0x84, 0x01, 0x00, 0x00, 0x00 };

	(void)sim;
	memcpy(a->data, head, a->len < sizeof head ? a->len : sizeof head);
}

static void
indefinite(struct sim *sim, struct answer *a)
{
	size_t head = a->data[1] < 0x80 ? 2 : 2 + (a->data[1] & 0x7fu);

	(void)sim;
	if (head + 2 > a->len || a->len + 2 > a->room)
		return;
	memmove(a->data + 2, a->data + head, a->len - head);
	a->len -= head - 2;
	a->data[1] = 0x80;
	a->data[a->len++] = 0;
	a->data[a->len++] = 0;
}

/* Sequences in sequences, each as long as what is left. */
static void
deep(struct sim *sim, struct answer *a)
{
	(void)sim;
	a->len = a->room < 1400 ? a->room & ~(size_t)3 : 1400;
	for (size_t i = 0; i + 4 <= a->len; i += 4) {
		a->data[i] = TAG_SEQUENCE;
		a->data[i + 1] = 0x82;
		a->data[i + 2] = (uint8_t)((a->len - i - 4) >> 8);
		a->data[i + 3] = (uint8_t)(a->len - i - 4);
	}
}

/* A PDU of a kind that does not exist. */
static void
wrong_tag(struct sim *sim, struct answer *a)
{
	struct reader all = { a->data, a->data + a->len }, msg, inside;
	int32_t version;

	(void)sim;
	if (ber_take(&all, TAG_SEQUENCE, &msg) && ber_take_int(&msg, &version) &&
		ber_take(&msg, TAG_OCTETS, &inside) && msg.p < msg.end)
		a->data[msg.p - a->data] = 0xbe;
}

static void
trailing(struct sim *sim, struct answer *a)
{
	(void)sim;
	for (int i = 0; i < 16 && a->len < a->room; i++)
		a->data[a->len++] = 0xa5;
}

static void
random_octets(struct sim *sim, struct answer *a)
{
	for (size_t i = 0; i < a->len; i++)
		a->data[i] = (uint8_t)sim_random(sim);
}

static const struct {
	const char *name;
	void (*spoil)(struct sim *sim, struct answer *a);
} variants[] = {
	{ "truncated", truncated },
	{ "bad-length", bad_length },
	{ "indefinite", indefinite },
	{ "deep", deep },
	{ "wrong-tag", wrong_tag },
	{ "trailing", trailing },
	{ "random", random_octets },
};

#define VARIANTS (sizeof variants / sizeof *variants)

static int
variant_of(const char *name)
{
	for (size_t i = 0; i < VARIANTS; i++)
		if (strcmp(name, variants[i].name) == 0)
			return (int)i;
	return -1;
}

void
fault_spoil(struct sim *sim, struct fault *f, struct answer *a)
{
	size_t which = f->text != NULL ? (size_t)variant_of(f->text) : f->turn++ % VARIANTS;

	variants[which].spoil(sim, a);
}
