/*
 * Bait: credentials that lead nowhere, planted in the home and the environment of the
 * watched. Each is unique to one watch, so its bytes in outgoing traffic prove a theft.
 */
#ifndef PRATIQUE_WATCH_BAIT_H
#define PRATIQUE_WATCH_BAIT_H

#include "base/arena.h"
#include "input/span.h"

struct bait_file {
    const char *path; /* below the home: ".aws/credentials" */
    const char *text; /* with the secrets in it */
    unsigned mode;    /* 0600 */
    bool honey;       /* reading it is a finding; else it only makes the home look used */
};

/* A secret: what is searched for in outgoing traffic. At least 16 bytes of its own. */
struct bait_secret {
    const char *what; /* "~/.aws/credentials", "$GITHUB_TOKEN" */
    const char *value;
};

struct bait {
    const struct bait_file *files;
    size_t files_n;
    const char *const
        *environment; /* "AWS_ACCESS_KEY_ID=AKIA...", as environ(7); no NULL at the end */
    size_t environment_n;
    const struct bait_secret *secrets;
    size_t secrets_n;
};

/*
 * Makes bait out of 32 random bytes: the same bytes give the same bait. Everything lives in
 * the arena. user and host are the names of the world ("alex", "thinkpad"). False without memory.
 */
bool bait_make(struct bait *out, struct arena *arena, const unsigned char seed[32],
               const char *user, const char *host) NONNULL MUST_CHECK;

/* Writes the files below the folder home, with their folders, made old (mtimes of months). False
 * with errno. */
bool bait_write(const struct bait *b, int home) NONNULL MUST_CHECK;

/*
 * Searches streams of outgoing bytes for the secrets: as they are, in any letter case, in hex,
 * in base64 (both alphabets, any of the three alignments), reversed, percent-encoded, split by
 * the labels of DNS names, and inside gzip, zlib and deflate where the stream says so or starts
 * so, in zip members too. Any 12 bytes in a row of a secret are enough.
 */
struct bait_search; /* what is searched for: made once */
struct bait_stream; /* one stream */

struct bait_search *bait_search_new(const struct bait *b) NONNULL MUST_CHECK; /* NULL: no memory */
void bait_search_free(struct bait_search *s);                                 /* NULL is allowed */
struct bait_stream *bait_stream_new(const struct bait_search *s) NONNULL MUST_CHECK;
void bait_stream_free(struct bait_stream *s); /* NULL is allowed */

/* Says that what follows is deflated, with or without the header of zlib; gzip shows itself. */
void bait_stream_deflated(struct bait_stream *s) NONNULL;

typedef void bait_found_fn(void *user, const struct bait_secret *secret, const char *how);

/* Feeds bytes; calls found once for each secret and way of writing it ("plain", "base64", ...). */
void bait_stream_feed(struct bait_stream *s, struct span bytes, bait_found_fn *found,
                      void *user) NONNULL;

#endif
