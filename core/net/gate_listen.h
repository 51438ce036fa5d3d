/* SPDX-License-Identifier: Apache-2.0 */
/* gate_listen.h - the sockets of the gate role, made before its jail closes. */
#ifndef PLATEN_GATE_LISTEN_H
#define PLATEN_GATE_LISTEN_H

#include "net/gate.h"

/* Bind all that the settings name and give each to its listener; false: why. */
bool gate_listen(struct gate *, struct why *);

#endif
