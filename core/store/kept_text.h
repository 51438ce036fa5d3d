/* SPDX-License-Identifier: Apache-2.0 */
/* kept_text.h - a small text file that is there whole, old or new, whenever the power fails. */
#ifndef PLATEN_KEPT_TEXT_H
#define PLATEN_KEPT_TEXT_H

#include "base/base.h"

/* folder/name is this text, on the disk, file and folder, when it returns true.  False: errno. */
bool kept_text_write(const char *folder, const char *name, const char *text);

#endif
