/* Edges of an outline: what each function calls, imports and hands on. See outliner.h. */
#include "base/compiler.h"
#include "format/python/bind.h"
#include "format/python/outliner.h"

/* Calls around the file that code is read from. */
#define CODE_DEEP 8
/* Edges of one source. */
#define EDGES_MAX ((uint32_t)1 << 20)

uint32_t py_outline_at(const struct py_func *funcs, uint32_t n, uint32_t off)
{
    uint32_t lo = 1, hi = n, f;

    while (lo < hi) { /* the first that begins behind off */
        uint32_t mid = lo + (hi - lo) / 2;

        if (funcs[mid].off <= off)
            lo = mid + 1;
        else
            hi = mid;
    }
    f = lo - 1;
    while (f && (off < funcs[f].body || off >= funcs[f].end))
        f = funcs[f].outer;
    return f;
}

uint32_t func_at(struct outliner *o, uint32_t off)
{
    const struct py_func *f = &o->funcs.list[o->place];
    bool last = o->place + 1 >= o->funcs.n;

    if (off < f->body || off >= f->end || (!last && off >= f[1].off))
        o->place = py_outline_at(o->funcs.list, o->funcs.n, off);
    return o->place;
}

/* ---- what is added ---- */

/* Where edges are from, and at which line. */
struct origin {
    uint32_t from, off;
};

static struct origin origin_of(struct outliner *o, const struct analysis *an, uint32_t node)
{
    uint32_t off = py_node(o->an->tree, an == o->an ? node : o->node)->off;

    return (struct origin){ func_at(o, off), off };
}

static void add_edge(struct outliner *o, const struct origin *at, struct py_edge e)
{
    if (!e.path || path_is_foreign(o, e.path))
        return;
    if (o->edges.n >= EDGES_MAX) {
        o->cut = true;
        return;
    }
    if (!OUTLINE_ADD(o, o->edges)) {
        o->failed = true;
        return;
    }
    e.from = at->from;
    e.line = outline_line(o, at->off);
    o->edges.list[o->edges.n++] = e;
}

static void add_all(struct outliner *o, const struct origin *at, enum py_edge_kind kind,
                    const struct targets *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        add_edge(
            o, at,
            (struct py_edge){ .kind = (uint8_t)kind, .path = t->list[i], .guess = is_guess(t, i) });
}

/* What an expression leads to is called, imported, handed on. */
static void add_node(struct outliner *o, struct analysis *an, const struct origin *at,
                     enum py_edge_kind kind, uint32_t node)
{
    struct targets t = { .n = 0 };

    targets_of(o, an, node, &t);
    add_all(o, at, kind, &t);
}

/* Methods of an object that the language calls by itself. */
static void add_methods(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t node, const char *const *names)
{
    struct targets t = { .n = 0 };

    targets_of(o, an, node, &t);
    for (uint32_t i = 0; i < t.n; i++)
        for (size_t k = 0; names[k] && !path_is_foreign(o, t.list[i]); k++)
            add_edge(o, at,
                     (struct py_edge){ .kind = PY_EDGE_CALL,
                                       .arg = PY_ARG_IMPLIED,
                                       .guess = is_guess(&t, i),
                                       .path = path_word(o, t.list[i], names[k]) });
}

/* Whether a value is a function or a class of the source, or something of another module. */
static bool may_lead(const struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        if (x && (x->kind == V_FUNC || x->kind == V_CLASS || x->kind == V_ANY_MODULE ||
                  x->kind == V_PARTIAL))
            return true;
    }
    return false;
}

/* Whether it may be an object that has methods of our own. */
static bool may_be_object(struct analysis *an, uint32_t node)
{
    return node && may_lead(an, eval(an, node, NULL));
}

/* ---- calls ---- */

/* A parameter that is called, or handed to what will call it. */
static void note_argument(struct outliner *o, struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t first, place = 0, function;
    const struct binding *b;

    if (n->kind != N_NAME || !SYMBOL(n) || an != o->an)
        return;
    first = an->symbols.list[SYMBOL(n)].first;
    b = &an->bindings.list[first];
    if (!first || b->kind != B_ARG || o->scopes[b->of] != func_at(o, n->off))
        return;
    if (is_self(an, node) && !an->scopes.list[b->of].is_static)
        return;
    function = an->scopes.list[b->of].node;
    for (uint32_t a = py_node(an->tree, function)->a; a && a != b->node && place < 8;
         a = py_node(an->tree, a)->next)
        place++;
    if (place < 8)
        o->funcs.list[o->scopes[b->of]].calls_args |= (uint8_t)(1 << place);
}

static void add_command(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t node);

