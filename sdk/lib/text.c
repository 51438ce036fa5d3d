/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - octets of a printer as UTF-8; see platen/text.h.
 *
 * Single-byte sets and UTF-16 are converted here, the large sets of East Asia
 * by the C library.  Nothing is guessed from the text itself but whether it is
 * UTF-8.
 */
#include <platen/text.h>

#include "charsets.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define REPLACEMENT 0xFFFD

/* What is being written. */
struct text {
	char *p;
	size_t size, n;
	bool full; /* a character did not fit: nothing follows it */
};

static bool
is_blank(uint32_t c)
{
	return c == ' ' || c == 0xA0 || c == 0x3000;
}

static bool
is_dropped(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

static void
put(struct text *t, uint32_t c)
{
	uint8_t b[4];
	size_t n;

	if (c == '\t' || c == '\n' || c == '\r')
		c = ' ';
	if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		c = REPLACEMENT;
	if (t->full || is_dropped(c) || (t->n == 0 && is_blank(c)))
		return;
	n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	if (t->n + n >= t->size) {
		t->full = true;
		return;
	}
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		b[i] = (uint8_t)(0x80 | (c & 0x3F));
	b[0] = (uint8_t)(n == 1 ? c : (0xF00u >> n & 0xF0u) | c);
	memcpy(t->p + t->n, b, n);
	t->n += n;
}

/* ---- UTF-8 ---- */

enum utf8 { UTF8_OK, UTF8_CUT, UTF8_BAD };

/* The character at p (RFC 3629: shortest form, no surrogates); CUT: it may go on behind the end. */
static enum utf8
utf8_take(const uint8_t *p, size_t left, uint32_t *c, size_t *n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	*n = *p < 0x80 ? 1 : *p < 0xC2 ? 0 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 0;
	if (*n == 0)
		return UTF8_BAD;
	*c = *n == 1 ? *p : *p & (0x7Fu >> *n);
	for (size_t i = 1; i < *n; i++) {
		if (i == left)
			return UTF8_CUT;
		if ((p[i] & 0xC0) != 0x80)
			return UTF8_BAD;
		*c = *c << 6 | (p[i] & 0x3F);
	}
	if (*c < least[*n] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000))
		return UTF8_BAD;
	return UTF8_OK;
}

/*
 * Is all of it UTF-8?  A last character cut in two by a printer's own field
 * limit is forgiven where other characters, or the declaration, speak for UTF-8.
 */
static bool
is_utf8(const uint8_t *p, size_t len, bool declared)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		switch (utf8_take(p + i, len - i, &c, &n)) {
		case UTF8_OK:
			declared = declared || n > 1;
			break;
		case UTF8_CUT:
			return declared;
		case UTF8_BAD:
			return false;
		}
	}
	return true;
}

static void
from_utf8(struct text *t, const uint8_t *p, size_t len)
{
	uint32_t c;
	size_t n;

	for (size_t i = 0; i < len && utf8_take(p + i, len - i, &c, &n) == UTF8_OK; i += n)
		put(t, c);
}

/* ---- UTF-16 and UCS-2 ---- */

static bool
is_wide(int32_t mibenum)
{
	return mibenum == 1000 || (mibenum >= 1013 && mibenum <= 1015);
}

/*
 * Declared as 16-bit characters, is it?  Plain ASCII under that declaration is
 * more often a printer that declares too much, but kana begin with '0'.
 */
static bool
looks_wide(const uint8_t *p, size_t len)
{
	bool kana = true;

	if (len < 2 || len % 2 != 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (p[i] == 0 || p[i] >= 0x80)
			return true;
		kana = kana && (i % 2 != 0 || p[i] == 0x30);
	}
	return kana;
}

