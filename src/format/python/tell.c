/* Facts: where a node stands, and what is said of the name that it means. See tell.h. */
#include <stdio.h>

#include "base/compiler.h"
#include "format/python/intrinsics.h"
#include "format/python/tell.h"

/* Facts of one file; past this many the rest is told as one gap. */
#define FACTS_MAX 2000
/* So many classes above one another are asked for a known base. */
#define BASES_MAX 8

/* ---- where it is ---- */

uint32_t scope_at(const struct analysis *an, uint32_t off)
{
    uint32_t lo = 1, hi = an->scopes.n, scope;

    while (lo < hi) { /* the first that begins behind off */
        uint32_t mid = lo + (hi - lo) / 2;

        if (an->scopes.list[mid].off <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    scope = lo - 1;
    while (scope && an->scopes.list[scope].end <= off)
        scope = an->scopes.list[scope].parent;
    return scope;
}

/* "Class.method"; empty at module level. */
static struct span function_at(const struct analysis *an, uint32_t off, char *text, size_t size)
{
    uint32_t path[16];
    unsigned depth = 0;
    size_t n = 0;

    for (uint32_t s = scope_at(an, off); s && depth < ARRAY_LEN(path);
         s = an->scopes.list[s].parent)
        if (an->scopes.list[s].kind == S_FUNCTION || an->scopes.list[s].kind == S_CLASS)
            path[depth++] = an->scopes.list[s].node;
    while (depth > 0) {
        const struct py_node *f = py_node(an->tree, path[--depth]);
        struct span name = py_atom_text(&an->tree->atoms, f->atom);

        if (n + name.n + 1 > size)
            break;
        memcpy(text + n, name.p, name.n);
        n += name.n;
        text[n++] = '.';
    }
    return span_of(text, n ? n - 1 : 0);
}

/* White space folded outside of strings' quotes; cut to size. */
struct span tell_folded(struct span s, char *text, size_t size)
{
    size_t n = 0;
    uint8_t quote = 0;

    for (size_t i = 0; i < s.n && n < size; i++) {
        uint8_t c = s.p[i];
        bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';

        if (quote && c == '\\' && i + 1 < s.n && n + 1 < size) {
            text[n++] = (char)c;
            c = s.p[++i];
        } else if (c == quote) {
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
        } else if (!quote && space) {
            if (n > 0 && text[n - 1] != ' ')
                text[n++] = ' ';
            continue;
        }
        text[n++] = (char)c;
    }
    return span_of(text, n);
}

/* The source line of a place, without the white space around it. */
static struct span line_at(const struct analysis *an, uint32_t off)
{
    struct span text = an->tree->text, line;
    size_t from = off, to = off;

    while (from > 0 && off - from < TELL_TEXT_MAX && text.p[from - 1] != '\n' &&
           text.p[from - 1] != '\r')
        from--;
    while (to < text.n && to - off < TELL_TEXT_MAX && text.p[to] != '\n' && text.p[to] != '\r')
        to++;
    while (from < to && (text.p[from] == ' ' || text.p[from] == '\t'))
        from++;
    return span_sub(text, from, to - from, &line) ? line : SPAN_EMPTY;
}

/* A fact at a node, or where the code stands that the node is part of. */
void tell_place(struct analysis *an, struct fact *f, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    struct py_position at = py_position(an->tree, n->off);

    if (an->outer) {
        f->where = an->place.where;
        f->line = an->place.line;
        f->column = an->place.column;
        f->offset = an->place.offset;
        f->flags |= PY_IN_CONSTANT;
        return;
    }
    f->where = an->s->where;
    f->line = at.line + an->line - 1;
    f->column = at.column;
    f->offset = an->offset == PRATIQUE_NO_OFFSET ? PRATIQUE_NO_OFFSET : an->offset + n->off;
}

/* Whether there is room for one more; past the bound that is told once. */
static bool has_room(struct analysis *an, uint32_t node)
{
    struct analysis *first = an;
    struct fact f = { .kind = FACT_PY_DEEP,
                      .subject = SPAN_LITERAL("too many names"),
                      .detail = SPAN_LITERAL("behind this line") };

    while (first->outer)
        first = (struct analysis *)(uintptr_t)first->outer;
    if (first->told < FACTS_MAX) {
        first->told++;
        return true;
    }
    if (first->told == FACTS_MAX) {
        first->told++;
        tell_place(an, &f, node);
        facts_add(an->s->facts, &f);
    }
    return false;
}

/* ---- what is told of a name ---- */

/* False past the bound of facts. */
bool tell_start(struct analysis *an, struct telling *t, enum fact_kind kind, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    int len;

    if (!has_room(an, node))
        return false;

    t->fact = (struct fact){ .kind = kind, .subject = SPAN_EMPTY, .detail = SPAN_EMPTY };
    tell_place(an, &t->fact, node);
    for (unsigned i = 0; i < PY_REFS; i++)
        t->fact.refs[i] = SPAN_EMPTY;
    t->fact.refs_n = PY_REFS;
    t->fact.refs[PY_REF_FUNCTION] = function_at(an, n->off, t->function, sizeof t->function);
    t->fact.detail = tell_folded(line_at(an, n->off), t->line, sizeof t->line);
    len = snprintf(t->lines, sizeof t->lines, "%u-%u", (unsigned)t->fact.line,
                   (unsigned)(an->outer ? t->fact.line : py_line(an->tree, n->end) + an->line - 1));
    t->fact.refs[PY_REF_SPAN] = span_of(t->lines, len > 0 ? (size_t)len : 0);
    return true;
}

static void append(char *out, size_t size, size_t *n, struct span s)
{
    size_t len = s.n < size - *n ? s.n : size - *n;

    if (len)
        memcpy(out + *n, s.p, len);
    *n += len;
}

/* A string as repr() has it, near enough to be read: cut to size. */
static struct span quoted(const struct value *x, char *text, size_t size)
{
    size_t n = 0;

    if (x->kind == V_BYTES)
        append(text, size, &n, SPAN_LITERAL("b"));
    append(text, size, &n, SPAN_LITERAL("'"));
    for (size_t i = 0; i < x->text.n && n + 3 < size; i++) {
        if (x->text.p[i] == '\\' || x->text.p[i] == '\'')
            append(text, size, &n, SPAN_LITERAL("\\"));
        append(text, size, &n, span_of(x->text.p + i, 1));
    }
    append(text, size, &n, SPAN_LITERAL("'"));
    return span_of(text, n);
}

/* Of several names the one that says most; 0 unless each of them is one for certain. */
static uint32_t any_name(const struct analysis *an, val v)
{
    uint32_t best = 0;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        uint32_t name = value_at(an, v, i);
        const struct interest_row *row;

        if (!is_known(an, name))
            return 0;
        row = known_row(an->known, name);
        if (!best || !row || !(row->flags & INTEREST_EXEMPT))
            best = name;
    }
    return best;
}

static void tell_arg_name(struct analysis *an, struct telling *t, uint32_t name)
{
    t->fact.flags |= PY_ARG_NAME;
    t->fact.refs[PY_REF_ARG] = known_name(an->known, name, t->arg, sizeof t->arg);
}

/* The value of the argument that somebody asked about. */
/* The known name that v is, or that a class of the source derives from; 0 for anything else. */
static uint32_t name_or_base(struct analysis *an, val v)
{
    for (unsigned i = 0; i < BASES_MAX && is_kind(an, v, V_CLASS); i++) {
        uint32_t class = an->scopes.list[value_of(an, v)->a].node;
        uint32_t base = py_node(an->tree, class)->a;

        v = base ? value_at(an, eval(an, base, NULL), 0) : VAL_NONE;
    }
    return value_name(an, v);
}

/* All that v may be by name: "yaml.CSafeLoader|yaml.SafeLoader"; false when it may be more. */
static bool tell_named_arg(struct analysis *an, struct telling *t, val v)
{
    char name[sizeof t->arg];
    size_t n = 0;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        uint32_t known = name_or_base(an, value_at(an, v, i));

        if (!known)
            return false;
        if (i > 0)
            append(t->arg, sizeof t->arg, &n, SPAN_LITERAL("|"));
        append(t->arg, sizeof t->arg, &n, known_name(an->known, known, name, sizeof name));
    }
    if (v == VAL_NONE || n + 1 >= sizeof t->arg)
        return false;
    t->fact.flags |= PY_ARG_NAME;
    t->fact.refs[PY_REF_ARG] = span_of(t->arg, n);
    return true;
}

