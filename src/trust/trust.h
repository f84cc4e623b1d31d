/*
 * What the parts of src/trust/ share: manifests, the trees they are about, hashes, signatures.
 * Public functions and what they promise: pratique.h.
 */
#ifndef PRATIQUE_TRUST_TRUST_H
#define PRATIQUE_TRUST_TRUST_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "fact/fact.h"
#include "input/span.h"

/* Fills *err with "PATH: why", a long path by its end, and returns status. */
enum pratique_status path_error(struct pratique_error *err, enum pratique_status status,
                                const char *path, const char *why) NONNULL;

/* ---- files: tree.c, tree_open.c, whole.c ---- */

/* Bounds of what is listed: files and folders; bytes of a path. */
#define TREE_FILES_MAX 10000000u
#define TREE_PATH_MAX  4095

/* A file below a root. */
struct tree_file {
    const char *path; /* relative, with '/', any bytes but NUL */
    uint64_t bytes;
    uint32_t mode; /* st_mode: its type as well */
    uint64_t device, inode;
};
struct tree {
    struct tree_file *files; /* sorted by the bytes of their paths */
    size_t n;
};

/* The folder at path as a descriptor to start from (O_PATH); -1 with errno. */
int tree_root(const char *path) NONNULL;

/*
 * Lists everything below the root that is no folder, of any type, without following a link; what
 * vanishes meanwhile is left out. keep (NULL: everything) says whether to enter a folder or list a
 * file. *out is in the arena, and empty unless PRATIQUE_OK. E_IO names the one that cannot be
 * read; E_LIMIT: a path that is too long, too many files, or a full arena; E_NOMEM.
 */
typedef bool tree_keep_fn(void *user, const char *path, bool is_folder);
enum pratique_status tree_list(struct tree *out, int root, tree_keep_fn *keep, void *user,
                               struct arena *arena, struct pratique_error *err)
    __attribute__((nonnull(1, 5, 6))) MUST_CHECK;

/*
 * Opens a file or a folder below root for reading, by openat2(RESOLVE_BENEATH |
 * RESOLVE_NO_MAGICLINKS): it cannot leave the root, whatever links are there. links: whether links
 * within the root are followed; where the kernel has no openat2() none is. -1 with errno: EXDEV
 * where it would leave (and for any ".." in path), ELOOP for a link that is not followed, ENXIO
 * for a FIFO, a socket, a device, none of which is ever opened.
 */
int tree_open(int root, const char *path, bool links) NONNULL;

/* For tests: as if the kernel had no openat2(). */
extern bool tree_without_openat2;

/* The whole of a regular file, at most max bytes. *out is made anew; buf_free() it in any case.
 * E_IO, E_LIMIT, E_NOMEM: "FILE: why". */
enum pratique_status whole_read(const char *path, size_t max, struct buf *out,
                                struct pratique_error *err) NONNULL MUST_CHECK;
/*
 * Writes a file: beside its place under another name, synced, renamed, its folder synced. It is
 * there whole or not at all, and nothing else is left. mode as for open(2). replace: whether a
 * file that is there gives way, a link itself rather than what it points to. E_USAGE: there is one
 * and replace is false, or what is there is no file; E_IO. No signal that would end the thread is
 * taken before it is done. Killed half way, it leaves nothing, or, where a file needs a name to
 * take another's place, WHOLE_TEMPORARY and 16 hex digits.
 */
