/* See events.h. MessagePack: every type of the specification; keys may be anything but containers.
 */
#include <stdio.h>

#include "format/array/events.h"

struct level {
    uint64_t left; /* values; keys count as well */
    bool object;
};

struct walk {
    const struct listener *l;
    struct span all, in;
    uint32_t depth;
    uint64_t values;
    struct level levels[EVENT_DEPTH_MAX];
};

static uint64_t here(const struct walk *w)
{
    return w->all.n - w->in.n;
}

static enum pratique_status bad(const struct walk *w, const char *what)
{
    return scan_fail(w->l->s, PRATIQUE_E_FORMAT, here(w), "msgpack: %s", what);
}

static bool take_be(struct span *in, unsigned bytes, uint64_t *out)
{
    struct span s;

    *out = 0;
    if (!take(in, bytes, &s))
        return false;
    for (unsigned i = 0; i < bytes; i++)
        *out = *out << 8 | s.p[i];
    return true;
}

/* Opens a container of n entries; each takes at least a byte. */
static enum pratique_status open_level(struct walk *w, struct event *e, uint64_t n, bool object)
{
    if (n > w->in.n)
        return bad(w, "a container counts more entries than there are bytes");
    if (w->depth == EVENT_DEPTH_MAX)
        return bad(w, "containers are nested too deep");
    e->kind = object ? EVENT_OBJECT : EVENT_ARRAY;
    e->count = n;
    w->levels[w->depth++] = (struct level){ .left = object ? 2 * n : n, .object = object };
    return w->l->on(w->l->user, e);
}

static enum pratique_status blob(struct walk *w, struct event *e, enum event_kind kind, uint64_t n)
{
    e->kind = kind;
    if (!take(&w->in, n, &e->text))
        return bad(w, "a value is longer than the file");
    return PRATIQUE_OK;
}

static int64_t sign_extend(uint64_t v, unsigned bytes)
{
    unsigned shift = 64 - 8 * bytes;

    return (int64_t)(v << shift) >> shift;
}

/* 0xca to 0xd3: float 32 and 64, uint 8 to 64, int 8 to 64. */
static enum pratique_status number(struct walk *w, struct event *e, uint8_t c)
{
    unsigned bytes = c == 0xCA ? 4 : c == 0xCB ? 8 : 1u << ((c - 0xCC) & 3);
    uint64_t v;

    e->kind = EVENT_NUMBER;
    if (!take_be(&w->in, bytes, &v))
        return bad(w, "a number is cut short");
    e->whole = c >= 0xCC && !(c == 0xCF && v > INT64_MAX);
    e->number = c >= 0xD0 ? sign_extend(v, bytes) : (int64_t)v;
    return PRATIQUE_OK;
}

static enum pratique_status extension(struct walk *w, struct event *e, uint64_t n)
{
    uint8_t type;

    if (!take_u8(&w->in, &type))
        return bad(w, "an extension is cut short");
    e->type = (int8_t)type;
    return blob(w, e, EVENT_EXT, n);
}

/* A word or a number in one byte. */
static enum pratique_status small(struct event *e, uint8_t c)
{
    static const char *const words[] = { "null", "", "false", "true" };

    if (c >= 0xC0 && c <= 0xC3) {
        e->kind = EVENT_WORD;
        e->text = span_text(words[c - 0xC0]);
        return PRATIQUE_OK;
    }
    e->kind = EVENT_NUMBER;
    e->whole = true;
    e->number = (int8_t)c;
    return PRATIQUE_OK;
}

/* A value whose length stands in front of it, by the byte that names it. */
static enum pratique_status sized(struct walk *w, struct event *e, uint8_t c, bool *container)
{
    static const uint8_t bins[] = { 1, 2, 4 };
    uint64_t n;
    unsigned bytes = 0;

