/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load-drive URL CA KEYS RECORDS BATCH LINES - many agents that upload at once.
 *
 * KEYS has a line "AGENT TOKEN" for each; every one of them sends records 1 to
 * RECORDS in batches of BATCH, over a TLS connection of its own, LINES agents at
 * a time.  Prints what was receipted and how long it took; any answer that is no
 * receipt ends it.
 */
#include "base/base.h"

#include <curl/curl.h>
#include <platen/dictionary.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

struct load {
	const char *url, *ca;
	FILE *keys;
	uint32_t records, batch;
	CURLM *multi;
	ZSTD_CCtx *zstd;
	ZSTD_CDict *dictionary;
	uint64_t receipted, requests, bytes, plain;
	uint64_t slowest; /* ms */
};

struct agent {
	CURL *curl;
	struct curl_slist *headers;
	char name[UUID_TEXT];
	uint32_t sent, last;
	uint64_t since;
	struct buf body, answer;
};

/* As an agent of ours would make it: a printer with 8 meters and 4 supplies. */
static void
put_record(struct buf *b, const char *agent, uint32_t seq)
{
	static const char *const meters[] = { "total", "mono", "color", "duplex", "print.total",
		"copy.total", "scan.total", "fax.total" };
	static const char *const colors[] = { "black", "cyan", "magenta", "yellow" };
	char time[24];

	clock_iso(clock_wall(), time);
	buf_format(b,
		"{\"schema\":\"platen.reading/1\",\"id\":\"0198%04x-%04x-7000-8000-%012llx\","
		"\"agent\":\"%s\",\"seq\":%u,\"customer\":\"C-1042\",\"site\":\"head-office\","
		"\"time\":\"%s\",\"device\":{\"id\":\"Kyocera:VCF%07u\",\"serial\":\"VCF%07u\","
		"\"mac\":\"00:17:c8:00:%02x:%02x\",\"ip\":\"192.168.1.%u\","
		"\"manufacturer\":\"Kyocera\",\"model\":\"TASKalfa 3253ci\",\"firmware\":\"2V6\"},"
		"\"status\":{\"state\":\"idle\",\"errors\":[]},\"meters\":[",
		seq & 0xFFFF, seq >> 16, (unsigned long long)random_u64() >> 16, agent, seq, time,
		seq % 50, seq % 50, seq % 50, seq % 7, seq % 50 + 10);
	for (size_t i = 0; i < COUNT(meters); i++)
		buf_format(b,
			"%s{\"name\":\"%s\",\"value\":%llu,\"unit\":\"impressions\","
			"\"via\":\"kyocera\"}",
			i > 0 ? "," : "", meters[i], (unsigned long long)(random_u64() % 9000000));
	buf_text(b, "],\"supplies\":[");
	for (size_t i = 0; i < COUNT(colors); i++)
		buf_format(b,
			"%s{\"part\":\"%zu\",\"type\":\"toner-cartridge\",\"color\":\"%s\","
			"\"description\":\"TK-8335\",\"state\":\"ok\",\"percent\":%u,\"via\":"
			"\"printer-mib\"}",
			i > 0 ? "," : "", i + 1, colors[i], (unsigned)(random_u64() % 100));
	buf_text(b, "],\"alerts\":[],\"notes\":[]}\n");
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	buf_add(arg, p, size * n);
	return size * n;
}

/* The next batch of an agent, packed as its plugin would. */
static void
give(struct load *l, struct agent *a)
{
	struct buf plain = { 0 };
	size_t room, n;

	a->last = a->sent + l->batch < l->records ? a->sent + l->batch : l->records;
	for (uint32_t seq = a->sent + 1; seq <= a->last; seq++)
		put_record(&plain, a->name, seq);
	room = ZSTD_compressBound(plain.n);
	buf_clear(&a->body);
	buf_clear(&a->answer);
	a->body.p = mem_grow(a->body.p, room);
	a->body.cap = room;
	n = ZSTD_compress_usingCDict(l->zstd, a->body.p, room, plain.p, plain.n, l->dictionary);
	if (ZSTD_isError(n))
		die("zstd: %s", ZSTD_getErrorName(n));
	l->bytes += n;
	l->plain += plain.n;
	buf_free(&plain);
	curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, a->body.p);
	curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE, (long)n);
	a->since = clock_ms();
	curl_multi_add_handle(l->multi, a->curl);
}

