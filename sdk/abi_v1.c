/* SPDX-License-Identifier: Apache-2.0 */
/*
 * abi_v1.c - where every field of ABI version 1 is, on 64-bit machines, and what
 * its numbers mean.  A plugin built in the past relies on each of these lines:
 * lines are added when the ABI grows, none is ever changed.
 *
 * Nothing of it is in a binary; the tests compile it, as C and as C++.
 */
#include <platen/http.h>
#include <platen/network.h>
#include <platen/names.h>
#include <platen/plugin.h>
#include <platen/snmp.h>
#include <platen/text.h>
#include <platen/upload.h>

#ifdef __cplusplus
#define HOLDS(condition) static_assert(condition, #condition)
#else
#define HOLDS(condition) _Static_assert(condition, #condition)
#endif

/* Field f of struct s begins at this byte and has this many. */
#define AT(s, f, byte, bytes)                                                                      \
	HOLDS(offsetof(struct s, f) == (byte) && sizeof(((struct s *)0)->f) == (bytes))
/* A struct that may grow, and one that may not. */
#define AT_LEAST(s, bytes) HOLDS(sizeof(struct s) >= (bytes) && offsetof(struct s, size) == 0)
#define EXACTLY(s, bytes) HOLDS(sizeof(struct s) == (bytes))
#define IS(name, number) HOLDS((name) == (number))
#define SAYS(name, text) HOLDS(sizeof(name) == sizeof(text))

HOLDS(sizeof(void *) == 8 && sizeof(void (*)(void)) == 8);

/* struct platen_device */
AT(platen_device, size, 0, 4);
AT(platen_device, nobject_id, 4, 4);
AT(platen_device, object_id, 8, 8);
AT(platen_device, descr, 16, 8);
AT(platen_device, model, 24, 8);
AT(platen_device, device_id, 32, 8);
AT(platen_device, hr_device_index, 40, 4);
AT(platen_device, reserved, 44, 4);
AT_LEAST(platen_device, 48);
AT(platen_device, key, 48, 8); /* v1.2 */

/* struct platen_reading */
AT(platen_reading, size, 0, 4);
AT(platen_reading, reserved, 4, 4);
AT(platen_reading, metric, 8, 8);
AT(platen_reading, part, 16, 8);
AT(platen_reading, unit, 24, 8);
AT(platen_reading, number, 32, 8);
AT(platen_reading, full, 40, 8);
AT(platen_reading, text, 48, 8);
AT_LEAST(platen_reading, 56);
AT(platen_reading, from, 56, 8); /* v1.1 */

/* struct platen_host */
AT(platen_host, size, 0, 4);
AT(platen_host, abi_minor, 4, 4);
AT(platen_host, service, 8, 8);
AT(platen_host, option, 16, 8);
AT(platen_host, log, 24, 8);
AT(platen_host, alloc, 32, 8);
AT(platen_host, emit, 40, 8);
AT_LEAST(platen_host, 48);

/* struct platen_scraper */
AT(platen_scraper, size, 0, 4);
AT(platen_scraper, reserved, 4, 4);
AT(platen_scraper, match, 8, 8);
AT(platen_scraper, visit, 16, 8);
AT_LEAST(platen_scraper, 24);

/* struct platen_record */
AT(platen_record, size, 0, 4);
AT(platen_record, urgent, 4, 4);
AT(platen_record, seq, 8, 8);
AT(platen_record, json, 16, 8);
AT(platen_record, len, 24, 8);
AT_LEAST(platen_record, 32);

/* struct platen_batch */
AT(platen_batch, size, 0, 4);
AT(platen_batch, attempt, 4, 4);
AT(platen_batch, id, 8, 8);
AT(platen_batch, agent, 16, 8);
AT(platen_batch, n, 24, 4);
AT(platen_batch, reserved, 28, 4);
AT(platen_batch, records, 32, 8);
AT_LEAST(platen_batch, 40);

/* struct platen_sink */
AT(platen_sink, size, 0, 4);
AT(platen_sink, reserved, 4, 4);
AT(platen_sink, deliver, 8, 8);
AT_LEAST(platen_sink, 16);

/* struct platen_option */
AT(platen_option, key, 0, 8);
AT(platen_option, value, 8, 8);
AT(platen_option, help, 16, 8);
EXACTLY(platen_option, 24);

/* struct platen_plugin */
AT(platen_plugin, size, 0, 4);
AT(platen_plugin, abi_minor, 4, 4);
AT(platen_plugin, name, 8, 8);
AT(platen_plugin, version, 16, 8);
AT(platen_plugin, summary, 24, 8);
AT(platen_plugin, needs, 32, 8);
AT(platen_plugin, reach, 40, 8);
AT(platen_plugin, options, 48, 8);
AT(platen_plugin, scraper, 56, 8);
AT(platen_plugin, sink, 64, 8);
AT(platen_plugin, start, 72, 8);
AT(platen_plugin, stop, 80, 8);
AT_LEAST(platen_plugin, 88);