static void hand_on_all(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t call)
{
    for (uint32_t a = py_node(an->tree, call)->b; a; a = py_node(an->tree, a)->next)
        add_node(o, an, at, PY_EDGE_HANDED,
                 py_node(an->tree, a)->kind == N_KEYWORD ? py_node(an->tree, a)->a : a);
}

/* The last part of a path that is put together: of join(here, "x.py"), of here / "x.py". */
static uint32_t last_of(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t last = n->kind == N_BINARY && n->op == OP_DIV ? n->b : 0;

    for (uint32_t a = n->kind == N_CALL ? n->b : 0; a; a = py_node(an->tree, a)->next)
        last = a;
    return last && py_node(an->tree, last)->kind == N_STR ? last : 0;
}

/* A file of the package that is run, named by a text, or by the end of it. */
static void add_file(struct outliner *o, struct analysis *an, const struct origin *at,
                     uint32_t node, bool guess)
{
    val v = eval_full(an, node, NULL);
    struct span s;

    if (!value_is_text(an, value_at(an, v, 0), &s) && last_of(an, node))
        v = eval_full(an, last_of(an, node), NULL);
    for (uint32_t i = 0; i < value_count(an, v); i++)
        if (value_is_text(an, value_at(an, v, i), &s) && s.n > 3 && s.n < 256 &&
            span_ends(s, SPAN_LITERAL(".py")))
            add_edge(o, at,
                     (struct py_edge){
                         .kind = PY_EDGE_FILE,
                         .guess = guess,
                         .path = path_child(o, path_index(o, PY_PATH_OWN, 0), PY_PATH_ATTRIBUTE,
                                            py_atom(&o->an->tree->atoms, s, py_hash(s), true)) });
}

/* What a name was bound to, once: "code = ...", "with ... as f". */
static uint32_t bound_to(const struct analysis *an, uint32_t node)
{
    uint32_t symbol = SYMBOL(py_node(an->tree, node));
    const struct binding *b = &an->bindings.list[symbol ? an->symbols.list[symbol].first : 0];

    if (!symbol || b->next)
        return 0;
    if (b->kind == B_ENTER && b->of < an->bindings.n)
        b = &an->bindings.list[b->of];
    return b->kind == B_VALUE || b->kind == B_SPREAD ? b->node : 0;
}

/* Of code that is run: exec(compile(open("x.py").read(), ...)), exec(Path("x.py").read_text()). */
static void add_code(struct outliner *o, struct analysis *an, const struct origin *at,
                     uint32_t node)
{
    for (unsigned depth = 0; node && depth < CODE_DEEP; depth++) {
        const struct py_node *n = py_node(an->tree, node);
        const struct py_node *callee = py_node(an->tree, n->a);
        struct targets t = { .n = 0 };
        const struct hand *hand;
        uint32_t first = argument_of(an, node, 0, NULL);

        if (n->kind == N_NAME) {
            node = bound_to(an, node);
            continue;
        }
        if (n->kind != N_CALL) {
            add_file(o, an, at, node, false);
            return;
        }
        targets_of(o, an, n->a, &t);
        hand = t.n > 0 ? path_hand(o, t.list[0]) : NULL;
        if (first && hand && hand->kind == HAND_FILE) {
            add_file(o, an, at, first, false);
            return;
        }
        if (callee->kind == N_ATTRIBUTE && !first) {
            node = callee->a; /* .read(), .read_text() */
        } else if (first && (callee->kind == N_NAME || callee->kind == N_ATTRIBUTE)) {
            add_file(o, an, at, first, false); /* Path("x.py") */
            node = first;                      /* compile(...) */
        } else {
            return;
        }
    }
}

/* A call of something in hands_on.def. */
static void hand_on(struct outliner *o, struct analysis *an, const struct origin *at, uint32_t call,
                    const struct hand *hand)
{
    uint32_t arg = argument_of(an, call, hand->place, hand->key);
    struct targets t = { .n = 0 };

    if (hand->place == ALL)
        hand_on_all(o, an, at, call);
    if (!arg)
        return;
    switch (hand->kind) {
    case HAND_HANDS:
        note_argument(o, an, arg);
        add_node(o, an, at, PY_EDGE_HANDED, arg);
        break;
    case HAND_MAY:
        targets_of(o, an, arg, &t);
        t.guess = UINT8_MAX;
        add_all(o, at, PY_EDGE_HANDED, &t);
        break;
    case HAND_OBJECT:
        add_node(o, an, at, PY_EDGE_OBJECT, arg);
        break;
    case HAND_IMPORTS:
    case HAND_RUNS:
        targets_of_names(o, an, arg, &t);
        add_all(o, at, hand->kind == HAND_RUNS ? PY_EDGE_RUN : PY_EDGE_IMPORT, &t);
        break;
    case HAND_FILE:
        add_file(o, an, at, arg, span_is(span_text(hand->name), "builtins.open"));
        break;
    case HAND_CODE:
        add_code(o, an, at, arg);
        break;
    case HAND_COMMAND:
        add_command(o, an, at, arg);
        break;
    default:
        break;
    }
}

