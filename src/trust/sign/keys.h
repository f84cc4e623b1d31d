/*
 * Keys, as the files of signatures see them. Public keys are read once, by keys_load(); each is
 * of one kind, and what a kind needs of it is in its fields. The rest: trust.h.
 */
#ifndef PRATIQUE_TRUST_KEYS_H
#define PRATIQUE_TRUST_KEYS_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "trust/trust.h"

/* Bounds of what is read: a file of keys, the keys of all files, a signature. */
#define KEY_FILE_MAX  ((size_t)1024 * 1024)
#define KEYS_MAX      4096
#define SIGNATURE_MAX ((size_t)64 * 1024)

#define ED25519_KEY_BYTES       32
#define ED25519_SIGNATURE_BYTES 64
#define MINISIGN_NUMBER_BYTES   8 /* of the number that minisign gives a pair of keys */

enum key_kind {
    KEY_MINISIGN, /* number, ed25519 */
    KEY_SSH,      /* blob; with principals it is a line of allowed_signers */
    KEY_EC,       /* pkey on P-256, P-384 or P-521; blob: the PEM text as OpenSSL writes it */
    KEY_ROOT,     /* certificate: what it signed, or itself, may sign */
    KEY_OPENPGP,  /* blob: a keyring, binary */
};

#define TRUST_ANY (TRUST_MANIFEST | TRUST_ARTIFACT | TRUST_ATTESTATION)

struct key {
    enum key_kind kind;
    const char *name; /* the file, or the name in the trust file */
    const char *id;   /* as struct signer has it; of a root or a keyring: empty */
    uint8_t number[MINISIGN_NUMBER_BYTES];
    uint8_t ed25519[ED25519_KEY_BYTES];
    struct span blob;
    EVP_PKEY *pkey;    /* owned */
    X509 *certificate; /* owned */
    /* What a trust file says of it. */
    unsigned roles;       /* enum trust_role */
    const char *expires;  /* "2026-12-31", its last day; NULL: never */
    int64_t expires_at;   /* the second after it; 0: never */
    const char *identity; /* NULL: anybody */
    const char *space;    /* OpenSSH's namespace; NULL: that of the whole set */
    /* What a line of allowed_signers says of it. */
    const char *principals;            /* patterns; NULL: anybody */
    const char *namespaces;            /* patterns; NULL: any */
    int64_t valid_after, valid_before; /* 0: not bounded */
    unsigned line;                     /* of the file; 0: it is the file's one key */
};

struct keys {
    struct arena arena;
    struct key *list;
    size_t n, size;
    enum trust_role role; /* what they are wanted for */
    int64_t now;
    const char *identity; /* NULL: anybody */
    const char *space;    /* OpenSSH's namespace */
};

/*
 * Whether the key may speak at all: its roles and its expiry. *why says it, in the arena, where it
 * may not. A root's and a line's own bounds are those of their kinds.
 */
enum signature_fault key_fit(const struct keys *k, const struct key *key, const char **why,
                             struct arena *arena) NONNULL MUST_CHECK;

/* Whether who (a certificate's subject) is the identity that the set and the key demand. */
bool key_identity_is(const struct keys *k, const struct key *key, const char *who) NONNULL;
/* The same of a key that says nothing of its owner itself: what the trust file says counts. */
bool key_owner_is(const struct keys *k, const struct key *key) NONNULL;

/* A new key at the end of the list, zeroed but for its kind, name and roles; NULL with *err. */
struct key *keys_add(struct keys *k, enum key_kind kind, const char *name,
                     struct pratique_error *err) NONNULL MUST_CHECK;

/* Adds the keys of one file's bytes, told apart by what is in them. E_USAGE: "NAME: why". */
enum pratique_status keys_add_bytes(struct keys *k, const char *name, struct span bytes,
                                    struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- the kinds' own readers; each adds at least one key, or fails ---- */

bool minisign_is_public(struct span bytes);
enum pratique_status minisign_add(struct keys *k, const char *name, struct span bytes,
                                  struct pratique_error *err) NONNULL MUST_CHECK;
bool pem_is(struct span bytes);
enum pratique_status pem_add(struct keys *k, const char *name, struct span bytes,
                             struct pratique_error *err) NONNULL MUST_CHECK;
bool openpgp_is_keyring(struct span bytes);
enum pratique_status openpgp_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err) NONNULL MUST_CHECK;
enum pratique_status sshkeys_add(struct keys *k, const char *name, struct span bytes,
                                 struct pratique_error *err) NONNULL MUST_CHECK;
/* The keys of a trust file (docs/SIGNING.md); E_USAGE: "FILE:line:column: why". */
enum pratique_status trustfile_add(struct keys *k, const char *path, struct span bytes,
                                   struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- key files: keyfile.c ---- */

enum keyfile_kind {
    KEYFILE_PUBLIC, /* nobody but its owner (and its own group) may write it */
    KEYFILE_SECRET, /* nobody but its owner may read it either; its owner is us, or root */
};

/*
 * The whole of a key file, at most KEY_FILE_MAX bytes. E_USAGE: it is too open, with the command
 * that closes it, or too long; E_IO. The buffer of a secret: keyfile_wipe().
 */
enum pratique_status keyfile_read(const char *path, enum keyfile_kind kind, struct buf *out,
                                  struct pratique_error *err) NONNULL MUST_CHECK;
void keyfile_wipe(struct buf *b) NONNULL;

/* ---- Ed25519 ---- */

/*
 * Whether a public key may be used: none of the few points of small order, for which a
 * signature of anything can be made, and no second spelling of a point.
 */
bool ed25519_key_ok(const uint8_t key[ED25519_KEY_BYTES]) NONNULL;
bool ed25519_verify(const uint8_t key[ED25519_KEY_BYTES], struct span message,
                    const uint8_t signature[ED25519_SIGNATURE_BYTES]) NONNULL MUST_CHECK;

/* ---- secret keys ---- */

struct secret {
    EVP_PKEY *pkey; /* Ed25519 of a minisign key, or EC */
    bool is_minisign;
    uint8_t number[MINISIGN_NUMBER_BYTES];
    uint8_t ed25519[ED25519_KEY_BYTES]; /* public */
    char *pem;                          /* EC: the public key's PEM text; NUL-terminated */
    char id[2 * SHA256_BYTES + 1];
};

/* The hash that goes with an EC key (SHA-256 for P-256, ...); NULL for any other key. */
const EVP_MD *ec_digest(const EVP_PKEY *key) NONNULL;

#endif
