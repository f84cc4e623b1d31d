/* Attributes and subscripts of values. See analysis.h. */
#include "format/python/analysis.h"

static val make(struct analysis *an, enum value_kind kind, uint32_t a, uint32_t b)
{
    return value_new(an, (struct value){ .kind = (uint8_t)kind, .a = a, .b = b });
}

static uint32_t of_atom(const struct analysis *an, const uint32_t *table, uint32_t atom)
{
    return atom < an->known->atoms_n ? table[atom] : 0;
}

/* "getattr" of one object: object.__getattribute__ and its kin, bound to it. */
static val getter_of(struct analysis *an, val v)
{
    return make(an, V_BOUND, interest_find(&an->known->tree, "builtins.getattr"), v);
}

/* What every module and function has. */
static val common_attribute(struct analysis *an, uint32_t node, uint32_t atom)
{
    const struct known *k = an->known;
    uint32_t parent = k->tree.nodes[node].parent;

    switch (atom) {
    case W_DICT:
        return make(an, V_SPACE, node, 0);
    case W_BUILTINS:
        return k->builtins;
    case W_GLOBALS:
        return value_plain(an, V_ANY_SPACE, 0, 0, false);
    case W_GETATTRIBUTE:
    case W_GETATTR:
        return getter_of(an, node);
    case W_SELF:
        return parent == k->builtins ? parent : VAL_NONE;
    case W_CALL:
    case W_FUNC:
    case W_INIT:
    case W_NEW:
    case W_WRAPPED:
        return known_row(k, node) ? node : VAL_NONE;
    case W_NAME: {
        const char *word = k->tree.words[k->tree.nodes[node].word];

        return value_text(an, V_STR, span_text(word), false);
    }
    default:
        return VAL_NONE;
    }
}

/* Methods of the dictionaries that modules have. */
static bool is_space_method(uint32_t atom)
{
    return atom == W_get || atom == W_pop || atom == W_setdefault || atom == W_GETITEM ||
           atom == W_values || atom == W_items || atom == W_copy;
}

static val known_attribute(struct analysis *an, uint32_t node, uint32_t atom)
{
    const struct known *k = an->known;
    uint32_t child = known_child(k, node, atom);
    val v;

    if (child && k->constants[child])
        return value_text(an, V_STR, span_text(k->constants[child]), false);
    if (child)
        return child;
    if (node == k->sys_modules || (node == k->builtins && is_space_method(atom)))
        return make(an, V_METHOD, atom, node);
    if (node == k->str_class || node == k->bytes_class)
        return make(an, V_METHOD, atom,
                    node); /* str.join("", x): its first argument is the string */
    v = common_attribute(an, node, atom);
    if (!v && of_atom(an, k->root, atom) != node) /* socket.socket is a class */
        v = of_atom(an, k->root, atom);           /* shutil.os is os */
    return v || known_row(k, node) ? v : value_plain(an, V_ANY_MODULE, 1, 0, false);
}

/* Of an object of which nothing is known: where the ways out of a sandbox begin. */
static val object_attribute(struct analysis *an, uint32_t atom)
{
    switch (atom) {
    case W_GLOBALS:
    case W_F_GLOBALS:
    case W_F_LOCALS:
    case W_FUNC_GLOBALS:
        return value_plain(an, V_ANY_SPACE, 0, 0, false);
    case W_BUILTINS:
    case W_F_BUILTINS:
        return an->known->builtins;
    case W__module: /* of warnings.catch_warnings, and its kin */
        return value_plain(an, V_ANY_MODULE, 0, 1, false);
    default:
        return VAL_NONE;
    }
}

/* Of a module that is not known: other modules in it, and names that tell enough by themselves. */
static val foreign_attribute(struct analysis *an, val v, uint32_t atom)
{
    const struct known *k = an->known;
    bool relative = value_of(an, v)->partial;
    uint32_t root = of_atom(an, k->root, atom), leaf = of_atom(an, k->leaf, atom);
    val found;

    if (root && relative && known_is_own(an->s, k, root))
        return v; /* of the same name, and the artifact's own */
    if (root && relative && known_import(k, root))
        return value_plain(an, V_ANY_MODULE, 1, 0, false);
    if (root && relative)
        return make(an, V_GUESS, root, 0);
    if (root)
        return root;
    if (leaf && !value_of(an, v)->a)
        return make(an, V_GUESS, leaf, 1);
    switch (atom) {
    case W_DICT:
        return value_plain(an, V_ANY_SPACE, 0, 0, false);
    case W_GETATTRIBUTE:
    case W_GETATTR:
        return getter_of(an, v);
    default:
        found = object_attribute(an, atom);
        return found ? found : v;
    }
}

