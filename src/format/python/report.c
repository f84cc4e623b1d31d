/*
 * Facts: each place where a name of interest is called, handed on or imported. One pass
 * over the nodes in the order in which they were made; what it asks of a node is kept
 * there, so that a chain of any length costs its length.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "fact/python.h"
#include "format/python/analysis.h"
#include "format/python/intrinsics.h"

/* Facts of one file; past this many the rest is told as one gap. */
#define FACTS_MAX 2000
/* Code in code in code. */
#define NESTING_MAX 4
/* So many classes above one another are asked for a known base. */
#define BASES_MAX 8
#define CODE_MAX  ((size_t)1024 * 1024)
#define TEXT_MAX  240
#define NAME_MAX  256

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
static struct span fold_space(struct span s, char *text, size_t size)
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

    while (from > 0 && off - from < TEXT_MAX && text.p[from - 1] != '\n' &&
           text.p[from - 1] != '\r')
        from--;
    while (to < text.n && to - off < TEXT_MAX && text.p[to] != '\n' && text.p[to] != '\r')
        to++;
    while (from < to && (text.p[from] == ' ' || text.p[from] == '\t'))
        from++;
    return span_sub(text, from, to - from, &line) ? line : SPAN_EMPTY;
}

/* A fact at a node, or where the code stands that the node is part of. */
static void place_fact(struct analysis *an, struct fact *f, uint32_t node)
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
        place_fact(an, &f, node);
        facts_add(an->s->facts, &f);
    }
    return false;
}

/* ---- what is told of a name ---- */

/* Everything that a fact about a node borrows while it is added. */
struct telling {
    struct fact fact;
    char name[NAME_MAX], function[NAME_MAX], call[TEXT_MAX], line[TEXT_MAX], arg[TEXT_MAX];
    char lines[32];
};