/* The module behind "-m" in "python -m pkg.mod x". */
static void add_module(struct outliner *o, const struct origin *at, struct span name)
{
    size_t n = 0;

    while (n < name.n && name.p[n] > ' ' && name.p[n] != ';' && name.p[n] != '"' &&
           name.p[n] != '\'')
        n++;
    add_edge(o, at,
             (struct py_edge){ .kind = PY_EDGE_RUN, .path = path_text(o, span_of(name.p, n), 0) });
}

/* What a line of Python given to "-c" imports, as far as its words tell. */
static void add_line(struct outliner *o, const struct origin *at, struct span code)
{
    static const struct span words[] = { { (const uint8_t *)"import ", 7 },
                                         { (const uint8_t *)"from ", 5 } };

    for (size_t w = 0; w < ARRAY_LEN(words); w++)
        for (size_t i = 0; (i = span_find(code, i, words[w])) != SIZE_MAX; i++) {
            struct span name = span_from(code, i + words[w].n);
            size_t n = 0;

            while (n < name.n && name.p[n] > ' ' && name.p[n] != ';' && name.p[n] != ',')
                n++;
            add_edge(o, at,
                     (struct py_edge){ .kind = PY_EDGE_IMPORT,
                                       .path = path_text(o, span_of(name.p, n), 0) });
        }
}

/* subprocess.run([sys.executable, "-m", "pkg.mod"]) */
static void add_list_command(struct outliner *o, struct analysis *an, const struct origin *at,
                             uint32_t list)
{
    bool module = false, code = false;

    for (uint32_t e = py_node(an->tree, list)->a; e; e = py_node(an->tree, e)->next) {
        bool plain = py_node(an->tree, e)->kind == N_STR || py_node(an->tree, e)->kind == N_NAME;
        val v = plain ? eval_full(an, e, NULL) : VAL_NONE;
        struct span s;

        if (!value_is_text(an, v, &s))
            continue;
        if (module)
            add_module(o, at, s);
        else if (code)
            add_line(o, at, s);
        if (module || code)
            return;
        module = span_is(s, "-m");
        code = span_is(s, "-c");
    }
}

static void add_command(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    struct span s;
    size_t i;

    if (n->kind == N_LIST || n->kind == N_TUPLE) {
        add_list_command(o, an, at, node);
        return;
    }
    if (!value_is_text(an, eval_full(an, node, NULL), &s))
        return;
    if ((i = span_find(s, 0, SPAN_LITERAL(" -m "))) != SIZE_MAX)
        add_module(o, at, span_from(s, i + 4));
    else if ((i = span_find(s, 0, SPAN_LITERAL(" -c "))) != SIZE_MAX)
        add_line(o, at, span_from(s, i + 4));
}

/*
 * Functions among the arguments of a call of our own, which tells whether it calls them. What is
 * handed to somebody else's is kept there for later, and called by what hands_on.def names.
 */
static void add_arguments(struct outliner *o, struct analysis *an, const struct origin *at,
                          uint32_t call)
{
    uint32_t place = 0;

    for (uint32_t a = py_node(an->tree, call)->b; a; a = py_node(an->tree, a)->next) {
        bool keyword = py_node(an->tree, a)->kind == N_KEYWORD;
        uint32_t arg = keyword ? py_node(an->tree, a)->a : a;
        const struct py_node *n = py_node(an->tree, arg);
        struct targets t = { .n = 0 };

        if ((n->kind != N_NAME && n->kind != N_ATTRIBUTE && n->kind != N_LAMBDA) ||
            n->flags & MARK_TYPE || !may_lead(an, eval(an, arg, NULL))) {
            place++;
            continue;
        }
        targets_of(o, an, arg, &t);
        for (uint32_t i = 0; i < t.n; i++)
            add_edge(
                o, at,
                (struct py_edge){ .kind = PY_EDGE_ARG,
                                  .arg = keyword || place > 8 ? PY_ARG_BY_KEYWORD : (uint8_t)place,
                                  .guess = is_guess(&t, i),
                                  .path = t.list[i] });
        place++;
    }
}

/* A method of something unknown: those of this name in the source. */
static void add_guesses(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t callee)
{
    struct targets t = { .n = 0 };

    targets_of_value(o, an, eval(an, callee, NULL), &t);
    for (uint32_t i = 0; i < t.n; i++)
        if (o->paths.list[t.list[i]].kind == PY_PATH_FUNC)
            add_edge(o, at,
                     (struct py_edge){ .kind = PY_EDGE_CALL, .path = t.list[i], .guess = true });
}