/* What attributes of this name are set to, anywhere in the source. */
static val field_value(struct analysis *an, uint32_t atom)
{
    uint32_t symbol = atom < an->atoms_n ? an->fields[atom] : 0;
    val v = symbol ? symbol_value(an, symbol, NULL) : VAL_NONE, all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);
        const struct value *x = value_of(an, one);

        if (x && x->kind == V_ANY_MODULE) /* an object, most often: its methods are its own */
            one = value_plain(an, V_ANY_MODULE, 1, x->b, x->partial);
        all = value_join(an, all, one);
    }
    return all;
}

static val path_attribute(struct analysis *an, val v, uint32_t atom)
{
    uint32_t child = known_child(an->known, an->known->path_class, atom);

    if (child && known_row(an->known, child))
        return make(an, V_BOUND, child, v);
    if (atom == W_parent)
        return v;
    if (atom == W_parents)
        return value_list(an, V_SEQ, &v, 1, true);
    return make(an, V_METHOD, atom, v);
}

/* A method, or what a decorator made of it: a property's setter. */
static bool is_method(const struct analysis *an, uint32_t scope)
{
    return an->scopes.list[an->scopes.list[scope].parent].kind == S_CLASS;
}

static val attribute_of_one(struct analysis *an, val v, uint32_t atom)
{
    const struct value *x = value_of(an, v);
    val found;

    if (is_known(an, v))
        return known_attribute(an, v, atom);
    switch (x ? x->kind : V_UNION) {
    case V_GUESS:
        found = known_attribute(an, x->a, atom);
        return is_known(an, found) ? make(an, V_GUESS, found, 0) : found;
    case V_ANY_MODULE:
        return foreign_attribute(an, v, atom);
    case V_STR:
    case V_BYTES:
    case V_INT:
    case V_SEQ:
    case V_DICT:
    case V_SPACE:
    case V_ANY_SPACE:
    case V_GLOBALS:
        return make(an, V_METHOD, atom, v);
    case V_PATH:
        return path_attribute(an, v, atom);
    case V_OBJECT:
        found = known_child(an->known, x->a, atom);
        if (found)
            return found;
        break;
    case V_BUILTIN:
        return atom == W_SELF ? an->known->builtins : object_attribute(an, atom);
    case V_BOUND:
    case V_PARTIAL:
    case V_METHOD:
        if (atom == W_CALL || atom == W_FUNC)
            return v;
        break;
    case V_FUNC:
        if (atom == W_CALL)
            return v;
        if (atom == W_CLASS && !is_method(an, x->a))
            return interest_find(&an->known->tree, "types.FunctionType");
        break;
    default:
        break;
    }
    found = object_attribute(an, atom);
    if (!found)
        found = field_value(an, atom);
    return found || !is_kind(an, v, V_CLASS) ? found : special_value(an, v, W_GETATTR);
}

val attribute_of(struct analysis *an, val v, uint32_t atom)
{
    val all = VAL_NONE;

    if (value_count(an, v) <= 1)
        return attribute_of_one(an, v, atom);
    for (uint32_t i = 0; i < value_count(an, v) && spend(an, 1); i++)
        all = value_join(an, all, attribute_of_one(an, value_at(an, v, i), atom));
    return all;
}

val attribute_named(struct analysis *an, val v, struct span name)
{
    uint32_t atom = py_atom_find(&an->tree->atoms, name);

    return atom ? attribute_of(an, v, atom) : VAL_NONE;
}

val module_named(struct analysis *an, struct span name)
{
    uint32_t node = 0;
    val v = VAL_NONE;

    while (name.n > 0) {
        size_t dot = span_find(name, 0, SPAN_LITERAL("."));
        struct span part;
        uint32_t atom;

        (void)take(&name, dot == SIZE_MAX ? name.n : dot, &part);
        (void)skip(&name, 1);
        atom = py_atom_find(&an->tree->atoms, part);
        node = v && !node ? 0 : known_child(an->known, node, atom);
        if (node)
            v = node;
        else
            v = attribute_of(an, value_plain(an, V_ANY_MODULE, 0, 0, false), atom);
    }
    return v;
}