/* False: there are no more. */
static bool
agent_begin(struct load *l)
{
	struct agent *a = mem_alloc(sizeof(*a));
	char token[80], line[128];

	if (fscanf(l->keys, "%36s %79s", a->name, token) != 2) {
		free(a);
		return false;
	}
	a->curl = curl_easy_init();
	snprintf(line, sizeof(line), "Authorization: Bearer %s", token);
	a->headers = curl_slist_append(NULL, line);
	a->headers = curl_slist_append(a->headers, "Content-Type: application/x-ndjson");
	a->headers = curl_slist_append(a->headers, "Content-Encoding: zstd");
	curl_easy_setopt(a->curl, CURLOPT_URL, l->url);
	curl_easy_setopt(a->curl, CURLOPT_CAINFO, l->ca);
	curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, a->headers);
	curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, &a->answer);
	curl_easy_setopt(a->curl, CURLOPT_PRIVATE, a);
	curl_easy_setopt(a->curl, CURLOPT_FRESH_CONNECT, 1L); /* one of its own */
	give(l, a);
	return true;
}

static void
agent_end(struct agent *a)
{
	curl_easy_cleanup(a->curl);
	curl_slist_free_all(a->headers);
	buf_free(&a->body);
	buf_free(&a->answer);
	free(a);
}

static void
on_done(struct load *l, const CURLMsg *m)
{
	uint64_t ms;
	struct agent *a;
	char *got = NULL;
	long code = 0;

	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &got);
	a = (struct agent *)(void *)got;
	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &code);
	if (m->data.result != CURLE_OK || code != 200 ||
		strstr((const char *)a->answer.p, "\"refused\":[],\"full\":[]") == NULL)
		die("%s: %s, status %ld: %s", a->name, curl_easy_strerror(m->data.result), code,
			a->answer.p != NULL ? (const char *)a->answer.p : "");
	ms = clock_ms() - a->since;
	l->slowest = ms > l->slowest ? ms : l->slowest;
	l->requests++;
	l->receipted += a->last - a->sent;
	a->sent = a->last;
	curl_multi_remove_handle(l->multi, a->curl);
	curl_easy_setopt(a->curl, CURLOPT_FRESH_CONNECT, 0L);
	if (a->sent < l->records) {
		give(l, a);
		return;
	}
	agent_end(a);
	agent_begin(l);
}

static void
load(struct load *l)
{
	CURLMsg *m;
	int running, left;

	do {
		curl_multi_perform(l->multi, &running);
		while ((m = curl_multi_info_read(l->multi, &left)) != NULL) {
			on_done(l, m);
			running++;
		}
		if (running > 0)
			curl_multi_poll(l->multi, NULL, 0, 1000, NULL);
	} while (running > 0);
}

int
main(int argc, char **argv)
{
	struct load l = { 0 };
	uint32_t lines;
	uint64_t began, len, ms;
	const uint8_t *dictionary;

	if (argc != 7 || !text_u32(argv[4], 1, UINT32_MAX, &l.records) ||
		!text_u32(argv[5], 1, 5000, &l.batch) || !text_u32(argv[6], 1, 4000, &lines))
		die("usage: load-drive URL CA KEYS RECORDS BATCH LINES");
	l.url = argv[1];
	l.ca = argv[2];
	if ((l.keys = fopen(argv[3], "r")) == NULL)
		die("%s cannot be read", argv[3]);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	l.multi = curl_multi_init();
	l.zstd = ZSTD_createCCtx();
	dictionary = platen_dictionary(&len);
	l.dictionary = ZSTD_createCDict(dictionary, len, 3);
	began = clock_ms();
	for (uint32_t i = 0; i < lines && agent_begin(&l); i++)
		;
	load(&l);
	ms = clock_ms() - began;
	printf("{\"ms\":%llu,\"records\":%llu,\"requests\":%llu,\"bytes\":%llu,\"plain\":%llu,"
	       "\"slowest_ms\":%llu}\n",
		(unsigned long long)ms, (unsigned long long)l.receipted,
		(unsigned long long)l.requests, (unsigned long long)l.bytes,
		(unsigned long long)l.plain, (unsigned long long)l.slowest);
	return 0;
}