/* str(x) asks x.__str__(), list(x) x.__iter__(). */
static void add_builtin(struct outliner *o, struct analysis *an, const struct origin *at,
                        uint32_t call, uint32_t path)
{
    const struct path *p = &o->paths.list[path];
    uint32_t arg = py_node(an->tree, call)->b;
    static const char *const iterated[] = { "__iter__", "__next__", "__getitem__", NULL };
    struct span name = py_atom_text(&o->an->tree->atoms, p->atom);
    char word[32] = "__";
    const char *names[] = { word, NULL };

    if (p->parent != o->builtins || p->kind != PY_PATH_ATTRIBUTE || name.n > 20 ||
        !may_be_object(an, arg) || py_node(an->tree, arg)->flags & MARK_TYPE)
        return;
    memcpy(word + 2, name.p, name.n);
    memcpy(word + 2 + name.n, "__", 3);
    add_methods(o, an, at, arg, names);
    add_methods(o, an, at, arg, iterated);
}

/* ---- setup(cmdclass={...}) ---- */

/* Dictionaries in dictionaries, and names of them. */
#define COMMANDS_DEEP 6

static void add_commands(struct outliner *o, const struct origin *at, uint32_t node,
                         unsigned depth);

static void add_command_class(struct outliner *o, const struct origin *at, uint32_t node)
{
    add_node(o, o->an, at, PY_EDGE_OBJECT, node);
}

/* What a name of a dictionary was bound to, and what was put into it. */
static void add_bound_commands(struct outliner *o, const struct origin *at, uint32_t symbol,
                               unsigned depth)
{
    const struct analysis *an = o->an;
    uint32_t count = 0;

    for (uint32_t i = an->symbols.list[symbol].first; i && count < 32;
         i = an->bindings.list[i].next, count++) {
        const struct binding *b = &an->bindings.list[i];

        if (b->kind == B_VALUE) {
            add_commands(o, at, b->node, depth);
        } else if (b->kind == B_STORED) {
            b = &an->bindings.list[b->of];
            b = b->kind == B_SAME ? &an->bindings.list[b->of] : b;
            if (b->kind == B_VALUE)
                add_command_class(o, at, b->node);
            else if (b->kind == B_SPREAD)
                add_commands(o, at, b->node, depth);
        }
    }
}

/* The classes that a dictionary of commands names; of a call what it makes of them. */
static void add_commands(struct outliner *o, const struct origin *at, uint32_t node, unsigned depth)
{
    const struct py_node *n = py_node(o->an->tree, node);

    if (depth >= COMMANDS_DEEP)
        return;
    switch (n->kind) {
    case N_DICT:
        for (uint32_t i = n->a; i; i = py_node(o->an->tree, i)->next) {
            const struct py_node *item = py_node(o->an->tree, i);

            if (item->kind == N_DICT_ITEM)
                add_command_class(o, at, item->b);
            else
                add_commands(o, at, item->a, depth + 1);
        }
        break;
    case N_CALL:
        add_command_class(o, at, n->a); /* of get_cmdclass() the classes in it */
        for (uint32_t a = n->b; a; a = py_node(o->an->tree, a)->next)
            if (py_node(o->an->tree, a)->kind == N_KEYWORD)
                add_command_class(o, at, py_node(o->an->tree, a)->a);
            else
                add_commands(o, at, a, depth + 1);
        break;
    case N_BINARY: {
        uint32_t right = n->b;

        add_commands(o, at, n->a, depth + 1);
        add_commands(o, at, right, depth + 1);
        break;
    }
    case N_NAME:
        if (SYMBOL(n))
            add_bound_commands(o, at, SYMBOL(n), depth + 1);
        break;
    default:
        break;
    }
}

static void edges_of_setup(struct outliner *o, const struct origin *at, uint32_t call)
{
    for (uint32_t a = py_node(o->an->tree, call)->b; a; a = py_node(o->an->tree, a)->next) {
        const struct py_node *n = py_node(o->an->tree, a);

        if (n->kind == N_KEYWORD && n->atom == o->cmdclass)
            add_commands(o, at, n->a, 0);
    }
}

/* ---- what asks the network ---- */

/* The whole name of a path: "requests.Session().get". */
static struct span name_of(struct outliner *o, uint32_t path)
{
    const struct path *list = o->paths.list;
    size_t n = 0, at;
    char *text;

