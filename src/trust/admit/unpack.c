/*
 * An archive is read in a locked-down child, files are made by the parent: see unpack.h. What the
 * child says comes in frames, each whole within a batch: a tag, its length, its content.
 *
 *   P  one entry of the plan        A  facts, as a worker tells them (scan/wire.h)
 *   G  the plan is there: go on?    D  the next bytes of entry i
 *   L  entry i lies in a large room W  an answer is wanted once this is read
 *   E  everything was told
 *
 * There are three large rooms, shared by both: one may hold a file whose hash is not done yet, and
 * the others are used in turn.
 */
#include "trust/admit/unpack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/budget.h"
#include "base/status.h"
#include "input/map.h"
#include "scan/wire.h"
#include "trust/confined.h"
#include "verdict/verdict.h"

#define FRAME_HEAD  5
#define DATA_HEAD   (FRAME_HEAD + 4)
#define ANSWER_MAX  ((size_t)768 * 1024)
#define GO          1u
#define LARGE_ROOMS 3u

enum frame {
    FRAME_ENTRY = 'P',
    FRAME_ANSWER = 'A',
    FRAME_GO = 'G',
    FRAME_DATA = 'D',
    FRAME_LARGE = 'L',
    FRAME_WAIT = 'W',
    FRAME_END = 'E'
};

/* ---- the child ---- */

static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static void put64(uint8_t *p, uint64_t v)
{
    put32(p, (uint32_t)v);
    put32(p + 4, (uint32_t)(v >> 32));
}

/* Room for a frame's content of n bytes, behind its head. */
static uint8_t *frame(struct confined_child *c, enum frame tag, size_t n)
{
    uint8_t *p = confined_room(c, FRAME_HEAD + n);

    p[0] = (uint8_t)tag;
    put32(p + 1, (uint32_t)n);
    return p + FRAME_HEAD;
}

static void tell_entry(struct confined_child *c, const struct unpack_entry *e)
{
    size_t n = 1 + 1 + 8 + 4 + e->path.n + e->link.n;
    uint8_t *p = frame(c, FRAME_ENTRY, n);

    p[0] = (uint8_t)e->type;
    p[1] = e->executable;
    put64(p + 2, e->type == UNPACK_FILE ? e->size : 0);
    put32(p + 10, (uint32_t)e->path.n);
    memcpy(p + 14, e->path.p, e->path.n);
    memcpy(p + 14 + e->path.n, e->link.p, e->link.n);
    confined_commit(c, FRAME_HEAD + n);
}

static void tell_answer(struct confined_child *c, const struct unpack *u)
{
    struct wire_end end = { .format = "" };
    struct buf answer;
    uint8_t *p;

    buf_init(&answer, ANSWER_MAX);
    if (!wire_put_answer(&answer, &u->facts, &end))
        _exit(1);
    p = frame(c, FRAME_ANSWER, answer.n);
    memcpy(p, answer.p, answer.n);
    confined_commit(c, FRAME_HEAD + answer.n);
    buf_free(&answer);
}

struct teller {
    struct confined_child *c;
    uint8_t *room;
    size_t i;
    uint8_t *large;           /* LARGE_ROOMS of them */
    unsigned turn;            /* the large room that was used last */
    bool unread[LARGE_ROOMS]; /* the parent may still be reading it */
};

static uint8_t *room(void *user, size_t i, size_t n)
{
    struct teller *t = user;

    t->room = confined_room(t->c, DATA_HEAD + n);
    t->i = i;
    return t->room + DATA_HEAD;
}

static void put(void *user, size_t n)
{
    struct teller *t = user;

    t->room[0] = FRAME_DATA;
    put32(t->room + 1, (uint32_t)n + 4);
    put32(t->room + FRAME_HEAD, (uint32_t)t->i);
    confined_commit(t->c, DATA_HEAD + n);
}

static uint8_t *large_room(const struct teller *t)
{
    return t->large + t->turn * UNPACK_LARGE;
}

