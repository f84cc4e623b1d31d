/*
 * See events.h. UBJSON as XGBoost and nlohmann::json write it. Left out, and refused: objects whose
 * values share one type, typed arrays of strings or containers, high-precision numbers.
 */
#include "format/array/events.h"

struct level {
    uint64_t left; /* UINT64_MAX: to a closing mark */
    bool object, key;
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
    return scan_fail(w->l->s, PRATIQUE_E_FORMAT, here(w), "UBJSON: %s", what);
}

/* Bytes of a number of that type; 0 when it is none. */
static unsigned size_of(int type)
{
    switch (type) {
    case 'i':
    case 'U':
    case 'C':
        return 1;
    case 'I':
        return 2;
    case 'l':
    case 'd':
        return 4;
    case 'L':
    case 'D':
        return 8;
    default:
        return 0;
    }
}

static int64_t integer_of(struct span s, int type)
{
    uint64_t v = 0;
    unsigned shift = 64 - 8 * (unsigned)s.n;

    for (size_t i = 0; i < s.n; i++)
        v = v << 8 | s.p[i];
    return type == 'U' || type == 'C' ? (int64_t)v : (int64_t)(v << shift) >> shift;
}

bool event_number_at(const struct event *e, uint64_t i, int64_t *out)
{
    unsigned size = size_of(e->type);
    struct span one;

    *out = 0;
    if (i >= e->count || e->type == 'd' || e->type == 'D' ||
        !span_sub(e->text, i * size, size, &one))
        return false;
    *out = integer_of(one, e->type);
    return true;
}

/* An integer with its type in front: a length or a count. */
static bool take_count(struct walk *w, uint64_t *out)
{
    uint8_t type;
    struct span s;

    *out = 0;
    if (!take_u8(&w->in, &type) || type == 'd' || type == 'D' || type == 'C' ||
        size_of(type) == 0 || !take(&w->in, size_of(type), &s) || integer_of(s, type) < 0)
        return false;
    *out = (uint64_t)integer_of(s, type);
    return true;
}

static bool take_text(struct walk *w, struct span *out)
{
    uint64_t n;

    return take_count(w, &n) && take(&w->in, n, out);
}

static enum pratique_status open_level(struct walk *w, struct event *e, uint64_t n, bool object)
{
    if (w->depth == EVENT_DEPTH_MAX)
        return bad(w, "containers are nested too deep");
    e->kind = object ? EVENT_OBJECT : EVENT_ARRAY;
    e->count = n;
    w->levels[w->depth++] = (struct level){ .left = n, .object = object, .key = object };
    return w->l->on(w->l->user, e);
}

/* "[$type#count": the numbers themselves, without a type each. */
static enum pratique_status numbers(struct walk *w, struct event *e)
{
    uint8_t type;
    uint64_t n;

    if (!take_u8(&w->in, &type) || size_of(type) == 0)
        return bad(w, "an array of a type that is no number");
    if (w->in.n == 0 || w->in.p[0] != '#' || !skip(&w->in, 1) || !take_count(w, &n))
        return bad(w, "a typed array without a count");
    e->kind = EVENT_NUMBERS;
    e->type = type;
    e->count = n;
    if (n > w->in.n || !take(&w->in, n * size_of(type), &e->text))
        return bad(w, "an array is longer than the file");
    return w->l->on(w->l->user, e);
}

static enum pratique_status container(struct walk *w, struct event *e, bool object)
{
    uint64_t n = UINT64_MAX;

    if (w->in.n > 0 && w->in.p[0] == '$') {
        (void)skip(&w->in, 1);
        return object ? bad(w, "an object of one type") : numbers(w, e);
    }
    if (w->in.n > 0 && w->in.p[0] == '#') {
        (void)skip(&w->in, 1);
        if (!take_count(w, &n) || n > w->in.n)
            return bad(w, "a container counts more entries than there are bytes");
    }
    return open_level(w, e, n, object);
}

static enum pratique_status scalar(struct walk *w, struct event *e, uint8_t c)
{
    struct span s;

    if (c == 'Z' || c == 'T' || c == 'F') {
        e->kind = EVENT_WORD;
        e->text = c == 'Z' ? SPAN_LITERAL("null")
                           : (c == 'T' ? SPAN_LITERAL("true") : SPAN_LITERAL("false"));
    } else if (c == 'S') {
        e->kind = EVENT_TEXT;
        if (!take_text(w, &e->text))
            return bad(w, "a string is longer than the file");
    } else {
        if (size_of(c) == 0 || !take(&w->in, size_of(c), &s))
            return bad(w, "no value of a known type");
        e->kind = EVENT_NUMBER;
        e->whole = c != 'd' && c != 'D';
        e->number = e->whole ? integer_of(s, c) : 0;
    }
    return w->l->on(w->l->user, e);
}

/* Counts the value that begins off its container. */
static void count_value(struct walk *w)
{
    struct level *level = w->depth ? &w->levels[w->depth - 1] : NULL;

    if (level && level->left != UINT64_MAX)
        level->left--;
    if (level)
        level->key = level->object;
}

static enum pratique_status key(struct walk *w, struct event *e)
{
    e->kind = EVENT_KEY;
    if (!take_text(w, &e->text))
        return bad(w, "a key is longer than the file");
    w->levels[w->depth - 1].key = false;
    return w->l->on(w->l->user, e);
}

/* Whether the innermost container ends here; its mark is taken. */
static bool at_end(struct walk *w)
{
    const struct level *level = &w->levels[w->depth - 1];

    if (level->left != UINT64_MAX)
        return level->left == 0 && (!level->object || level->key);
    if (level->object && !level->key)
        return false;
    return w->in.n > 0 && w->in.p[0] == (level->object ? '}' : ']') && skip(&w->in, 1);
}

static enum pratique_status step(struct walk *w)
{
    struct event e = { .offset = here(w), .depth = w->depth, .text = SPAN_EMPTY };
    uint8_t c;

    if (w->depth > 0 && at_end(w)) {
        e.kind = EVENT_CLOSE;
        e.depth = --w->depth;
        return w->l->on(w->l->user, &e);
    }
    if (w->depth > 0 && w->levels[w->depth - 1].key)
        return key(w, &e);
    if (!take_u8(&w->in, &c))
        return bad(w, "it ends within a container");
    if (c == 'N')
        return PRATIQUE_OK; /* filling */
    count_value(w);
    return c == '{' || c == '[' ? container(w, &e, c == '{') : scalar(w, &e, c);
}

enum pratique_status events_ubjson(const struct listener *l, struct span in, size_t *used)
{
    struct walk w = { .l = l, .all = in, .in = in };
    enum pratique_status st;

    *used = 0;
    do {
        if (++w.values % 65536 == 0 && !budget_time(l->s->budget))
            return scan_fail_budget(l->s, here(&w));
        st = step(&w);
    } while (st == PRATIQUE_OK && w.depth > 0);
    *used = (size_t)here(&w);
    return st;
}
