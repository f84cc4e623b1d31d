/* What canaries are made of, and what a request is answered with. See sink.h. */
#ifndef PRATIQUE_WATCH_CANARY_H
#define PRATIQUE_WATCH_CANARY_H

#include "base/buf.h"
#include "watch/http.h"
#include "watch/sink.h"

/* "script", "zip", ...; what stands at the end of the path that a canary opens. Static. */
const char *canary_name(enum canary_kind kind);

#define CANARY_TEXT_MAX 4096
/* Python that opens the canary's path and is otherwise of no consequence, whatever is imported. */
void canary_python(char out[CANARY_TEXT_MAX], const char *token, enum canary_kind kind) NONNULL;

/* A JSON object with the keys that a loader looks for; its URLs begin with base. */
struct span canary_json(struct arena *arena, const char *base, const char *token) NONNULL;

/* ---- archives of members that are stored as they are (canary_pack.c) ---- */

struct pack_member {
    const char *name;
    struct span bytes;
    unsigned mode; /* 0644, 0755 */
};

/* Appends a whole zip; a whole tar, compressed by gzip. False past the ceiling of out. */
bool pack_zip(struct buf *out, const struct pack_member *members, size_t n) NONNULL MUST_CHECK;
bool pack_tar_gz(struct buf *out, const struct pack_member *members, size_t n) NONNULL MUST_CHECK;

/* ---- answers to requests (canary_answer.c) ---- */

struct answer {
    unsigned status;
    const char *type, *what; /* media type; "script", "not found": static */
    struct span body;
};

/* base: "https://example.org". Bodies live in the arena, or as long as config. */
struct answer answer_for(struct arena *arena, const struct sink_config *config,
                         const struct http_head *head, const char *base) NONNULL;

/* Appends the answer as it is sent; returns the bytes of the body that go. */
uint64_t answer_write(struct buf *out, const struct http_head *head,
                      const struct answer *a) NONNULL;

#endif
