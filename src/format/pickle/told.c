/*
 * What the machine tells: facts of one shape about one global are counted, the
 * first few with their own evidence, so that a million equal calls are one line.
 */
#include <stdlib.h>

#include "format/pickle/machine.h"

#define SAME_SHOWN   3u  /* facts of one shape about one global that are told apart */
#define SHAPES_MAX   64  /* how far back an equal shape is looked for */
#define ARGS_VISITED 64u /* values looked at in the arguments of one call */
#define NO_GLOBAL    UINT32_MAX
#define TEXT_MAX     ((size_t)FACT_DETAIL_MAX)

/* What a walk over arguments has seen. */
struct walk {
    struct machine *m;
    struct fact *fact;
    uint32_t left;
};

static void add_ref(struct fact *fact, struct span full)
{
    for (uint32_t i = 0; i < fact->refs_n && i < FACT_REFS_MAX; i++)
        if (span_equal(fact->refs[i], full))
            return;
    if (fact->refs_n < FACT_REFS_MAX)
        fact->refs[fact->refs_n] = full;
    fact->refs_n++;
}

static void walk_args(struct walk *walk, const word *args, size_t n, unsigned depth)
{
    for (size_t i = 0; i < n; i++) {
        const word *inner;
        size_t inner_n;
        bool more;

        if (walk->left == 0 || depth > 8) {
            walk->fact->flags |= PK_ARGS_UNKNOWN;
            return;
        }
        walk->left--;
        switch (word_tag(args[i])) {
        case TAG_GLOBAL:
            add_ref(walk->fact, walk->m->globals[word_payload(args[i])].full);
            break;
        case TAG_TUPLE_LIVE:
            inner = ring_items(walk->m, word_payload(args[i]), &inner_n, &more);
            if (inner)
                walk_args(walk, inner, inner_n, depth + 1);
            else
                walk->fact->flags |= PK_ARGS_UNKNOWN;
            break;
        case TAG_OBJECT:
        case TAG_DTYPE:
        case TAG_PERSID:
        case TAG_EXTERN:
            walk->fact->flags |= PK_ARGS_CALLED;
            break;
        default:
            break;
        }
    }
}

