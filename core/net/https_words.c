/* SPDX-License-Identifier: Apache-2.0 */
/* https_words.c - what a failed transfer means for the person who set up the sink. */
#include "net/https.h"

#include <string.h>

static const struct {
	CURLcode code;
	const char *todo;
} words[] = {
	{ CURLE_PEER_FAILED_VERIFICATION,
		"nothing was sent; ask the dealer, or set ca_file to the authority that signs for "
		"this name" },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH,
		"nothing was sent; the server's key is none of pin: ask the dealer whether it was "
		"changed" },
	{ CURLE_SSL_CONNECT_ERROR, "TLS could not be agreed upon" },
	{ CURLE_SSL_CERTPROBLEM, "check cert_file and key_file" },
	{ CURLE_COULDNT_CONNECT, "check the network and the firewall" },
	{ CURLE_OPERATION_TIMEDOUT, "it is tried again" },
	{ CURLE_PROXY,
		"check proxy, proxy_user and proxy_password_file, or ask who runs the proxy" },
	{ CURLE_RECV_ERROR, "the connection was cut; it is tried again" },
	{ CURLE_SEND_ERROR, "the connection was cut; it is tried again" },
	{ CURLE_GOT_NOTHING, "the connection was cut; it is tried again" },
	{ CURLE_PARTIAL_FILE, "the connection was cut; it is tried again" },
};

/* A proxy that says no is no cut connection. */
static bool
is_proxy(const char *detail)
{
	return strstr(detail, "CONNECT tunnel failed") != NULL || strstr(detail, "SOCKS") != NULL;
}

void
https_say(CURLcode code, const char *detail, struct buf *out)
{
	buf_text(out, detail);
	if (is_proxy(detail))
		code = CURLE_PROXY;
	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i].code == code)
			buf_format(out, "; %s", words[i].todo);
}
