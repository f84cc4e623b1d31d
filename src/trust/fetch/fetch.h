/* The parts of `pratique fetch`: files that are checked, the cache, members, places. */
#ifndef PRATIQUE_TRUST_FETCH_FETCH_H
#define PRATIQUE_TRUST_FETCH_FETCH_H

#include "trust/fetch/lock.h"

/* What bytes must be. */
struct pin {
    const char *sha256;
    uint64_t size;
};

enum pinned {
    PINNED = 0,
    PINNED_SIZE, /* of another size: they were not read */
    PINNED_HASH,
    PINNED_IO, /* errno */
};
/* "its SHA-256 is not the one in the lock"; of PINNED_IO: what errno says. */
const char *pinned_why(enum pinned p);

/* Whether a running hash is the one that is wanted; ends it. */
bool pin_matches(struct sha256 *sum, const struct pin *want) NONNULL;

/* ---- a file that has no name yet: landing.c ---- */

/* In the folder where its name will be; gone with us until then, where the file system can do so.
 */
struct landing {
    int dir; /* borrowed */
    int fd;  /* -1: none */
    char temporary[32];
};
/* mode as for open(2). False with errno. */
bool landing_open(struct landing *l, int dir, unsigned mode) NONNULL MUST_CHECK;
/* Syncs it and gives it its name, in the place of what is there. False with errno. */
bool landing_commit(struct landing *l, const char *name) NONNULL MUST_CHECK;
void landing_drop(struct landing *l) NONNULL; /* allowed after any of them */

/* Copies from (from its start) into the landing; what was written is what was hashed. */
enum pinned landing_copy(struct landing *l, int from, const struct pin *want) NONNULL MUST_CHECK;
/* Whether the regular file at fd is what is pinned. */
enum pinned pinned_file(int fd, const struct pin *want) NONNULL MUST_CHECK;

/* The folder at path, made where it is missing, with those above it; -1 with errno. */
int folder_make(const char *path, unsigned mode) NONNULL;
/* The folder that name lies in, below root, without following a link; made where make says so.
 * *last is the rest of name. -1 with errno; otherwise the caller closes it. */
int folder_of(int root, const char *name, bool make, const char **last) NONNULL;

/* ---- the cache: cache.c ---- */

struct cache {
    const char *path;
    int root, objects, tmp; /* -1: not there */
    char why[200];          /* it cannot be written to; "": it can */
};

/* E_USAGE: the folder is one that it must not be. One that cannot be made is no failure yet. */
enum pratique_status cache_open(struct cache *c, const char *path,
                                struct pratique_error *err) NONNULL MUST_CHECK;
void cache_close(struct cache *c) NONNULL;

/* The file, open for reading, hashed; -1: it is not there. *bad: it was there, and is not what it
 * is called; it was removed where that could be done. */
int cache_find(struct cache *c, const struct pin *want, const char **bad) NONNULL;
/* The folder that it lies in, made; -1 with errno. The caller closes it. */
int cache_folder(struct cache *c, const struct pin *want) NONNULL;
/* Its path, in the arena; NULL without memory. */
const char *cache_path(const struct cache *c, const struct pin *want, struct arena *arena) NONNULL;

/* The right to fetch one file, and what was fetched of it. */
struct cache_part {
    struct cache *cache;
    const struct pin *want; /* borrowed */
    int lock, fd;           /* -1: none */
    bool waited;            /* another process had it before */
};
/* Waits for others up to wait_ms. False with errno (ETIMEDOUT). cache_part_drop() in any case. */
bool cache_part_open(struct cache_part *p, struct cache *c, const struct pin *want,
                     uint64_t wait_ms) NONNULL MUST_CHECK;
/* What is in fd, all of it hashed, becomes the cache's. False with errno. */
bool cache_part_commit(struct cache_part *p) NONNULL MUST_CHECK;
/* keep: what there is stays, for the next one to go on with. */
void cache_part_drop(struct cache_part *p, bool keep) NONNULL;

/* ---- a member of an archive: member.c ---- */

/*
 * Takes the member out of the zip of size bytes at fd, in a locked-down child, into the landing
 * (NULL: nowhere). E_FORMAT: there is none, or it is no zip file; E_IO, E_LIMIT, E_NOMEM. *out is
 * what it is; most: bytes that it may have.
 */
enum pratique_status member_take(int fd, uint64_t size, const char *member, struct landing *to,
                                 uint64_t most, struct pratique_pin *out,
                                 struct pratique_error *err)
    __attribute__((nonnull(3, 6, 7))) MUST_CHECK;

/* ---- over the network: download.c ---- */

enum download {
    DOWNLOAD_DONE = 0,
    DOWNLOAD_WRONG,  /* what came is not what is pinned */
    DOWNLOAD_FAILED, /* it did not come */
    DOWNLOAD_STUCK,  /* it cannot be written: no other URL helps */
};
struct download_way {
    const char *ca_file;
    uint32_t timeout_ms;
    void (*on_bytes)(void *user, uint64_t n); /* how many there are */
    void *user;
};
/* Fetches url into the part, going on with what is there. why: a sentence. */
enum download download_run(struct cache_part *part, const char *url, const struct download_way *way,
                           char *why, size_t why_n) NONNULL;

#endif