    for (uint32_t p = path; p; p = list[p].parent)
        n += list[p].kind == PY_PATH_CALL ? 2
             : list[p].kind == PY_PATH_ATTRIBUTE
                 ? py_atom_text(&o->an->tree->atoms, list[p].atom).n + 1
                 : 0;
    text = arena_alloc(o->arena, n + 1);
    if (!text) {
        o->failed = true;
        return SPAN_EMPTY;
    }
    at = n;
    for (uint32_t p = path; p; p = list[p].parent) {
        struct span part = list[p].kind == PY_PATH_CALL ? SPAN_LITERAL("()")
                           : list[p].kind == PY_PATH_ATTRIBUTE
                               ? py_atom_text(&o->an->tree->atoms, list[p].atom)
                               : SPAN_EMPTY;

        memcpy(text + at - part.n, part.p, part.n);
        at -= part.n;
        if (list[p].kind == PY_PATH_ATTRIBUTE)
            text[--at] = '.';
    }
    return n ? span_of(text + 1, n - 1) : SPAN_EMPTY;
}

static void add_use(struct outliner *o, const struct analysis *an, const struct origin *at,
                    uint32_t node, uint32_t path)
{
    const struct py_node *n = py_node(o->an->tree, an == o->an ? node : o->node);

    if (!OUTLINE_ADD(o, o->uses)) {
        o->failed = true;
        return;
    }
    o->uses.list[o->uses.n++] = (struct py_use){ .from = at->from,
                                                 .off = n->off,
                                                 .end = n->end,
                                                 .line = outline_line(o, n->off),
                                                 .last = outline_line(o, n->end),
                                                 .name = name_of(o, path) };
}

/* ---- a call ---- */

static void edges_of_call(struct outliner *o, struct analysis *an, uint32_t node)
{
    uint32_t callee = py_node(an->tree, node)->a;
    const struct py_node *c = py_node(an->tree, callee);
    struct origin at = origin_of(o, an, node);
    struct targets t = { .n = 0 };
    bool own = false;

    targets_of(o, an, callee, &t);
    add_all(o, &at, PY_EDGE_CALL, &t);
    for (uint32_t i = 0; i < t.n; i++) {
        const struct hand *hand = path_hand(o, t.list[i]);

        own |= !path_is_foreign(o, t.list[i]);
        if (hand && hand->kind == HAND_FETCHES)
            add_use(o, an, &at, node, t.list[i]);
        else if (hand)
            hand_on(o, an, &at, node, hand);
        add_builtin(o, an, &at, node, t.list[i]);
    }
    if (!own && c->kind == N_ATTRIBUTE) {
        const struct hand *hand = method_hand(an->tree->atoms.hashes[c->atom]);

        if (hand)
            hand_on(o, an, &at, node, hand);
    }
    note_argument(o, an, callee);
    if (c->kind == N_ATTRIBUTE && t.n == 0)
        add_guesses(o, an, &at, callee);
    if (own)
        add_arguments(o, an, &at, node);
    if (o->cmdclass && an == o->an)
        edges_of_setup(o, &at, node);
}

/* ---- attributes, operators ---- */

static bool is_property_name(const struct outliner *o, uint32_t atom)
{
    const struct analysis *an = o->an;
    uint32_t symbol = atom < an->atoms_n ? an->fields[atom] : 0, count = 0;

    for (uint32_t b = symbol ? an->symbols.list[symbol].first : 0; b && count < 8;
         b = an->bindings.list[b].next, count++)
        if (an->bindings.list[b].kind == B_SAME &&
            an->bindings.list[an->bindings.list[b].of].kind == B_PROPERTY)
            return true;
    return o->has_get;
}

/* Whether reading an attribute of something may be a call: of what lies in a module, of self. */
static bool may_be_read(struct outliner *o, const struct py_node *n)
{
    struct analysis *an = o->an;
    val v = eval(an, n->a, NULL);
    struct targets of = { .n = 0 };

    if (is_kind(an, v, V_ANY_MODULE)) {
        targets_of(o, an, n->a, &of);
        return of.n > 0 && !path_is_foreign(o, of.list[0]);
    }
    return (o->has_property || o->has_get) && (is_kind(an, v, V_CLASS) || is_self(an, n->a)) &&
           is_property_name(o, n->atom);
}

static void edges_of_attribute(struct outliner *o, uint32_t node)
{
    const struct py_node *n = py_node(o->an->tree, node);
    struct origin at;

    if (n->flags & (MARK_STORE | MARK_CALLEE | MARK_NOTE) || !may_be_read(o, n))
        return;
    at = origin_of(o, o->an, node);
    add_node(o, o->an, &at, PY_EDGE_READ, node);
}

static void edges_of_subscript(struct outliner *o, uint32_t node)
{
    static const char *const names[] = { "__getitem__", "__class_getitem__", "__missing__", NULL };
    const struct py_node *n = py_node(o->an->tree, node);
    struct origin at;

    if (n->flags & (MARK_NOTE | MARK_STORE) || !may_be_object(o->an, n->a))
        return;
    at = origin_of(o, o->an, node);
    add_methods(o, o->an, &at, py_node(o->an->tree, node)->a, names);
}

