/* Paths: what an expression leads to, in this module or in another. See outliner.h. */
#include "base/compiler.h"
#include "format/python/bind.h"
#include "format/python/outliner.h"

/* Expressions in expressions. */
#define DEEP_MAX 40
/* The same of names in code that is a constant. */
#define INNER_DEEP 8
/* Bindings of one name that are followed. */
#define BINDINGS_MAX 8
#define BEING_ASKED  UINT32_MAX

/* ---- hands_on.def ---- */

static const struct hand hands[] = {
#define HANDS(name, place, key)    { name, HAND_HANDS, place, key },
#define MAY_HAND(name, place, key) { name, HAND_MAY, place, key },
#define OBJECT(name, place, key)   { name, HAND_OBJECT, place, key },
#define ASSIGNED(name)             { name, HAND_ASSIGNED, 0, NULL },
#define IMPORTS(name, place, key)  { name, HAND_IMPORTS, place, key },
#define RUNS(name, place, key)     { name, HAND_RUNS, place, key },
#define FILE(name, place, key)     { name, HAND_FILE, place, key },
#define CODE(name)                 { name, HAND_CODE, 0, NULL },
#define COMMAND(name, place, key)  { name, HAND_COMMAND, place, key },
#define GIVES(name, what)          { name, HAND_GIVES, GIVES_##what, NULL },
#define FETCHES(name)              { name, HAND_FETCHES, 0, NULL },
#define ON_SESSION(name)                                                                           \
    FETCHES(name ".get")                                                                           \
    FETCHES(name ".post")                                                                          \
    FETCHES(name ".put")                                                                           \
    FETCHES(name ".request")                                                                       \
    FETCHES(name ".stream")                                                                        \
    FETCHES(name ".send")
#include "format/python/hands_on.def"
#undef HANDS
#undef MAY_HAND
#undef OBJECT
#undef ASSIGNED
#undef IMPORTS
#undef RUNS
#undef FILE
#undef CODE
#undef COMMAND
#undef GIVES
#undef ON_SESSION
#undef FETCHES
};

#define SLOTS 2048

struct slot {
    uint32_t hash;
    const struct hand *hand; /* the first of its name */
};
static struct slot slots[SLOTS];

/* Stands for a call among the parts of a name. */
#define CALL_HASH 1u

static uint32_t join(uint32_t parent, uint32_t name)
{
    uint64_t h = py_hash_mix(parent ^ 0x9E3779B97F4A7C15u, name ^ 0xD6E8FEB86659FD93u);

    return (uint32_t)(h ^ h >> 32) | 1;
}

/* The hash of one part more: "name", or "name()", which is a part and a call of it. */
static uint32_t join_part(uint32_t h, struct span part)
{
    bool call = span_ends(part, SPAN_LITERAL("()"));

    part.n -= call ? 2 : 0;
    h = join(h, py_hash(part));
    return call ? join(h, CALL_HASH) : h;
}

/* The hash of a dotted name, part by part; ".name" is that of a method. */
static uint32_t text_hash(struct span name)
{
    uint32_t h = 0;

    while (name.n > 0) {
        size_t dot = span_find(name, 0, SPAN_LITERAL("."));
        struct span part;

        (void)take(&name, dot == SIZE_MAX ? name.n : dot, &part);
        (void)skip(&name, 1);
        h = join_part(h, part);
    }
    return h;
}

static struct slot *slot_of(uint32_t hash)
{
    uint32_t i = hash & (SLOTS - 1);

    while (slots[i].hand && slots[i].hash != hash)
        i = (i + 1) & (SLOTS - 1);
    return &slots[i];
}

static void put_hand(const struct hand *hand, uint32_t hash)
{
    struct slot *s = slot_of(hash);

    if (!s->hand)
        *s = (struct slot){ hash, hand };
}

/* Once for each process, with the seed that names are hashed with. */
static void hands_init(void)
{
    static const struct hand prefix = { "", HAND_PREFIX, 0, NULL };

    _Static_assert(ARRAY_LEN(hands) * 3 < SLOTS, "room for every row");

    for (size_t i = 0; i < ARRAY_LEN(hands); i++) {
        struct span name = span_text(hands[i].name);
        size_t call = span_find(name, 0, SPAN_LITERAL("()"));

        put_hand(&hands[i], text_hash(name));
        if (call != SIZE_MAX)
            put_hand(&prefix, text_hash(span_of(name.p, call + 2)));
    }
}

static const struct hand *hand_of(uint32_t hash)
{
    static bool done;

    if (!done)
        hands_init();
    done = true;
    return slot_of(hash)->hand;
}

