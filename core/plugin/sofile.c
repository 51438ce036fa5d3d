/* SPDX-License-Identifier: Apache-2.0 */
/* sofile.c - a shared object seen from outside; see sofile.h. */
#include "plugin/sofile.h"

#include <elf.h>
#include <string.h>

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#elif defined(__riscv)
#define MACHINE EM_RISCV
#else
#define MACHINE EM_NONE
#endif

/* Outside numbers: program headers and entries of the dynamic section that are looked at. */
#define MAX_HEADERS 128
#define MAX_DYNAMIC 1024
#define MAX_BOUND 1000000 /* addresses that are filled in when it is loaded */

/* Bytes of a name that are shown. */
#define MAX_SHOWN 80

struct reader {
	const uint8_t *p;
	size_t n;
	Elf64_Phdr headers[MAX_HEADERS];
	uint32_t nheaders;
	uint64_t tags[DT_JMPREL + 1]; /* of the dynamic section, 0: not there */
	uint64_t gnu_hash, flags;
	uint64_t needed[MAX_SO_NEEDED]; /* offsets in the strings */
	uint32_t nneeded;
	uint64_t constructors; /* bytes of the lists of them */
	const char *strings;
	size_t nstrings;
};

/* Copy n bytes at this offset of the file; false: it ends before. */
static bool
take(const struct reader *r, uint64_t at, void *out, size_t n)
{
	if (at > r->n || n > r->n - at)
		return false;
	memcpy(out, r->p + at, n);
	return true;
}

/* Where the file has n bytes that are loaded to this address. */
static bool
offset_of(const struct reader *r, uint64_t address, uint64_t n, uint64_t *at)
{
	for (uint32_t i = 0; i < r->nheaders; i++) {
		const Elf64_Phdr *h = &r->headers[i];

		if (h->p_type != PT_LOAD || address < h->p_vaddr ||
			address - h->p_vaddr > h->p_filesz ||
			n > h->p_filesz - (address - h->p_vaddr))
			continue;
		*at = h->p_offset + (address - h->p_vaddr);
		return *at >= h->p_offset && *at <= r->n && n <= r->n - *at;
	}
	return false;
}

static bool
take_at(const struct reader *r, uint64_t address, void *out, size_t n)
{
	uint64_t at;

	return offset_of(r, address, n, &at) && take(r, at, out, n);
}

/* ---- headers ---- */

static bool
read_headers(struct reader *r, struct why *why)
{
	Elf64_Ehdr e;

	if (r->n < EI_NIDENT || memcmp(r->p, ELFMAG, SELFMAG) != 0)
		return why_set(why, "is no shared object (ELF)");
	if (r->p[EI_CLASS] != ELFCLASS64 || r->p[EI_DATA] != ELFDATA2LSB)
		return why_set(why,
			"is built for another kind of machine (not 64 bits, "
			"little endian)");
	if (!take(r, 0, &e, sizeof(e)))
		return why_set(why, "ends in its first header");
	if (MACHINE != EM_NONE && e.e_machine != MACHINE)
		return why_set(why,
			"is built for another kind of machine (ELF machine %u, this "
			"is %u)",
			e.e_machine, MACHINE);
	if (e.e_type != ET_DYN)
		return why_set(why, "is no shared object: it is of ELF type %u", e.e_type);
	if (e.e_phentsize != sizeof(Elf64_Phdr) || e.e_phnum == 0 || e.e_phnum > MAX_HEADERS)
		return why_set(why, "has no sound table of program headers");
	r->nheaders = e.e_phnum;
	return take(r, e.e_phoff, r->headers, r->nheaders * sizeof(Elf64_Phdr)) ||
		why_set(why, "ends in its program headers");
}

static void
read_tag(struct reader *r, const Elf64_Dyn *d)
{
	uint64_t value = d->d_un.d_val;

	switch (d->d_tag) {
	case DT_NEEDED:
		if (r->nneeded < MAX_SO_NEEDED)
			r->needed[r->nneeded++] = value;
		break;
	case DT_INIT_ARRAYSZ:
		r->constructors += value;
		break;
	case DT_GNU_HASH:
		r->gnu_hash = value;
		break;
	case DT_RUNPATH:
		r->tags[DT_RPATH] = 1;
		break;
	case DT_FLAGS:
		r->flags = value;
		break;
	default:
		if (d->d_tag > 0 && d->d_tag <= DT_JMPREL)
			r->tags[d->d_tag] = value;
		break;
	}
}

static bool
read_dynamic(struct reader *r, struct why *why)
{
	const Elf64_Phdr *h = r->headers, *end = r->headers + r->nheaders;
	Elf64_Dyn d;
	uint64_t at;

	while (h < end && h->p_type != PT_DYNAMIC)
		h++;
	if (h == end)
		return why_set(why, "has no dynamic section: nothing in it can be called");
	for (uint32_t i = 0; i < MAX_DYNAMIC && i < h->p_filesz / sizeof(d); i++) {
		if (!take_at(r, h->p_vaddr + i * sizeof(d), &d, sizeof(d)) || d.d_tag == DT_NULL)
			break;
		read_tag(r, &d);
	}
	r->nstrings = r->tags[DT_STRSZ];
	if (!offset_of(r, r->tags[DT_STRTAB], r->nstrings, &at) || r->nstrings == 0 ||
		r->p[at + r->nstrings - 1] != 0)
		return why_set(why, "has no sound table of names");
	r->strings = (const char *)r->p + at;
	return true;
}