static bool is_plain_identifier(struct span s)
{
    if (s.n == 0 || span_starts(s, SPAN_LITERAL("__")))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;

        if (!letter && !(i && c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

static bool all_atoms(const word *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= ARGS_VISITED || word_tag(args[i]) != TAG_ATOM)
            return false;
    return true;
}

void shape_of_args(const struct machine *m, struct fact *fact, const word *args, size_t n)
{
    struct walk walk = { .m = (struct machine *)m, .fact = fact, .left = ARGS_VISITED };

    if (n && all_atoms(args, n))
        fact->flags |= PK_ARGS_NUMBERS;
    if (n == 0)
        fact->flags |= PK_ARGS_NONE;
    else if (word_tag(args[0]) == TAG_GLOBAL)
        fact->flags |= PK_ARGS_REF0;
    if (n >= 2 && word_tag(args[1]) == TAG_STR &&
        is_plain_identifier(constant_bytes(m, word_payload(args[1]))))
        fact->flags |= PK_FIRST_PLAIN_IDENT;
    walk_args(&walk, args, n, 0);
}

static bool same_refs(const struct fact *a, const struct fact *b)
{
    if (a->refs_n != b->refs_n)
        return false;
    for (uint32_t i = 0; i < a->refs_n && i < FACT_REFS_MAX; i++)
        if (!span_equal(a->refs[i], b->refs[i]))
            return false;
    return true;
}

static bool same_shape(const struct fact *a, const struct fact *b)
{
    return a->kind == b->kind && a->flags == b->flags && span_equal(a->subject, b->subject) &&
           (b->detail.n == 0 || span_equal(a->detail, b->detail)) && same_refs(a, b);
}

/*
 * The fact of this shape to count up instead of telling another, or NULL. What
 * stands before tell_from was told by an earlier reading: it is dropped.
 */
static struct told *find_same(struct machine *m, uint32_t global, const struct fact *fact,
                              uint32_t *same)
{
    int32_t at = global == NO_GLOBAL ? m->told_other : m->globals[global].told;

    *same = 0;
    for (int left = SHAPES_MAX; at >= 0 && left > 0; left--) {
        struct told *t = &m->told[at];

        if (same_shape(&t->fact, fact)) {
            *same = t->same;
            return t->same >= SAME_SHOWN ? t : NULL;
        }
        at = t->next;
    }
    return NULL;
}

static struct told *tell(struct machine *m, uint32_t global, const struct fact *fact)
{
    int32_t *latest = global == NO_GLOBAL ? &m->told_other : &m->globals[global].told;
    uint32_t same;
    struct told *t = find_same(m, global, fact, &same);

    if (t) {
        t->fact.count++;
        return NULL;
    }
    if (m->told_n >= FACT_MAX) {
        m->scan->facts->full = true;
        return NULL;
    }
    if (!store_fit(m, &m->told_store, (m->told_n + 1) * sizeof *m->told))
        return NULL;
    m->told = m->told_store.p;
    t = &m->told[m->told_n];
    *t = (struct told){ .fact = *fact, .global = global, .next = *latest, .same = same + 1 };
    t->fact.count = 1;
    t->fact.where = m->scan->where;
    t->fact.offset = m->op_off;
    *latest = (int32_t)m->told_n++;
    return t;
}

/* Hands the text in b over to the fact t (NULL: it was counted) and frees b. */
static void give_detail(struct machine *m, struct told *t, struct buf *b)
{
    if (t && b->n) {
        char *copy = arena_copy(m->scan->arena, b->p, b->n);

        t->fact.detail = copy ? span_of(copy, b->n) : SPAN_EMPTY;
    }
    buf_free(b);
}

void tell_global(struct machine *m, uint32_t g)
{
    struct global *global = &m->globals[g];
    struct told *t;

    if (global->count++)
        return;
    t = tell(m, g,
             &(struct fact){
                 .kind = FACT_PICKLE_GLOBAL, .flags = global->flags, .subject = global->full });
    if (t)
        t->fact.detail = global->written;
}

/* The global that a value comes from, or NO_GLOBAL; *subject says it in words. */
static uint32_t origin_of(const struct machine *m, word w, struct span *subject, uint32_t *flags)
{
    switch (word_tag(w)) {
    case TAG_GLOBAL:
        *flags |= PK_ON_GLOBAL;
        FALLTHROUGH;
    case TAG_OBJECT:
        *subject = m->globals[word_payload(w)].full;
        return (uint32_t)word_payload(w);
    case TAG_DTYPE:
        *subject = SPAN_LITERAL("numpy.dtype");
        return m->dtype_global;
    case TAG_PERSID:
        *flags |= PK_ON_PERSID;
        *subject = SPAN_LITERAL("what a persistent id stands for");
        return NO_GLOBAL;
    case TAG_EXTERN:
        *flags |= PK_ON_PERSID;
        *subject = SPAN_LITERAL("an out-of-band buffer");
        return NO_GLOBAL;
    default:
        *subject = SPAN_EMPTY;
        return NO_GLOBAL;
    }
}

static bool is_by_name(const struct machine *m, uint32_t global)
{
    return global != NO_GLOBAL && m->globals[global].special == SPECIAL_BY_NAME;
}

void tell_call(struct machine *m, word callee, uint32_t how, const word *args, size_t n, bool known)
{
    struct fact fact = { .kind = FACT_PICKLE_CALL, .flags = how };
    uint32_t on = 0, global = origin_of(m, callee, &fact.subject, &on);
    bool computed = word_tag(callee) != TAG_GLOBAL;
    struct told *t;
    struct buf b;

    if (computed)
        fact.kind = FACT_PICKLE_CALL_COMPUTED;
    if (known)
        shape_of_args(m, &fact, args, n);
    else
        fact.flags |= PK_ARGS_UNKNOWN;
    buf_init(&b, TEXT_MAX);
    if (computed)
        (void)buf_puts(&b, "result of ");
    if (is_by_name(m, global)) { /* each with its own names is told by itself */
        fold_call(m, &b, fact.subject, args, n, known);
        fact.detail = span_of(b.p, b.n);
    }
    t = tell(m, global, &fact);
    if (t && !fact.detail.n)
        fold_call(m, &b, fact.subject, args, n, known);
    give_detail(m, t, &b);
}

void tell_method(struct machine *m, word object, uint32_t how, const word *items, size_t n)
{
    struct fact fact = { .kind = FACT_PICKLE_METHOD, .flags = how };
    uint32_t global = origin_of(m, object, &fact.subject, &fact.flags);
    struct told *t = tell(m, global, &fact);
    struct buf b;

    if (!t)
        return;
    buf_init(&b, TEXT_MAX);
    fold_call(m, &b,
              how & PK_SETITEM  ? SPAN_LITERAL("[key] = value: ")
              : how & PK_APPEND ? SPAN_LITERAL(".append")
                                : SPAN_LITERAL(".add"),
              items, n, true);
    give_detail(m, t, &b);
}

/* Flags of a dict that is a state, or a part of one. */
static void shape_of_dict(const struct machine *m, word w, struct fact *fact, struct buf *b)
{
    const struct odd_dict *d = word_tag(w) == TAG_DICT ? odd_find(m, word_payload(w)) : NULL;
    struct span key;

    if (!d || d->flags < ODD_DUNDER)
        return;
    if (d->flags & ODD_DUNDER)
        fact->flags |= PK_STATE_DUNDER;
    if (d->flags & ODD_DUNDER_LIVE)
        fact->flags |= PK_STATE_DUNDER_LIVE;
    if (d->flags & ODD_METHOD_LIVE)
        fact->flags |= PK_STATE_METHOD_LIVE;
    key = d->key == UINT64_MAX ? SPAN_LITERAL("a computed key") : constant_bytes(m, d->key);
    (void)buf_printf(b, "%s%.*s", b->n ? ", " : "", (int)(key.n < 80 ? key.n : 80),
                     (const char *)key.p);
}

/* A state, or a part of (dict, slots), that a call made: what it sets is not known. */
static void note_made(word w, struct fact *fact)
{
    if (word_tag(w) == TAG_OBJECT || word_tag(w) == TAG_PERSID || word_tag(w) == TAG_EXTERN)
        fact->flags |= PK_ARGS_CALLED;
}

/* The globals that a tuple of state holds; whether results are among them says nothing here. */
static void refs_of_state(const struct machine *m, struct fact *fact, const word *items, size_t n)
{
    uint32_t flags = fact->flags;

    shape_of_args(m, fact, items, n);
    fact->flags = flags | (fact->flags & PK_ARGS_REF0);
}

/* A tuple of state: a dict in it, wherever it stands, may end up in __dict__. */
static void shape_of_state(const struct machine *m, word state, struct fact *fact, struct buf *b)
{
    const word *items;
    size_t n;
    bool more;

    items = ring_items(m, word_payload(state), &n, &more);
    if (!items && word_tag(state) == TAG_TUPLE_LIVE)
        fact->flags |= PK_ARGS_UNKNOWN;
    if (items && n == 2 && word_tag(items[1]) == TAG_DICT)
        fact->flags |= PK_STATE_SLOTS;
    for (size_t i = 0; items && i < n; i++) {
        shape_of_dict(m, items[i], fact, b);
        if (n == 2)
            note_made(items[i], fact);
    }
    refs_of_state(m, fact, items, n);
}

void tell_build(struct machine *m, word object, word state, uint32_t flags)
{
    struct fact fact = { .kind = FACT_PICKLE_BUILD, .flags = flags };
    uint32_t global = origin_of(m, object, &fact.subject, &fact.flags);
    struct buf b;

    buf_init(&b, TEXT_MAX);
    if (word_tag(state) == TAG_TUPLE || word_tag(state) == TAG_TUPLE_LIVE) {
        shape_of_state(m, state, &fact, &b);
    } else {
        shape_of_dict(m, state, &fact, &b);
        note_made(state, &fact);
    }
    give_detail(m, tell(m, global, &fact), &b);
}

void tell_text(struct machine *m, enum fact_kind kind, uint64_t number, struct span subject,
               struct buf *detail)
{
    struct told *t =
        tell(m, NO_GLOBAL, &(struct fact){ .kind = kind, .number = number, .subject = subject });

    if (detail)
        give_detail(m, t, detail);
}

/* Of a second reading: what it does with names that the first one did not know. */
static bool is_news(const struct machine *m, const struct told *t)
{
    return t->fact.offset >= m->tell_from && t->global != NO_GLOBAL && global_is_news(m, t->global);
}

/* What is known of a global at the end alone. */
static void end_global(const struct global *g, struct fact *fact)
{
    fact->count = g->count;
    fact->flags |= g->flags;
    if (g->pushed == g->called)
        fact->flags |= PK_ONLY_CALLED;
}

void tell_all(struct machine *m)
{
    for (uint32_t i = 0; i < m->told_n; i++) {
        struct told *t = &m->told[i];

        if (m->no_joblib && !is_news(m, t))
            continue;
        if (t->fact.kind == FACT_PICKLE_GLOBAL)
            end_global(&m->globals[t->global], &t->fact);
        t->fact.offset += m->base;
        facts_add(m->scan->facts, &t->fact);
    }
}