/* The methods that an operator of two operands asks for. */
static const char *const *binary_names(uint8_t op)
{
#define BOTH(name)                                                                                 \
    {                                                                                              \
        "__" name "__", "__r" name "__", "__i" name "__", NULL                                     \
    }
    static const char *const names[][4] = {
        [OP_ADD] = BOTH("add"),           [OP_SUB] = BOTH("sub"),
        [OP_MUL] = BOTH("mul"),           [OP_MATMUL] = BOTH("matmul"),
        [OP_DIV] = BOTH("truediv"),       [OP_FLOORDIV] = BOTH("floordiv"),
        [OP_MOD] = BOTH("mod"),           [OP_POW] = BOTH("pow"),
        [OP_LSHIFT] = BOTH("lshift"),     [OP_RSHIFT] = BOTH("rshift"),
        [OP_AND] = BOTH("and"),           [OP_OR] = BOTH("or"),
        [OP_XOR] = BOTH("xor"),           [OP_INVERT] = { "__invert__", NULL },
        [OP_NEG] = { "__neg__" },         [OP_POS] = { "__pos__" },
        [OP_NOT] = { "__bool__" },        [OP_EQ] = { "__eq__" },
        [OP_NE] = { "__ne__" },           [OP_LT] = { "__lt__", "__gt__" },
        [OP_LE] = { "__le__" },           [OP_GT] = { "__gt__", "__lt__" },
        [OP_GE] = { "__ge__" },           [OP_IN] = { "__contains__", "__iter__" },
        [OP_NOT_IN] = { "__contains__" },
    };
    static const char *const none[] = { NULL };

    return op < ARRAY_LEN(names) && names[op][0] ? names[op] : none;
#undef BOTH
}

static void add_operand(struct outliner *o, uint32_t node, uint32_t operand, uint8_t op)
{
    uint8_t kind = py_node(o->an->tree, operand)->kind;
    struct origin at;

    if ((kind != N_NAME && kind != N_ATTRIBUTE && kind != N_CALL) ||
        py_node(o->an->tree, operand)->flags & MARK_NOTE || !may_be_object(o->an, operand))
        return;
    at = origin_of(o, o->an, node);
    add_methods(o, o->an, &at, operand, binary_names(op));
}

static void edges_of_operator(struct outliner *o, uint32_t node)
{
    const struct py_node n = *py_node(o->an->tree, node);

    if (n.kind == N_COMPARE) {
        for (uint32_t i = n.b; i; i = py_node(o->an->tree, i)->next) {
            uint8_t op = py_node(o->an->tree, i)->op;

            add_operand(o, node, n.a, op);
            add_operand(o, node, py_node(o->an->tree, i)->a, op);
        }
        return;
    }
    add_operand(o, node, n.a, n.op);
    if (n.kind != N_UNARY)
        add_operand(o, node, n.b, n.op);
}

/* ---- statements ---- */

static void add_import(struct outliner *o, const struct origin *at, uint32_t path)
{
    add_edge(o, at, (struct py_edge){ .kind = PY_EDGE_IMPORT, .path = path });
}

static void edges_of_import(struct outliner *o, struct analysis *an, uint32_t node)
{
    struct origin at = origin_of(o, an, node);

    for (uint32_t n = py_node(an->tree, node)->a; n; n = py_node(an->tree, n)->next)
        add_import(o, &at, path_import(o, an, py_node(an->tree, n)->a, UINT32_MAX, 0));
}

static void edges_of_import_from(struct outliner *o, struct analysis *an, uint32_t node)
{
    const struct py_node n = *py_node(an->tree, node);
    struct origin at = origin_of(o, an, node);
    uint32_t module = path_import(o, an, n.b, UINT32_MAX, n.c);

    if (!module || path_is_foreign(o, module))
        return;
    add_import(o, &at, module);
    for (uint32_t a = n.a; a; a = py_node(an->tree, a)->next) {
        struct span name =
            py_atom_text(&an->tree->atoms, py_node(an->tree, py_node(an->tree, a)->a)->atom);
        uint32_t atom = py_atom(&o->an->tree->atoms, name, py_hash(name), an != o->an);

        add_import(o, &at, path_child(o, module, PY_PATH_ATTRIBUTE, atom));
    }
}