/* struct platen_oid */
AT(platen_oid, sub, 0, 8);
AT(platen_oid, n, 8, 4);
EXACTLY(platen_oid, 16);

/* struct platen_bind */
AT(platen_bind, size, 0, 4);
AT(platen_bind, type, 4, 4);
AT(platen_bind, oid, 8, 16);
AT(platen_bind, number, 24, 8);
AT(platen_bind, octets, 32, 8);
AT(platen_bind, len, 40, 4);
AT(platen_bind, reserved, 44, 4);
AT(platen_bind, value, 48, 16);
AT_LEAST(platen_bind, 64);

/* struct platen_snmp_reply */
AT(platen_snmp_reply, size, 0, 4);
AT(platen_snmp_reply, status, 4, 4);
AT(platen_snmp_reply, n, 8, 4);
AT(platen_snmp_reply, reserved, 12, 4);
AT(platen_snmp_reply, binds, 16, 8);
AT_LEAST(platen_snmp_reply, 24);

/* struct platen_snmp */
AT(platen_snmp, size, 0, 4);
AT(platen_snmp, reserved, 4, 4);
AT(platen_snmp, get, 8, 8);
AT(platen_snmp, table, 16, 8);
AT_LEAST(platen_snmp, 24);

/* struct platen_http_reply */
AT(platen_http_reply, size, 0, 4);
AT(platen_http_reply, status, 4, 4);
AT(platen_http_reply, code, 8, 4);
AT(platen_http_reply, reserved, 12, 4);
AT(platen_http_reply, type, 16, 8);
AT(platen_http_reply, body, 24, 8);
AT(platen_http_reply, len, 32, 8);
AT_LEAST(platen_http_reply, 40);

/* struct platen_login */
AT(platen_login, size, 0, 4);
AT(platen_login, reserved, 4, 4);
AT(platen_login, path, 8, 8);
AT(platen_login, form, 16, 8);
AT_LEAST(platen_login, 24);

/* struct platen_http */
AT(platen_http, size, 0, 4);
AT(platen_http, reserved, 4, 4);
AT(platen_http, get, 8, 8);
AT(platen_http, login, 16, 8);
AT_LEAST(platen_http, 24);

/* struct platen_upload_reply */
AT(platen_upload_reply, size, 0, 4);
AT(platen_upload_reply, status, 4, 4);
AT(platen_upload_reply, code, 8, 4);
AT(platen_upload_reply, retry_after, 12, 4);
AT(platen_upload_reply, body, 16, 8);
AT(platen_upload_reply, len, 24, 8);
AT_LEAST(platen_upload_reply, 32);
AT(platen_upload_reply, server, 32, 8); /* v1.1 */
AT(platen_upload_reply, reason, 40, 8); /* v1.1 */

/* struct platen_parcel, v1.1 */
AT(platen_parcel, size, 0, 4);
AT(platen_parcel, reserved, 4, 4);
AT(platen_parcel, type, 8, 8);
AT(platen_parcel, coding, 16, 8);
AT(platen_parcel, server, 24, 8);
AT(platen_parcel, body, 32, 8);
AT(platen_parcel, len, 40, 8);
AT_LEAST(platen_parcel, 48);

/* struct platen_upload */
AT(platen_upload, size, 0, 4);
AT(platen_upload, reserved, 4, 4);
AT(platen_upload, send, 8, 8);
AT(platen_upload, settle, 16, 8);
AT_LEAST(platen_upload, 24);
AT(platen_upload, send_parcel, 24, 8); /* v1.1 */

/* struct platen_network_event, since v1.1 */
AT(platen_network_event, size, 0, 4);
AT(platen_network_event, status, 4, 4);
AT(platen_network_event, fd, 8, 4);
AT(platen_network_event, ready, 12, 4);
AT_LEAST(platen_network_event, 16);

/* struct platen_network, since v1.1 */
AT(platen_network, size, 0, 4);
AT(platen_network, reserved, 4, 4);
AT(platen_network, watch, 8, 8);
AT_LEAST(platen_network, 16);

/* numbers */
IS(PLATEN_OK, 0);
IS(PLATEN_ENOANSWER, -1);
IS(PLATEN_EREFUSED, -2);
IS(PLATEN_ETOOBIG, -3);
IS(PLATEN_EBUDGET, -4);
IS(PLATEN_EREACH, -5);
IS(PLATEN_EINVAL, -6);
IS(PLATEN_EPARTIAL, -7);
IS(PLATEN_DEBUG, 0);
IS(PLATEN_INFO, 1);
IS(PLATEN_WARNING, 2);
IS(PLATEN_ERROR, 3);
IS(PLATEN_SENT, 0);
IS(PLATEN_REJECTED, 1);
IS(PLATEN_LATER, 2);
IS(PLATEN_ABSENT, 0);
IS(PLATEN_INTEGER, 1);
IS(PLATEN_UNSIGNED, 2);
IS(PLATEN_OCTETS, 3);
IS(PLATEN_OBJECT_ID, 4);
IS(PLATEN_CHARSET_UNKNOWN, 2);
IS(PLATEN_CHARSET_ASCII, 3);
IS(PLATEN_CHARSET_LATIN1, 4);
IS(PLATEN_CHARSET_SHIFT_JIS, 17);
IS(PLATEN_CHARSET_UTF8, 106);
IS(PLATEN_CHARSET_ROMAN8, 2004);