#define WHOLE_TEMPORARY ".pratique-"
enum pratique_status whole_write(const char *path, struct span bytes, unsigned mode, bool replace,
                                 struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- hashes of many files: hashing.c ---- */

enum hashed_state {
    HASHED_OK = 0,
    HASHED_MISSING,
    HASHED_ESCAPES,     /* it lies outside of the root, by a link or a ".." */
    HASHED_NOT_REGULAR, /* a folder, a socket, a device, or a link that is not followed */
    HASHED_UNREADABLE,  /* error: errno */
    HASHED_SIZE,        /* its size is not the one that was expected: it was not read */
    HASHED_CHANGED,     /* it changed while it was read */
};

/* One file: the caller sets path and what is expected; the rest is found out. */
struct hashed {
    const char *path;    /* below the root */
    uint64_t want_bytes; /* UINT64_MAX: any size */
    enum hashed_state state;
    int error;
    uint32_t mode;  /* 0 where it could not be opened */
    uint64_t bytes; /* of the file; before: where any size will do, a guess of it, or 0 */
    uint8_t digest[SHA256_BYTES]; /* zeroes unless HASHED_OK */
    int kept; /* with HASHING_KEEP and HASHED_OK: its descriptor, open for reading; else -1 */
};

enum {
    HASHING_LINKS = 1 << 0, /* links within the root are followed */
    HASHING_KEEP = 1 << 1,  /* descriptors stay open: the caller closes them */
};

/*
 * Hashes n files on so many threads (0: one for each processor), large ones first, two at a time
 * in a thread where that is faster. Each is opened once. on_progress (NULL: nobody asks) counts
 * files and bytes; it is called in the calling thread. E_NOMEM, or PRATIQUE_OK whatever was found.
 */
enum pratique_status hashing_run(int root, struct hashed *files, size_t n, unsigned flags,
                                 unsigned threads, pratique_progress_fn *on_progress, void *user,
                                 struct pratique_error *err) __attribute__((nonnull(8))) MUST_CHECK;

/* ---- manifests: manifest*.c, verify.c ---- */

#define MANIFEST_BYTES_MAX   ((size_t)1 << 30)
#define MANIFEST_ENTRIES_MAX 5000000u

/* One that was read, or made. Everything is in the arena. */
struct pratique_manifest {
    struct arena arena;
    struct pratique_artifact *artifacts; /* sorted by path, no two alike */
    size_t n;
    const char *generated_at, *git_sha;
    int64_t generated; /* seconds since 1970 */
    bool dirty, dirty_unknown;
    struct buf text;
};

/*
 * Parses a manifest's bytes, in a locked-down child. name is for messages. E_FORMAT: what is
 * refused, with its line: duplicate keys and entries, absolute or ".." paths, anything but
 * lower-case SHA-256, control characters, numbers that are no integers, unknown keys.
 */
enum pratique_status manifest_parse(struct pratique_manifest **out, const char *name,
                                    struct span bytes,
                                    struct pratique_error *err) NONNULL MUST_CHECK;

/* Whether a path may stand in a manifest (relative, canonical, printable UTF-8); NULL, or why not.
 */
const char *manifest_path_fault(struct span path);

/* The role that a file has by its name and place, and a role's risk. Static strings. */
const char *manifest_role(const char *path) NONNULL;
enum pratique_risk manifest_risk(const char *role) NONNULL;

/* ---- signatures: signature.c and a file each kind ---- */

/* What for a key of a trust file may be used. */
enum trust_role { TRUST_MANIFEST = 1 << 0, TRUST_ARTIFACT = 1 << 1, TRUST_ATTESTATION = 1 << 2 };

/* Who it was that signed, for the report. In the arena, or of the keys: they live as long. */
struct signer {
    const char *kind;    /* "minisign", "ssh", "openpgp", "model-signing", "dsse" */
    const char *key;     /* the key's file or its name in the trust file */
    const char *id;      /* "RWQ..." or "SHA256:..." or a fingerprint */
    const char *who;     /* principal, subject; may be empty */
    const char *comment; /* minisign's trusted comment, without its time; may be empty */
    int64_t signed_at;   /* where the signature says; 0: it does not */
};

/* A set of keys, read once. NULL-safe free. */
struct keys;
enum pratique_status keys_load(struct keys **out, const struct pratique_trust *trust,
                               enum trust_role role, int64_t now,
                               struct pratique_error *err) NONNULL MUST_CHECK;
void keys_free(struct keys *k);
bool keys_any(const struct pratique_trust *trust); /* whether a signature is demanded at all */

/* Why a signature does not hold; each is a fact and a rule of its own. */
enum signature_fault {
    SIGNATURE_HOLDS = 0,
    SIGNATURE_MISSING,   /* there is no signature file */
    SIGNATURE_MALFORMED, /* it is none, or is broken off, or of an unknown kind */
    SIGNATURE_WRONG,     /* of other bytes, or forged */
    SIGNATURE_UNKNOWN_KEY,
    SIGNATURE_EXPIRED, /* the key or certificate is expired, or not valid yet */
    SIGNATURE_REVOKED,
    SIGNATURE_FORBIDDEN, /* the key may not sign this: namespace, role, principal, identity */
};

/*
 * Whether the detached signature (hostile bytes, called name in messages) is one of message by a
 * key of k. On a fault *why says it in a sentence, in the arena. Statuses as usual; a fault of
 * the signature is PRATIQUE_OK. message_path: the file that holds message, for gpgv.
 */
enum pratique_status signature_check(enum signature_fault *fault, const char **why,
                                     struct signer *who, const struct keys *k, struct span message,
                                     const char *message_path, struct span signature,
                                     const char *name, struct arena *arena,
                                     struct pratique_error *err) NONNULL MUST_CHECK;

/* The signature file beside path: its name in the arena, NULL when there is none of any kind. */
const char *signature_beside(const char *path, struct arena *arena) NONNULL;

/* A secret key that can sign arbitrary bytes (Ed25519 of minisign, EC of PEM), for envelopes. */
struct secret;
enum pratique_status secret_load(struct secret **out, const char *path,
                                 pratique_passphrase_fn *on_passphrase, void *user,
                                 struct pratique_error *err)
    __attribute__((nonnull(1, 2))) MUST_CHECK;
void secret_free(struct secret *s);
/* Ed25519 over the bytes; ECDSA with the curve's hash (P-256: SHA-256, P-384, P-521), DER. */
enum pratique_status secret_sign(const struct secret *s, struct span bytes, struct buf *out,
                                 struct pratique_error *err) NONNULL MUST_CHECK;
/* The key's id as envelopes name it: hex of minisign's key id, or of the SHA-256 of the PEM text of
 * the public key. */
const char *secret_id(const struct secret *s) NONNULL;
/* Whether sig is one of bytes by a key of k (those two kinds), as envelopes have it. */
bool keys_check_raw(const struct keys *k, struct span keyid, struct span bytes, struct span sig,
                    struct signer *who, struct arena *arena,
                    enum signature_fault *fault) NONNULL MUST_CHECK;

/*
 * Adds what came of it to the facts: a rule of its own for each fault (SIG001 and on), and for a
 * signature that holds one that only informs. home: the file that is signed; name: the signature's.
 * why may be NULL where it holds.
 */
void signature_tell(struct facts *facts, const struct where *home, enum signature_fault fault,
                    const char *name, const char *why, const struct signer *who)
    __attribute__((nonnull(1, 4, 6)));

/* ---- OpenSSF Model Signing: modelsign*.c; attestations: attest.c ---- */

/* Whether the bytes are a sigstore bundle, by their looks. */
bool modelsign_looks_like(struct span bytes);

/*
 * Verifies a bundle and hands out the manifest that it holds (hashes of files below the model's
 * root). excused: what the bundle says was left out of it (ignore_paths), in the arena.
 */
struct modelsign {
    struct pratique_manifest *manifest; /* new; freed with pratique_manifest_free() */
    const char **excused;
    size_t excused_n;
    bool links;  /* links within the root are followed (allow_symlinks) */
    bool single; /* the model is the one file that is listed, by the name that it was given; what
                    lies beside it is not the bundle's business */
    struct signer who;
};
enum pratique_status modelsign_check(struct modelsign *out, enum signature_fault *fault,
                                     const char **why, const struct keys *k, struct span bundle,
                                     const char *name, struct arena *arena,
                                     struct pratique_error *err) NONNULL MUST_CHECK;

/*
 * Signs what a manifest lists as a bundle, appended to *out. own_name: the manifest's own path
 * below the root, so that it is signed as a file of the model too; NULL: it lies elsewhere.
 * model_name: the folder's. E_USAGE: a key that is not EC, a certificate of another key.
 */
enum pratique_status modelsign_sign(const struct pratique_manifest *m, const char *own_name,
                                    const char *model_name,
                                    const struct pratique_sign_options *options, struct buf *out,
                                    struct pratique_error *err)
    __attribute__((nonnull(1, 3, 4, 5, 6))) MUST_CHECK;

/*
 * Whether the attestation (hostile bytes) vouches for an artifact with this digest, by a key of
 * k, with the verdict admit.
 */
enum pratique_status attestation_check(enum signature_fault *fault, const char **why,
                                       struct signer *who, const struct keys *k,
                                       struct span attestation, const uint8_t digest[SHA256_BYTES],
                                       struct arena *arena,
                                       struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- reports of our own: answer.c ---- */

/*
 * Judges the facts and calls back with a report: format "manifest", "signature", "unpack"; policy
 * is its name as printed. Facts with an excess (facts->full) make it undecided.
 */
void answer(const struct facts *facts, struct arena *arena, const char *path, const char *format,
            const char *policy, uint64_t bytes, uint64_t bytes_read, uint64_t time_us,
            pratique_report_fn *on_report, void *user) NONNULL;

#endif