/* Its decorators are called with it, and what they gave instead when it is called. */
static void edges_of_decorators(struct outliner *o, uint32_t first, uint32_t path, uint32_t func)
{
    struct analysis *an = o->an;

    for (uint32_t d = first; d; d = py_node(an->tree, d)->next) {
        uint32_t e = py_node(an->tree, d)->a;
        struct targets t = { .n = 0 };
        struct origin at;

        if (py_node(an->tree, d)->kind != N_DECORATOR)
            continue;
        at = origin_of(o, an, e);
        if (!is_others_call(o, an, e))
            targets_of(o, an, e, &t);
        for (uint32_t i = 0; i < t.n; i++) {
            const struct hand *hand = path_hand(o, t.list[i]);
            struct origin inside = { func, at.off };

            add_edge(o, &at,
                     (struct py_edge){
                         .kind = PY_EDGE_CALL, .guess = is_guess(&t, i), .path = t.list[i] });
            if (hand && hand->kind == HAND_HANDS && hand->place == 0)
                add_edge(o, &at, (struct py_edge){ .kind = PY_EDGE_HANDED, .path = path });
            else if (!path_is_foreign(o, t.list[i]))
                add_edge(o, &at,
                         (struct py_edge){
                             .kind = PY_EDGE_ARG, .guess = is_guess(&t, i), .path = path });
            if (func)
                add_edge(o, &inside,
                         (struct py_edge){ .kind = PY_EDGE_CALL,
                                           .guess = is_guess(&t, i),
                                           .path = path_child(o, t.list[i], PY_PATH_CALL, 0) });
        }
    }
}

/* The scope that a function's or a class's node opens. */
static uint32_t scope_of(const struct analysis *an, uint32_t node)
{
    uint32_t scope = scope_at(an, py_node(an->tree, node)->off);

    while (scope && an->scopes.list[scope].node != node)
        scope = an->scopes.list[scope].parent;
    return scope;
}

static void edges_of_function(struct outliner *o, uint32_t node)
{
    uint32_t first = py_node(o->an->tree, node)->c, scope;

    if (!first || !(scope = scope_of(o->an, node)))
        return;
    edges_of_decorators(o, first, path_index(o, PY_PATH_FUNC, o->scopes[scope]), o->scopes[scope]);
}

static void edges_of_class(struct outliner *o, uint32_t node)
{
    uint32_t scope = scope_of(o->an, node), path;
    struct origin at = origin_of(o, o->an, node);

    if (!scope)
        return;
    path = path_index(o, PY_PATH_CLASS, o->scopes[scope]);
    if (py_node(o->an->tree, node)->a)
        add_edge(o, &at, (struct py_edge){ .kind = PY_EDGE_DEFINE, .path = path });
    edges_of_decorators(o, py_node(o->an->tree, node)->c, path, 0);
}

static void edges_of_loop(struct outliner *o, uint32_t iterable)
{
    static const char *const names[] = { "__iter__",  "__next__",  "__getitem__",
                                         "__aiter__", "__anext__", NULL };
    struct origin at;

    if (!may_be_object(o->an, iterable))
        return;
    at = origin_of(o, o->an, iterable);
    add_methods(o, o->an, &at, iterable, names);
}

static void edges_of_with(struct outliner *o, uint32_t node)
{
    static const char *const names[] = { "__enter__", "__exit__", "__aenter__", "__aexit__", NULL };
    uint32_t e = py_node(o->an->tree, node)->a;
    struct origin at;

    if (!may_be_object(o->an, e))
        return;
    at = origin_of(o, o->an, e);
    add_methods(o, o->an, &at, e, names);
}

/* A value of a class body that wants to know its name. */
static void add_set_name(struct outliner *o, uint32_t value)
{
    static const char *const names[] = { "__set_name__", NULL };
    struct analysis *an = o->an;
    struct origin at;

    if (py_node(an->tree, value)->kind != N_CALL || !may_be_object(an, value) ||
        an->scopes.list[scope_at(an, py_node(an->tree, value)->off)].kind != S_CLASS)
        return;
    at = origin_of(o, an, value);
    add_methods(o, an, &at, value, names);
}

/* Keeps what is set on a name. */
static void add_set(struct outliner *o, uint32_t symbol, uint32_t atom, uint32_t path)
{
    if (o->sets.n >= SETS_MAX || path_is_foreign(o, path))
        return;
    if (OUTLINE_ADD(o, o->sets))
        o->sets.list[o->sets.n++] = (struct set_attribute){ symbol, atom, path };
    else
        o->failed = true;
}

/* obj.attr = value: a name of obj's class, where that is one of ours; else of that obj alone. */
static void add_field(struct outliner *o, uint32_t target, uint32_t value)
{
    struct analysis *an = o->an;
    const struct py_node n = *py_node(an->tree, target);
    uint8_t kind = py_node(an->tree, n.a)->kind;
    uint32_t symbol = kind == N_NAME ? SYMBOL(py_node(an->tree, n.a)) : 0;
    struct targets of = { .n = 0 }, to = { .n = 0 };
    bool own = false;

    targets_of(o, an, value, &to);
    if (to.n > 0)
        targets_of(o, an, n.a, &of);
    for (uint32_t i = 0; i < of.n; i++) {
        const struct path *p = &o->paths.list[of.list[i]];

        p = p->kind == PY_PATH_CALL ? &o->paths.list[p->parent] : p;
        own |= p->kind == PY_PATH_CLASS;
        for (uint32_t k = 0; p->kind == PY_PATH_CLASS && k < to.n; k++)
            if (!is_guess(&of, i) && !is_guess(&to, k))
                outline_name(o, p->index, n.atom, to.list[k]);
    }
    for (uint32_t k = 0; symbol && !own && k < to.n; k++)
        add_set(o, symbol, n.atom, to.list[k]);
}