IS(PLATEN_NONE, INT64_MIN);
IS(PLATEN_UNKNOWN, INT64_MIN + 1);
IS(PLATEN_SOME, INT64_MIN + 2);
IS(PLATEN_UNLIMITED, INT64_MIN + 3);

/* Limits: they may be raised, so that a plugin of today stays within them. */
HOLDS(PLATEN_MAX_QUESTIONS >= 64);
HOLDS(PLATEN_MAX_ROWS >= 1000);
HOLDS(PLATEN_MAX_OIDS >= 128);
HOLDS(PLATEN_MAX_SUBIDS >= 128);
HOLDS(PLATEN_MAX_BODY >= (1u << 20));
HOLDS(PLATEN_MAX_READINGS >= 2000);
HOLDS(PLATEN_MAX_TEXT >= 1023);
HOLDS(PLATEN_MAX_LOG_LINES >= 20);

/* Services; the lengths, as a compiler knows no more of a text. */
SAYS(PLATEN_SNMP, "platen.snmp/1");
SAYS(PLATEN_HTTP, "platen.http/1");
SAYS(PLATEN_UPLOAD, "platen.upload/1");
SAYS(PLATEN_NETWORK, "platen.network/1");

/* What a function takes and gives cannot be seen in a layout, but assigned. */
#ifdef __cplusplus
extern "C" {
#endif
struct calls_v1 {
	const struct platen_plugin *(*entry)(void);
	int32_t (*start)(const struct platen_host *);
	void (*stop)(void);
	int32_t (*match)(const struct platen_device *);
	int32_t (*visit)(struct platen_visit *, const struct platen_device *);
	int32_t (*deliver)(struct platen_delivery *, const struct platen_batch *);
	const void *(*service)(const struct platen_host *, const char *);
	const char *(*option)(const struct platen_host *, const char *);
	void (*log)(const struct platen_host *, int32_t, const char *);
	void *(*alloc)(struct platen_visit *, uint64_t);
	int32_t (*emit)(struct platen_visit *, const struct platen_reading *);
	int32_t (*snmp)(struct platen_visit *, const struct platen_oid *, uint32_t,
		void (*)(struct platen_visit *, const struct platen_snmp_reply *, void *), void *);
	int32_t (*page)(struct platen_visit *, const char *,
		void (*)(struct platen_visit *, const struct platen_http_reply *, void *), void *);
	int32_t (*login)(struct platen_visit *, const struct platen_login *,
		void (*)(struct platen_visit *, const struct platen_http_reply *, void *), void *);
	int32_t (*send)(struct platen_delivery *, const char *, const void *, uint64_t,
		void (*)(struct platen_delivery *, const struct platen_upload_reply *, void *),
		void *);
	int32_t (*settle)(struct platen_delivery *, uint32_t, uint32_t, int32_t, uint32_t,
		const char *);
	int32_t (*watch)(struct platen_delivery *, int32_t, uint32_t, uint32_t,
		void (*)(struct platen_delivery *, const struct platen_network_event *, void *),
		void *);
	int32_t (*send_parcel)(struct platen_delivery *, const struct platen_parcel *,
		void (*)(struct platen_delivery *, const struct platen_upload_reply *, void *),
		void *);
};

void platen_calls_v1(struct calls_v1 *, const struct platen_plugin *, const struct platen_host *,
	const struct platen_snmp *, const struct platen_http *, const struct platen_upload *,
	const struct platen_network *);
#ifdef __cplusplus
}
#endif

void
platen_calls_v1(struct calls_v1 *v1, const struct platen_plugin *plugin,
	const struct platen_host *host, const struct platen_snmp *snmp,
	const struct platen_http *http, const struct platen_upload *upload,
	const struct platen_network *network)
{
	v1->entry = platen_plugin_v1;
	v1->start = plugin->start;
	v1->stop = plugin->stop;
	v1->match = plugin->scraper->match;
	v1->visit = plugin->scraper->visit;
	v1->deliver = plugin->sink->deliver;
	v1->service = host->service;
	v1->option = host->option;
	v1->log = host->log;
	v1->alloc = host->alloc;
	v1->emit = host->emit;
	v1->snmp = snmp->get;
	v1->snmp = snmp->table;
	v1->page = http->get;
	v1->login = http->login;
	v1->send = upload->send;
	v1->settle = upload->settle;
	v1->watch = network->watch;
	v1->send_parcel = upload->send_parcel;
}