const struct hand *method_hand(uint32_t hash)
{
    return hand_of(join(join(0, py_hash(SPAN_EMPTY)), hash));
}

/* ---- the tree of paths ---- */

static uint32_t path_slot(const struct outliner *o, const struct path *p)
{
    uint32_t h = p->parent * 0x9E3779B1u ^ p->atom * 0x85EBCA77u ^ p->kind * 0xC2B2AE3Du ^
                 p->index * 0x27D4EB2Fu;
    uint32_t i = (h ^ h >> 15) & (o->path_slots_n - 1);

    for (; o->path_slots[i]; i = (i + 1) & (o->path_slots_n - 1)) {
        const struct path *q = &o->paths.list[o->path_slots[i]];

        if (q->parent == p->parent && q->atom == p->atom && q->kind == p->kind &&
            q->index == p->index)
            break;
    }
    return i;
}

static bool more_slots(struct outliner *o)
{
    uint32_t n = o->path_slots_n ? o->path_slots_n * 2 : 256;
    uint32_t *more = scan_map(o->an->s, n * sizeof *more);

    if (!more)
        return false;
    scan_unmap(o->an->s, o->path_slots, o->path_slots_n * sizeof *more);
    o->path_slots = more;
    o->path_slots_n = n;
    for (uint32_t i = 1; i < o->paths.n; i++)
        more[path_slot(o, &o->paths.list[i])] = i;
    return true;
}

/* Whether the artifact has a module or a folder so called, anywhere. */
static bool is_ours(const struct outliner *o, uint32_t atom)
{
    const struct package *p = o->an->s->package;
    uint32_t h = o->an->tree->atoms.hashes[atom] | 1;

    for (uint32_t i = h & (p->tops_n - 1); p->tops[i]; i = (i + 1) & (p->tops_n - 1))
        if (p->tops[i] == h)
            return true;
    return false;
}

static void describe(const struct outliner *o, struct path *p)
{
    const struct path *up = &o->paths.list[p->parent];

    if (!p->parent)
        return;
    p->foreign = up->foreign;
    if (p->kind == PY_PATH_CALL && up->text)
        p->text = join(up->text, CALL_HASH);
    if (p->kind != PY_PATH_ATTRIBUTE)
        return;
    if (up->kind == PY_PATH_ABSOLUTE)
        p->foreign = !is_ours(o, p->atom);
    if (up->kind == PY_PATH_ABSOLUTE || up->text)
        p->text = join(up->text, o->an->tree->atoms.hashes[p->atom]);
}

static uint32_t path_add(struct outliner *o, struct path p)
{
    uint32_t i;

    if (o->paths.n * 2 >= o->path_slots_n && !more_slots(o)) {
        o->failed = true;
        return 0;
    }
    i = path_slot(o, &p);
    if (o->path_slots[i])
        return o->path_slots[i];
    if (!OUTLINE_ADD(o, o->paths)) {
        o->failed = true;
        return 0;
    }
    describe(o, &p);
    p.hand = p.text ? hand_of(p.text) : NULL;
    o->paths.list[o->paths.n] = p;
    return o->path_slots[i] = o->paths.n++;
}

uint32_t path_child(struct outliner *o, uint32_t parent, enum py_path_kind kind, uint32_t atom)
{
    if (!parent || (kind == PY_PATH_ATTRIBUTE && !atom))
        return 0;
    if (kind != PY_PATH_ATTRIBUTE && o->paths.list[parent].foreign &&
        (kind != PY_PATH_CALL || !o->paths.list[parent].text ||
         !hand_of(join(o->paths.list[parent].text, CALL_HASH))))
        return 0; /* of no interest */
    return path_add(o, (struct path){ .kind = (uint8_t)kind, .parent = parent, .atom = atom });
}

uint32_t path_index(struct outliner *o, enum py_path_kind kind, uint32_t index)
{
    return path_add(o, (struct path){ .kind = (uint8_t)kind, .index = index });
}

static uint32_t atom_of(struct outliner *o, struct span name)
{
    return py_atom(&o->an->tree->atoms, name, py_hash(name), true);
}

/* An atom of code in a constant, as the source around it has it. */
static uint32_t own_atom(struct outliner *o, const struct analysis *an, uint32_t atom)
{
    return an == o->an ? atom : atom_of(o, py_atom_text(&an->tree->atoms, atom));
}

uint32_t path_word(struct outliner *o, uint32_t parent, const char *word)
{
    return parent ? path_child(o, parent, PY_PATH_ATTRIBUTE, atom_of(o, span_text(word))) : 0;
}

