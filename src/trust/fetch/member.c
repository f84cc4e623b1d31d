/*
 * One member of a zip file. The archive's hash was checked before, but whoever made it may be
 * wrong: its headers are read by the strict reader that unpacks (trust/admit/unpack_zip.c), in a
 * locked-down child. The child tells content and faults in frames: a tag, a length, bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/write.h"
#include "input/map.h"
#include "trust/admit/unpack.h"
#include "trust/confined.h"
#include "trust/fetch/fetch.h"

#define FRAME_HEAD  5
#define MEMBERS_MAX 1000000
#define TIME_MS     600000

enum frame { FRAME_DATA = 'D', FRAME_FAULT = 'F', FRAME_END = 'E' };

/* ---- the child ---- */

struct teller {
    struct confined_child *c;
    uint8_t *room;
    struct span archive;
    const char *member;
    uint64_t most;
};

static void put_head(uint8_t *p, enum frame tag, size_t n)
{
    p[0] = (uint8_t)tag;
    for (unsigned i = 0; i < 4; i++)
        p[1 + i] = (uint8_t)(n >> (8 * i));
}

static void tell(struct teller *t, enum frame tag, struct span text)
{
    uint8_t *p;

    text.n = text.n < 160 ? text.n : 160;
    p = confined_room(t->c, FRAME_HEAD + text.n);
    put_head(p, tag, text.n);
    memcpy(p + FRAME_HEAD, text.p, text.n);
    confined_commit(t->c, FRAME_HEAD + text.n);
}

static uint8_t *room(void *user, size_t i, size_t n)
{
    struct teller *t = user;

    (void)i;
    t->room = confined_room(t->c, FRAME_HEAD + n);
    return t->room + FRAME_HEAD;
}

static void put(void *user, size_t n)
{
    struct teller *t = user;

    put_head(t->room, FRAME_DATA, n);
    confined_commit(t->c, FRAME_HEAD + n);
}

/* What is against it, if anything. */
static bool has_fault(struct teller *t, const struct unpack *u)
{
    if (u->faults == 0 && !u->facts.full)
        return false;
    tell(t, FRAME_FAULT,
         u->facts.n ? u->facts.list[u->facts.n - 1].detail : span_text("out of memory"));
    return true;
}

/* Makes the member the only one of the plan. */
static bool keep_one(struct teller *t, struct unpack *u)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->entries[i].type == UNPACK_FILE && span_is(u->entries[i].path, t->member)) {
            u->entries[0] = u->entries[i];
            u->n = 1;
            if (u->entries[0].size <= t->most)
                return true;
            tell(t, FRAME_FAULT, span_text("its member is larger than the lock says"));
            return false;
        }
    tell(t, FRAME_FAULT, span_text("it has no such member"));
    return false;
}

static void work(struct confined_child *c, void *arg)
{
    struct teller *t = arg;
    const struct unpack_sink sink = { .user = t, .room = room, .put = put };
    const struct unpack_limits limits = { .files = MEMBERS_MAX,
                                          .bytes = UINT64_MAX,
                                          .ratio = UINT64_MAX };
    struct unpack u;

    t->c = c;
    unpack_init(&u, t->archive, "archive.zip", &limits);
    u.format = UNPACK_ZIP;
    unpack_plan_zip(&u);
    if (!has_fault(t, &u) && keep_one(t, &u)) {
        (void)unpack_content_zip(&u, &sink);
        if (!has_fault(t, &u))
            tell(t, FRAME_END, SPAN_EMPTY);
    }
    unpack_free(&u);
}

/* ---- the parent ---- */

struct taker {
    struct landing *to;
    const char *member;
    uint64_t n, most;
    struct sha256 sum;
    bool ended;
    uint8_t *copy; /* what is judged is not what the child can still change */
    struct pratique_error *err;
};

static enum pratique_status take_data(struct taker *t, struct span in)
{
    memcpy(t->copy, in.p, in.n);
    if (in.n > t->most - t->n)
        return error_set(t->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "its member is larger than the lock says");
    sha256_update(&t->sum, t->copy, in.n);
    t->n += in.n;
    if (!t->to || write_all(t->to->fd, t->copy, in.n))
        return PRATIQUE_OK;
    return error_set(t->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "it cannot be written: %s",
                     strerrordesc_np(errno));
}

static enum pratique_status take_fault(struct taker *t, struct span in)
{
    char text[161] = "";
    size_t n = in.n < 160 ? in.n : 160;

    for (size_t i = 0; i < n; i++)
        text[i] = in.p[i] >= ' ' && in.p[i] <= '~' ? (char)in.p[i] : '?';
    return error_set(t->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET, "%s", text);
}

static enum pratique_status take_frame(struct taker *t, struct span *batch)
{
    struct span content;
    uint8_t tag;
    uint32_t n;

    if (t->ended || !take_u8(batch, &tag) || !take_u32le(batch, &n) || !take(batch, n, &content))
        return error_set(t->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "the process that read it talks nonsense");
    if (tag == FRAME_DATA)
        return take_data(t, content);
    if (tag != FRAME_END)
        return take_fault(t, content);
    t->ended = true;
    return PRATIQUE_OK;
}

static enum pratique_status take_all(struct taker *t, struct confined *c)
{
    enum pratique_status st = PRATIQUE_OK;
    struct span batch;

    while (st == PRATIQUE_OK) {
        st = confined_next(c, &batch, t->err);
        if (st != PRATIQUE_OK || batch.n == 0)
            break;
        while (st == PRATIQUE_OK && batch.n > 0)
            st = take_frame(t, &batch);
    }
    if (st == PRATIQUE_OK && !t->ended)
        st = error_set(t->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                       "the process that read it ended early");
    return st;
}

enum pratique_status member_take(int fd, uint64_t size, const char *member, struct landing *to,
                                 uint64_t most, struct pratique_pin *out,
                                 struct pratique_error *err)
{
    struct taker t = { .to = to, .member = member, .most = most, .err = err };
    struct teller teller = { .member = member, .most = most };
    struct confined_limits limits = { .time_ms = TIME_MS };
    uint8_t digest[SHA256_BYTES];
    struct confined *c = NULL;
    struct map map;
    enum pratique_status st = map_open(&map, fd, size);

    if (st != PRATIQUE_OK)
        return error_set(err, st, PRATIQUE_NO_OFFSET, "the archive cannot be read");
    t.copy = malloc(CONFINED_BATCH);
    teller.archive = map.bytes;
    st = t.copy ? confined_start(&c, work, &teller, &limits, err)
                : error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while unpacking");
    sha256_init(&t.sum);
    if (st == PRATIQUE_OK)
        st = take_all(&t, c);
    confined_end(c);
    if (!sha256_final(&t.sum, digest) && st == PRATIQUE_OK)
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while hashing");
    sha256_hex(digest, out->sha256);
    out->size = t.n;
    free(t.copy);
    map_close(&map);
    return st;
}
