/* Signing, inside. */
#ifndef PRATIQUE_TRUST_SIGN_H
#define PRATIQUE_TRUST_SIGN_H

#include "trust/trust.h"

#define SIGN_OUTPUT_MAX ((size_t)2 << 30) /* of a bundle: it holds a manifest */

/*
 * Has ssh-keygen sign the file: keys in agents and in hardware, and asking for passphrases, are its
 * business. E_USAGE: it refused (it has said why on standard error); E_IO: it is not there.
 */
enum pratique_status sign_ssh(const char *path, const struct pratique_sign_options *options,
                              struct buf *out, struct pratique_error *err) NONNULL MUST_CHECK;

#endif