static uint32_t path_root(struct outliner *o, uint32_t level)
{
    return level ? path_index(o, PY_PATH_RELATIVE, level) : path_index(o, PY_PATH_ABSOLUTE, 0);
}

uint32_t path_text(struct outliner *o, struct span name, uint32_t level)
{
    uint32_t path;

    while (name.n > 0 && name.p[0] == '.') {
        (void)skip(&name, 1);
        level++;
    }
    path = path_root(o, level);
    while (name.n > 0 && path) {
        size_t dot = span_find(name, 0, SPAN_LITERAL("."));
        struct span part;

        (void)take(&name, dot == SIZE_MAX ? name.n : dot, &part);
        (void)skip(&name, 1);
        path = path_child(o, path, PY_PATH_ATTRIBUTE, atom_of(o, part));
    }
    return path;
}

uint32_t path_import(struct outliner *o, struct analysis *an, uint32_t names, uint32_t parts,
                     uint32_t level)
{
    uint32_t path = path_root(o, level);

    for (uint32_t n = names; n && parts > 0; n = py_node(an->tree, n)->next, parts--)
        path = path_child(o, path, PY_PATH_ATTRIBUTE, own_atom(o, an, py_node(an->tree, n)->atom));
    return path;
}

/* ---- sets ---- */

static void add_as(struct targets *t, uint32_t path, bool guess)
{
    uint32_t i = 0;

    while (i < t->n && t->list[i] != path)
        i++;
    if (!path || i >= TARGETS_MAX)
        return;
    if (i == t->n) {
        t->list[t->n++] = path;
        t->guess |= (uint8_t)(1u << i);
    }
    if (!guess)
        t->guess &= (uint8_t) ~(1u << i);
}

static void add(struct targets *t, uint32_t path)
{
    add_as(t, path, false);
}

static void add_targets(struct targets *t, const struct targets *more, bool guess)
{
    for (uint32_t i = 0; i < more->n; i++)
        add_as(t, more->list[i], guess || is_guess(more, i));
}

static void add_children(struct outliner *o, const struct targets *of, enum py_path_kind kind,
                         uint32_t atom, struct targets *out)
{
    for (uint32_t i = 0; i < of->n; i++)
        add_as(out, path_child(o, of->list[i], kind, atom), is_guess(of, i));
}

static uint32_t keep(struct outliner *o, const struct targets *t)
{
    uint32_t at = o->targets.n;

    for (uint32_t i = 0; i <= t->n; i++) {
        if (!OUTLINE_ADD(o, o->targets)) {
            o->failed = true;
            return 0;
        }
        o->targets.list[o->targets.n++] = i ? t->list[i - 1] : t->n | (uint32_t)t->guess << 8;
    }
    return at;
}

static void kept(const struct outliner *o, uint32_t at, struct targets *out)
{
    uint32_t n = o->targets.list[at] & 0xFF;

    for (uint32_t i = 0; i < n; i++)
        add_as(out, o->targets.list[at + 1 + i], o->targets.list[at] >> 8 >> i & 1);
}

/* ---- names ---- */

static void add_scope(struct outliner *o, const struct analysis *an, enum py_path_kind kind,
                      uint32_t scope, struct targets *out)
{
    if (an == o->an && scope < o->scopes_n && (o->scopes[scope] || kind == PY_PATH_FUNC))
        add(out, path_index(o, kind, o->scopes[scope]));
}

void targets_of_value(struct outliner *o, const struct analysis *an, val v, struct targets *out)
{
    for (uint32_t i = 0; i < value_count(an, v) && i < BINDINGS_MAX; i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        if (x && x->kind == V_PARTIAL)
            x = value_of(an, value_at(an, x->a, 0));
        if (!x || an != o->an)
            continue;
        if (x->kind == V_FUNC)
            add_scope(o, an, PY_PATH_FUNC, x->a, out);
        if (x->kind == V_CLASS) { /* or an instance of it: calling either is looked at */
            uint32_t class = path_index(o, PY_PATH_CLASS, o->scopes[x->a]);

            add(out, class);
            add(out, path_child(o, class, PY_PATH_CALL, 0));
        }
    }
}

/* self, cls: an instance of the class around the method, or the class. */
static void add_self(struct outliner *o, struct analysis *an, const struct binding *b,
                     struct targets *out)
{
    const struct scope *f = &an->scopes.list[b->of];
    uint32_t class;

