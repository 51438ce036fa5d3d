/* SPDX-License-Identifier: Apache-2.0 */
/* seal_window.c - a window per agent and key, the unused ones forgotten; see seal_window.h. */
#include "net/seal_window.h"

#include <stdlib.h>
#include <string.h>

#define BITS 64
#define WORDS (SEAL_WINDOW / BITS)
#define NONE UINT32_MAX
#define BUCKETS 16384

struct window {
	uint8_t agent[SEAL_AGENT_BYTES];
	uint32_t key;
	uint64_t session; /* it was made in */
	uint64_t block;
	uint32_t highest; /* count that was seen in the block */
	uint64_t seen[WORDS]; /* a ring: the bit of count n is n modulo SEAL_WINDOW */
	uint32_t next; /* in the bucket */
	uint32_t newer, older; /* by last use */
};

struct seal_windows {
	uint64_t session; /* for who has no window */
	uint64_t secret; /* nobody outside can fill one bucket */
	uint32_t n, most;
	uint32_t newest, oldest;
	struct window *windows;
	uint32_t buckets[BUCKETS];
};

/* ---- one window ---- */

static uint64_t *
word_of(struct window *w, uint32_t count, uint64_t *bit)
{
	uint32_t at = count % SEAL_WINDOW;

	*bit = (uint64_t)1 << at % BITS;
	return &w->seen[at / BITS];
}

/* The window moves on to a higher count: what it leaves behind is forgotten. */
static void
move_on(struct window *w, uint32_t count)
{
	uint64_t bit, *word;

	if (count - w->highest >= SEAL_WINDOW)
		memset(w->seen, 0, sizeof(w->seen));
	else
		for (uint32_t i = w->highest + 1; i != count + 1; i++) {
			word = word_of(w, i, &bit);
			*word &= ~bit;
		}
	w->highest = count;
}

static enum seal_seen
mark(struct window *w, const struct seal_counter *c)
{
	uint64_t bit, *word;

	if (c->block < w->block)
		return SEAL_OLD;
	if (c->block > w->block) {
		memset(w->seen, 0, sizeof(w->seen));
		w->block = c->block;
		w->highest = c->count;
	} else if (c->count > w->highest) {
		move_on(w, c->count);
	} else if (w->highest - c->count >= SEAL_WINDOW) {
		return SEAL_OLD;
	}
	word = word_of(w, c->count, &bit);
	if (*word & bit)
		return SEAL_REPLAYED;
	*word |= bit;
	return SEAL_FRESH;
}

/* ---- all of them ---- */

static uint64_t
draw_session(void)
{
	uint64_t session;

	do
		session = random_u64();
	while (session == 0);
	return session;
}

struct seal_windows *
seal_windows_open(uint32_t most)
{
	struct seal_windows *all = mem_alloc(sizeof(*all));

	all->session = draw_session();
	all->secret = random_u64();
	all->most = most > 0 ? most : 1;
	all->newest = all->oldest = NONE;
	for (uint32_t i = 0; i < BUCKETS; i++)
		all->buckets[i] = NONE;
	return all;
}

void
seal_windows_close(struct seal_windows *all)
{
	if (all == NULL)
		return;
	free(all->windows);
	free(all);
}

static uint32_t *
bucket_of(struct seal_windows *all, const uint8_t *agent, uint32_t key)
{
	uint64_t sum = all->secret ^ key, part;

	for (size_t i = 0; i < SEAL_AGENT_BYTES; i += sizeof(part)) {
		memcpy(&part, agent + i, sizeof(part));
		sum = (sum ^ part) * 0x9e3779b97f4a7c15u;
		sum ^= sum >> 32;
	}
	return &all->buckets[sum % BUCKETS];
}

static uint32_t
find(struct seal_windows *all, const struct seal_head *h)
{
	uint32_t i = *bucket_of(all, h->agent, h->key);

	while (i != NONE &&
		(all->windows[i].key != h->key ||
			memcmp(all->windows[i].agent, h->agent, SEAL_AGENT_BYTES) != 0))
		i = all->windows[i].next;
	return i;
}

/* Out of the line of last use. */
static void
unlink_use(struct seal_windows *all, uint32_t i)
{
	struct window *w = &all->windows[i];

	*(w->newer != NONE ? &all->windows[w->newer].older : &all->newest) = w->older;
	*(w->older != NONE ? &all->windows[w->older].newer : &all->oldest) = w->newer;
}

static void
link_newest(struct seal_windows *all, uint32_t i)
{
	struct window *w = &all->windows[i];

	w->newer = NONE;
	w->older = all->newest;
	*(w->older != NONE ? &all->windows[w->older].newer : &all->oldest) = i;
	all->newest = i;
}

/* The place of the window that was unused for longest; what it knew is made worthless. */
static uint32_t
give_up_oldest(struct seal_windows *all)
{
	uint32_t i = all->oldest;
	uint32_t *at = bucket_of(all, all->windows[i].agent, all->windows[i].key);

	while (*at != i)
		at = &all->windows[*at].next;
	*at = all->windows[i].next;
	unlink_use(all, i);
	all->session = draw_session();
	return i;
}

static uint32_t
make(struct seal_windows *all, const struct seal_head *h)
{
	uint64_t session = all->session;
	uint32_t i, *bucket = bucket_of(all, h->agent, h->key);
	struct window *w;

	if (all->n < all->most) {
		i = all->n++;
		all->windows = mem_grow(all->windows, all->n * sizeof(*all->windows));
	} else {
		i = give_up_oldest(all);
	}
	w = &all->windows[i];
	*w = (struct window){ .key = h->key,
		.session = session,
		.block = h->counter.block,
		.highest = h->counter.count,
		.next = *bucket };
	memcpy(w->agent, h->agent, sizeof(w->agent));
	*bucket = i;
	link_newest(all, i);
	return i;
}

enum seal_seen
seal_windows_take(struct seal_windows *all, const struct seal_head *h, uint64_t *session)
{
	uint32_t i = find(all, h);

	*session = i != NONE ? all->windows[i].session : all->session;
	if (h->kind == SEAL_HELLO || h->session != *session)
		return SEAL_AGAIN;
	if (i == NONE) {
		i = make(all, h);
	} else {
		unlink_use(all, i);
		link_newest(all, i);
	}
	return mark(&all->windows[i], &h->counter);
}
