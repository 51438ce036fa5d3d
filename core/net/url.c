/* SPDX-License-Identifier: Apache-2.0 */
/* url.c - the parts of a URL that matter before anything is sent; see net.h. */
#include "net/address.h"
#include "net/net.h"

#include <curl/curl.h>
#include <string.h>

static const char *
part(CURLU *u, CURLUPart which, struct pool *pool)
{
	char *text = NULL;
	const char *kept;

	if (curl_url_get(u, which, &text, 0) != CURLUE_OK)
		return "";
	kept = pool_string(pool, text);
	curl_free(text);
	return kept;
}

static uint16_t
port_of(const char *scheme, const char *said)
{
	uint32_t port = strcmp(scheme, "https") == 0 ? 443 : strcmp(scheme, "http") == 0 ? 80 : 0;

	text_u32(said, 1, UINT16_MAX, &port);
	return (uint16_t)port;
}

static bool
take_apart(CURLU *u, const char *text, struct pool *pool, struct url *out, struct why *why)
{
	const char *host;
	struct address a;
	size_t n;

	if (strstr(text, "://") == NULL ||
		curl_url_set(u, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return why_set(why, "\"%.200s\" is no URL; write https://HOST/PATH", text);
	if (*part(u, CURLUPART_USER, pool) != 0 || *part(u, CURLUPART_PASSWORD, pool) != 0)
		return why_set(why,
			"a URL with a user or a password in it is not taken: secrets stand in "
			"files of their own");
	host = part(u, CURLUPART_HOST, pool);
	n = strlen(host);
	if (n > 2 && host[0] == '[')
		host = pool_copy(pool, host + 1, n - 1);
	if (n > 2 && host[0] != 0 && host[strlen(host) - 1] == ']')
		((char *)(uintptr_t)host)[strlen(host) - 1] = 0;
	out->scheme = part(u, CURLUPART_SCHEME, pool);
	out->host = host;
	out->numeric = address_parse(host, 0, &a);
	out->port = port_of(out->scheme, part(u, CURLUPART_PORT, pool));
	return *host != 0 || why_set(why, "\"%.200s\" names no host", text);
}

bool
url_parse(const char *text, struct pool *pool, struct url *out, struct why *why)
{
	CURLU *u = curl_url();
	bool ok;

	if (u == NULL)
		die("out of memory");
	ok = take_apart(u, text, pool, out, why);
	curl_url_cleanup(u);
	return ok;
}
