/* SPDX-License-Identifier: Apache-2.0 */
/* gateway_files.h - the certificates that [gateway] names, read and judged before they are used. */
#ifndef PLATEN_GATEWAY_FILES_H
#define PLATEN_GATEWAY_FILES_H

#include "config/config.h"

struct gateway_files {
	struct buf cert, key, client_ca; /* PEM; "" where none is named */
};

/* False: why says which file and what is wrong with it; to be freed all the same. */
bool gateway_files_read(const struct gateway_config *, struct gateway_files *, struct why *);
void gateway_files_free(struct gateway_files *);

#endif