    if (an != o->an || an->scopes.list[f->parent].kind != S_CLASS || f->is_static ||
        py_node(an->tree, f->node)->a != b->node)
        return;
    class = path_index(o, PY_PATH_CLASS, o->scopes[f->parent]);
    if (has_decorator(an, f->node, W_classmethod, W_classmethod) || f->name == W_NEW ||
        f->name == W_INIT_SUBCLASS || f->name == W_CLASS_GETITEM)
        add(out, class);
    else
        add(out, path_child(o, class, PY_PATH_CALL, 0));
}

/* What an element, or what a call gave, was taken of. */
static uint32_t taken_of(const struct analysis *an, uint32_t node)
{
    for (unsigned depth = 0; depth < DEEP_MAX; depth++) {
        uint8_t kind = py_node(an->tree, node)->kind;

        if (kind != N_SUBSCRIPT && kind != N_CALL && kind != N_AWAIT && kind != N_STARRED)
            break;
        node = py_node(an->tree, node)->a;
    }
    return node;
}

/*
 * Whether an expression is something of an object that is not known: then a name alone tells.
 * {...}.values() is of a dictionary, which is.
 */
static bool is_of_unknown(struct outliner *o, struct analysis *an, uint32_t node)
{
    for (unsigned depth = 0; depth < 4; depth++) {
        struct targets of = { .n = 0 };
        uint32_t base;
        val v;

        node = taken_of(an, node);
        base = py_node(an->tree, node)->a;
        if (py_node(an->tree, node)->kind != N_ATTRIBUTE)
            return false;
        targets_of(o, an, base, &of);
        if (of.n > 0)
            return false;
        v = eval(an, base, NULL);
        if (!is_kind(an, v, V_DICT) && !is_kind(an, v, V_SEQ))
            return true;
        node = base;
    }
    return true;
}

/* The same of what a part was taken of. */
static bool is_part_of_unknown(struct outliner *o, struct analysis *an, const struct binding *b)
{
    for (unsigned depth = 0; depth < 8 && b->kind != B_VALUE && b->kind != B_SPREAD; depth++) {
        if (b->kind == B_NOTHING || b->kind >= B_IMPORT || !b->of || b->of >= an->bindings.n)
            return false;
        b = &an->bindings.list[b->of];
    }
    return (b->kind == B_VALUE || b->kind == B_SPREAD) && is_of_unknown(o, an, b->node);
}

/* What the analysis knows a name to be. */
static void add_known(struct outliner *o, struct analysis *an, uint32_t symbol, bool guess,
                      struct targets *out)
{
    val v = symbol_value(an, symbol, NULL);
    struct targets mine = { .n = 0 };

    targets_of_value(o, an, v, &mine);
    add_targets(out, &mine, guess);
}

static void add_binding(struct outliner *o, struct analysis *an, uint32_t symbol,
                        const struct binding *b, struct targets *out)
{
    const struct py_node *n = py_node(an->tree, b->node);

    switch (b->kind) {
    case B_FUNC:
    case B_PROPERTY:
        add_scope(o, an, PY_PATH_FUNC, b->of, out);
        break;
    case B_CLASS:
        add_scope(o, an, PY_PATH_CLASS, b->of, out);
        break;
    case B_VALUE:
        targets_of(o, an, b->node, out);
        break;
    case B_ENTER:
        if (b->of < an->bindings.n)
            targets_of(o, an, an->bindings.list[b->of].node, out);
        break;
    case B_IMPORT:
        add(out, path_import(o, an, n->a, b->of ? UINT32_MAX : 1, 0));
        break;
    case B_FROM: {
        const struct py_node *from = py_node(an->tree, b->of);
        uint32_t module = path_import(o, an, from->b, UINT32_MAX, from->c);

        add(out, path_child(o, module, PY_PATH_ATTRIBUTE,
                            own_atom(o, an, py_node(an->tree, n->a)->atom)));
        break;
    }
    case B_ARG:
        add_self(o, an, b, out);
        if (n->b)
            targets_of(o, an, n->b, out);
        if (out->n == 0) /* of several callers each hands it its own */
            add_known(o, an, symbol, value_count(an, symbol_value(an, symbol, NULL)) > 1, out);
        break;
    case B_NOTHING:
    case B_DELETED:
        break;
    default:
        add_known(o, an, symbol, is_part_of_unknown(o, an, b), out);
    }
}

/* What an attribute of this name is set to, wherever; class bodies are not looked at. */
static void ask_field(struct outliner *o, struct analysis *an, uint32_t symbol, struct targets *out)
{
    uint32_t count = 0;

    for (uint32_t i = an->symbols.list[symbol].first; i && count < BINDINGS_MAX;
         i = an->bindings.list[i].next, count++)
        if (an->bindings.list[i].kind == B_VALUE)
            targets_of(o, an, an->bindings.list[i].node, out);
}

