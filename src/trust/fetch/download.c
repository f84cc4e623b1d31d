/*
 * One file from one URL into its part of the cache: hashed while it comes, gone on with where it
 * broke off, never more bytes than are pinned. See fetch.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/write.h"
#include "trust/fetch/fetch.h"
#include "trust/fetch/transfer.h"

#define IDLE_TRIES 3 /* that bring nothing new */
#define PIECE      ((size_t)1 << 20)

struct run {
    struct cache_part *part;
    const struct pin *want;
    const struct download_way *way;
    struct sha256 sum;
    bool summing;
    uint64_t have, best; /* bytes that are there; the most there ever were */
    bool went_on;        /* with bytes of an earlier process, or another server */
    char etag[TRANSFER_TAG_MAX];
    char *why;
    size_t why_n;
};

static enum download say(struct run *r, enum download what, const char *why)
{
    (void)snprintf(r->why, r->why_n, "%s", why);
    return what;
}

static enum download stuck(struct run *r)
{
    (void)snprintf(
        r->why, r->why_n, "the cache %.80s: %s%s", r->part->cache->path, strerrordesc_np(errno),
        errno == ENOSPC || errno == EDQUOT ? "; make room, or name another one with --cache"
                                           : "; name another one with --cache");
    return DOWNLOAD_STUCK;
}

/* ---- what is there ---- */

static void start_sum(struct run *r)
{
    if (r->summing)
        sha256_drop(&r->sum);
    sha256_init(&r->sum);
    r->summing = true;
    r->have = 0;
}

static bool start_again(struct run *r)
{
    start_sum(r);
    r->etag[0] = '\0';
    return ftruncate(r->part->fd, 0) == 0 && lseek(r->part->fd, 0, SEEK_SET) == 0;
}

/* Hashes what another process left, so that it can be gone on with. */
static bool take_over(struct run *r)
{
    uint8_t *piece = malloc(PIECE);
    ssize_t got = 1;

    start_sum(r);
    while (piece && got != 0 && r->have <= r->want->size) {
        got = pread(r->part->fd, piece, PIECE, (off_t)r->have);
        if (got < 0 && errno != EINTR)
            break;
        if (got > 0)
            sha256_update(&r->sum, piece, (size_t)got), r->have += (uint64_t)got;
    }
    free(piece);
    if (got != 0 || r->have > r->want->size)
        return start_again(r);
    r->went_on = r->have > 0;
    return lseek(r->part->fd, (off_t)r->have, SEEK_SET) == (off_t)r->have;
}

/* Whether there is room for the rest, as far as the file system says: what is in vain is not begun.
 */
static bool has_room(const struct run *r)
{
    struct statvfs v;

    if (fstatvfs(r->part->fd, &v) != 0 || v.f_blocks == 0 ||
        v.f_bavail >= (r->want->size - r->have) / v.f_frsize)
        return true;
    errno = ENOSPC;
    return false;
}

/* ---- one transfer ---- */

enum step { STEP_ON, STEP_DONE, STEP_AGAIN, STEP_WRONG, STEP_FAILED, STEP_STUCK };

static enum step begin(struct run *r, struct span in)
{
    uint64_t from;

    if (!take_u64le(&in, &from) || in.n >= sizeof r->etag || (from != 0 && from != r->have))
        return STEP_FAILED;
    if (from == 0 && r->have > 0 && !start_again(r))
        return STEP_STUCK;
    r->went_on = from > 0;
    memcpy(r->etag, in.p, in.n);
    r->etag[in.n] = '\0';
    return STEP_ON;
}

/* It is in the sum already: see transfer_next(). */
static enum step take_data(struct run *r, struct span in)
{
    if (in.n > r->want->size - r->have) {
        (void)say(r, DOWNLOAD_WRONG, "more bytes come than the lock says");
        return STEP_WRONG;
    }
    if (!write_all(r->part->fd, in.p, in.n)) {
        (void)stuck(r);
        return STEP_STUCK;
    }
    r->have += in.n;
    if (r->way->on_bytes)
        r->way->on_bytes(r->way->user, r->have);
    return STEP_ON;
}

