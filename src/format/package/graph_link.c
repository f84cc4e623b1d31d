/*
 * What a path of one module means in the package: names of other modules, what they import in
 * turn, classes and those above them. Each path is followed once. See linked.h.
 */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

/* Names that lead to names, classes above classes. */
#define DEEP_MAX 64
/* asked[] of a path that is being followed: one that leads to itself leads nowhere. */
#define ASKED 1u

/* ---- sets ---- */

static void add(struct entities *set, struct entity e)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (set->list[i].kind == e.kind && set->list[i].module == e.module &&
            set->list[i].index == e.index)
            return;
    if (e.kind != E_NONE && set->n < ENTITIES_MAX)
        set->list[set->n++] = e;
}

bool graph_room(struct graph *g, void **list, uint32_t n, uint32_t *size, size_t item)
{
    uint32_t more = *size ? *size * 2 : 256;
    void *p;

    if (n < *size)
        return true;
    p = n < UINT32_MAX / 4 ? arena_array(g->arena, more, item) : NULL;
    if (!p) {
        g->full = true;
        return false;
    }
    if (n)
        memcpy(p, *list, n * item);
    *list = p;
    *size = more;
    return true;
}

static bool push_answer(struct graph *g, struct entity e)
{
    if (!graph_room(g, (void **)&g->answers, g->answers_n, &g->answers_size, sizeof e))
        return false;
    g->answers[g->answers_n++] = e;
    return true;
}

/* The place of an answer, + 2; 0 without memory. */
static uint32_t keep(struct graph *g, const struct entities *set)
{
    uint32_t at = g->answers_n;

    if (!push_answer(g, (struct entity){ .index = set->n }))
        return 0;
    for (uint32_t i = 0; i < set->n; i++)
        if (!push_answer(g, set->list[i]))
            return 0;
    return at + 2;
}

/* ---- names of a module ---- */

static uint32_t slot_of(const struct linked *l, uint32_t owner, struct span name, uint32_t hash)
{
    uint32_t h = hash ^ owner * 0x9E3779B1u, i = (h ^ h >> 15) & (l->slots_n - 1);

    for (; l->slots[i]; i = (i + 1) & (l->slots_n - 1)) {
        const struct py_name *n = &l->o->names[l->slots[i] - 1];

        if (n->owner == owner && n->hash == hash && span_equal(n->name, name))
            break;
    }
    return i;
}

/* Of one name with several meanings the first is found; the others stand behind it. */
static bool index_names(struct graph *g, struct linked *l)
{
    uint32_t n = 8;

    while (n < l->o->names_n * 2)
        n *= 2;
    l->slots = arena_array(g->arena, n, sizeof *l->slots);
    l->slots_n = n;
    for (uint32_t i = 0; l->slots && i < l->o->names_n; i++) {
        const struct py_name *name = &l->o->names[i];
        uint32_t slot = slot_of(l, name->owner, name->name, name->hash);

        if (!l->slots[slot])
            l->slots[slot] = i + 1;
    }
    return l->slots != NULL;
}

/* What a module, or a class of it, calls by a name. */
static void named(struct graph *g, uint32_t module, uint32_t owner, struct span name, uint32_t hash,
                  unsigned depth, struct entities *out)
{
    struct linked *l = &g->modules[module];
    uint32_t i;

    if (!l->o->names_n || (!l->slots && !index_names(g, l)))
        return;
    i = l->slots[slot_of(l, owner, name, hash)];
    for (; i && i <= l->o->names_n; i++) {
        const struct py_name *n = &l->o->names[i - 1];

        if (n->owner != owner || n->hash != hash || !span_equal(n->name, name))
            break;
        graph_resolve(g, module, n->path, depth + 1, out);
    }
}

/* ---- attributes ---- */