static void ask_symbol(struct outliner *o, struct analysis *an, uint32_t symbol,
                       struct targets *out)
{
    uint32_t count = 0;

    if (an->symbols.list[symbol].scope == UINT32_MAX) {
        ask_field(o, an, symbol, out);
        return;
    }

    for (uint32_t i = an->symbols.list[symbol].first; i && count < BINDINGS_MAX;
         i = an->bindings.list[i].next, count++) {
        struct binding b = an->bindings.list[i];

        if (b.kind == B_SAME && b.of)
            b = an->bindings.list[b.of];
        add_binding(o, an, symbol, &b, out);
    }
}

void targets_of_symbol(struct outliner *o, struct analysis *an, uint32_t symbol,
                       struct targets *out)
{
    struct targets mine = { .n = 0 };
    uint32_t at;

    if (an != o->an || symbol >= o->symbols_n) {
        if (o->depth++ < INNER_DEEP) /* what is found is not kept */
            ask_symbol(o, an, symbol, out);
        o->depth--;
        return;
    }
    at = o->symbols[symbol];
    if (at == BEING_ASKED)
        return;
    if (!at) {
        o->symbols[symbol] = BEING_ASKED;
        ask_symbol(o, an, symbol, &mine);
        o->symbols[symbol] = at = keep(o, &mine);
    }
    if (at)
        kept(o, at, out);
}

/* A name that nothing binds: of the code around, of a star import, or built-in. */
static void add_free(struct outliner *o, struct analysis *an, uint32_t atom, struct targets *out)
{
    uint32_t own = own_atom(o, an, atom), symbol = an != o->an ? symbol_find(o->an, 0, own) : 0;

    if (symbol) {
        targets_of_symbol(o, o->an, symbol, out);
        return;
    }
    for (uint32_t i = 0; i < an->stars.n && i < TARGETS_MAX; i++) {
        const struct py_node *from = py_node(an->tree, an->stars.list[i]);

        add(out, path_child(o, path_import(o, an, from->b, UINT32_MAX, from->c), PY_PATH_ATTRIBUTE,
                            own));
    }
    if (atom < an->known->atoms_n && (an->known->builtin[atom] || an->known->plain_builtin[atom]))
        add(out, path_child(o, o->builtins, PY_PATH_ATTRIBUTE, own));
}

static void of_name(struct outliner *o, struct analysis *an, uint32_t node, struct targets *out)
{
    const struct py_node *n = py_node(an->tree, node);

    if (SYMBOL(n))
        targets_of_symbol(o, an, SYMBOL(n), out);
    else
        add_free(o, an, n->atom, out);
}

/* ---- calls ---- */

uint32_t argument_of(const struct analysis *an, uint32_t call, uint32_t place, const char *key)
{
    uint32_t at = 0;

    for (uint32_t a = py_node(an->tree, call)->b; a; a = py_node(an->tree, a)->next) {
        const struct py_node *arg = py_node(an->tree, a);

        if (arg->kind == N_KEYWORD) {
            if (key && span_is(py_atom_text(&an->tree->atoms, arg->atom), key))
                return arg->a;
            continue;
        }
        if (arg->kind == N_DOUBLE_STARRED || arg->kind == N_STARRED)
            return 0;
        if (at++ == place)
            return a;
    }
    return 0;
}

/* A name computed from the module's own, which the analysis only knows as "__name__". */
static uint32_t path_computed(struct outliner *o, struct span name)
{
    static const struct span own[] = { { (const uint8_t *)"__package__", 11 },
                                       { (const uint8_t *)"__name__", 8 } };

    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        struct span rest = span_from(name, own[i].n);

        if (!span_starts(name, own[i]))
            continue;
        if (rest.n == 0)
            return path_index(o, PY_PATH_OWN, 0);
        return rest.p[0] == '.' ? path_text(o, span_from(rest, 1), 1) : 0;
    }
    return path_text(o, name, 0);
}

void targets_of_names(struct outliner *o, struct analysis *an, uint32_t node, struct targets *out)
{
    val v = node ? eval_full(an, node, NULL) : VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v) && i < TARGETS_MAX; i++) {
        struct span s;

        if (value_is_text(an, value_at(an, v, i), &s) && s.n > 0 && s.n < 256)
            add(out, path_computed(o, s));
    }
}

