/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_unpack.c - the body of an upload as it was before zstd or gzip.
 *
 * Never more than was asked for: a small body that would become a huge one ends
 * at the bound, with no memory spent on the rest.
 */
#include "net/gate_body.h"

#include <platen/dictionary.h>

#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define CHUNK (64u << 10)
/* 2^23: windows of 8 MiB, what zstd -19 uses; more is memory for nothing. */
#define WINDOW_LOG_MOST 23

/* Made once; NULL for a frame that needs none. */
static const ZSTD_DDict *
dictionary_of(const uint8_t *p, size_t n)
{
	static ZSTD_DDict *dictionary;
	const uint8_t *bytes;
	uint64_t len;

	if (ZSTD_getDictID_fromFrame(p, n) != PLATEN_DICTIONARY_ID)
		return NULL;
	bytes = platen_dictionary(&len);
	if (dictionary == NULL)
		dictionary = ZSTD_createDDict(bytes, len);
	return dictionary;
}

static uint32_t
unpack_zstd(const uint8_t *p, size_t n, size_t most, struct buf *out)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	ZSTD_inBuffer in = { p, n, 0 };
	uint8_t chunk[CHUNK];
	size_t left = 1;
	uint32_t status = 200;

	if (z == NULL)
		die("out of memory");
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MOST);
	ZSTD_DCtx_refDDict(z, dictionary_of(p, n));
	while (status == 200 && (in.pos < in.size || left == CHUNK)) {
		ZSTD_outBuffer to = { chunk, sizeof(chunk), 0 };
		size_t rc = ZSTD_decompressStream(z, &to, &in);

		if (ZSTD_isError(rc))
			status = 400;
		else if (out->n + to.pos > most)
			status = 413;
		else
			buf_add(out, chunk, to.pos);
		/* A full chunk may not be all there is. */
		left = to.pos == sizeof(chunk) ? CHUNK : rc;
	}
	ZSTD_freeDCtx(z);
	return status == 200 && left != 0 ? 400 : status;
}

static uint32_t
unpack_gzip(const uint8_t *p, size_t n, size_t most, struct buf *out)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n };
	uint8_t chunk[CHUNK];
	uint32_t status = 200;
	int rc = Z_OK;

	/* 16: gzip and nothing else. */
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		die("out of memory");
	while (status == 200 && rc != Z_STREAM_END) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END)
			status = 400;
		else if (out->n + (sizeof(chunk) - z.avail_out) > most)
			status = 413;
		else
			buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	if (status == 200 && z.avail_in > 0)
		status = 400;
	inflateEnd(&z);
	return status;
}

uint32_t
body_unpack(enum gate_coding coding, const uint8_t *p, size_t n, size_t most, struct buf *out)
{
	switch (coding) {
	case CODING_ZSTD:
		return unpack_zstd(p, n, most, out);
	case CODING_GZIP:
		return unpack_gzip(p, n, most, out);
	case CODING_NONE:
		break;
	}
	if (n > most)
		return 413;
	buf_add(out, p, n);
	return 200;
}