static void add_getattr(struct graph *g, uint32_t module, unsigned depth, struct entities *out)
{
    struct entities f = { .n = 0 };
    static const struct span word = { (const uint8_t *)"__getattr__", 11 };

    named(g, module, 0, word, py_hash(word), depth, &f);
    for (uint32_t i = 0; i < f.n; i++)
        if (f.list[i].kind == E_FUNC) {
            f.list[i].kind = E_READS;
            add(out, f.list[i]);
        }
}

/* What the module's star imports bring in. */
static void starred(struct graph *g, uint32_t module, struct span name, uint32_t hash,
                    unsigned depth, struct entities *out)
{
    const struct py_outline *o = g->modules[module].o;

    for (uint32_t i = 0; i < o->stars_n && out->n == 0; i++) {
        struct entities from = { .n = 0 };

        graph_resolve(g, module, o->stars[i], depth + 1, &from);
        for (uint32_t k = 0; k < from.n; k++)
            if (from.list[k].kind == E_SPACE)
                graph_attribute(g, from.list[k], name, hash, depth + 1, out);
    }
}

static void of_space(struct graph *g, uint32_t node, struct span name, uint32_t hash,
                     unsigned depth, struct entities *out)
{
    uint32_t child = graph_node(g, node, name, hash);

    for (uint32_t m = g->nodes[node].modules; m; m = g->modules[m - 1].same_name)
        named(g, m - 1, 0, name, hash, depth, out);
    if (child != UINT32_MAX)
        add(out, (struct entity){ .kind = E_SPACE, .index = child });
    for (uint32_t m = g->nodes[node].modules; m && out->n == 0; m = g->modules[m - 1].same_name)
        starred(g, m - 1, name, hash, depth, out);
    for (uint32_t m = g->nodes[node].modules; m && out->n == 0; m = g->modules[m - 1].same_name)
        add_getattr(g, m - 1, depth, out);
}

/* seen: a class is asked once, however many ways lead up to it. */
static void member(struct graph *g, struct entity class, struct span name, uint32_t hash,
                   bool above, uint32_t query, unsigned depth, struct entities *out)
{
    const struct py_outline *o = g->modules[class.module].o;
    const struct py_class *c = &o->classes[class.index];
    uint32_t *seen = &g->class_seen[g->modules[class.module].klass + class.index];

    if (*seen == query || depth >= DEEP_MAX || !graph_step(g))
        return;
    *seen = query;
    if (!above)
        named(g, class.module, class.index, name, hash, depth, out);
    for (uint32_t i = 0; i < c->bases_n && out->n == 0; i++) {
        struct entities bases = { .n = 0 };

        graph_resolve(g, class.module, o->bases[c->first_base + i], depth + 1, &bases);
        for (uint32_t k = 0; k < bases.n; k++)
            if (bases.list[k].kind == E_CLASS)
                member(g, bases.list[k], name, hash, false, query, depth + 1, out);
    }
}

void graph_member(struct graph *g, uint32_t module, uint32_t klass, struct span name, uint32_t hash,
                  bool above, unsigned depth, struct entities *out)
{
    member(g, (struct entity){ E_CLASS, module, klass }, name, hash, above, ++g->queries, depth,
           out);
}

static const struct py_func *func_of(const struct graph *g, struct entity e)
{
    return &g->modules[e.module].o->funcs[e.index];
}

static void of_class(struct graph *g, struct entity of, struct span name, uint32_t hash,
                     unsigned depth, struct entities *out)
{
    struct entities found = { .n = 0 };

    if (span_is(name, "__class__")) {
        of.kind = E_CLASS;
        add(out, of);
        return;
    }
    graph_member(g, of.module, of.index, name, hash, of.kind == E_SUPER, depth, &found);
    if (found.n == 0 && of.kind == E_INSTANCE && !span_starts(name, SPAN_LITERAL("__"))) {
        static const struct span word = { (const uint8_t *)"__getattr__", 11 };

        graph_member(g, of.module, of.index, word, py_hash(word), false, depth, &found);
        for (uint32_t i = 0; i < found.n; i++)
            found.list[i].kind = found.list[i].kind == E_FUNC ? E_READS : E_NONE;
    }
    for (uint32_t i = 0; i < found.n; i++) {
        if (found.list[i].kind == E_FUNC && of.kind != E_CLASS &&
            func_of(g, found.list[i])->is_property)
            found.list[i].kind = E_READS;
        add(out, found.list[i]);
    }
}