/* getattr(x, "name") */
static void of_getattr(struct outliner *o, struct analysis *an, uint32_t call, struct targets *out)
{
    uint32_t object = argument_of(an, call, 0, NULL), name = argument_of(an, call, 1, NULL);
    struct targets of = { .n = 0 };
    val v = name ? eval_full(an, name, NULL) : VAL_NONE;

    if (!object)
        return;
    targets_of(o, an, object, &of);
    for (uint32_t i = 0; i < value_count(an, v) && i < TARGETS_MAX; i++) {
        struct span s;

        if (value_is_text(an, value_at(an, v, i), &s) && s.n > 0 && s.n < 256)
            add_children(o, &of, PY_PATH_ATTRIBUTE, atom_of(o, s), out);
    }
}

/* super(): what stands above the class around it. */
static void of_super(struct outliner *o, struct analysis *an, uint32_t call, struct targets *out)
{
    uint32_t scope = an == o->an ? scope_at(an, py_node(an->tree, call)->off) : 0;

    while (scope && an->scopes.list[scope].kind != S_CLASS)
        scope = an->scopes.list[scope].parent;
    if (scope)
        add(out, path_child(o, path_index(o, PY_PATH_CLASS, o->scopes[scope]), PY_PATH_SUPER, 0));
}

static void of_argument(struct outliner *o, struct analysis *an, uint32_t call, uint32_t place,
                        struct targets *out)
{
    uint32_t arg = argument_of(an, call, place, NULL);

    if (arg)
        targets_of(o, an, arg, out);
}

static void of_given(struct outliner *o, struct analysis *an, uint32_t call,
                     const struct hand *hand, struct targets *out)
{
    struct targets of = { .n = 0 };

    switch (hand->place) {
    case GIVES_ARGUMENT:
        of_argument(o, an, call, 0, out);
        break;
    case GIVES_SECOND:
        of_argument(o, an, call, 1, out);
        break;
    case GIVES_ATTRIBUTE:
        of_getattr(o, an, call, out);
        break;
    case GIVES_CLASS:
        of_argument(o, an, call, 0, &of);
        add_children(o, &of, PY_PATH_ATTRIBUTE, W_CLASS, out);
        break;
    case GIVES_ABOVE:
        of_super(o, an, call, out);
        break;
    default:
        if (an == o->an)
            add(out, path_index(o, PY_PATH_OWN, 0));
    }
}

/* What the analysis knows an expression to be. */
static void add_evaluated(struct outliner *o, struct analysis *an, uint32_t node,
                          struct targets *out)
{
    struct targets mine = { .n = 0 };

    targets_of_value(o, an, eval(an, node, NULL), &mine);
    add_targets(out, &mine, mine.n > 0 && is_of_unknown(o, an, node));
}

/* Nothing of it is ours. */
static bool is_foreign(const struct outliner *o, const struct targets *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (!o->paths.list[t->list[i]].foreign)
            return false;
    return true;
}

bool is_others_call(struct outliner *o, struct analysis *an, uint32_t node)
{
    struct targets callee = { .n = 0 };

    if (py_node(an->tree, node)->kind != N_CALL)
        return false;
    targets_of(o, an, py_node(an->tree, node)->a, &callee);
    for (uint32_t i = 0; i < callee.n; i++)
        if (path_hand(o, callee.list[i]))
            return false;
    return callee.n > 0 && is_foreign(o, &callee);
}

/* Whether a callee is of functools, or what a call of that gives: lru_cache(None). */
static bool is_of_functools(struct outliner *o, struct analysis *an, uint32_t node)
{
    struct targets t = { .n = 0 };
    uint32_t path;

    if (py_node(an->tree, node)->kind == N_CALL)
        node = py_node(an->tree, node)->a;
    targets_of(o, an, node, &t);
    path = t.n == 1 ? t.list[0] : 0;
    while (path && o->paths.list[o->paths.list[path].parent].kind == PY_PATH_ATTRIBUTE)
        path = o->paths.list[path].parent;
    return path && o->paths.list[path].kind == PY_PATH_ATTRIBUTE &&
           span_is(py_atom_text(&o->an->tree->atoms, o->paths.list[path].atom), "functools");
}

/* What somebody else's decorator gives, called as one: most often the function, or what calls it.
 */
static void of_decorated(struct outliner *o, struct analysis *an, uint32_t call,
                         struct targets *out)
{
    uint32_t arg = py_node(an->tree, call)->b;
    uint8_t kind = arg ? py_node(an->tree, arg)->kind : N_NONE;
    struct targets of = { .n = 0 };
    bool known;