/* sys.excepthook = f */
static void edges_of_assign(struct outliner *o, uint32_t node)
{
    struct analysis *an = o->an;
    uint32_t value = py_node(an->tree, node)->b;

    for (uint32_t t = py_node(an->tree, node)->a; t; t = py_node(an->tree, t)->next) {
        const struct py_node *n = py_node(an->tree, t);
        struct targets to = { .n = 0 };
        struct origin at;

        if (n->kind == N_NAME)
            add_set_name(o, value);
        if (n->kind != N_ATTRIBUTE)
            continue;
        add_field(o, t, value);
        if (!may_lead(an, eval(an, value, NULL)))
            continue;
        targets_of(o, an, t, &to);
        at = origin_of(o, an, t);
        for (uint32_t i = 0; i < to.n; i++) {
            const struct hand *hand = path_hand(o, to.list[i]);

            if (hand)
                add_node(o, an, &at, PY_EDGE_HANDED, value);
        }
    }
}

/* obj.attr: T = value */
static void edges_of_annotated(struct outliner *o, uint32_t node)
{
    const struct py_node *n = py_node(o->an->tree, node);

    if (n->c && py_node(o->an->tree, n->a)->kind == N_ATTRIBUTE)
        add_field(o, n->a, py_node(o->an->tree, node)->c);
}

/* ---- a node, and the code that it stands in ---- */

const bool outline_wants[PY_KINDS] = {
    [N_CALL] = true,      [N_ATTRIBUTE] = true,   [N_SUBSCRIPT] = true, [N_BINARY] = true,
    [N_COMPARE] = true,   [N_UNARY] = true,       [N_AUGASSIGN] = true, [N_FVALUE] = true,
    [N_IMPORT] = true,    [N_IMPORT_FROM] = true, [N_FUNCTION] = true,  [N_CLASS] = true,
    [N_COMP_FOR] = true,  [N_WITH_ITEM] = true,   [N_ASSIGN] = true,    [N_FOR] = true,
    [N_ANNASSIGN] = true,
};

void outline_node(struct outliner *o, uint32_t node)
{
    static const char *const printed[] = { "__format__", "__str__", "__repr__", NULL };
    const struct py_node *n = py_node(o->an->tree, node);
    struct origin at;

    switch (n->kind) {
    case N_CALL:
        if (n->flags & MARK_REACHED)
            edges_of_call(o, o->an, node);
        break;
    case N_ATTRIBUTE:
        if (n->flags & MARK_REACHED)
            edges_of_attribute(o, node);
        break;
    case N_SUBSCRIPT:
        if (n->flags & MARK_REACHED)
            edges_of_subscript(o, node);
        break;
    case N_BINARY:
    case N_COMPARE:
    case N_UNARY:
    case N_AUGASSIGN:
        edges_of_operator(o, node);
        break;
    case N_FVALUE:
        if (!may_be_object(o->an, n->a))
            break;
        at = origin_of(o, o->an, node);
        add_methods(o, o->an, &at, n->a, printed);
        break;
    case N_IMPORT:
        edges_of_import(o, o->an, node);
        break;
    case N_IMPORT_FROM:
        edges_of_import_from(o, o->an, node);
        break;
    case N_FUNCTION:
        edges_of_function(o, node);
        break;
    case N_CLASS:
        edges_of_class(o, node);
        break;
    case N_FOR:
        edges_of_loop(o, py_node(o->an->tree, n->a)->next);
        break;
    case N_COMP_FOR:
        edges_of_loop(o, n->b);
        break;
    case N_WITH_ITEM:
        edges_of_with(o, node);
        break;
    case N_ASSIGN:
        edges_of_assign(o, node);
        break;
    case N_ANNASSIGN:
        edges_of_annotated(o, node);
        break;
    default:
        break;
    }
}

/* Code in a constant runs where it stands; functions in it are taken for called. */
void edges_of_constant(struct outliner *o, struct analysis *inner)
{
    for (uint32_t i = 1; i < inner->nodes_n && !o->failed && !inner->failed; i++) {
        const struct py_node *n = py_node(inner->tree, i);

        if (n->kind == N_CALL && n->flags & MARK_REACHED)
            edges_of_call(o, inner, i);
        else if (n->kind == N_IMPORT)
            edges_of_import(o, inner, i);
        else if (n->kind == N_IMPORT_FROM)
            edges_of_import_from(o, inner, i);
    }
}