    if (c >= 0xC4 && c <= 0xC9)
        bytes = bins[(c - 0xC4) % 3];
    else if (c >= 0xD9 && c <= 0xDB)
        bytes = bins[c - 0xD9];
    else
        bytes = c & 1 ? 4 : 2; /* dc, dd, de, df */
    if (!take_be(&w->in, bytes, &n))
        return bad(w, "a length is cut short");
    if (c <= 0xC6)
        return blob(w, e, EVENT_BYTES, n);
    if (c <= 0xC9)
        return extension(w, e, n);
    if (c <= 0xDB)
        return blob(w, e, EVENT_TEXT, n);
    *container = true;
    return open_level(w, e, n, c >= 0xDE);
}

/* Reads one value into e; containers are told at once. */
static enum pratique_status value(struct walk *w, struct event *e, bool *container)
{
    uint8_t c;

    *container = false;
    if (!take_u8(&w->in, &c))
        return bad(w, "it ends within a container");
    if (c < 0x80 || c >= 0xE0 || c == 0xC0 || c == 0xC2 || c == 0xC3)
        return small(e, c);
    if (c == 0xC1)
        return bad(w, "a byte that is never used");
    if (c >= 0xCA && c <= 0xD3)
        return number(w, e, c);
    if (c >= 0xD4 && c <= 0xD8)
        return extension(w, e, UINT64_C(1) << (c - 0xD4));
    if (c >= 0xA0 && c < 0xC0)
        return blob(w, e, EVENT_TEXT, c & 0x1F);
    if (c >= 0xC4)
        return sized(w, e, c, container);
    *container = true;
    return open_level(w, e, c & 0x0F, c < 0x90);
}

/* Whether the value that comes is a key; it is taken off its container. */
static bool is_key(struct walk *w)
{
    struct level *level = w->depth ? &w->levels[w->depth - 1] : NULL;

    return level && level->left-- % 2 == 0 && level->object;
}

/* A key that is a number or a word is told by its text. */
static enum pratique_status tell_key(struct walk *w, struct event *e)
{
    char text[32];
    int n;

    if (e->kind == EVENT_EXT)
        return bad(w, "a key is an extension");
    e->odd = e->kind != EVENT_TEXT && e->kind != EVENT_BYTES;
    if (e->kind == EVENT_NUMBER) {
        n = snprintf(text, sizeof text, "%lld", (long long)e->number);
        e->text = span_of(text, (size_t)n);
    }
    e->kind = EVENT_KEY;
    return w->l->on(w->l->user, e);
}

static enum pratique_status step(struct walk *w)
{
    struct event e = { .offset = here(w), .depth = w->depth, .text = SPAN_EMPTY };
    bool key = is_key(w), container;
    enum pratique_status st = value(w, &e, &container);

    if (st != PRATIQUE_OK)
        return st;
    if (key && container)
        return bad(w, "a key is a container");
    if (container)
        return PRATIQUE_OK;
    return key ? tell_key(w, &e) : w->l->on(w->l->user, &e);
}

static enum pratique_status close_levels(struct walk *w)
{
    while (w->depth > 0 && w->levels[w->depth - 1].left == 0) {
        struct event e = {
            .kind = EVENT_CLOSE, .depth = --w->depth, .offset = here(w), .text = SPAN_EMPTY
        };
        enum pratique_status st = w->l->on(w->l->user, &e);

        if (st != PRATIQUE_OK)
            return st;
    }
    return PRATIQUE_OK;
}

enum pratique_status events_msgpack(const struct listener *l, struct span in, size_t *used)
{
    struct walk w = { .l = l, .all = in, .in = in };
    enum pratique_status st;

    *used = 0;
    do {
        if (++w.values % 65536 == 0 && !budget_time(l->s->budget))
            return scan_fail_budget(l->s, here(&w));
        st = step(&w);
        if (st == PRATIQUE_OK)
            st = close_levels(&w);
    } while (st == PRATIQUE_OK && w.depth > 0);
    *used = (size_t)here(&w);
    return st;
}