static void keep_why(struct run *r, struct span text)
{
    size_t n = text.n < r->why_n - 1 ? text.n : r->why_n - 1;

    for (size_t i = 0; i < n; i++)
        r->why[i] = text.p[i] >= ' ' && text.p[i] <= '~' ? (char)text.p[i] : '?';
    r->why[n] = '\0';
}

static enum step take_frame(struct run *r, enum transfer_tag tag, struct span content)
{
    switch (tag) {
    case TRANSFER_BEGIN:
        return begin(r, content);
    case TRANSFER_DATA:
        return take_data(r, content);
    case TRANSFER_DONE:
        return STEP_DONE;
    case TRANSFER_RETRY:
        keep_why(r, content);
        return STEP_AGAIN;
    case TRANSFER_REFUSED:
        keep_why(r, content);
        return STEP_WRONG;
    case TRANSFER_FAILED:
        break;
    }
    keep_why(r, content);
    return STEP_FAILED;
}

static enum step transfer(struct run *r, const char *url)
{
    const struct transfer_request request = { .url = url,
                                              .from = r->have,
                                              .size = r->want->size,
                                              .etag = r->etag,
                                              .ca_file = r->way->ca_file,
                                              .timeout_ms = r->way->timeout_ms };
    enum step step = STEP_ON;
    struct transfer t;

    if (!transfer_start(&t, &request)) {
        (void)say(r, DOWNLOAD_FAILED, strerrordesc_np(errno));
        step = STEP_FAILED;
    }
    while (step == STEP_ON) {
        struct span content;
        enum transfer_tag tag = transfer_next(&t, &r->sum, &content);

        step = take_frame(r, tag, content);
    }
    transfer_end(&t);
    return step;
}

/* ---- all of them ---- */

static void pause_for(unsigned tries)
{
    const struct timespec t = { .tv_nsec = 100000000L << (tries < 3 ? tries : 3) };

    (void)nanosleep(&t, NULL);
}

/* Goes on for as long as something new comes. */
static enum step transfers(struct run *r, const char *url)
{
    uint64_t deadline = budget_now_us() + (UINT64_C(60000) + r->want->size / 16) * 1000;
    unsigned idle = 0;

    for (;;) {
        enum step step = transfer(r, url);

        if (step != STEP_AGAIN)
            return step;
        if (r->have > r->best)
            r->best = r->have, idle = 0;
        else if (++idle == IDLE_TRIES)
            return STEP_FAILED;
        if (budget_now_us() > deadline)
            return STEP_FAILED;
        if (idle > 0)
            pause_for(idle);
    }
}

static enum download judge(struct run *r)
{
    bool matches;

    if (r->have != r->want->size)
        return say(r, DOWNLOAD_WRONG, "fewer bytes came than the lock says");
    r->summing = false;
    matches = pin_matches(&r->sum, r->want);
    return matches ? DOWNLOAD_DONE : say(r, DOWNLOAD_WRONG, pinned_why(PINNED_HASH));
}

static enum download attempt(struct run *r, const char *url)
{
    enum step step = r->have == r->want->size ? STEP_DONE : transfers(r, url);

    switch (step) {
    case STEP_DONE:
        return judge(r);
    case STEP_WRONG:
        return DOWNLOAD_WRONG;
    case STEP_STUCK:
        return DOWNLOAD_STUCK;
    default:
        return DOWNLOAD_FAILED;
    }
}

enum download download_run(struct cache_part *part, const char *url, const struct download_way *way,
                           char *why, size_t why_n)
{
    struct run r = { .part = part, .want = part->want, .way = way, .why = why, .why_n = why_n };
    enum download what;

    why[0] = '\0';
    sha256_warm();
    if (!take_over(&r) || !has_room(&r)) {
        what = stuck(&r);
    } else {
        what = attempt(&r, url);
        /* What was there already may have been the fault. */
        if (what == DOWNLOAD_WRONG && r.went_on)
            what = start_again(&r) ? attempt(&r, url) : stuck(&r);
    }
    if (r.summing)
        sha256_drop(&r.sum);
    if (what == DOWNLOAD_WRONG && ftruncate(part->fd, 0) != 0)
        return stuck(&r);
    return what;
}
