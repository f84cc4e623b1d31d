/* One check of a detached signature, as the files of its kinds see it. */
#ifndef PRATIQUE_TRUST_CHECK_H
#define PRATIQUE_TRUST_CHECK_H

#include "trust/sign/keys.h"

struct check {
    const struct keys *k;
    struct span message, signature; /* hostile */
    const char *name;               /* of the signature's file */
    struct signer *who;
    struct arena *arena;
    const char *why; /* set on a fault */
    enum pratique_status status;
    struct pratique_error *err;
};

/* Says why, and returns the fault, so that it is one line. */
enum signature_fault check_fault(struct check *c, enum signature_fault fault, const char *fmt,
                                 ...) NONNULL PRINTF_LIKE(3, 4);

/* Hostile text as it may be printed, at most 200 bytes of it; never NULL. */
const char *check_printable(struct check *c, struct span text) NONNULL;

/*
 * The fault of a signature by a key that is not ours; kind_name is what the kind is called. Where
 * no key of that kind was given, another signature may be the one that was meant.
 */
enum signature_fault check_unknown_key(struct check *c, enum key_kind kind, const char *kind_name,
                                       const char *key) NONNULL;

bool minisign_looks_like(struct span bytes);
enum signature_fault minisign_check(struct check *c) NONNULL;
bool sshsig_looks_like(struct span bytes);
enum signature_fault sshsig_check(struct check *c) NONNULL;
bool openpgp_looks_like(struct span bytes);
enum signature_fault openpgp_check(struct check *c) NONNULL;

#endif
