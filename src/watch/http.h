/*
 * HTTP/1.x requests (RFC 9112), as a server reads them. Pure: spans in, spans out.
 */
#ifndef PRATIQUE_WATCH_HTTP_H
#define PRATIQUE_WATCH_HTTP_H

#include "base/compiler.h"
#include "input/span.h"

#define HTTP_HEAD_MAX (32u * 1024)

enum http_state {
    HTTP_MORE, /* not all there */
    HTTP_OK,
    HTTP_END, /* of a body */
    HTTP_BAD
};

struct http_head {
    struct span method, target;
    struct span host, type, encoding, accept, agent, range; /* header fields; empty: not there */
    uint64_t length;                                        /* of the body; 0 without one */
    bool chunked, keep_alive, expects_continue, old;        /* old: HTTP/1.0 */
    size_t bytes;                                           /* of the head */
};

/* Whether a stream that starts so is HTTP: MORE, OK or BAD. */
enum http_state http_looks_so(struct span in) MUST_CHECK;

/* Cuts a head off *in: OK; MORE and BAD leave *in. The spans of *head borrow from *in. */
enum http_state http_head(struct span *in, struct http_head *head) NONNULL MUST_CHECK;

/* Where a body is; zero it, then http_body_begin(). */
struct http_body {
    uint64_t left; /* of the body or the chunk */
    enum { HTTP_BY_LENGTH, HTTP_CHUNK_SIZE, HTTP_CHUNK, HTTP_CHUNK_LINE, HTTP_TRAILER } at;
};

void http_body_begin(struct http_body *b, const struct http_head *head) NONNULL;

/*
 * Cuts the next piece off *in: OK with the piece in *out (never empty); MORE: *in is used up
 * as far as it goes; END: the body is over, what is left of *in is the next request's; BAD.
 */
enum http_state http_body_take(struct http_body *b, struct span *in,
                               struct span *out) NONNULL MUST_CHECK;

struct http_range {
    uint64_t first, last; /* both included */
};

/* The range "bytes=0-99", "bytes=100-", "bytes=-100" of size bytes; false: none that can be met. */
bool http_range(struct span field, uint64_t size, struct http_range *out) NONNULL MUST_CHECK;

/* The part of a target before '?'. */
struct span http_path(struct span target);
/* The path's last part: "transformers.pyz" of "/a/transformers.pyz"; empty of "/a/". */
struct span http_name(struct span path);

/* Equal, in any letter case. */
bool http_same(struct span a, struct span b);
/* Whether part is in it, in any letter case. */
bool http_has(struct span in, const char *part) NONNULL;

#endif