/* ---- symbols ---- */

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The end of the longest chain of the GNU hash table: behind the last symbol given. */
static uint32_t
count_hashed(const struct reader *r)
{
	struct {
		uint32_t buckets, first, bloom, shift;
	} head;
	uint32_t last = 0, value;
	uint64_t at;

	if (r->gnu_hash == 0 || !take_at(r, r->gnu_hash, &head, sizeof(head)))
		return 0;
	at = r->gnu_hash + sizeof(head) + UINT64_C(8) * head.bloom;
	for (uint32_t i = 0; i < head.buckets && i < MAX_SO_SYMBOLS; i++)
		if (take_at(r, at + UINT64_C(4) * i, &value, sizeof(value)))
			last = larger(last, value);
	at += UINT64_C(4) * head.buckets;
	if (last < head.first)
		return head.first;
	while (last < MAX_SO_SYMBOLS &&
		take_at(r, at + UINT64_C(4) * (last - head.first), &value, sizeof(value)) &&
		(value & 1) == 0)
		last++;
	return last + 1;
}

/* The last symbol that is bound to an address when the file is loaded, and one. */
static uint32_t
count_bound(const struct reader *r, uint64_t table, uint64_t size)
{
	Elf64_Rela rela;
	uint32_t last = 0;

	for (uint64_t i = 0; i < size / sizeof(rela) && i < MAX_BOUND; i++) {
		if (!take_at(r, table + i * sizeof(rela), &rela, sizeof(rela)))
			break;
		last = larger(last, (uint32_t)ELF64_R_SYM(rela.r_info));
	}
	return last + 1;
}

/* How many symbols there are is written nowhere: who uses them tells. */
static uint32_t
count_symbols(const struct reader *r)
{
	uint32_t n = count_hashed(r), old[2];

	if (r->tags[DT_HASH] != 0 && take_at(r, r->tags[DT_HASH], old, sizeof(old)))
		n = larger(n, old[1]);
	n = larger(n, count_bound(r, r->tags[DT_RELA], r->tags[DT_RELASZ]));
	n = larger(n, count_bound(r, r->tags[DT_JMPREL], r->tags[DT_PLTRELSZ]));
	return n < MAX_SO_SYMBOLS ? n : MAX_SO_SYMBOLS;
}

/* A name as it can be shown: the file's own may hold anything. */
static const char *
name_at(const struct reader *r, struct pool *pool, uint64_t at)
{
	size_t n = at < r->nstrings ? strnlen(r->strings + at, MAX_SHOWN) : 0;
	char *name = pool_copy(pool, n > 0 ? r->strings + at : "", n);

	for (size_t i = 0; i < n; i++)
		if (name[i] <= 0x20 || name[i] > 0x7E)
			name[i] = '?';
	return name;
}

static bool
is_export(const Elf64_Sym *s)
{
	uint32_t bind = ELF64_ST_BIND(s->st_info), seen = ELF64_ST_VISIBILITY(s->st_other);

	return s->st_shndx != SHN_UNDEF && bind != STB_LOCAL &&
		(seen == STV_DEFAULT || seen == STV_PROTECTED);
}

/* Weak ones that a linker leaves in every shared object, and that do nothing. */
static bool
is_linker_made(const char *name)
{
	static const char *const names[] = { "__gmon_start__", "_ITM_deregisterTMCloneTable",
		"_ITM_registerTMCloneTable", "__cxa_finalize", "_init", "_fini", "_edata", "_end",
		"__bss_start" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return name[0] == 0;
}

static void
read_symbols(const struct reader *r, struct pool *pool, struct sofile *out)
{
	uint32_t n = count_symbols(r);
	const char *name;
	Elf64_Sym s;

	out->exports = pool_alloc(pool, n * sizeof(*out->exports) + 1);
	out->imports = pool_alloc(pool, n * sizeof(*out->imports) + 1);
	for (uint32_t i = 1; i < n; i++) {
		if (!take_at(r, r->tags[DT_SYMTAB] + i * sizeof(s), &s, sizeof(s)))
			break;
		name = name_at(r, pool, s.st_name);
		if (is_linker_made(name))
			continue;
		if (is_export(&s))
			out->exports[out->nexports++] = name;
		else if (s.st_shndx == SHN_UNDEF)
			out->imports[out->nimports++] = name;
	}
}

/* A list of constructors has one of the compiler's own, which registers nothing. */
#define USUAL_CONSTRUCTORS 8

bool
sofile_read(const uint8_t *p, size_t n, struct pool *pool, struct sofile *out, struct why *why)
{
	struct reader r = { .p = p, .n = n };

	*out = (struct sofile){ 0 };
	if (!read_headers(&r, why) || !read_dynamic(&r, why))
		return false;
	read_symbols(&r, pool, out);
	out->needed = pool_alloc(pool, r.nneeded * sizeof(*out->needed) + 1);
	for (uint32_t i = 0; i < r.nneeded; i++)
		out->needed[out->nneeded++] = name_at(&r, pool, r.needed[i]);
	for (uint32_t i = 0; i < r.nheaders; i++)
		if (r.headers[i].p_type == PT_GNU_STACK && (r.headers[i].p_flags & PF_X) != 0)
			out->executable_stack = true;
	out->runs_at_load = r.constructors > USUAL_CONSTRUCTORS;
	out->text_relocations = r.tags[DT_TEXTREL] != 0 || (r.flags & DF_TEXTREL) != 0;
	out->search_path = r.tags[DT_RPATH] != 0;
	return true;
}
