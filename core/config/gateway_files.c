/* SPDX-License-Identifier: Apache-2.0 */
/* gateway_files.c - the certificates of a gateway; see gateway_files.h. */
#include "config/gateway_files.h"

#include "base/readfile.h"
#include "config/config_keys.h"
#include "net/net.h"

#include <string.h>

/* Bytes of a file. */
#define PEM_MOST (1u << 20)

static bool
read_pem(const char *key, const char *path, struct buf *out, struct why *why)
{
	struct why inner;

	buf_text(out, "");
	return *path == 0 || file_read(path, PEM_MOST, out, &inner) ||
		why_set(why, "[gateway] %s: %s %s", key, path, inner.text);
}

static const char *
text_of(const struct buf *b)
{
	return b->n > 0 ? (const char *)b->p : "";
}

static bool
judge(const struct gateway_config *g, const struct gateway_files *f, struct why *why)
{
	struct why inner;

	if (*g->key_file != 0 && !secret_file_closed(g->key_file, &inner))
		return why_set(why, "[gateway] key_file: %s", inner.text);
	if (f->cert.n > 0 && !pem_check_pair(text_of(&f->cert), text_of(&f->key), &inner))
		return why_set(why, "[gateway] cert_file: %s: %s", g->cert_file, inner.text);
	if (f->client_ca.n > 0 && !pem_check_certificates(text_of(&f->client_ca), &inner))
		return why_set(why, "[gateway] client_ca_file: %s %s", g->client_ca_file,
			inner.text);
	return true;
}

bool
gateway_files_read(const struct gateway_config *g, struct gateway_files *f, struct why *why)
{
	*f = (struct gateway_files){ 0 };
	return read_pem("cert_file", g->cert_file, &f->cert, why) &&
		read_pem("key_file", g->key_file, &f->key, why) &&
		read_pem("client_ca_file", g->client_ca_file, &f->client_ca, why) &&
		judge(g, f, why);
}

void
gateway_files_free(struct gateway_files *f)
{
	if (f->key.p != NULL)
		explicit_bzero(f->key.p, f->key.n);
	buf_free(&f->cert);
	buf_free(&f->key);
	buf_free(&f->client_ca);
}
