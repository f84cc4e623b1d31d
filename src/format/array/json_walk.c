/*
 * See events.h. JSON by RFC 8259, and NaN and Infinity as XGBoost writes them. Texts are told with
 * their escapes as they are.
 */
#include <ctype.h>

#include "format/array/events.h"

struct walk {
    const struct listener *l;
    struct span all, in;
    uint32_t depth;
    uint64_t values;
    bool object[EVENT_DEPTH_MAX];
    bool first; /* nothing stands in the innermost container yet */
};

static uint64_t here(const struct walk *w)
{
    return w->all.n - w->in.n;
}

static enum pratique_status bad(const struct walk *w, const char *what)
{
    return scan_fail(w->l->s, PRATIQUE_E_FORMAT, here(w), "JSON: %s", what);
}

static void skip_space(struct walk *w)
{
    size_t n = 0;

    while (n < w->in.n &&
           (w->in.p[n] == ' ' || w->in.p[n] == '\n' || w->in.p[n] == '\r' || w->in.p[n] == '\t'))
        n++;
    (void)skip(&w->in, n);
}

static bool punct(struct walk *w, char c)
{
    skip_space(w);
    return w->in.n > 0 && w->in.p[0] == (uint8_t)c && skip(&w->in, 1);
}

static enum pratique_status string(struct walk *w, struct span *out)
{
    size_t n = 0;

    *out = SPAN_EMPTY;
    if (!punct(w, '"'))
        return bad(w, "a string is missing");
    while (n < w->in.n && w->in.p[n] != '"') {
        if (w->in.p[n] < 0x20)
            return bad(w, "a control character in a string");
        n += w->in.p[n] == '\\' ? 2 : 1;
    }
    if (n >= w->in.n || !take(&w->in, n, out) || !skip(&w->in, 1))
        return bad(w, "a string does not end");
    return PRATIQUE_OK;
}

/* The digits of an integer that fits; otherwise it is only a number. */
static void read_integer(struct span s, struct event *e)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    int64_t v = 0;

    if (negative)
        (void)skip(&s, 1);
    if (s.n == 0 || s.n > 18)
        return;
    for (size_t i = 0; i < s.n; i++) {
        if (!isdigit(s.p[i]))
            return;
        v = v * 10 + (s.p[i] - '0');
    }
    e->whole = true;
    e->number = negative ? -v : v;
}

static enum pratique_status scalar(struct walk *w, struct event *e)
{
    static const struct span words[] = { SPAN_LITERAL("null"), SPAN_LITERAL("true"),
                                         SPAN_LITERAL("false") };
    size_t n = 0;
    bool digit = false;

    while (n < w->in.n &&
           (isalnum(w->in.p[n]) || w->in.p[n] == '-' || w->in.p[n] == '+' || w->in.p[n] == '.')) {
        digit |= isdigit(w->in.p[n]) != 0;
        n++;
    }
    (void)take(&w->in, n, &e->text);
    e->kind = EVENT_WORD;
    for (size_t i = 0; i < 3; i++)
        if (span_equal(e->text, words[i]))
            return PRATIQUE_OK;
    e->kind = EVENT_NUMBER;
    if (!digit && !span_is(e->text, "NaN") && !span_is(e->text, "Infinity") &&
        !span_is(e->text, "-Infinity"))
        return bad(w, "no value");
    read_integer(e->text, e);
    return PRATIQUE_OK;
}

static enum pratique_status open_level(struct walk *w, struct event *e, bool object)
{
    if (w->depth == EVENT_DEPTH_MAX)
        return bad(w, "containers are nested too deep");
    e->kind = object ? EVENT_OBJECT : EVENT_ARRAY;
    w->object[w->depth++] = object;
    w->first = true;
    return w->l->on(w->l->user, e);
}

static enum pratique_status value(struct walk *w)
{
    struct event e = { .depth = w->depth, .text = SPAN_EMPTY };
    enum pratique_status st;

    skip_space(w);
    e.offset = here(w);
    if (punct(w, '{'))
        return open_level(w, &e, true);
    if (punct(w, '['))
        return open_level(w, &e, false);
    w->first = false;
    if (w->in.n > 0 && w->in.p[0] == '"') {
        e.kind = EVENT_TEXT;
        st = string(w, &e.text);
    } else {
        st = scalar(w, &e);
    }
    return st == PRATIQUE_OK ? w->l->on(w->l->user, &e) : st;
}

static enum pratique_status key(struct walk *w)
{
    struct event e = { .kind = EVENT_KEY, .depth = w->depth };
    enum pratique_status st;

    skip_space(w);
    e.offset = here(w);
    st = string(w, &e.text);
    if (st != PRATIQUE_OK)
        return st;
    if (!punct(w, ':'))
        return bad(w, "a colon is missing");
    return w->l->on(w->l->user, &e);
}

static enum pratique_status step(struct walk *w)
{
    struct event e = { .kind = EVENT_CLOSE, .text = SPAN_EMPTY };
    enum pratique_status st = PRATIQUE_OK;
    bool object;

    if (w->depth == 0)
        return value(w);
    object = w->object[w->depth - 1];
    if (punct(w, object ? '}' : ']')) {
        e.depth = --w->depth;
        e.offset = here(w) - 1;
        w->first = false;
        return w->l->on(w->l->user, &e);
    }
    if (!w->first && !punct(w, ','))
        return bad(w, "a comma is missing");
    if (object)
        st = key(w);
    return st == PRATIQUE_OK ? value(w) : st;
}

enum pratique_status events_json(const struct listener *l, struct span in, size_t *used)
{
    struct walk w = { .l = l, .all = in, .in = in };
    enum pratique_status st;

    *used = 0;
    do {
        if (++w.values % 65536 == 0 && !budget_time(l->s->budget))
            return scan_fail_budget(l->s, here(&w));
        st = step(&w);
    } while (st == PRATIQUE_OK && w.depth > 0);
    skip_space(&w);
    *used = (size_t)here(&w);
    return st;
}
