/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an address to a printer: the ranges listened on, and which capture each address shows.
 *
 * Printers are numbered in the order their ranges were given; number modulo captures chooses the
 * capture. Ranges may not overlap, for then an address would be two printers.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* Where printers live when no range was given, one for each capture. */
#define FIRST_ADDRESS "127.1.0.1"

static int
by_address(const void *a, const void *b)
{
	return addr_cmp(((const struct range *)a)->from, ((const struct range *)b)->from);
}

static bool
range_append(struct sim *sim, struct range r, const char *text)
{
	if (range_count(&r) > PRINTERS_MAX - sim->printer_count)
		return complain("--listen %s: more than %u printers; give a smaller range", text,
			PRINTERS_MAX);
	for (size_t i = 0; i < sim->range_count; i++)
		if (range_has(&sim->ranges[i], r.from) || range_has(&r, sim->ranges[i].from))
			return complain("--listen %s: %s is listed already; list each address once",
				text,
				addr_text(range_has(&r, sim->ranges[i].from) ? sim->ranges[i].from
									     : r.from)
					.s);
	r.first = sim->printer_count;
	sim->printer_count += (uint32_t)range_count(&r);
	sim->ranges = must_realloc(sim->ranges, sim->range_count + 1, sizeof r);
	sim->ranges[sim->range_count++] = r;
	return true;
}

bool
listen_add(struct sim *sim, const char *text)
{
	char *list = must_strdup(text), *rest = list, *one;
	const char *why;
	struct range r;
	bool ok = true;

	while (ok && (one = strsep(&rest, ",")) != NULL)
		if (!range_parse(one, &r, &why))
			ok = complain("--listen %s: %s; give ADDR, ADDR-ADDR or ADDR/BITS", one,
				why);
		else
			ok = range_append(sim, r, one);
	free(list);
	return ok;
}

bool
choice_add(struct sim *sim, const char *text)
{
	sim->choice_text = must_realloc(sim->choice_text, sim->choice_text_count + 1,
		sizeof *sim->choice_text);
	sim->choice_text[sim->choice_text_count++] = text;
	return strchr(text, '=') != NULL ||
		complain("--printer %s: give ADDR=CAPTURE, a loaded capture's name or a path",
			text);
}

