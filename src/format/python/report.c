/*
 * Facts: each place where a name of interest is called, handed on or imported. One pass
 * over the nodes in the order in which they were made; what it asks of a node is kept
 * there, so that a chain of any length costs its length.
 */
#include "base/compiler.h"
#include "format/python/intrinsics.h"
#include "format/python/outliner.h"
#include "format/python/tell.h"

/* Code in code in code. */
#define NESTING_MAX 4
#define CODE_MAX    ((size_t)1024 * 1024)

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

static void tell_member(struct analysis *an, uint32_t node, uint32_t atom, unsigned flags)
{
    const struct interest_row *row = known_member(an->known, atom);
    struct telling t;

    if (!row || (row->flags & INTEREST_CALL &&
                 !(py_node(an->tree, node)->flags & (MARK_STORE | MARK_CALLEE))))
        return;
    if (!tell_start(an, &t, FACT_PY_MEMBER, node))
        return;
    t.fact.flags |= flags;
    t.fact.subject = span_text(row->name);
    t.fact.refs[PY_REF_CALL] =
        tell_folded(py_node_text(an->tree, py_node(an->tree, node)), t.call, sizeof t.call);
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
            tell_member(an, node, py_atom_find(&an->tree->atoms, word), 0);
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
        tell_call_of(an, known, tell_guess(an, f), &bound);
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

    if (!tell_start(an, &t, FACT_PY_NAME, node))
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
        tell_import(an, alias, known, tell_guess(an, v));
    else if (known && !whole && known_import(an->known, known))
        tell_import(an, alias, known, tell_guess(an, v));
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

/* cls of a class method: no caller can hand over another class in its place. */
static bool is_class_argument(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t first = n->kind == N_NAME && n->a ? an->symbols.list[n->a].first : 0, function;

    if (!is_self(an, node))
        return false;
    function = an->scopes.list[an->bindings.list[first].of].node;
    return has_decorator(an, function, W_classmethod, W_classmethod) ||
           py_node(an->tree, function)->atom == W_INIT_SUBCLASS;
}

/* What an attribute is asked of is a class of this source, or one that is imported. */
static bool is_on_class(struct analysis *an, uint32_t node)
{
    uint32_t base = py_node(an->tree, node)->a;
    const struct py_node *n = py_node(an->tree, base);
    val v = eval(an, base, NULL);

    if (n->kind != N_NAME && n->kind != N_ATTRIBUTE)
        return false;
    return is_kind(an, v, V_CLASS) || (is_kind(an, v, V_ANY_MODULE) && value_of(an, v)->b == 0) ||
           is_class_argument(an, base);
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

        if (known_member(an->known, atom))
            tell_member(an, node, atom, is_on_class(an, node) ? PY_ON_CLASS : 0);
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

    struct outliner *o = an->outer ? NULL : an->outline;

    for (uint32_t i = 1; i < n && !an->failed; i++) {
        report_node(an, i);
        if (o && outline_wants[py_node(an->tree, i)->kind] && !o->failed)
            outline_node(o, i);
    }
    loose_report(an);
    if (an->exhausted && !an->outer) {
        struct fact f = { .kind = FACT_PY_DEEP,
                          .subject = SPAN_LITERAL("too much to follow"),
                          .detail = SPAN_LITERAL("names are computed beyond the bound") };

        tell_place(an, &f, an->tree->root);
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
                              .outline = an->outline,
                              .offset = PRATIQUE_NO_OFFSET };

    if (an->nesting >= NESTING_MAX || code.n > CODE_MAX || !spend(an, code.n + 512))
        return;
    if (an->outer)
        inner.place = an->place;
    else
        tell_place(an, &inner.place, node);
    if (an->outline && !an->outer)
        an->outline->node = node;
    if (py_parse(an->s, code, expression ? PY_EVAL : PY_FILE, &tree, &fault) == PRATIQUE_OK)
        (void)analyse(&inner); /* what it lacks is told by an->failed of the whole */
    py_tree_close(&tree);
}
