/* SPDX-License-Identifier: Apache-2.0 */
/* registry_row.c - a printer becomes bytes and again a printer; see registry_row.h. */
#include "store/registry_row.h"

#include "wire.h"

#include <string.h>

#define TEXT(field)                                                                                \
	{                                                                                          \
		offsetof(struct printer, field), sizeof(((struct printer *)0)->field)              \
	}

/* In the order of the row. */
static const struct {
	uint16_t at, size;
} texts[] = {
	TEXT(address),
	TEXT(id),
	TEXT(manufacturer),
	TEXT(model),
	TEXT(serial),
	TEXT(mac),
	TEXT(object_id),
	TEXT(descr),
	TEXT(hr_model),
	TEXT(device_id),
};

void
row_pack(const struct printer *p, const char *learned, const char *shape, struct buf *out)
{
	wire_u64(out, p->port);
	wire_u64(out, p->hr_device_index);
	for (size_t i = 0; i < COUNT(texts); i++)
		wire_text(out, (const char *)p + texts[i].at);
	wire_text(out, learned);
	wire_text(out, shape);
}

/* False: it is no text, or longer than there is room for. */
static bool
take(struct wire *w, char *to, size_t size)
{
	size_t n;
	const uint8_t *text = wire_get_bytes(w, &n);

	if (n > size || (n > 0 && text[n - 1] != '\0'))
		return false;
	memcpy(to, text, n);
	return true;
}

bool
row_unpack(const uint8_t *p, size_t n, struct printer *out, const char **shape)
{
	struct wire w = { .p = p, .n = n };

	*out = (struct printer){ .port = (uint16_t)wire_get_max(&w, UINT16_MAX) };
	out->hr_device_index = wire_get_max(&w, UINT32_MAX);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (!take(&w, (char *)out + texts[i].at, texts[i].size))
			return false;
	if (!take(&w, out->learned, sizeof(out->learned)))
		return false;
	*shape = wire_get_text(&w);
	return wire_ended(&w) && out->address[0] != '\0';
}

/* Is it what stands there next?  The text ends where it does. */
static bool
is_next(struct wire *w, const char *text)
{
	size_t n;
	const uint8_t *p = wire_get_bytes(w, &n);

	return n == 0 ? text[0] == '\0' : strncmp((const char *)p, text, n) == 0;
}

bool
row_is(const uint8_t *p, size_t n, const struct printer *now)
{
	struct wire w = { .p = p, .n = n };

	if (wire_get_u64(&w) != now->port || wire_get_u64(&w) != now->hr_device_index)
		return false;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (!is_next(&w, (const char *)now + texts[i].at))
			return false;
	return !w.bad;
}