static struct range *
range_of(struct sim *sim, struct addr a)
{
	size_t low = 0, high = sim->range_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (addr_cmp(sim->ranges[mid].to, a) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < sim->range_count && range_has(&sim->ranges[low], a) ? &sim->ranges[low] : NULL;
}

static bool
index_of(struct sim *sim, struct addr a, uint32_t *index)
{
	const struct range *r = range_of(sim, a);

	if (r == NULL)
		return false;
	*index = r->first + (uint32_t)(a.lo - r->from.lo);
	return true;
}

static struct capture *
choice_capture(struct sim *sim, const char *name)
{
	struct capture *c = captures_by_name(&sim->captures, name);

	if (c == NULL)
		c = captures_by_name(&sim->chosen, name);
	if (c == NULL && captures_load(&sim->chosen, name))
		c = sim->chosen.at[sim->chosen.count - 1];
	return c;
}

/* Reads one --printer; its address becomes a printer if no range has it. */
static bool
choice_settle(struct sim *sim, const char *text)
{
	const char *equals = strchr(text, '='), *why;
	char *address = must_strdup(text);
	struct printer_choice choice;
	struct range r;
	bool ok;

	address[equals - text] = '\0';
	ok = range_parse(address, &r, &why) && range_count(&r) == 1;
	free(address);
	if (!ok)
		return complain("--printer %s: what stands before the '=' is not one address",
			text);
	choice.capture = choice_capture(sim, equals + 1);
	if (choice.capture == NULL)
		return complain("--printer %s: no such capture", text);
	qsort(sim->ranges, sim->range_count, sizeof *sim->ranges, by_address);
	if (!index_of(sim, r.from, &choice.index)) {
		choice.index = sim->printer_count;
		if (!range_append(sim, r, text))
			return false;
	}
	sim->choices = must_realloc(sim->choices, sim->choice_count + 1, sizeof choice);
	sim->choices[sim->choice_count++] = choice;
	return true;
}

static int
by_index(const void *a, const void *b)
{
	const struct printer_choice *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static struct capture *
capture_of(const struct sim *sim, uint32_t index)
{
	struct printer_choice key = { index, NULL }, *choice = NULL;

	if (sim->choice_count > 0)
		choice = bsearch(&key, sim->choices, sim->choice_count, sizeof key, by_index);
	return choice ? choice->capture : sim->captures.at[index % sim->captures.count];
}

static void
count_per_capture(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->printer_count; i++)
		capture_of(sim, i)->printers++;
	for (uint32_t i = 0; i < sim->printer_count; i++) {
		struct capture *c = capture_of(sim, i);
		bool unique = !sim->same && (sim->unique || c->printers > 1);

		if (unique && !c->unique && c->serial && ident_room(c) <= sim->printer_count)
			complain("%s: the serial number has room for %llu printers only, "
				 "some will be equal",
				c->file, (unsigned long long)ident_room(c));
		c->unique = unique;
	}
}

bool
printers_settle(struct sim *sim)
{
	if (sim->captures.count == 0 && (sim->choice_text_count == 0 || sim->range_count > 0))
		return complain("no capture given; name a folder or an .snmprec file, "
				"or see platen-sim --help");
	if (sim->range_count == 0 && sim->captures.count > 0) {
		struct range r;
		const char *why;

		range_parse(FIRST_ADDRESS, &r, &why);
		r.to = addr_add(r.from, (uint32_t)sim->captures.count - 1);
		if (!range_append(sim, r, "(default)"))
			return false;
	}
	for (size_t i = 0; i < sim->choice_text_count; i++)
		if (!choice_settle(sim, sim->choice_text[i]))
			return false;
	qsort(sim->ranges, sim->range_count, sizeof *sim->ranges, by_address);
	if (sim->choice_count > 0)
		qsort(sim->choices, sim->choice_count, sizeof *sim->choices, by_index);
	for (size_t i = 1; i < sim->choice_count; i++)
		if (sim->choices[i].index == sim->choices[i - 1].index)
			return complain("--printer: one address was given two captures");
	count_per_capture(sim);
	sim->last_asked = must_realloc(NULL, sim->printer_count, sizeof *sim->last_asked);
	memset(sim->last_asked, 0, sim->printer_count * sizeof *sim->last_asked);
	return true;
}

bool
printer_find(struct sim *sim, struct addr a, struct printer *p)
{
	const struct fault *swap;

	if (!index_of(sim, a, &p->index))
		return false;
	p->addr = a;
	p->capture = capture_of(sim, p->index);
	memset(p->fault, 0, sizeof p->fault);
	for (size_t i = 0; i < sim->fault_count; i++)
		if (range_has(&sim->faults[i].where, a))
			p->fault[sim->faults[i].kind] = &sim->faults[i];

	/* A swapped printer gets a number none of the others has. */
	swap = p->fault[FAULT_SWAP];
	p->number = p->capture->unique ? p->index + 1ull : 0;
	if (swap != NULL && (double)sim->now_ms >= swap->number * 1000)
		p->number = (uint64_t)sim->printer_count + p->index + 1;
	return true;
}

void
printers_list(struct sim *sim, FILE *f)
{
	struct printer p;

	for (size_t i = 0; i < sim->range_count; i++)
		for (uint32_t n = 0; n < range_count(&sim->ranges[i]); n++) {
			uint8_t serial[256];
			size_t len = 0;

			printer_find(sim, addr_add(sim->ranges[i].from, n), &p);
			if (p.capture->serial != NULL && p.capture->serial_len <= sizeof serial) {
				len = p.capture->serial_len;
				memcpy(serial, p.capture->serial, len);
				ident_overwrite(&p, serial, len);
			}
			fprintf(f, "%s %s %.*s\n", addr_text(p.addr).s, p.capture->name,
				len > 0 ? (int)len : 1, len > 0 ? (const char *)serial : "-");
		}
	fflush(f);
}