static void tell_arg(struct analysis *an, struct telling *t, val v, bool there)
{
    const struct value *x;
    uint32_t name = any_name(an, v);

    if (!there || tell_named_arg(an, t, v))
        return;
    if (name) {
        tell_arg_name(an, t, name);
        return;
    }
    t->fact.flags |= value_count(an, v) != 1 ? (unsigned)PY_ARG_UNKNOWN : 0; /* or one of several */
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);

        name = value_name(an, one);
        x = value_of(an, one);
        if (x && x->kind == V_CLASS) /* open() asks it for its path */
            x = value_of(an, special_value(an, one, W_FSPATH));
        if (x && x->kind == V_PATH)
            x = value_of(an, x->a);
        if (name) {
            tell_arg_name(an, t, name);
        } else if (x && (x->kind == V_STR || x->kind == V_BYTES)) {
            t->fact.flags |= x->partial ? PY_ARG_PREFIX : PY_ARG_CONSTANT;
            t->fact.refs[PY_REF_ARG] = quoted(x, t->arg, sizeof t->arg);
            if (x->text.n > 0 && x->text.p[0] == '/')
                break; /* of several, the one that says most */
        } else if (x && (x->kind == V_CONST || x->kind == V_INT)) {
            val text = fold_str(an, one);
            struct span s;
            size_t n = 0;

            (void)value_is_text(an, text, &s);
            append(t->arg, sizeof t->arg, &n, s);
            t->fact.flags |= PY_ARG_CONSTANT;
            t->fact.refs[PY_REF_ARG] = span_of(t->arg, n);
        } else {
            t->fact.flags |= PY_ARG_UNKNOWN;
        }
    }
}

