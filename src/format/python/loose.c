/*
 * Modules that are handed on as values: raise Error(os), f(os), [os]. Where they come out
 * again cannot be followed in general: an exception's argument, a method of the source's own
 * that Python calls, a container of any kind. But what is then taken from them has its name:
 * an attribute "system" of something unknown, in a source that hands on os, is os.system as
 * far as anybody can tell. The same for open(): what is called with it at hand and an
 * absolute path opens that.
 */
#include "base/compiler.h"
#include "fact/python.h"
#include "format/python/analysis.h"
#include "format/python/intrinsics.h"

/* ---- what is loose ---- */

/* A module whose names may be asked for, and which importing tells nothing of. */
static bool is_module(const struct analysis *an, uint32_t known)
{
    const struct known *k = an->known;

    return k->tree.nodes[known].parent == 0 &&
           k->root[py_word_atom(k->tree.nodes[known].word)] == known && !known_import(k, known);
}

/* A function of which nothing but its first argument counts. */
static bool is_opener(const struct analysis *an, uint32_t known)
{
    const struct interest_row *row = known_row(an->known, known);

    return row && row->flags & INTEREST_CALL && !(row->flags & INTEREST_UNLESS) && row->arg == 0 &&
           !an->known->intrinsics[known];
}

/* Each once: there is room for all that is_module() knows. */
static void add_module(uint32_t list[KNOWN_MODULES_MAX], uint32_t *n, uint32_t known)
{
    for (uint32_t i = 0; i < *n; i++)
        if (list[i] == known)
            return;
    if (*n < KNOWN_MODULES_MAX)
        list[(*n)++] = known;
}

void loose_note(struct analysis *an, uint32_t node, val v)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t known = value_name(an, v);
    intrinsic_fn *fn = known ? an->known->intrinsics[known] : NULL;

    if (is_kind(an, v, V_ANY_MODULE) && value_of(an, v)->b == 1) /* sys.modules[?]: any of them */
        an->loose.names = true;
    if (!known || n->flags & (MARK_BASE | MARK_CALLEE) ||
        (n->kind == N_NAME && n->op == OP_LOOKED_AT))
        return;
    if (fn == intrinsic_import_module || fn == intrinsic_resolve_name ||
        known == an->known->sys_modules)
        an->loose.any_module = true;
    else if (fn == intrinsic_getattr)
        an->loose.getter = node;
    else if (is_module(an, known))
        add_module(an->loose.modules, &an->loose.modules_n, known);
    else if (is_opener(an, known))
        an->loose.opener = known;
    if (is_opener(an, known) && n->op == OP_DECORATES)
        tell_unresolved(an, node, "decorated with open", 0);
}

void loose_import(struct analysis *an, uint32_t known, bool in_class)
{
    struct loose *l = &an->loose;

    while (an->known->tree.nodes[known].parent)
        known = an->known->tree.nodes[known].parent;
    if (!is_module(an, known))
        return;
    if (in_class)
        add_module(l->modules, &l->modules_n, known);
    else
        add_module(l->imported, &l->imported_n, known);
}

/* ---- where it may be used ---- */

/*
 * Whether a name tells enough on something unknown: many things have a method compile(), and
 * of those that depend on a path ("replace", "remove"), open() alone.
 */
static bool is_telling(const struct analysis *an, uint32_t known, uint32_t atom)
{
    const struct interest_row *row = known ? known_row(an->known, known) : NULL;

    if (!row || !(row->flags & INTEREST_USE))
        return false;
    return row->arg >= 0 ? atom == W_open : !(row->flags & INTEREST_CALL);
}

/* What an attribute of something unknown may be; 0: nothing of interest. */
static uint32_t loose_name(const struct analysis *an, uint32_t atom)
{
    const struct loose *l = &an->loose;

    for (uint32_t i = 0; i < l->modules_n; i++) {
        uint32_t child = known_child(an->known, l->modules[i], atom);

        if (is_telling(an, child, atom))
            return child;
    }
    return l->any_module && atom < an->known->atoms_n ? an->known->leaf[atom] : 0;
}

/* Names under which hardly anything but os has a function: it need not even be seen to be loose. */
static uint32_t own_name(const struct analysis *an, uint32_t atom)
{
    uint32_t leaf = atom < an->known->atoms_n ? an->known->leaf[atom] : 0;
    uint32_t parent = leaf ? an->known->tree.nodes[leaf].parent : 0;

    return parent && parent == interest_find(&an->known->tree, "os") ? leaf : 0;
}

void loose_call(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = py_node(an->tree, py_node(an->tree, node)->a);
    uint32_t known = callee->kind == N_ATTRIBUTE ? own_name(an, callee->atom) : 0;

    if (known)
        tell_call_of(an, known, PY_GUESSED, &(struct call){ .node = node });
}

/* Nothing is known of it; or a list is taken for what it holds. */
static bool is_unknown(const struct analysis *an, val v)
{
    return v == VAL_NONE || is_kind(an, v, V_METHOD);
}

static uint8_t binding_kind(const struct analysis *an, const struct py_node *name)
{
    uint32_t symbol = name->a, first = symbol ? an->symbols.list[symbol].first : 0;

    return an->bindings.list[first].kind;
}