/* The large room whose turn it is, once the parent is done with what was in it. */
static uint8_t *large(void *user, const uint8_t *needed)
{
    struct teller *t = user;

    do
        t->turn = (t->turn + 1) % LARGE_ROOMS;
    while (large_room(t) == needed);
    if (t->unread[t->turn]) {
        (void)frame(t->c, FRAME_WAIT, 0);
        confined_commit(t->c, FRAME_HEAD);
        if (confined_ask(t->c) != GO)
            _exit(1);
        memset(t->unread, 0, sizeof t->unread);
    }
    return large_room(t);
}

static void put_large(void *user, size_t i, size_t n)
{
    struct teller *t = user;
    uint8_t *p = frame(t->c, FRAME_LARGE, 12);

    put32(p, (uint32_t)i);
    put32(p + 4, (uint32_t)n);
    put32(p + 8, t->turn);
    confined_commit(t->c, FRAME_HEAD + 12);
    t->unread[t->turn] = true;
}

struct job {
    struct span in;
    uint8_t *large;
    const char *name;
    const struct unpack_limits *limits;
};

static void end(struct confined_child *c, struct unpack *u)
{
    if (u->facts.n > 0 || u->facts.full)
        tell_answer(c, u);
    (void)frame(c, FRAME_END, 0);
    confined_commit(c, FRAME_HEAD);
    confined_flush(c);
}

static void work(struct confined_child *c, void *arg)
{
    const struct job *job = arg;
    struct unpack_sink sink;
    struct teller teller = { .c = c, .large = job->large };
    struct unpack u;

    unpack_init(&u, job->in, job->name, job->limits);
    u.format = unpack_format_of(job->in);
    if (u.format == UNPACK_ZIP && unpack_is_wheel(job->name))
        unpack_record_new(&u);
    if (!unpack_plan(&u)) {
        end(c, &u);
        return;
    }
    for (size_t i = 0; i < u.n; i++)
        tell_entry(c, &u.entries[i]);
    (void)frame(c, FRAME_GO, 0);
    confined_commit(c, FRAME_HEAD);
    if (confined_ask(c) != GO)
        return;
    sink = (struct unpack_sink){ &teller, room, put, large, put_large };
    (void)unpack_content(&u, &sink);
    end(c, &u);
}

/* ---- the parent ---- */

/* An entry of the plan, copied. */
struct entry {
    struct span path, link;
    uint64_t size;
    enum unpack_type type;
    bool executable;
};

struct run {
    struct confined *c;
    const uint8_t *large;
    const char *name;
    const struct unpack_limits *limits;
    struct facts *facts;
    struct place *place;
    struct entry *entries; /* owned */
    size_t n, room;
    size_t at;     /* the next one that is to be made */
    uint64_t left; /* bytes that the file at hand still lacks */
    uint64_t bytes, files;
    bool planned, ended, refused;
    struct pratique_error *err;
};

static enum pratique_status nonsense(struct run *r)
{
    return error_set(r->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                     "the process that read it talks nonsense");
}

static enum pratique_status no_memory(struct run *r)
{
    return error_set(r->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while unpacking");
}

static bool make_room(struct run *r)
{
    size_t more = r->room ? r->room * 2 : 256;
    struct entry *list;

    if (r->n < r->room)
        return true;
    list = realloc(r->entries, more * sizeof *list);
    if (!list)
        return false;
    r->entries = list;
    r->room = more;
    return true;
}

static enum pratique_status take_entry(struct run *r, struct span in)
{
    struct entry e = { .type = UNPACK_FOLDER };
    struct span path;
    uint8_t type, executable;
    uint32_t n;
    char *copy, *link;