    if (!arg || py_node(an->tree, arg)->next || (kind != N_NAME && kind != N_LAMBDA))
        return;
    targets_of(o, an, arg, &of);
    known = of.n > 0 && is_of_functools(o, an, py_node(an->tree, call)->a);
    for (uint32_t i = 0; i < of.n; i++)
        if (!o->paths.list[of.list[i]].foreign)
            add_as(out, of.list[i], !known);
}

/* super().__new__(cls): an instance of what it is given. */
static void of_new(struct outliner *o, struct analysis *an, uint32_t call, struct targets *out)
{
    struct targets of = { .n = 0 };

    of_argument(o, an, call, 0, &of);
    add_children(o, &of, PY_PATH_CALL, 0, out);
}

static void of_call(struct outliner *o, struct analysis *an, uint32_t node, struct targets *out)
{
    uint32_t function = py_node(an->tree, node)->a;
    struct targets callee = { .n = 0 };

    targets_of(o, an, function, &callee);
    if (py_node(an->tree, function)->kind == N_ATTRIBUTE &&
        py_node(an->tree, function)->atom == W_NEW)
        of_new(o, an, node, out);
    for (uint32_t i = 0; i < callee.n; i++) {
        const struct hand *hand = path_hand(o, callee.list[i]);

        if (hand && hand->kind == HAND_GIVES)
            of_given(o, an, node, hand, out);
        else if (hand && (hand->kind == HAND_IMPORTS || hand->kind == HAND_RUNS))
            targets_of_names(o, an, argument_of(an, node, hand->place, hand->key), out);
        else
            add_as(out, path_child(o, callee.list[i], PY_PATH_CALL, 0), is_guess(&callee, i));
    }
    if (callee.n == 0)
        add_evaluated(o, an, node, out);
    if (out->n == 0 && is_foreign(o, &callee))
        of_decorated(o, an, node, out);
}

/* globals()["f"], sys.modules["m"]; an element of what was looked for; Generic[T] is Generic. */
static void of_subscript(struct outliner *o, struct analysis *an, uint32_t node,
                         struct targets *out)
{
    uint32_t base = py_node(an->tree, node)->a, index = py_node(an->tree, node)->b;
    struct targets of = { .n = 0 };

    add_evaluated(o, an, node, out);
    targets_of(o, an, base, &of);
    for (uint32_t i = 0; i < of.n; i++) {
        const struct path *p = &o->paths.list[of.list[i]];

        if (p->kind == PY_PATH_ATTRIBUTE && p->atom == W_DICT)
            of.list[i] = p->parent; /* vars(m)["f"], m.__dict__["f"] */
        p = &o->paths.list[of.list[i]];
        if (p->text && p->text == text_hash(SPAN_LITERAL("sys.modules")))
            targets_of_names(o, an, index, out);
        else if (py_node(an->tree, index)->kind == N_STR) {
            struct span s;

            if (value_is_text(an, eval_full(an, index, NULL), &s) && s.n > 0 && s.n < 256)
                add_as(out, path_child(o, of.list[i], PY_PATH_ATTRIBUTE, atom_of(o, s)),
                       is_guess(&of, i));
        } else
            add_as(out, of.list[i], is_guess(&of, i));
    }
}

/* ---- expressions ---- */

static void of_each(struct outliner *o, struct analysis *an, uint32_t first, struct targets *out)
{
    for (uint32_t n = first; n && out->n < TARGETS_MAX; n = py_node(an->tree, n)->next)
        targets_of(o, an, n, out);
}

/* Whether a class is another, or stands below it, as far as this source shows. */
static bool is_below(const struct analysis *an, uint32_t scope, uint32_t other, unsigned depth)
{
    if (scope == other)
        return true;
    for (uint32_t a = py_node(an->tree, an->scopes.list[scope].node)->a; a && depth < 4;
         a = py_node(an->tree, a)->next) {
        const struct py_node *n = py_node(an->tree, a);
        uint32_t symbol = n->kind == N_NAME ? SYMBOL(n) : 0;
        const struct binding *b =
            symbol ? &an->bindings.list[an->symbols.list[symbol].first] : NULL;

        if (b && b->kind == B_CLASS && b->of != scope && is_below(an, b->of, other, depth + 1))
            return true;
    }
    return false;
}

/* Whether a field is set within a class, or within one above it. */
static bool is_set_in(const struct analysis *an, const struct binding *b, uint32_t class)
{
    uint32_t scope = scope_at(an, b->off);

    while (scope && an->scopes.list[scope].kind != S_CLASS)
        scope = an->scopes.list[scope].parent;
    return scope && is_below(an, class, scope, 0);
}

