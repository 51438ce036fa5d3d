/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - ASK_PAGE: GET of a printer's own web page, from the printer itself
 * and nowhere else (see ask.h for page_begin and page_cancel).
 */
#ifndef PLATEN_PAGE_H
#define PLATEN_PAGE_H

#include "net/ask.h"

void pages_open(struct role *);
void pages_close(struct role *);

#endif