    if (r->planned || !take_u8(&in, &type) || !take_u8(&in, &executable) ||
        !take_u64le(&in, &e.size) || !take_u32le(&in, &n) || !take(&in, n, &path) ||
        type > UNPACK_HARDLINK || path.n > NAMES_PATH_MAX || r->n >= r->limits->files ||
        e.size > r->limits->bytes - r->bytes || in.n > NAMES_PATH_MAX)
        return nonsense(r);
    copy = arena_copy(r->facts->arena, path.p, path.n);
    link = arena_copy(r->facts->arena, in.p, in.n);
    if (!copy || !link || !make_room(r))
        return no_memory(r);
    e.path = span_of(copy, path.n); /* what is judged is what nobody else can change */
    if (!names_is_path(e.path))
        return nonsense(r);
    e.link = span_of(link, in.n);
    e.type = (enum unpack_type)type;
    e.executable = executable;
    r->bytes += e.size;
    r->files += e.type == UNPACK_FILE || e.type == UNPACK_HARDLINK;
    r->entries[r->n++] = e;
    return PRATIQUE_OK;
}

static enum pratique_status take_answer(struct run *r, struct span in)
{
    char *copy = arena_copy(r->facts->arena, in.p, in.n);
    struct wire_end end_of;
    const char *why = "";
    enum pratique_status st;

    if (!copy)
        return no_memory(r);
    if (r->facts->n > 0)
        return nonsense(r);
    st = wire_take_answer(span_of(copy, in.n), span_text(r->name), r->facts, &end_of, &why);
    return st == PRATIQUE_E_NOMEM ? no_memory(r) : st == PRATIQUE_OK ? st : nonsense(r);
}

bool unpack_admits(const struct facts *facts)
{
    struct policy none = { .name = "admit" };
    struct judged judged = { .verdict = PRATIQUE_UNDECIDED };

    if (facts->full || verdict_judge(&judged, facts->arena, facts, &none) != PRATIQUE_OK)
        return false;
    for (size_t i = 0; i < judged.n; i++)
        if (judged.findings[i].severity > PRATIQUE_LOW)
            return false;
    return true;
}

static enum pratique_status make(struct run *r, const struct entry *e)
{
    switch (e->type) {
    case UNPACK_FOLDER:
        return place_folder(r->place, e->path, r->err);
    case UNPACK_FILE:
        r->left = e->size;
        return place_file(r->place, e->path, e->executable, e->size, r->err);
    default:
        return PRATIQUE_OK; /* links come last, so that nothing is written through one */
    }
}

/* Makes everything up to the file of index want; PRATIQUE_OK when it is the one at hand. */
static enum pratique_status advance(struct run *r, size_t want)
{
    enum pratique_status st = PRATIQUE_OK;

    while (st == PRATIQUE_OK && r->at < want && r->left == 0)
        st = make(r, &r->entries[r->at++]);
    return st == PRATIQUE_OK && r->at != want ? nonsense(r) : st;
}

/* The next bytes of entry i. */
static enum pratique_status take_bytes(struct run *r, uint32_t i, struct span bytes)
{
    enum pratique_status st;

    if (!r->planned || i >= r->n || bytes.n == 0)
        return nonsense(r);
    st = advance(r, (size_t)i + 1);
    if (st != PRATIQUE_OK)
        return st;
    if (r->entries[i].type != UNPACK_FILE || bytes.n > r->left)
        return nonsense(r);
    r->left -= bytes.n;
    return place_write(r->place, bytes, r->err);
}

static enum pratique_status take_data(struct run *r, struct span in)
{
    uint32_t i;

    return take_u32le(&in, &i) ? take_bytes(r, i, in) : nonsense(r);
}

static enum pratique_status take_large(struct run *r, struct span in)
{
    uint32_t i, n, turn;

    if (!take_u32le(&in, &i) || !take_u32le(&in, &n) || !take_u32le(&in, &turn) ||
        n > UNPACK_LARGE || turn >= LARGE_ROOMS)
        return nonsense(r);
    return take_bytes(r, i, span_of(r->large + turn * UNPACK_LARGE, n));
}

static enum pratique_status make_links(struct run *r, enum unpack_type type)
{
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 0; st == PRATIQUE_OK && i < r->n; i++) {
        const struct entry *e = &r->entries[i];

        if (e->type == type)
            st = type == UNPACK_SYMLINK ? place_symlink(r->place, e->path, e->link, r->err)
                                        : place_hardlink(r->place, e->path, e->link, r->err);
    }
    return st;
}

/* What needs no more bytes: the last empty files and folders, and the links. */
static enum pratique_status finish(struct run *r)
{
    enum pratique_status st = advance(r, r->n);

