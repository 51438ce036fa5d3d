/* SPDX-License-Identifier: Apache-2.0 */
/* notify.h - a word to the service manager (systemd's sd_notify(3) protocol). */
#ifndef PLATEN_NOTIFY_H
#define PLATEN_NOTIFY_H

/* "READY=1", "RELOADING=1", "STOPPING=1"; nothing happens where nobody asked for it. */
void notify(const char *state);

#endif