val global_named(struct analysis *an, struct span name)
{
    uint32_t atom = py_atom_find(&an->tree->atoms, name);
    uint32_t symbol = atom ? symbol_find(an, 0, atom) : 0;

    if (symbol)
        return symbol_value(an, symbol, NULL);
    return span_is(name, "__builtins__") ? an->known->builtins : VAL_NONE;
}

/* The entry of a dictionary, or any of them. */
static val entry_of(struct analysis *an, val v, val key)
{
    const struct value *x = value_of(an, v);
    val all = VAL_NONE, others = VAL_NONE;
    struct span text, other;
    int64_t i, j;

    for (uint32_t k = 0; k + 1 < x->n && spend(an, 1); k += 2) {
        val its = x->list[k], value = x->list[k + 1];
        bool texts = value_is_text(an, key, &text) && value_is_text(an, its, &other);
        bool numbers = value_is_int(an, key, &i) && value_is_int(an, its, &j);

        if ((texts && span_equal(text, other)) || (numbers && i == j))
            all = value; /* the last one counts */
        else if (!texts && !numbers)
            others = value_join(an, others, value);
    }
    return all ? all : others;
}

static val element_at(struct analysis *an, val v, val key)
{
    const struct value *x = value_of(an, v);
    int64_t i;

    if (x->partial || !value_is_int(an, key, &i) || value_is_doubtful(an, key))
        return value_part(an, v);
    i += i < 0 ? (int64_t)x->n : 0;
    return i >= 0 && i < (int64_t)x->n ? x->list[i] : VAL_NONE;
}

/* One character of a string, one number of bytes. */
static val character_at(struct analysis *an, val v, val key)
{
    val end;
    int64_t i;

    if (!value_is_int(an, key, &i))
        return VAL_NONE;
    if (is_kind(an, v, V_BYTES)) {
        struct span s = value_of(an, v)->text;

        i += i < 0 ? (int64_t)s.n : 0;
        return i >= 0 && (uint64_t)i < s.n ? value_int(an, s.p[i]) : VAL_NONE;
    }
    end = i == -1 ? VAL_NONE : value_int(an, i + 1);
    return fold_slice(an, v, key, end, value_int(an, 1));
}

/* The name that a key is looked up by in a module's dictionary. */
static val space_entry(struct analysis *an, val module, val key)
{
    struct span name;

    if (value_is_text(an, key, &name))
        return attribute_named(an, module, name);
    return VAL_NONE;
}

static val subscript_of_one(struct analysis *an, val v, val key)
{
    const struct value *x = value_of(an, v);
    uint32_t node = value_name(an, v);
    struct span name;

    if (node && node == an->known->sys_modules)
        return value_is_text(an, key, &name) ? module_named(an, name)
                                             : value_plain(an, V_ANY_MODULE, 0, 1, false);
    if (node == an->known->builtins)
        return space_entry(an, node, key);
    switch (x ? x->kind : V_UNION) {
    case V_SEQ:
        return element_at(an, v, key);
    case V_DICT:
        return entry_of(an, v, key);
    case V_STR:
    case V_BYTES:
        return character_at(an, v, key);
    case V_SPACE: {
        val found = space_entry(an, x->a, key);

        if (value_is_doubtful(an, key) && !(found && known_row(an->known, value_name(an, found))))
            found = VAL_NONE;
        return found || (value_is_text(an, key, &name) && !value_is_doubtful(an, key))
                   ? found
                   : value_plain(an, V_ANY_MODULE, 0, 2, false);
    }
    case V_GLOBALS:
        return value_is_text(an, key, &name) ? global_named(an, name) : VAL_NONE;
    case V_ANY_SPACE:
    case V_ANY_MODULE: {
        bool space = x->kind == V_ANY_SPACE || x->b != 0; /* else an object of some module */
        val any = value_plain(an, V_ANY_MODULE, !space, space, !space && x->partial);
        val found = space ? space_entry(an, any, key) : VAL_NONE;

        return found ? found : any;
    }
    case V_CLASS:
        return value_join(
            an, special_value(an, v, W_GETITEM),
            value_join(an, special_value(an, v, W_CLASS_GETITEM), special_value(an, v, W_MISSING)));
    default:
        return VAL_NONE;
    }
}

val subscript_of(struct analysis *an, val v, val key)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++)
        for (uint32_t k = 0; k < (key ? value_count(an, key) : 1) && spend(an, 1); k++)
            all =
                value_join(an, all, subscript_of_one(an, value_at(an, v, i), value_at(an, key, k)));
    return all;
}