    if (st == PRATIQUE_OK && r->left > 0)
        st = nonsense(r);
    if (st == PRATIQUE_OK)
        st = make_links(r, UNPACK_HARDLINK);
    if (st == PRATIQUE_OK)
        st = make_links(r, UNPACK_SYMLINK);
    return st == PRATIQUE_OK ? place_finish(r->place, r->err) : st;
}

static enum pratique_status go_on(struct run *r)
{
    if (r->planned)
        return nonsense(r);
    r->planned = true;
    r->refused = !unpack_admits(r->facts);
    if (!r->refused)
        (void)confined_say(r->c, GO);
    return PRATIQUE_OK;
}

static enum pratique_status take_end(struct run *r)
{
    r->ended = true;
    r->refused = r->refused || !unpack_admits(r->facts);
    if (r->refused)
        return PRATIQUE_OK;
    return r->planned ? finish(r) : nonsense(r);
}

static enum pratique_status take_frame(struct run *r, struct span *batch)
{
    struct span content;
    uint8_t tag;
    uint32_t n;

    if (r->ended || !take_u8(batch, &tag) || !take_u32le(batch, &n) || !take(batch, n, &content))
        return nonsense(r);
    switch (tag) {
    case FRAME_ENTRY:
        return take_entry(r, content);
    case FRAME_ANSWER:
        return take_answer(r, content);
    case FRAME_GO:
        return go_on(r);
    case FRAME_DATA:
        return take_data(r, content);
    case FRAME_LARGE:
        return take_large(r, content);
    case FRAME_WAIT:
        (void)confined_say(r->c, GO);
        return PRATIQUE_OK;
    case FRAME_END:
        return take_end(r);
    default:
        return nonsense(r);
    }
}

/* Everything the child says, up to its end or to what is against it. */
static enum pratique_status listen(struct run *r)
{
    enum pratique_status st = PRATIQUE_OK;
    struct span batch;

    while (st == PRATIQUE_OK && !r->refused && !r->ended) {
        st = confined_next(r->c, &batch, r->err);
        if (st == PRATIQUE_OK && batch.n == 0)
            return nonsense(r); /* it ended without saying so */
        while (st == PRATIQUE_OK && batch.n > 0 && !r->refused)
            st = take_frame(r, &batch);
    }
    return st;
}

static enum pratique_status run(struct unpacked *out, struct job *job, int root,
                                struct facts *facts, struct pratique_error *err)
{
    struct confined_limits most = { .memory_bytes = job->limits->memory_bytes,
                                    .time_ms = job->limits->time_ms,
                                    .weak_ok = job->limits->weak_ok };
    struct run r = {
        .large = job->large, .name = job->name, .limits = job->limits, .facts = facts, .err = err
    };
    enum pratique_status st = place_open(&r.place, root, err);

    if (st == PRATIQUE_OK)
        st = confined_start(&r.c, work, job, &most, err);
    if (st == PRATIQUE_OK)
        st = listen(&r);
    confined_end(r.c);
    place_close(r.place);
    free(r.entries);
    *out = (struct unpacked){ r.files, r.bytes };
    return st;
}

enum pratique_status unpack_run(struct unpacked *out, int fd, uint64_t size, const char *name,
                                int root, const struct unpack_limits *limits, struct facts *facts,
                                struct pratique_error *err)
{
    struct job job = { .name = name, .limits = limits };
    enum pratique_status st;
    struct map map;

    *out = (struct unpacked){ .files = 0 };
    if (unpack_is_wheel(name))
        unpack_record_warm();
    job.large = mmap(NULL, LARGE_ROOMS * UNPACK_LARGE, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (job.large == MAP_FAILED)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while unpacking %s", name);
    st = map_open(&map, fd, size);
    if (st == PRATIQUE_OK) {
        job.in = map.bytes;
        st = run(out, &job, root, facts, err);
        map_close(&map);
    } else {
        (void)error_set(err, st, PRATIQUE_NO_OFFSET, "the copy of %s cannot be read", name);
    }
    (void)munmap(job.large, LARGE_ROOMS * UNPACK_LARGE);
    return st;
}