/* Whether the name that stands there is the name that is meant: os.system, eval. */
static bool is_plain(const struct analysis *an, uint32_t node, uint32_t known)
{
    const struct py_node *n = py_node(an->tree, node), *base;
    const struct interest_node *k = &an->known->tree.nodes[known];

    if (n->kind != N_NAME && n->kind != N_ATTRIBUTE)
        return false;
    if (py_atom_word(n->atom) != k->word)
        return false;
    if (n->kind == N_NAME)
        return true;
    base = py_node(an->tree, n->a);
    return (base->kind == N_NAME || base->kind == N_ATTRIBUTE) &&
           py_atom_word(base->atom) == an->known->tree.nodes[k->parent].word;
}

/* The starred arguments of a call that may hold what is asked for. */
static bool has_open_args(struct analysis *an, uint32_t call)
{
    for (uint32_t a = py_node(an->tree, call)->b; a; a = py_node(an->tree, a)->next) {
        uint8_t kind = py_node(an->tree, a)->kind;

        if (kind == N_STARRED || kind == N_DOUBLE_STARRED)
            return true;
    }
    return false;
}

/* The same call once more, by its other argument. */
static void tell_other_arg(struct analysis *an, struct telling *t, const struct interest_row *row,
                           const struct call *c)
{
    bool there = false;
    val v = call_arg(an, c, (uint32_t)row->other, row->other_key, &there);

    t->fact.flags &=
        ~(uint32_t)(PY_ARG_CONSTANT | PY_ARG_PREFIX | PY_ARG_NAME | PY_ARG_UNKNOWN | PY_ARG_MAYBE);
    tell_arg(an, t, v, there);
    if (there)
        facts_add(an->s->facts, &t->fact);
}