/* What a function gives. */
static void given(struct graph *g, struct entity f, unsigned depth, struct entities *out)
{
    const struct py_func *func = func_of(g, f);

    for (size_t i = 0; i < ARRAY_LEN(func->gives); i++)
        if (func->gives[i])
            graph_resolve(g, f.module, func->gives[i], depth + 1, out);
}

void graph_attribute(struct graph *g, struct entity of, struct span name, uint32_t hash,
                     unsigned depth, struct entities *out)
{
    struct entities made = { .n = 0 };

    if (depth >= DEEP_MAX || !graph_step(g))
        return;
    switch (of.kind) {
    case E_SPACE:
        of_space(g, of.index, name, hash, depth, out);
        break;
    case E_CLASS:
    case E_INSTANCE:
    case E_SUPER:
        of_class(g, of, name, hash, depth, out);
        break;
    case E_FUNC:
        if (span_is(name, "__call__") || span_is(name, "__func__") || span_is(name, "__wrapped__"))
            add(out, of);
        break;
    case E_READS:
        given(g, of, depth, &made);
        for (uint32_t i = 0; i < made.n; i++)
            if (made.list[i].kind != E_READS)
                graph_attribute(g, made.list[i], name, hash, depth + 1, out);
        break;
    default:
        break;
    }
}

/* ---- paths ---- */

/*
 * Whether a module finds others beside it, as a script does: of a wheel, when it or its package
 * has an eye on the search path.
 */
static bool looks_beside(const struct graph *g, struct linked *l)
{
    const struct span word = SPAN_LITERAL("sys.path");
    bool beside;

    if (l->beside)
        return l->beside == 1;
    beside = g->p->kind != PACKAGE_WHEEL || l->role == MODULE_SCRIPT || l->role == MODULE_MAIN ||
             span_find(l->m->text, 0, word) != SIZE_MAX;
    for (uint32_t m = g->nodes[l->folder].modules; m && !beside; m = g->modules[m - 1].same_name)
        beside = span_find(g->modules[m - 1].m->text, 0, word) != SIZE_MAX;
    l->beside = beside ? 1 : 2;
    return beside;
}

/* "import x": from the roots; else from beside the module. What is built in is never there. */
static void absolute(const struct graph *g, uint32_t module, const struct py_path *p,
                     struct entities *out)
{
    uint32_t node = graph_node(g, 0, p->name, p->hash);

    if (node == UINT32_MAX && !span_is(p->name, "builtins") && !span_is(p->name, "sys") &&
        looks_beside(g, &g->modules[module]))
        node = graph_node(g, g->modules[module].folder, p->name, p->hash);
    if (node != UINT32_MAX)
        add(out, (struct entity){ .kind = E_SPACE, .index = node });
}

static uint32_t climbed(const struct graph *g, uint32_t module, uint32_t level)
{
    uint32_t node = g->modules[module].folder;

    while (--level > 0 && node)
        node = g->nodes[node].parent;
    return level ? UINT32_MAX : node;
}

static void called(struct graph *g, struct entity e, unsigned depth, struct entities *out)
{
    if (e.kind == E_CLASS) {
        e.kind = E_INSTANCE;
        add(out, e);
    } else if (e.kind == E_FUNC) {
        given(g, e, depth, out);
    }
}

static void follow(struct graph *g, uint32_t module, const struct py_path *p, unsigned depth,
                   struct entities *out)
{
    const struct py_outline *o = g->modules[module].o;
    struct entities up = { .n = 0 };
    uint32_t node;

