/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_recent.c - records that are kept, and still lie in memory: mostly a sink is given them
 * next.  Only a copy: whatever is not found here stands on the disk.
 */
#include "store/spool_inside.h"

#include <stdlib.h>

void
recent_add(struct spool *s, struct waiting *w)
{
	if (s->recent == NULL)
		s->recent_last = &s->recent;
	w->next = NULL;
	w->holders = 1;
	*s->recent_last = w;
	s->recent_last = &w->next;
	s->recent_size += w->size;
}

void
recent_let_go(struct spool *s, uint64_t last, size_t most)
{
	struct waiting *w;

	while ((w = s->recent) != NULL && (w->record.seq <= last || s->recent_size > most)) {
		s->recent = w->next;
		s->recent_size -= w->size;
		recent_release(w);
	}
}

struct waiting *
recent_hold(struct waiting *w)
{
	w->holders++;
	return w;
}

void
recent_release(struct waiting *w)
{
	if (w != NULL && --w->holders == 0)
		free(w);
}

/* ---- rows for a sink ---- */

/* All after this number, from the oldest on; NULL: some of them are only on the disk. */
static struct waiting *
recent_after(const struct spool *s, uint64_t seq)
{
	struct waiting *w = s->recent;

	if (w == NULL || w->record.seq > seq + 1)
		return NULL;
	while (w != NULL && w->record.seq <= seq)
		w = w->next;
	return w;
}

struct source
source_after(const struct outlet *o, uint64_t seq)
{
	struct spool *s = o->spool;
	struct source from = { .next = recent_after(s, seq) };

	from.in_memory = from.next != NULL;
	if (!from.in_memory)
		from.rows = spool_db_records(&s->db, seq, s->newest, o->config->take);
	return from;
}

enum database_step
source_next(const struct outlet *o, struct source *from, struct spool_row *row, struct waiting **w)
{
	*w = NULL;
	if (!from->in_memory)
		return spool_db_record(&o->spool->db, from->rows, row);
	while (from->next != NULL && !outlet_wants(o, from->next->record.urgent))
		from->next = from->next->next;
	if ((*w = from->next) == NULL)
		return DATABASE_END;
	from->next = (*w)->next;
	*row = (struct spool_row){ .seq = (*w)->record.seq,
		.urgent = (*w)->record.urgent,
		.sound = true,
		.json = (*w)->record.json,
		.len = (*w)->record.len };
	return DATABASE_ROW;
}