/* False past the bound of facts. */
static bool start(struct analysis *an, struct telling *t, enum fact_kind kind, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    int len;

    if (!has_room(an, node))
        return false;

    t->fact = (struct fact){ .kind = kind, .subject = SPAN_EMPTY, .detail = SPAN_EMPTY };
    place_fact(an, &t->fact, node);
    for (unsigned i = 0; i < PY_REFS; i++)
        t->fact.refs[i] = SPAN_EMPTY;
    t->fact.refs_n = PY_REFS;
    t->fact.refs[PY_REF_FUNCTION] = function_at(an, n->off, t->function, sizeof t->function);
    t->fact.detail = fold_space(line_at(an, n->off), t->line, sizeof t->line);
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

    if (!start(an, &t, FACT_PY_NAME, c->node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_CALLED;
    if (!is_plain(an, callee, known))
        t.fact.flags |= PY_INDIRECT;
    t.fact.refs[PY_REF_CALL] =
        fold_space(py_node_text(an->tree, py_node(an->tree, c->node)), t.call, sizeof t.call);
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
    if (!start(an, &t, FACT_PY_NAME, node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_REFERENCED;
    if ((n->kind == N_NAME || n->kind == N_ATTRIBUTE) && n->op == OP_DECORATES)
        t.fact.flags |= PY_DECORATES;
    if (!is_plain(an, node, known))
        t.fact.flags |= PY_INDIRECT;
    t.fact.refs[PY_REF_CALL] = fold_space(py_node_text(an->tree, n), t.call, sizeof t.call);
    facts_add(an->s->facts, &t.fact);
}

static unsigned guess_flag(const struct analysis *an, val v)
{
    return is_kind(an, v, V_GUESS) ? PY_GUESSED : 0;
}

/* A module that is brought in by something else than a statement. */
static void tell_dynamic_import(struct analysis *an, uint32_t node, uint32_t known, unsigned flags)
{
    struct telling t;

    if (!known_import(an->known, known))
        return;
    if (!start(an, &t, FACT_PY_NAME, node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= flags | PY_IMPORTED | PY_INDIRECT;
    facts_add(an->s->facts, &t.fact);
}

/* flags: PY_GUESSED where what is known of it may be quite harmless: a registry of plug-ins. */
void tell_unresolved(struct analysis *an, uint32_t node, const char *shape, unsigned flags)
{
    struct telling t;

    if (!start(an, &t, FACT_PY_UNRESOLVED, node))
        return;
    t.fact.flags |= flags;
    t.fact.subject = span_text(shape);
    t.fact.refs[PY_REF_CALL] =
        fold_space(py_node_text(an->tree, py_node(an->tree, node)), t.call, sizeof t.call);
    facts_add(an->s->facts, &t.fact);
}

static bool is_of_interest(const struct analysis *an, uint32_t known)
{
    const struct interest_row *row = known ? known_row(an->known, known) : NULL;

    return row && row->flags & INTEREST_USE;
}

/* Modules of which any attribute may be one that somebody asked for. */
static bool is_sensitive(const struct analysis *an, val v)
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
static void tell_found_module(struct analysis *an, uint32_t node, val v)
{
    val of = v ? eval(an, py_node(an->tree, node)->a, NULL) : VAL_NONE;

    if (py_node(an->tree, node)->flags & MARK_NOTE || !is_module(an, of))
        return; /* as the field of an object it was told where it came from */
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        uint32_t known = value_name(an, value_at(an, v, i));

        if (known && an->known->tree.nodes[known].parent == 0)
            tell_dynamic_import(an, node, known, guess_flag(an, value_at(an, v, i)));
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

static void tell_reference(struct analysis *an, uint32_t node, val v)
{
    bool made = v && is_made(an, node);

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);
        const struct value *x = value_of(an, one);
        uint32_t known = value_name(an, one);

        loose_note(an, node, one);
        if (known && made)
            tell_dynamic_import(an, node, known, guess_flag(an, one));
        if (known && !(x && x->b)) /* a guess by the last part is told when it is called */
            tell_reference_of(an, node, known, guess_flag(an, one));
        else if (x && x->kind == V_SPACE)
            tell_space(an, node, x);
    }
}

/* ---- calls ---- */

static bool any_sensitive(const struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++)
        if (is_sensitive(an, value_at(an, v, i)))
            return true;
    return false;
}

/* Whether an imported name is open: it neither is known nor begins with a package of its own. */
static bool is_open_name(struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        if (!x || x->kind != V_STR)
            continue;
        if (x->doubt && !x->partial) { /* it may be another, if it names nothing known */
            if (value_name(an, module_named(an, x->text)) || memchr(x->text.p, '.', x->a))
                return false;
        } else if (!x->partial || memchr(x->text.p, '.', x->text.n))
            return false;
    }
    return true;
}

/* Whether a name that begins so may be one that somebody asked for in the module. */
static bool may_reach(const struct analysis *an, uint32_t module, struct span head)
{
    for (uint32_t i = 1; i < an->known->tree.nodes_n; i++) {
        const struct interest_node *n = &an->known->tree.nodes[i];

        if (n->parent == module && known_row(an->known, i) &&
            span_starts(span_text(an->known->tree.words[n->word]), head))
            return true;
    }
    return false;
}

/* Whether an attribute's name is not known, or was computed and names nothing of interest. */
static bool is_open_attribute(struct analysis *an, val object, val names)
{
    for (uint32_t i = 0; i < value_count(an, names); i++) {
        const struct value *x = value_of(an, value_at(an, names, i));

        if (!x || x->kind != V_STR || x->partial)
            return true;
        if (x->doubt && !is_of_interest(an, value_name(an, attribute_named(an, object, x->text))))
            return true;
    }
    return names == VAL_NONE;
}

/* getattr(module, name) with a name that is not known, or of which only the beginning is. */
static void tell_open_getattr(struct analysis *an, const struct call *c, val object, val names)
{
    uint32_t module = value_name(an, value_at(an, object, 0));
    const struct value *x = value_of(an, value_at(an, names, 0));
    bool known = false;

    if (!any_sensitive(an, object) || !is_open_attribute(an, object, names))
        return;
    if (x && x->kind == V_STR && x->partial && module && !may_reach(an, module, x->text))
        return;
    for (uint32_t i = 0; i < value_count(an, object); i++)
        known |= value_name(an, value_at(an, object, i)) != 0;
    tell_unresolved(an, c->node, "getattr(module, ?)", known ? 0 : PY_GUESSED);
}

/* The same of getters that are made beforehand: of a known module alone. */
static void tell_open_known(struct analysis *an, const struct call *c, val object, val names)
{
    if (value_name(an, value_at(an, object, 0)))
        tell_open_getattr(an, c, object, names);
}

/* reduce(getattr, names, object), map(getattr, objects, names) */
static void tell_mapped_getattr(struct analysis *an, const struct call *c, intrinsic_fn *fn)
{
    uint32_t target = value_name(an, call_place(an, c, 0));
    val second, third;

    if (!target || an->known->intrinsics[target] != intrinsic_getattr)
        return;
    second = element_of(an, spread(an, call_place(an, c, 1)));
    third = call_place(an, c, 2);
    if (fn == intrinsic_reduce)
        tell_open_known(an, c, third ? third : second, second);
    else
        tell_open_known(an, c, second, element_of(an, spread(an, third)));
}

/* getattr(os, ?), importlib.import_module(?): what cannot be known before it runs. */
static void tell_open_call(struct analysis *an, const struct call *c, val f)
{
    const struct value *x = value_of(an, f);
    uint32_t known = value_name(an, f);
    intrinsic_fn *fn = known ? an->known->intrinsics[known] : NULL;

    if (x && x->kind == V_ANY_MODULE && x->b == 2)
        tell_unresolved(an, c->node, "vars(module)[?](...)", 0);
    if (x && x->kind == V_BOUND && an->known->intrinsics[x->a] == intrinsic_getattr)
        tell_open_getattr(an, c, x->b, call_place(an, c, 0));
    if (x && x->kind == V_GETTER && x->b != 2)
        tell_open_known(an, c, call_place(an, c, 0), x->a);
    if (fn == intrinsic_reduce || fn == intrinsic_map)
        tell_mapped_getattr(an, c, fn);
    if (fn == intrinsic_getattr)
        tell_open_getattr(an, c, call_place(an, c, 0), call_place(an, c, 1));
    if ((fn == intrinsic_import_module || fn == intrinsic_resolve_name) &&
        is_open_name(an, call_arg(an, c, 0, "name", NULL)))
        tell_unresolved(an, c->node, "import_module(?)", PY_GUESSED);
}

/* Code that stands there as a constant is read as well. */
static void tell_code(struct analysis *an, const struct call *c, val f)
{
    uint32_t known = value_name(an, f);
    bool expression = known == an->known->eval;
    val code;

    if (!known || (!expression && known != an->known->exec && known != an->known->compile))
        return;
    code = call_arg(an, c, 0, "source", NULL);
    for (uint32_t i = 0; i < value_count(an, code); i++) {
        struct span s;

        if (value_is_text(an, value_at(an, code, i), &s))
            report_code(an, s, c->node, expression);
    }
}

static void tell_member(struct analysis *an, uint32_t node, uint32_t atom)
{
    const struct interest_row *row = known_member(an->known, atom);
    struct telling t;

    if (!row || (row->flags & INTEREST_CALL &&
                 !(py_node(an->tree, node)->flags & (MARK_STORE | MARK_CALLEE))))
        return;
    if (!start(an, &t, FACT_PY_MEMBER, node))
        return;
    t.fact.subject = span_text(row->name);
    t.fact.refs[PY_REF_CALL] =
        fold_space(py_node_text(an->tree, py_node(an->tree, node)), t.call, sizeof t.call);
    facts_add(an->s->facts, &t.fact);
}

static bool is_name_byte(uint8_t c)
{
    return c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
}

/* "{0.__class__}".format(x) reads attributes, and so does getattr(x, "__globals__"). */
static void tell_named_members(struct analysis *an, uint32_t node, struct span text, bool format)
{
    bool inside = !format;

    for (size_t i = 0; i < text.n && spend(an, 1);) {
        size_t n = 0;
        struct span word;
        uint8_t c = text.p[i];

        inside = format ? (c == '{') || (inside && c != '}') : true;
        while (i + n < text.n && is_name_byte(text.p[i + n]))
            n++;
        if (n == 0) {
            i++;
            continue;
        }
        if (inside && span_sub(text, i, n, &word))
            tell_member(an, node, py_atom_find(&an->tree->atoms, word));
        i += n;
    }
}

/* A constant, or a name that may be one: no more is looked for. */
static bool is_short_way(const struct analysis *an, uint32_t node)
{
    uint8_t kind = py_node(an->tree, node)->kind;

    return kind == N_STR || kind == N_STRINGS || kind == N_NAME || kind == N_BINARY;
}

/* The fields of a format that is a constant. */
static void tell_format(struct analysis *an, uint32_t node)
{
    const struct py_node *f = py_node(an->tree, py_node(an->tree, node)->a);
    struct span s;
    val format;

    if (f->kind != N_ATTRIBUTE || (f->atom != W_format && f->atom != W_format_map) ||
        !is_short_way(an, f->a))
        return;
    format = eval_full(an, f->a, NULL);
    for (uint32_t i = 0; i < value_count(an, format); i++)
        if (value_is_text(an, value_at(an, format, i), &s) &&
            span_find(s, 0, SPAN_LITERAL("__")) != SIZE_MAX)
            tell_named_members(an, node, s, true);
}

static void tell_names(struct analysis *an, const struct call *c, val f)
{
    uint32_t known = value_name(an, f);
    intrinsic_fn *fn = known ? an->known->intrinsics[known] : NULL;
    struct span s;
    val names;

    an->loose.names |=
        fn == intrinsic_globals && py_node(an->tree, c->node)->flags & (MARK_HANDED | MARK_BASE);
    if (known && known == an->known->setattr && value_is_text(an, call_place(an, c, 1), &s) &&
        span_is(s, "__code__"))
        tell_unresolved(an, c->node, "setattr(?, \"__code__\", ?)", 0);
    if (fn == intrinsic_vars && py_node(an->tree, c->node)->flags & MARK_HANDED &&
        is_sensitive(an, call_place(an, c, 0)))
        tell_unresolved(an, c->node, "vars(module)", 0);
    if (fn != intrinsic_getattr && fn != intrinsic_attrgetter)
        return;
    names = call_place(an, c, fn == intrinsic_getattr);
    for (uint32_t i = 0; i < value_count(an, names); i++)
        if (value_is_text(an, value_at(an, names, i), &s))
            tell_named_members(an, c->node, s, false);
}

/* map(open, ["/x"]): a call of each, and the argument that is asked about. */
static void tell_mapped(struct analysis *an, const struct call *c, val f)
{
    uint32_t map = value_name(an, f);
    struct call each = *c;
    val target;

    if (!map || an->known->intrinsics[map] != intrinsic_map)
        return;
    target = call_place(an, c, 0);
    each.skip++;
    each.first = element_of(an, spread(an, call_place(an, c, 1)));
    for (uint32_t i = 0; each.first && i < value_count(an, target); i++) {
        uint32_t known = value_name(an, value_at(an, target, i));

        if (is_of_interest(an, known) && known_row(an->known, known)->arg == 0)
            tell_call_of(an, known, PY_INDIRECT, &each);
    }
}

/* One thing that the callee may be. */
static void tell_callee(struct analysis *an, struct call *c, val f)
{
    const struct value *x = value_of(an, f);
    uint32_t known = value_name(an, f);
    struct call bound = *c;

    if (x && x->kind == V_PARTIAL && is_of_interest(an, value_name(an, x->a))) {
        const struct interest_row *row = known_row(an->known, value_name(an, x->a));

        bool there = row->arg < 0 && !row->key;

        if (!there) /* else its arguments were judged where it was made; this one is given anew */
            (void)call_arg(an, c, UINT32_MAX, row->key, &there);
        if (there)
            tell_call_of(an, value_name(an, x->a), PY_INDIRECT, c);
        return;
    }
    if (x && x->kind == V_BOUND && is_of_interest(an, x->a)) {
        bound.first = x->b;
        tell_call_of(an, x->a, 0, &bound);
        return;
    }
    if (is_of_interest(an, known)) { /* io.FileIO.__init__(self, path) */
        const struct py_node *callee = py_node(an->tree, py_node(an->tree, c->node)->a);

        bound.skip += callee->kind == N_ATTRIBUTE && callee->atom == W_INIT;
        tell_call_of(an, known, guess_flag(an, f), &bound);
    }
    tell_mapped(an, c, f);
    tell_open_call(an, c, f);
    tell_names(an, c, f);
    tell_code(an, c, f);
}

/* partial(f, x): a call of f with an argument less, or else its first argument is handed on. */
static void tell_partial(struct analysis *an, uint32_t node, val f)
{
    struct call c = { .node = node, .skip = 1 };
    uint32_t first = py_node(an->tree, node)->b;
    val target = eval_full(an, first, NULL);
    uint32_t known = value_name(an, f);
    bool partial = known && (known == an->known->partial || known == an->known->partialmethod);

    an->full = true;
    for (uint32_t i = 0; i < value_count(an, target); i++)
        if (partial && is_of_interest(an, value_name(an, value_at(an, target, i))))
            tell_call_of(an, value_name(an, value_at(an, target, i)), PY_INDIRECT, &c);
    an->full = false;
    if (!partial)
        tell_reference(an, first, target);
}

/* Whether a call's result may be something to be told. */
static bool gives_callable(const struct analysis *an, val f)
{
    for (uint32_t i = 0; i < value_count(an, f); i++) {
        const struct value *x = value_of(an, value_at(an, f, i));
        uint32_t known = value_name(an, value_at(an, f, i));

        if (known ? an->known->intrinsics[known] && an->known->gives[known] <= GIVES_SAME
                  : x && (x->kind == V_FUNC || x->kind == V_GETTER || x->kind == V_PARTIAL ||
                          x->kind == V_BOUND || x->kind == V_METHOD))
            return true;
    }
    return false;
}

static bool has_bound(const struct analysis *an, val f)
{
    for (uint32_t i = 0; i < value_count(an, f); i++)
        if (is_kind(an, value_at(an, f, i), V_BOUND))
            return true;
    return false;
}

static void report_call(struct analysis *an, uint32_t node)
{
    struct call c = { .node = node };
    uint32_t first = py_node(an->tree, node)->b;
    val f = eval(an, py_node(an->tree, node)->a, NULL);

    tell_format(an, node);
    if (first && py_node(an->tree, first)->flags & MARK_CALLEE &&
        py_node(an->tree, first)->kind != N_KEYWORD)
        tell_partial(an, node, f);
    if (f == VAL_NONE || is_kind(an, f, V_METHOD))
        loose_call(an, node);
    if (f == VAL_NONE)
        return;
    an->full = true; /* arguments are asked for as they are, and paths too */
    if (has_bound(an, f))
        f = eval(an, py_node(an->tree, node)->a, NULL);
    for (uint32_t i = 0; i < value_count(an, f); i++)
        tell_callee(an, &c, value_at(an, f, i));
    an->full = false;
    if (gives_callable(an, f) && !(py_node(an->tree, node)->flags & MARK_CALLEE))
        tell_reference(an, node, eval(an, node, NULL));
}

/* A key that is not known, nor how it begins. */
static bool is_open_key(const struct analysis *an, val key)
{
    for (uint32_t i = 0; i < value_count(an, key); i++) {
        const struct value *x = value_of(an, value_at(an, key, i));

        if (x && x->kind == V_STR && (!x->partial || (x->text.n && x->text.p[0] != '_')))
            return false;
    }
    return true;
}

/* vars(os)[?]: an entry by a key that is not known. */
static void tell_open_subscript(struct analysis *an, uint32_t node, val base, unsigned flags)
{
    const struct value *x = value_of(an, base);
    const char *shape = NULL;

    if (value_name(an, base) == an->known->builtins)
        shape = "builtins[?]";
    else if (x && x->kind == V_SPACE && is_sensitive(an, x->a))
        shape = "vars(module)[?]";
    else if (x && x->kind == V_GLOBALS && flags & MARK_CALLEE)
        shape = "globals()[?]";
    if (shape && is_open_key(an, eval_full(an, py_node(an->tree, node)->b, NULL)))
        tell_unresolved(an, node, shape, x && x->kind == V_GLOBALS ? PY_GUESSED : 0);
}

static void report_subscript(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint16_t flags = n->flags;
    val base;

    if (flags & (MARK_STORE | MARK_NOTE))
        return;
    base = eval(an, n->a, NULL);
    if (base == VAL_NONE)
        return;
    if (!(flags & MARK_CALLEE))
        tell_reference(an, node, eval(an, node, NULL));
    for (uint32_t i = 0; i < value_count(an, base); i++)
        tell_open_subscript(an, node, value_at(an, base, i), flags);
}

/* ---- imports ---- */

static void tell_import(struct analysis *an, uint32_t node, uint32_t known, unsigned flags)
{
    struct telling t;

    if (!start(an, &t, FACT_PY_NAME, node))
        return;
    t.fact.subject = known_name(an->known, known, t.name, sizeof t.name);
    t.fact.flags |= PY_IMPORTED | flags;
    facts_add(an->s->facts, &t.fact);
}

static uint32_t module_of(const struct analysis *an, uint32_t names)
{
    uint32_t known = 0;

    for (uint32_t n = names; n; n = py_node(an->tree, n)->next) {
        uint32_t child = known_child(an->known, known, py_node(an->tree, n)->atom);

        if (!child)
            return known; /* below one that is known */
        known = child;
    }
    return known;
}

static void report_import(struct analysis *an, uint32_t node)
{
    for (uint32_t n = py_node(an->tree, node)->a; n; n = py_node(an->tree, n)->next) {
        uint32_t known = module_of(an, py_node(an->tree, n)->a);

        if (known)
            loose_import(an, known, py_node(an->tree, n)->op == OP_IN_CLASS);
        if (known && known_import(an->known, known))
            tell_import(an, n, known, 0);
    }
}

/* Not what is guessed by its last part alone, in a module of the artifact. */
static val symbolic(const struct analysis *an, val module, val v)
{
    return is_kind(an, v, V_GUESS) && value_of(an, v)->b && value_of(an, module)->partial ? VAL_NONE
                                                                                          : v;
}

static void report_from_name(struct analysis *an, uint32_t node, uint32_t alias, bool whole)
{
    val module = eval(an, node, NULL);
    uint32_t atom = py_node(an->tree, py_node(an->tree, alias)->a)->atom;
    val v = symbolic(an, module, attribute_of(an, module, atom));
    uint32_t known = value_name(an, v);
    const struct interest_row *row = known ? known_row(an->known, known) : NULL;

    if (row && row->flags & INTEREST_USE && !(row->flags & INTEREST_CALL))
        tell_import(an, alias, known, guess_flag(an, v));
    else if (known && !whole && known_import(an->known, known))
        tell_import(an, alias, known, guess_flag(an, v));
}

static void report_import_from(struct analysis *an, uint32_t node)
{
    const struct py_node n = *py_node(an->tree, node);
    uint32_t known = n.c == 0 ? module_of(an, n.b) : 0;
    bool whole = false, any = n.flags & PYN_STAR;

    for (uint32_t a = n.a; a && known; a = py_node(an->tree, a)->next) {
        uint32_t child =
            known_child(an->known, known, py_node(an->tree, py_node(an->tree, a)->a)->atom);

        any |= !child || known_import(an->known, child) != NULL;
    }
    if (known && any && known_import(an->known, known)) {
        whole = true;
        tell_import(an, node, known, 0);
    }
    if (n.flags & PYN_STAR && is_sensitive(an, known) && !whole)
        tell_unresolved(an, node, "from module import *", 0);
    for (uint32_t a = n.a; a; a = py_node(an->tree, a)->next)
        report_from_name(an, node, a, whole);
}

/* ---- the pass ---- */

/* A class of this source: Shape.__subclasses__() are its own. */
static bool is_own_class(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t base = n->a;

    return py_node(an->tree, base)->kind == N_NAME && known_member(an->known, n->atom) &&
           is_kind(an, eval(an, base, NULL), V_CLASS);
}

/* A parameter: what it may be was told where it was handed over. */
static bool is_argument(const struct analysis *an, const struct py_node *name)
{
    uint32_t first = name->a ? an->symbols.list[name->a].first : 0;

    return first && an->bindings.list[first].kind == B_ARG && !an->bindings.list[first].next;
}

static void report_node(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);

    if (!(n->flags & MARK_REACHED))
        return;
    switch (n->kind) {
    case N_NAME:
        if (!(n->flags & (MARK_STORE | MARK_BASE | MARK_CALLEE)) && n->atom && !is_argument(an, n))
            tell_reference(an, node, eval(an, node, NULL));
        break;
    case N_ATTRIBUTE: {
        uint32_t atom = n->atom;
        uint16_t flags = n->flags;
        val v;

        if (!is_own_class(an, node))
            tell_member(an, node, atom);
        if (flags & MARK_STORE)
            break;
        v = eval(an, node, NULL); /* kept: chains are followed from their beginning */
        tell_found_module(an, node, v);
        if (!(flags & (MARK_BASE | MARK_CALLEE)))
            tell_reference(an, node, v);
        break;
    }
    case N_CALL:
        report_call(an, node);
        break;
    case N_SUBSCRIPT:
        report_subscript(an, node);
        break;
    case N_PATTERN_KEYWORD: /* case object(system=f) */
        if (n->b)
            tell_reference(an, node, binding_value(an, n->b, NULL));
        break;
    case N_IMPORT:
        report_import(an, node);
        break;
    case N_IMPORT_FROM:
        report_import_from(an, node);
        break;
    default:
        break;
    }
}

void report_module(struct analysis *an)
{
    uint32_t n = an->nodes_n; /* not those that we added */

    for (uint32_t i = 1; i < n && !an->failed; i++)
        report_node(an, i);
    loose_report(an);
    if (an->exhausted && !an->outer) {
        struct fact f = { .kind = FACT_PY_DEEP,
                          .subject = SPAN_LITERAL("too much to follow"),
                          .detail = SPAN_LITERAL("names are computed beyond the bound") };

        place_fact(an, &f, an->tree->root);
        facts_add(an->s->facts, &f);
    }
}

void report_code(struct analysis *an, struct span code, uint32_t node, bool expression)
{
    struct py_tree tree;
    struct py_fault fault;
    struct analysis inner = { .s = an->s,
                              .tree = &tree,
                              .known = an->known,
                              .outer = an,
                              .line = 1,
                              .nesting = an->nesting + 1,
                              .offset = PRATIQUE_NO_OFFSET };

    if (an->nesting >= NESTING_MAX || code.n > CODE_MAX || !spend(an, code.n + 512))
        return;
    if (an->outer)
        inner.place = an->place;
    else
        place_fact(an, &inner.place, node);
    if (py_parse(an->s, code, expression ? PY_EVAL : PY_FILE, &tree, &fault) == PRATIQUE_OK)
        (void)analyse(&inner); /* what it lacks is told by an->failed of the whole */
    py_tree_close(&tree);
}
