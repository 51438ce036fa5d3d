/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c - what was mapped to get started, or for work that is over, is let go.
 *
 * The dynamic linker walks through the tables of every library, and the system maps 64 kB around
 * each place that it looks at: more of a process than what it works with.  None of it is lost:
 * such pages are the files' own, and the first use maps them again without reading the disk.
 * What a process has written is never touched.
 */
#include "base.h"

#include <link.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Read-only parts of an object that are looked after: usually three. */
#define PARTS 8

/* Milliseconds of work that are worth it: to let go and to map again takes 0.3. */
#define WORTH 10

/* Relocations in read-only parts are written into pages that look like the file's. */
static bool
has_text_relocations(const struct dl_phdr_info *o)
{
	for (size_t i = 0; i < o->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &o->dlpi_phdr[i];
		const ElfW(Dyn) *d = (const void *)(o->dlpi_addr + h->p_vaddr);

		if (h->p_type != PT_DYNAMIC)
			continue;
		for (; d->d_tag != DT_NULL; d++)
			if (d->d_tag == DT_TEXTREL ||
				(d->d_tag == DT_FLAGS && (d->d_un.d_val & DF_TEXTREL) != 0))
				return true;
	}
	return false;
}

/* The list of an object's parts lies in the first of them: it is read before any of them goes. */
static int
let_go(struct dl_phdr_info *o, size_t size, void *arg)
{
	const ElfW(Addr) page = *(const ElfW(Addr) *)arg;
	struct {
		ElfW(Addr) from, to;
	} parts[PARTS];
	size_t n = 0;

	(void)size;
	for (size_t i = 0; i < o->dlpi_phnum && n < PARTS; i++) {
		const ElfW(Phdr) *h = &o->dlpi_phdr[i];
		ElfW(Addr) at = o->dlpi_addr + h->p_vaddr;

		if (h->p_type != PT_LOAD || (h->p_flags & PF_W) != 0)
			continue;
		parts[n].from = at & ~(page - 1);
		parts[n++].to = at + h->p_memsz;
	}
	if (has_text_relocations(o))
		return 0;
	/* Where the system does not want to, the pages stay. */
	for (size_t i = 0; i < n; i++)
		madvise((void *)parts[i].from, parts[i].to - parts[i].from, MADV_DONTNEED);
	return 0;
}

static uint64_t
processor_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t went; /* processor_ms() */

void
mem_started(void)
{
	ElfW(Addr) page = (ElfW(Addr))sysconf(_SC_PAGESIZE);

	mem_give_back();
	dl_iterate_phdr(let_go, &page);
	went = processor_ms();
}

void
mem_rest(void)
{
	if (processor_ms() - went >= WORTH)
		mem_started();
	else
		mem_give_back();
}
