/* minisign's format: signatures, and secret keys. Public keys and checks: keys.h, check.h. */
#ifndef PRATIQUE_TRUST_MINISIGN_H
#define PRATIQUE_TRUST_MINISIGN_H

#include "trust/sign/keys.h"

/* A signature file's content; comment is borrowed. */
struct minisign {
    uint8_t algorithm[2]; /* "ED": pre-hashed; "Ed": legacy */
    uint8_t number[MINISIGN_NUMBER_BYTES];
    uint8_t signature[ED25519_SIGNATURE_BYTES];
    struct span comment;                     /* the trusted one */
    uint8_t global[ED25519_SIGNATURE_BYTES]; /* of signature and comment */
};

/* NULL, or why the bytes are no signature file. */
const char *minisign_parse(struct minisign *out, struct span bytes) NONNULL;

/* Whether bytes are a minisign secret key's file, by their looks. */
bool minisign_is_secret(struct span bytes);

/* Opens a secret key; asks for its passphrase where it is encrypted. E_USAGE. */
enum pratique_status minisign_open(struct secret *out, const char *path, struct span bytes,
                                   pratique_passphrase_fn *on_passphrase, void *user,
                                   struct pratique_error *err)
    __attribute__((nonnull(1, 2, 6))) MUST_CHECK;

#define MINISIGN_DIGEST_BYTES 64 /* BLAKE2b-512 */

/* Appends a signature file for a message with this digest, with this trusted comment (one line). */
enum pratique_status minisign_sign(const struct secret *s,
                                   const uint8_t digest[MINISIGN_DIGEST_BYTES], const char *comment,
                                   struct buf *out, struct pratique_error *err) NONNULL MUST_CHECK;

/* What a secret key costs to open: libsodium's names. */
struct minisign_cost {
    uint64_t opslimit, memlimit;
};
#define MINISIGN_SENSITIVE ((struct minisign_cost){ 33554432, 1073741824 })

/* A new pair of keys. */
enum pratique_status minisign_generate(struct secret *out,
                                       struct pratique_error *err) NONNULL MUST_CHECK;
/* The files of a pair. passphrase NULL: not encrypted. comment NULL: as minisign has it. */
enum pratique_status minisign_write_secret(const struct secret *s, const char *comment,
                                           const char *passphrase, struct minisign_cost cost,
                                           struct buf *out, struct pratique_error *err)
    __attribute__((nonnull(1, 5, 6))) MUST_CHECK;
bool minisign_write_public(const struct secret *s, const char *comment, struct buf *out)
    __attribute__((nonnull(1, 3))) MUST_CHECK;

/* Fills number and id (hex, as minisign prints it) and so on from a seed. */
bool minisign_secret_from(struct secret *out, const uint8_t seed[ED25519_KEY_BYTES],
                          const uint8_t number[MINISIGN_NUMBER_BYTES]) NONNULL MUST_CHECK;

#endif
