/*
 * One transfer over HTTPS, in a process of its own: it has no file that it could write, starts
 * nothing, and hands over what it gets in frames: a tag and a length over a socket, the content in
 * a slot of shared memory, each in its turn. A slot that was read is given back with a byte. What
 * it says is hostile input, and may change while it is read: what is judged is a copy, made in
 * bites that stay in the processor's cache until they are hashed and written.
 */
#ifndef PRATIQUE_TRUST_TRANSFER_H
#define PRATIQUE_TRUST_TRANSFER_H

#include <sys/types.h>

#include "base/compiler.h"
#include "base/sha256.h"
#include "input/span.h"

#define TRANSFER_PIECE   ((size_t)1024 * 1024) /* of content, in a frame, at the most: a slot */
#define TRANSFER_SLOTS   4u
#define TRANSFER_BITE    ((size_t)64 * 1024) /* that the parent gets of it at a time */
#define TRANSFER_TAG_MAX 256                 /* of an ETag */

struct transfer_request {
    const char *url;
    uint64_t from;       /* the bytes before it are there */
    uint64_t size;       /* of the whole */
    const char *etag;    /* what the bytes that are there are of; "": not known */
    const char *ca_file; /* NULL: the system's */
    uint32_t timeout_ms;
};

enum transfer_tag {
    TRANSFER_BEGIN = 1, /* u64: where the content that follows begins; then the ETag, if any */
    TRANSFER_DATA,
    TRANSFER_DONE,   /* all the server wanted to send came */
    TRANSFER_RETRY,  /* it broke off, and may go on from there: why */
    TRANSFER_FAILED, /* why */
    TRANSFER_REFUSED /* the server has a file of another size: why */
};

struct transfer {
    int fd; /* of the socket; -1: none */
    pid_t pid;
    uint8_t *slots; /* mapped; NULL: none */
    uint32_t turn;
    uint64_t deadline_us;
    uint8_t *bite;         /* owned */
    uint32_t taken, whole; /* of the frame of data at hand; the same: it is done with */
};

/* Starts one; false with errno. transfer_end() after any outcome. */
bool transfer_start(struct transfer *t, const struct transfer_request *r) NONNULL MUST_CHECK;
/* The next frame, or bite of one with data, valid until the next call; one that died or hangs is
 * told as TRANSFER_RETRY. Data is appended to the message of sum. */
enum transfer_tag transfer_next(struct transfer *t, struct sha256 *sum,
                                struct span *content) NONNULL;
void transfer_end(struct transfer *t) NONNULL;

/* The child: transfer_curl.c. fd is its end of the socket. */
NORETURN void transfer_run(int fd, uint8_t *slots, int parent,
                           const struct transfer_request *r) NONNULL;

/* How long all of it may take: a minute, and 16 KiB a second at the least. */
static inline uint64_t transfer_bound_ms(const struct transfer_request *r)
{
    return UINT64_C(60000) + r->timeout_ms + r->size / 16;
}

#endif