/*
 * An attribute of an instance of one of our classes: what the class defines or sets. What
 * others of that name are set to is a guess.
 */
static void of_instance(struct outliner *o, uint32_t instance, uint32_t atom, bool guess,
                        struct targets *out)
{
    struct analysis *an = o->an;
    uint32_t scope = o->class_scopes[o->paths.list[o->paths.list[instance].parent].index];
    uint32_t field = atom < an->atoms_n ? an->fields[atom] : 0, count = 0;
    struct targets own = { .n = 0 }, other = { .n = 0 };
    bool set = false;

    for (uint32_t i = field ? an->symbols.list[field].first : 0; i && count < BINDINGS_MAX;
         i = an->bindings.list[i].next, count++) {
        const struct binding *b = &an->bindings.list[i];

        if (b->kind == B_SAME || symbol_find(an, scope, atom))
            continue;
        if (is_set_in(an, b, scope)) {
            set = true;
            if (b->kind == B_VALUE)
                targets_of(o, an, b->node, &own);
        } else if (b->kind == B_VALUE) {
            targets_of(o, an, b->node, &other);
        }
    }
    if (!set) {
        add_as(out, path_child(o, instance, PY_PATH_ATTRIBUTE, atom), guess);
        add_targets(out, &other, true);
    }
    add_targets(out, &own, guess);
}

/* What was set on a name before. */
static void add_set_before(struct outliner *o, const struct py_node *n, struct targets *out)
{
    const struct py_node *base = py_node(o->an->tree, n->a);

    if (base->kind != N_NAME || !SYMBOL(base))
        return;
    for (uint32_t i = 0; i < o->sets.n; i++)
        if (o->sets.list[i].symbol == SYMBOL(base) && o->sets.list[i].atom == n->atom)
            add(out, o->sets.list[i].path);
}

/* What an attribute leads to is kept in its b, which the tree leaves free. */
static void of_attribute(struct outliner *o, struct analysis *an, uint32_t node,
                         struct targets *out)
{
    const struct py_node n = *py_node(an->tree, node);
    struct targets of = { .n = 0 }, mine = { .n = 0 };

    if (an != o->an) {
        targets_of(o, an, n.a, &of);
        add_children(o, &of, PY_PATH_ATTRIBUTE, own_atom(o, an, n.atom), out);
        return;
    }
    if (!n.b) {
        targets_of(o, an, n.a, &of);
        for (uint32_t i = 0; i < of.n; i++) {
            const struct path *p = &o->paths.list[of.list[i]];

            if (p->kind == PY_PATH_CALL && o->paths.list[p->parent].kind == PY_PATH_CLASS)
                of_instance(o, of.list[i], n.atom, is_guess(&of, i), &mine);
            else
                add_as(&mine, path_child(o, of.list[i], PY_PATH_ATTRIBUTE, n.atom),
                       is_guess(&of, i));
        }
        if (o->sets.n > 0)
            add_set_before(o, &n, &mine);
        an->tree->nodes[node].b = keep(o, &mine);
    }
    if (py_node(an->tree, node)->b)
        kept(o, py_node(an->tree, node)->b, out);
}

static void of_node(struct outliner *o, struct analysis *an, uint32_t node, struct targets *out)
{
    const struct py_node *n = py_node(an->tree, node);

    switch (n->kind) {
    case N_NAME:
        of_name(o, an, node, out);
        break;
    case N_ATTRIBUTE:
        of_attribute(o, an, node, out);
        break;
    case N_CALL:
        of_call(o, an, node, out);
        break;
    case N_SUBSCRIPT:
        of_subscript(o, an, node, out);
        break;
    case N_LAMBDA:
        add_scope(o, an, PY_PATH_FUNC, n->atom, out);
        break;
    case N_BOOL:
        of_each(o, an, n->a, out);
        break;
    case N_IF_ELSE: {
        uint32_t other = n->c;

        targets_of(o, an, n->b, out);
        targets_of(o, an, other, out);
        break;
    }
    case N_NAMED:
        targets_of(o, an, n->b, out);
        break;
    case N_AWAIT:
    case N_STARRED:
        targets_of(o, an, n->a, out);
        break;
    default:
        break;
    }
}

void targets_of(struct outliner *o, struct analysis *an, uint32_t node, struct targets *out)
{
    if (!node || o->depth >= DEEP_MAX || o->failed)
        return;
    if (o->steps == 0) {
        o->cut = true;
        return;
    }
    o->steps--;
    o->depth++;
    of_node(o, an, node, out);
    o->depth--;
}