/* What a call, a subscript or a variable gives, and not a module that is imported. */
static bool is_made(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint8_t kind;

    if (an->loose.renamed)
        return true;
    while (n->kind == N_ATTRIBUTE)
        n = py_node(an->tree, n->a);
    kind = n->kind == N_NAME ? binding_kind(an, n) : (uint8_t)B_NOTHING;
    return n->kind != N_NAME || (kind != B_IMPORT && kind != B_FROM && n->a);
}

bool is_self(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    const struct symbol *s = n->kind == N_NAME && n->a ? &an->symbols.list[n->a] : NULL;
    const struct binding *b = s ? &an->bindings.list[s->first] : NULL;
    const struct scope *f = b && b->kind == B_ARG ? &an->scopes.list[b->of] : NULL;

    return f && an->scopes.list[f->parent].kind == S_CLASS &&
           py_node(an->tree, f->node)->a == b->node;
}

/* Whether an object may have a method of its own, or an inherited one. */
static bool has_it(const struct analysis *an, val v, uint32_t atom)
{
    const struct value *x = value_of(an, value_at(an, v, 0));

    if (!x || x->kind == V_FUNC)
        return false;
    return x->kind != V_CLASS || symbol_find(an, x->a, atom) ||
           py_node(an->tree, an->scopes.list[x->a].node)->a;
}

/*
 * Whether an attribute may be that of a loose module: nothing is known of it; or it is of
 * something that an unknown function gave; or there is but a class with such a method.
 */
static bool may_be_loose(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    val v = eval(an, node, NULL), one = value_at(an, v, 0);
    const struct value *x = value_of(an, one);

    if (is_unknown(an, v))
        return true;
    if (x && x->kind == V_ANY_MODULE)
        return x->b != 2 && !x->partial && is_made(an, n->a);
    return x && x->kind == V_FUNC && !is_self(an, n->a) &&
           !has_it(an, eval(an, n->a, NULL), n->atom);
}

static void report_attribute(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t known = loose_name(an, n->atom);

    if (!known || n->flags & (MARK_STORE | MARK_CALLEE))
        return;
    if (n->kind == N_PATTERN_KEYWORD || may_be_loose(an, node))
        tell_reference_of(an, node, known, PY_GUESSED);
}

/* The absolute path that an argument is, or holds; VAL_NONE: none. */
static val path_in(struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    for (unsigned i = 0; i < 2 && x && x->kind == V_SEQ && x->n > 0; i++) {
        v = x->list[0];
        x = value_of(an, v);
    }
    return x && x->kind == V_STR && x->text.n > 1 && x->text.p[0] == '/' ? v : VAL_NONE;
}

/* f(open, "/x"), g(open)("/x"). */
static void report_paths(struct analysis *an, uint32_t node, bool made)
{
    val path = VAL_NONE;
    bool open = made;

    for (uint32_t a = py_node(an->tree, node)->b; a && spend(an, 1);
         a = py_node(an->tree, a)->next) {
        const struct py_node *arg = py_node(an->tree, a);
        bool wrapped =
            arg->kind == N_KEYWORD || arg->kind == N_STARRED || arg->kind == N_DOUBLE_STARRED;
        val v = eval_full(an, wrapped ? arg->a : a, NULL);
        uint32_t known = value_name(an, v);
        const struct value *x = value_of(an, v);

        if (x && x->kind == V_SEQ && x->n > 0)
            known = value_name(an, x->list[0]);
        open |= known && is_opener(an, known);
        path = path ? path : path_in(an, v);
    }
    if (open && path)
        tell_call_of(an, an->loose.opener, PY_GUESSED,
                     &(struct call){ .node = node, .first = path });
}

/* Modules that start processes. */
static bool is_grave(const struct analysis *an)
{
    static const char *const names[] = { "os.system", "posix.system", "nt.system",
                                         "subprocess.Popen" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        for (uint32_t k = 0; k < an->loose.modules_n; k++)
            if (an->known->tree.nodes[interest_find(&an->known->tree, names[i])].parent ==
                an->loose.modules[k])
                return true;
    return false;
}

/* "a.system", as attrgetter() takes it: the last part counts. */
static void report_named(struct analysis *an, uint32_t node, val names)
{
    struct span name;

    for (uint32_t i = 0; i < value_count(an, names); i++) {
        uint32_t known;

        if (!value_is_text(an, value_at(an, names, i), &name))
            continue;
        for (size_t k = name.n; k > 0; k--)
            if (name.p[k - 1] == '.') {
                (void)skip(&name, k);
                break;
            }
        known = loose_name(an, py_atom_find(&an->tree->atoms, name));
        if (known)
            tell_reference_of(an, node, known, PY_GUESSED);
    }
}

/* getattr(x, "system"), x.__getattribute__("system"), attrgetter("system"), getattr(x, y)(...). */
static void report_getattr(struct analysis *an, uint32_t node, intrinsic_fn *fn)
{
    struct call c = { .node = node };
    bool was = an->full;
    val object = call_place(an, &c, 0), names;

    an->full = true;
    names = fn == intrinsic_getattr ? call_place(an, &c, 1) : object;
    if (fn != intrinsic_getattr)
        names = value_join(an, call_place(an, &c, 0), call_place(an, &c, 1));
    an->full = was;
    if (!is_unknown(an, eval(an, node, NULL)) && fn == intrinsic_getattr)
        return;
    report_named(an, node, names);
    if (fn == intrinsic_getattr && names == VAL_NONE && object == VAL_NONE &&
        py_node(an->tree, node)->flags & MARK_CALLEE && is_grave(an))
        tell_unresolved(an, node, "getattr(?, ?)(...)", PY_GUESSED);
}

/* vars(x)["system"], x.__dict__["system"] */
static void report_key(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node), *base = py_node(an->tree, n->a);
    bool space = base->kind == N_ATTRIBUTE && base->atom == W_DICT;

    if (base->kind == N_CALL) {
        uint32_t known = value_name(an, eval(an, base->a, NULL));

        space = known && an->known->intrinsics[known] == intrinsic_vars;
    }
    if (space && is_unknown(an, eval(an, node, NULL)))
        report_named(an, node, eval_full(an, py_node(an->tree, node)->b, NULL));
}