void tell_call_of(struct analysis *an, uint32_t known, unsigned flags, const struct call *c)
{
    const struct interest_row *row = known_row(an->known, known);
    uint32_t callee = py_node(an->tree, c->node)->a;
    struct telling t;

    if (!tell_start(an, &t, FACT_PY_NAME, c->node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_CALLED;
    if (!is_plain(an, callee, known))
        t.fact.flags |= PY_INDIRECT;
    t.fact.refs[PY_REF_CALL] =
        tell_folded(py_node_text(an->tree, py_node(an->tree, c->node)), t.call, sizeof t.call);
    if (row->arg >= 0 || row->key) {
        bool there = false;
        val v = call_arg(an, c, row->arg >= 0 ? (uint32_t)row->arg : UINT32_MAX, row->key, &there);

        tell_arg(an, &t, v, there);
        if (!v && has_open_args(an, c->node))
            t.fact.flags |= PY_ARG_MAYBE;
    }
    facts_add(an->s->facts, &t.fact);
    if (row->other_key)
        tell_other_arg(an, &t, row, c);
}

/* Whether a row is about calls only, and this is a place where a class is but named. */
static bool only_named(const struct interest_row *row, const struct py_node *n)
{
    if (!(row->flags & INTEREST_CALL))
        return false;
    return !(n->flags & MARK_HANDED) && n->op != OP_DECORATES;
}

void tell_reference_of(struct analysis *an, uint32_t node, uint32_t known, unsigned flags)
{
    const struct interest_row *row = known_row(an->known, known);
    const struct py_node *n = py_node(an->tree, node);
    struct telling t;

    if (!row || !(row->flags & INTEREST_USE) || n->flags & (MARK_TYPE | MARK_NOTE) ||
        only_named(row, n))
        return;
    if (!tell_start(an, &t, FACT_PY_NAME, node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_REFERENCED;
    if ((n->kind == N_NAME || n->kind == N_ATTRIBUTE) && n->op == OP_DECORATES)
        t.fact.flags |= PY_DECORATES;
    if (!is_plain(an, node, known))
        t.fact.flags |= PY_INDIRECT;
    t.fact.refs[PY_REF_CALL] = tell_folded(py_node_text(an->tree, n), t.call, sizeof t.call);
    facts_add(an->s->facts, &t.fact);
}

unsigned tell_guess(const struct analysis *an, val v)
{
    return is_kind(an, v, V_GUESS) ? PY_GUESSED : 0;
}

/* A module that is brought in by something else than a statement. */
static void tell_dynamic_import(struct analysis *an, uint32_t node, uint32_t known, unsigned flags)
{
    struct telling t;

    if (!known_import(an->known, known))
        return;
    if (!tell_start(an, &t, FACT_PY_NAME, node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_IMPORTED | PY_INDIRECT;
    facts_add(an->s->facts, &t.fact);
}

/* flags: PY_GUESSED where what is known of it may be quite harmless: a registry of plug-ins. */
void tell_unresolved(struct analysis *an, uint32_t node, const char *shape, unsigned flags)
{
    struct telling t;

    if (!tell_start(an, &t, FACT_PY_UNRESOLVED, node))
        return;
    t.fact.flags |= flags;
    t.fact.subject = span_text(shape);
    t.fact.refs[PY_REF_CALL] =
        tell_folded(py_node_text(an->tree, py_node(an->tree, node)), t.call, sizeof t.call);
    facts_add(an->s->facts, &t.fact);
}

bool is_of_interest(const struct analysis *an, uint32_t known)
{
    const struct interest_row *row = known ? known_row(an->known, known) : NULL;

    return row && row->flags & INTEREST_USE;
}

/* Modules of which any attribute may be one that somebody asked for. */
bool is_sensitive(const struct analysis *an, val v)
{
    const struct known *k = an->known;
    uint32_t node = value_name(an, v);

    if (is_kind(an, v, V_ANY_MODULE))
        return value_of(an, v)->b != 0;
    return node && k->tree.nodes[node].parent == 0 &&
           k->root[py_word_atom(k->tree.nodes[node].word)] == node;
}

static bool is_module(const struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);

        if (value_name(an, one) || is_kind(an, one, V_ANY_MODULE) || is_kind(an, one, V_SPACE))
            return true;
    }
    return false;
}

/* A module of interest that is found as an attribute of another: asyncio.base_events.socket. */
void tell_found_module(struct analysis *an, uint32_t node, val v)
{
    val of = v ? eval(an, py_node(an->tree, node)->a, NULL) : VAL_NONE;

    if (py_node(an->tree, node)->flags & MARK_NOTE || !is_module(an, of))
        return; /* as the field of an object it was told where it came from */
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        uint32_t known = value_name(an, value_at(an, v, i));

        if (known && an->known->tree.nodes[known].parent == 0)
            tell_dynamic_import(an, node, known, tell_guess(an, value_at(an, v, i)));
    }
}

/* All of a module that something of interest is in: os.__dict__ */
static void tell_space(struct analysis *an, uint32_t node, const struct value *x)
{
    if (py_node(an->tree, node)->flags & MARK_HANDED && is_sensitive(an, x->a))
        tell_unresolved(an, node, "vars(module)", 0);
}

/* A value that the expression itself brings in; what a function of the source gives, that told. */
static bool is_made(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);

    return n->kind == N_SUBSCRIPT ||
           (n->kind == N_CALL && !is_kind(an, eval(an, n->a, NULL), V_FUNC));
}

void tell_reference(struct analysis *an, uint32_t node, val v)
{
    bool made = v && is_made(an, node);

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);
        const struct value *x = value_of(an, one);
        uint32_t known = value_name(an, one);

        loose_note(an, node, one);
        if (known && made)
            tell_dynamic_import(an, node, known, tell_guess(an, one));
        if (known && !(x && x->b)) /* a guess by the last part is told when it is called */
            tell_reference_of(an, node, known, tell_guess(an, one));
        else if (x && x->kind == V_SPACE)
            tell_space(an, node, x);
    }
}