    switch (p->kind) {
    case PY_PATH_RELATIVE:
        node = climbed(g, module, p->index);
        if (node != UINT32_MAX)
            add(out, (struct entity){ .kind = E_SPACE, .index = node });
        return;
    case PY_PATH_OWN:
        add(out, (struct entity){ .kind = E_SPACE, .index = g->modules[module].node });
        return;
    case PY_PATH_FUNC:
        add(out, (struct entity){ .kind = E_FUNC, .module = module, .index = p->index });
        return;
    case PY_PATH_CLASS:
        if (p->index)
            add(out, (struct entity){ .kind = E_CLASS, .module = module, .index = p->index });
        return;
    default:
        break;
    }
    if (p->kind == PY_PATH_ATTRIBUTE && o->paths[p->parent].kind == PY_PATH_ABSOLUTE) {
        absolute(g, module, p, out);
        return;
    }
    graph_resolve(g, module, p->parent, depth + 1, &up);
    for (uint32_t i = 0; i < up.n; i++)
        if (p->kind == PY_PATH_ATTRIBUTE) {
            graph_attribute(g, up.list[i], p->name, p->hash, depth + 1, out);
        } else if (p->kind == PY_PATH_CALL) {
            called(g, up.list[i], depth, out);
        } else if (p->kind == PY_PATH_SUPER && up.list[i].kind == E_CLASS) {
            up.list[i].kind = E_SUPER;
            add(out, up.list[i]);
        }
}

void graph_resolve(struct graph *g, uint32_t module, uint32_t path, unsigned depth,
                   struct entities *out)
{
    struct linked *l = &g->modules[module];
    struct entities mine = { .n = 0 };
    uint32_t at;

    if (!path || path >= l->o->paths_n || depth >= DEEP_MAX)
        return;
    if (!l->asked)
        l->asked = arena_array(g->arena, l->o->paths_n, sizeof *l->asked);
    if (!l->asked || l->asked[path] == ASKED)
        return;
    if (!l->asked[path]) {
        if (!graph_step(g))
            return;
        l->asked[path] = ASKED;
        follow(g, module, &l->o->paths[path], depth, &mine);
        l->asked[path] = keep(g, &mine);
    }
    at = l->asked[path] < 2 ? 0 : l->asked[path] - 2;
    for (uint32_t i = 0; l->asked[path] >= 2 && i < g->answers[at].index; i++)
        add(out, g->answers[at + 1 + i]);
}

/* ---- classes ---- */

static void put_below(struct graph *g, uint32_t base, uint32_t klass)
{
    if (!graph_room(g, (void **)&g->belows, g->belows_n, &g->belows_size, sizeof *g->belows))
        return;
    g->belows[g->belows_n] = (struct below){ klass, g->below[base] };
    g->below[base] = g->belows_n++;
}

void graph_order_classes(struct graph *g)
{
    if (!graph_room(g, (void **)&g->belows, 0, &g->belows_size, sizeof *g->belows))
        return;
    g->belows_n = 1; /* 0 is none */
    for (uint32_t m = 0; m < g->modules_n; m++) {
        const struct py_outline *o = g->modules[m].o;

        if (span_ends(g->modules[m].m->path, SPAN_LITERAL(".pyi")))
            continue; /* which nothing runs */
        for (uint32_t c = 1; c < o->classes_n; c++)
            for (uint32_t b = 0; b < o->classes[c].bases_n; b++) {
                struct entities bases = { .n = 0 };

                graph_resolve(g, m, o->bases[o->classes[c].first_base + b], 0, &bases);
                for (uint32_t i = 0; i < bases.n; i++)
                    if (bases.list[i].kind == E_CLASS)
                        put_below(g, g->modules[bases.list[i].module].klass + bases.list[i].index,
                                  g->modules[m].klass + c);
            }
    }
}
