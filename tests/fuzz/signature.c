/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature.c - any bytes as the file of a signature and as a key: refused with a
 * reason, or what is read is written the same way again.
 */
#include "net/signature.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* The same signature, whatever ended its lines. */
static void
read_again(const struct signature *s)
{
	struct signature again;
	struct buf text = { 0 };
	struct why why;

	signature_text(s, &text);
	must(signature_parse((const char *)text.p, text.n, &again, &why));
	must(strcmp(again.key, s->key) == 0);
	must(memcmp(again.bytes, s->bytes, sizeof(s->bytes)) == 0);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen; files are no strings. */
	char *text = malloc(size + (size == 0));
	struct signature s;
	struct public_key key;
	struct why why = { "" };

	must(text != NULL);
	memcpy(text, data, size);
	if (signature_parse(text, size, &s, &why))
		read_again(&s);
	else
		must(why.text[0] != 0);
	why.text[0] = 0;
	if (public_key_parse(text, size, &key, &why)) {
		must(strlen(key.id) == KEY_ID_TEXT - 1);
		/* Whatever the bytes of a key are, it can be tried. */
		memset(&s, 0, sizeof(s));
		(void)signature_holds(&s, &key, text, size);
	} else {
		must(why.text[0] != 0);
	}
	free(text);
	return 0;
}