/* The function that looks attributes up by name which a call may be of, or NULL. */
static intrinsic_fn *look_up(const struct analysis *an, val f, const struct py_node *callee)
{
    uint32_t known = value_name(an, f);
    intrinsic_fn *fn = known ? an->known->intrinsics[known] : NULL;

    if (fn == intrinsic_getattr || fn == intrinsic_attrgetter || fn == intrinsic_methodcaller)
        return fn;
    if (callee->kind == N_ATTRIBUTE &&
        (callee->atom == W_GETATTRIBUTE || callee->atom == W_GETATTR))
        return intrinsic_attrgetter;
    return NULL;
}

static void report_call(struct analysis *an, uint32_t node)
{
    uint32_t callee = py_node(an->tree, node)->a;
    const struct py_node *n = py_node(an->tree, callee);
    val f = eval(an, callee, NULL);
    uint32_t known = n->kind == N_ATTRIBUTE ? loose_name(an, n->atom) : 0;
    intrinsic_fn *fn;

    if (known && may_be_loose(an, callee) && !(own_name(an, n->atom) && is_unknown(an, f))) {
        an->full = true;
        tell_call_of(an, known, PY_GUESSED, &(struct call){ .node = node });
        an->full = false;
    }
    if (an->loose.opener)
        report_paths(an, node,
                     n->kind == N_NAME ? f == VAL_NONE || is_kind(an, f, V_CLASS)
                                       : n->kind != N_ATTRIBUTE && !value_name(an, f));
    fn = look_up(an, f, n);
    if (fn)
        report_getattr(an, node, fn);
}

/* class C: __eq__ = open */
static void report_special(struct analysis *an)
{
    for (uint32_t i = 1; i < an->symbols.n; i++) {
        const struct symbol *s = &an->symbols.list[i];
        struct span name = py_atom_text(&an->tree->atoms, s->atom);
        uint32_t known = 0;

        if (s->scope < an->scopes.n && an->scopes.list[s->scope].kind == S_CLASS &&
            span_starts(name, SPAN_LITERAL("__")))
            known = value_name(an, symbol_value(an, i, NULL));
        if (known && is_opener(an, known))
            tell_unresolved(an, an->scopes.list[an->symbols.list[i].scope].node,
                            "a special method is open", 0);
    }
}

/* sys.modules["x"] = os: any import may be of another module. */
static bool renames_modules(struct analysis *an)
{
    for (uint32_t i = 1; i < an->nodes_n; i++) {
        const struct py_node *n = py_node(an->tree, i);
        bool sets = n->kind == N_SUBSCRIPT ? n->flags & MARK_STORE
                                           : n->kind == N_ATTRIBUTE &&
                                                 (n->atom == W_update || n->atom == W_setdefault);

        if (sets && n->flags & (MARK_STORE | MARK_REACHED) &&
            value_name(an, eval(an, n->a, NULL)) == an->known->sys_modules)
            return true;
    }
    return false;
}

void loose_report(struct analysis *an)
{
    struct loose *l = &an->loose;

    for (uint32_t i = 0; l->names && i < l->imported_n; i++)
        add_module(l->modules, &l->modules_n, l->imported[i]);
    if (l->opener)
        report_special(an);
    if (l->getter && is_grave(an))
        tell_unresolved(an, l->getter, "getattr() and a module, handed on", PY_GUESSED);
    if (!l->modules_n && !l->any_module && !l->opener)
        return;
    l->renamed = renames_modules(an);
    for (uint32_t i = 1; i < an->nodes_n && !an->failed; i++) {
        const struct py_node *n = py_node(an->tree, i);

        if (!(n->flags & MARK_REACHED))
            continue;
        if (n->kind == N_CALL)
            report_call(an, i);
        else if (n->kind == N_ATTRIBUTE || n->kind == N_PATTERN_KEYWORD)
            report_attribute(an, i);
        else if (n->kind == N_SUBSCRIPT)
            report_key(an, i);
    }
}