static void
from_wide(struct text *t, const uint8_t *p, size_t len, int32_t mibenum)
{
	bool mark = p[0] == 0xFF && p[1] == 0xFE;
	size_t high = mark || mibenum == 1014 ? 1 : 0;

	for (size_t i = 0; i + 1 < len; i += 2) {
		uint32_t c = (uint32_t)p[i + high] << 8 | p[i + 1 - high], low;

		if (c >= 0xD800 && c < 0xDC00 && i + 3 < len) {
			low = (uint32_t)p[i + 2 + high] << 8 | p[i + 3 - high];
			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		put(t, c);
	}
}

/* ---- single bytes ---- */

static void
from_single(struct text *t, const uint8_t *p, size_t len, const struct charset *set)
{
	for (size_t i = 0; i < len; i++)
		put(t, p[i] < set->first ? p[i] : set->table[p[i] - set->first]);
}

/* ---- the sets of East Asia ---- */

/* The vendors' supersets: what printers send under the standard's name. */
static struct large {
	int32_t mibenum;
	const char *name;
	bool open;
	iconv_t converter;
} large[] = {
	{ .mibenum = 17, .name = "CP932" }, /* Shift_JIS */
	{ .mibenum = 18, .name = "EUC-JP" },
	{ .mibenum = 36, .name = "CP949" }, /* KS_C_5601-1987 */
	{ .mibenum = 38, .name = "CP949" }, /* EUC-KR */
	{ .mibenum = 39, .name = "ISO-2022-JP" }, { .mibenum = 113, .name = "GB18030" }, /* GBK */
	{ .mibenum = 114, .name = "GB18030" },
	{ .mibenum = 2024, .name = "CP932" }, /* Windows-31J */
	{ .mibenum = 2025, .name = "GB18030" }, /* GB2312 */
	{ .mibenum = 2026, .name = "BIG5-HKSCS" }, /* Big5 */
};

void
platen_text_load(void)
{
	for (size_t i = 0; i < COUNT(large); i++) {
		if (large[i].open)
			continue;
		large[i].converter = iconv_open("UTF-8", large[i].name);
		large[i].open = large[i].converter != (iconv_t)-1;
	}
}

/* A plugin that is let go gives its converters back. */
__attribute__((destructor)) static void
unload(void)
{
	for (size_t i = 0; i < COUNT(large); i++)
		if (large[i].open)
			iconv_close(large[i].converter);
}

static struct large *
large_find(int32_t mibenum)
{
	for (size_t i = 0; i < COUNT(large); i++)
		if (large[i].mibenum == mibenum)
			return &large[i];
	return NULL;
}

static void
from_large(struct text *t, const uint8_t *p, size_t len, struct large *set)
{
	char *in = (char *)(uintptr_t)p, utf8[256]; /* iconv does not write there */
	size_t left = len;

	iconv(set->converter, NULL, NULL, NULL, NULL);
	while (left > 0 && !t->full) {
		char *out = utf8;
		size_t room = sizeof(utf8);
		size_t done = iconv(set->converter, &in, &left, &out, &room);

		from_utf8(t, (uint8_t *)utf8, sizeof(utf8) - room);
		if (done != (size_t)-1 || errno == EINVAL)
			break; /* all of it, or a last character cut in two */
		if (errno == EILSEQ) {
			put(t, REPLACEMENT);
			in++;
			left--;
		}
	}
}

/* ---- all of them ---- */

/* Nothing but visible ASCII and blanks. */
static bool
is_plain(const uint8_t *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] >= 0x20 && p[n] <= 0x7E)
		n++;
	return n == len;
}

static void
from_plain(struct text *t, const uint8_t *p, size_t len)
{
	for (; len > 0 && *p == ' '; len--)
		p++;
	t->n = len < t->size ? len : t->size - 1;
	memcpy(t->p, p, t->n);
}

static void
from_unknown(struct text *t, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put(t, p[i] < 0x80 ? p[i] : REPLACEMENT);
}

static void
convert(struct text *t, const uint8_t *p, size_t len, int32_t declared, int32_t fallback)
{
	struct large *set = large_find(declared);
	bool shifts = declared == 39 && memchr(p, 0x1B, len) != NULL;

	if (is_wide(declared) && looks_wide(p, len))
		from_wide(t, p, len, declared);
	else if (is_plain(p, len))
		from_plain(t, p, len);
	else if (!shifts && is_utf8(p, len, declared == PLATEN_CHARSET_UTF8))
		from_utf8(t, p, len);
	else if (set != NULL && set->open)
		from_large(t, p, len, set);
	else if (set == NULL && charset_find(declared) != NULL)
		from_single(t, p, len, charset_find(declared));
	else if (set == NULL && charset_find(fallback) != NULL)
		from_single(t, p, len, charset_find(fallback));
	else
		from_unknown(t, p, len);
}

size_t
platen_text(char *dst, size_t size, const uint8_t *octets, size_t len, int32_t declared,
	int32_t fallback)
{
	struct text t = { .p = dst, .size = size };

	if (size == 0)
		return 0;
	if (len > 0)
		convert(&t, octets, len, declared, fallback);
	while (t.n > 0 && t.p[t.n - 1] == ' ')
		t.n--;
	t.p[t.n] = '\0';
	return t.n;
}

size_t
platen_text_number(char *dst, size_t size, uint64_t number)
{
	char digits[20], *at = digits + sizeof(digits);
	size_t n;

	if (number < 10 && size > 1) {
		dst[0] = (char)('0' + number);
		dst[1] = '\0';
		return 1;
	}
	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	n = (size_t)(digits + sizeof(digits) - at);
	if (size == 0)
		return 0;
	n = n < size ? n : size - 1;
	memcpy(dst, at, n);
	dst[n] = '\0';
	return n;
}
