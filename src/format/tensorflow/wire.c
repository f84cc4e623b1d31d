/* See wire.h. */
#include "format/tensorflow/wire.h"

#include <stdio.h>

#include "format/model/hidden.h"

#define FIELDS_PER_LOOK 0x10000 /* at the clock */

uint64_t tf_at(const struct tf_wire *w, struct span part)
{
    return w->placeless ? PRATIQUE_NO_OFFSET : (uint64_t)(part.p - w->whole.p);
}

void tf_fail(struct tf_wire *w, enum pratique_status st, struct span at, const char *why)
{
    if (w->st != PRATIQUE_OK)
        return;
    w->st = st;
    if (st == PRATIQUE_E_LIMIT)
        (void)scan_fail_budget(w->s, tf_at(w, at));
    else
        (void)scan_fail(w->s, st, tf_at(w, at), "%s: %s", w->what, why);
}

bool tf_next(struct tf_wire *w, struct span *in, struct pb_field *f)
{
    uint64_t groups = 0;

    while (w->st == PRATIQUE_OK && in->n > 0) {
        if (++w->fields % FIELDS_PER_LOOK == 0 && !budget_time(w->s->budget)) {
            tf_fail(w, PRATIQUE_E_LIMIT, *in, "");
            return false;
        }
        if (!pb_take(in, f) || (f->wire == PB_END && groups == 0)) {
            tf_fail(w, PRATIQUE_E_FORMAT, *in, "a field that is none");
            return false;
        }
        if (f->wire == PB_GROUP)
            groups++;
        else if (f->wire == PB_END)
            groups--;
        else if (groups == 0)
            return true;
    }
    if (groups > 0)
        tf_fail(w, PRATIQUE_E_FORMAT, *in, "a group without its end");
    return false;
}

struct span tf_first(struct span in, uint64_t number)
{
    struct pb_field f;

    for (unsigned n = 0; n < 64 && in.n > 0 && pb_take(&in, &f); n++)
        if (f.number == number && f.wire == PB_BYTES)
            return f.body;
    return SPAN_EMPTY;
}

/* ---- what texts carry ---- */

static bool is_pickle(struct span in)
{
    return in.n > 4 && in.p[0] == 0x80 && in.p[1] >= 2 && in.p[1] <= 5 && in.p[in.n - 1] == '.';
}

#define TEXTS_MAX  4096  /* of a body; numbers are no texts, and are not read on and on */
#define SOURCE_MAX 65536 /* bytes of a text that are looked at */

/* A line that begins as an import of Python does. */
static bool is_source(struct span in)
{
    struct span head = span_of(in.p, in.n < SOURCE_MAX ? in.n : SOURCE_MAX);
    size_t at;

    if (in.n < 16)
        return false;
    if (span_starts(in, SPAN_LITERAL("import ")) || span_starts(in, SPAN_LITERAL("from ")) ||
        span_find(head, 0, SPAN_LITERAL("\nimport ")) != SIZE_MAX)
        return span_find(head, 0, SPAN_LITERAL("(")) != SIZE_MAX &&
               span_find(head, 0, SPAN_LITERAL("import ")) != SIZE_MAX;
    at = span_find(head, 0, SPAN_LITERAL("__import__("));
    return at != SIZE_MAX;
}

void tf_content(struct tf_wire *w, struct span content, struct span name)
{
    bool source = content.n > 0 && is_source(content);
    enum pratique_status st;
    char text[200];
    int n;

    if (!source && !is_pickle(content) && !(content.n > 16 && hidden_has_magic(content)))
        return;
    n = snprintf(text, sizeof text, "constant of %.*s%s", (int)(name.n < 100 ? name.n : 100),
                 (const char *)name.p, source ? ".py" : "");
    st = scan_nested(w->s, content, span_of(text, n > 0 ? (size_t)n : 0), ROLE_ANY);
    if (st != PRATIQUE_OK)
        w->st = st;
}

bool tf_texts_begin(struct span *lengths, struct span *texts)
{
    struct span in = *lengths;
    uint64_t n, sum = 0;

    for (unsigned i = 0; i < TEXTS_MAX && in.n > 0 && pb_take_varint(&in, &n) &&
                         !__builtin_add_overflow(sum, n, &sum) && sum <= in.n;
         i++)
        if (sum == in.n) {
            *lengths = span_of(lengths->p, lengths->n - in.n);
            *texts = in;
            return true;
        }
    return false;
}

bool tf_texts_next(struct span *lengths, struct span *texts, struct span *text)
{
    uint64_t n;

    *text = SPAN_EMPTY;
    return lengths->n > 0 && pb_take_varint(lengths, &n) && take(texts, n, text);
}
