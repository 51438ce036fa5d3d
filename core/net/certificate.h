/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.h - what is odd about a printer's TLS, in words for its record. */
#ifndef PLATEN_CERTIFICATE_H
#define PLATEN_CERTIFICATE_H

#include "base/base.h"

#include <openssl/ssl.h>

/* Bytes of all that can be said, with its NUL. */
#define ODD_MOST 200

/*
 * "self-signed certificate, expired 2024-05-31, 1024-bit RSA key, TLSv1": what a
 * careful person would want to know.  "" : nothing.
 */
void certificate_say(SSL *, char out[static ODD_MOST]);

#endif
