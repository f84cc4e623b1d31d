/*
 * skops: scikit-learn models as a zip of schema.json and arrays. skops/io, the
 * protocols 0 to 2: every object of the JSON with a "__loader__" is a node that
 * imports __module__, takes __class__ from it, and instantiates or calls that as
 * its loader says. These are the pickle's own deeds under other names, so they are
 * told as such (FACT_PICKLE_*) and judged by what is known of the names.
 *
 * skops asks its user which types to trust; this reader has no such list. The
 * arrays beside schema.json are scanned by the zip reader.
 */
#include "format/skops/skops.h"

#include <jansson.h>

#include "base/digit.h"
#include "fact/pickle.h"

#define JSON_BYTES_MAX ((size_t)64 << 20)
#define JSON_MEMORY    24      /* bytes of tree for a byte of text, at the worst */
#define DEPTH_MAX      2048    /* as jansson's own */
#define TOLD_SLOTS     4096    /* a power of two */
#define VISITS_MAX     4000000 /* calls inside calls would be walked again and again */

/* What a loader does with module.class. */
enum deed {
    DEED_NOTHING,    /* its type is fixed by skops, or it is plain data */
    DEED_CONTAINER,  /* cls(items), nothing when it is one of Python's own */
    DEED_NAME,       /* takes it as a value */
    DEED_FUNCTION,   /* the same; protocol 0 has its name in the content */
    DEED_CALL,       /* cls(*args) */
    DEED_RANDOM,     /* cls(), then set_state() of its numbers */
    DEED_CALL_STATE, /* cls(*args), then its state */
    DEED_NEW,        /* cls.__new__(cls), then its state */
    DEED_OPERATOR,   /* operator.cls(*attrs) */
    DEED_PARTIAL,    /* functools.partial(func, ...) */
    DEED_METHOD,     /* getattr(object, func) */
    DEED_GENERATOR,  /* numpy.random.Generator over a bit generator named in the state */
};

static const struct {
    const char *loader;
    enum deed deed;
} loaders[] = {
    { "JsonNode", DEED_NOTHING },
    { "BytesNode", DEED_NOTHING },
    { "BytearrayNode", DEED_NOTHING },
    { "SliceNode", DEED_NOTHING },
    { "CachedNode", DEED_NOTHING },
    { "DTypeNode", DEED_NOTHING },
    { "MaskedArrayNode", DEED_NOTHING },
    { "SparseMatrixNode", DEED_NOTHING },
    { "DefaultDictNode", DEED_NOTHING },
    { "_DictWithDeprecatedKeysNode", DEED_NOTHING },
    { "DictNode", DEED_CONTAINER },
    { "ListNode", DEED_CONTAINER },
    { "SetNode", DEED_CONTAINER },
    { "TupleNode", DEED_CONTAINER },
    { "NdArrayNode", DEED_CONTAINER },
    { "TypeNode", DEED_NAME },
    { "FunctionNode", DEED_FUNCTION },
    { "ConstructorFromReduceNode", DEED_CALL },
    { "RandomStateNode", DEED_RANDOM },
    { "TreeNode", DEED_CALL_STATE },
    { "LossNode", DEED_CALL_STATE },
    { "QuantileForestNode", DEED_CALL_STATE },
    { "ObjectNode", DEED_NEW },
    { "OperatorFuncNode", DEED_OPERATOR },
    { "PartialNode", DEED_PARTIAL },
    { "MethodNode", DEED_METHOD },
    { "RandomGeneratorNode", DEED_GENERATOR },
};

/* Facts of one shape are told once, with their count. */
struct told {
    struct fact fact;
    bool used;
};

struct reader {
    struct scan *scan;
    struct told *told; /* mapped, TOLD_SLOTS of them */
    uint64_t nodes;
    uint64_t visits; /* of collect_refs(), all calls together */
};

static struct span text_of(const json_t *value)
{
    return json_is_string(value) ? span_of(json_string_value(value), json_string_length(value))
                                 : SPAN_EMPTY;
}

static struct span get_text(const json_t *node, const char *key)
{
    return text_of(json_object_get(node, key));
}

static uint64_t hash(struct span s, uint64_t h)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * UINT64_C(0x100000001b3);
    return h;
}

/* Adds a fact, or counts one that is there already. With names in refs it is told by itself. */
static void tell(struct reader *r, const struct fact *fact)
{
    uint64_t h = hash(fact->subject, UINT64_C(0xcbf29ce484222325) + fact->kind + fact->flags);

    for (unsigned i = 0; i < 16 && fact->refs_n == 0; i++) {
        struct told *t = &r->told[(h + i) & (TOLD_SLOTS - 1)];

        if (!t->used) {
            *t = (struct told){ .fact = *fact, .used = true };
            t->fact.count = 1;
            return;
        }
        if (t->fact.kind == fact->kind && t->fact.flags == fact->flags &&
            span_equal(t->fact.subject, fact->subject)) {
            t->fact.count++;
            return;
        }
    }
    facts_add(r->scan->facts, fact);
}

static void tell_plain(struct reader *r, enum fact_kind kind, uint32_t flags, struct span subject,
                       struct span detail)
{
    tell(r, &(struct fact){ .kind = kind,
                            .flags = flags,
                            .where = r->scan->where,
                            .offset = PRATIQUE_NO_OFFSET,
                            .subject = subject,
                            .detail = detail });
}

/* "module.class", in the arena. */
static struct span join(struct reader *r, struct span module, struct span name)
{
    char *text = arena_alloc(r->scan->arena, module.n + 1 + name.n);

    if (!text)
        return SPAN_EMPTY;
    memcpy(text, module.p, module.n);
    text[module.n] = '.';
    memcpy(text + module.n + 1, name.p, name.n);
    return span_of(text, module.n + 1 + name.n);
}

static struct span full_name(struct reader *r, const json_t *node)
{
    return join(r, get_text(node, "__module__"), get_text(node, "__class__"));
}

static bool has_dot(struct span name)
{
    return name.n > 0 && memchr(name.p, '.', name.n);
}

/* getattr(import_module(module), class) never follows dots, so a dotted class is only odd. */
static uint32_t dotted(const json_t *node)
{
    return has_dot(get_text(node, "__class__")) ? PK_DOTTED : 0;
}

/* numpy.generic's kinds, which NdArrayNode makes of an array with one element. */
static bool is_numpy_scalar(struct span name)
{
    static const char *const kinds[] = {
        "bool",      "bool_",      "int8",        "int16",   "int32",   "int64",      "uint8",
        "uint16",    "uint32",     "uint64",      "float16", "float32", "float64",    "longdouble",
        "complex64", "complex128", "clongdouble", "str_",    "bytes_",  "datetime64", "timedelta64"
    };

    if (!span_starts(name, SPAN_LITERAL("numpy.")))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (span_is(span_from(name, 6), kinds[i]))
            return true;
    return false;
}

static bool is_bit_generator(struct span name)
{
    static const char *const names[] = { "MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* Types of Python's own that make plain data of whatever they are called with. */
static bool is_plain_type(struct span name)
{
    static const char *const names[] = { "builtins.str",   "builtins.int",     "builtins.float",
                                         "builtins.bool",  "builtins.bytes",   "builtins.complex",
                                         "builtins.tuple", "builtins.NoneType" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static bool is_name_node(const json_t *node)
{
    struct span loader = get_text(node, "__loader__");

    return span_is(loader, "TypeNode") || span_is(loader, "FunctionNode");
}

/* The names that a call is handed, at any depth: each could be called by it. */
static void collect_refs(struct reader *r, const json_t *value, struct fact *fact, unsigned depth)
{
    const char *key;
    json_t *child;
    size_t i;

    if (depth > DEPTH_MAX || ++r->visits > VISITS_MAX) {
        fact->flags |= PK_ARGS_UNKNOWN;
        return;
    }
    json_array_foreach(value, i, child) collect_refs(r, child, fact, depth + 1);
    if (!json_is_object(value))
        return;
    if (is_name_node(value)) {
        struct span full = full_name(r, value);

        if (is_plain_type(full))
            return;
        if (fact->refs_n < FACT_REFS_MAX)
            fact->refs[fact->refs_n] = full;
        fact->refs_n++;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, child)
        collect_refs(r, child, fact, depth + 1);
}

static void tell_call(struct reader *r, const json_t *node, struct span callee, const json_t *args,
                      uint32_t how)
{
    struct fact fact = { .kind = FACT_PICKLE_CALL,
                         .flags = how | dotted(node),
                         .where = r->scan->where,
                         .offset = PRATIQUE_NO_OFFSET,
                         .subject = callee,
                         .detail = get_text(node, "__loader__") };

    collect_refs(r, args, &fact, 0);
    tell(r, &fact);
}

/* Containers of Python's own, which hold what they are given and do nothing else. */
static bool is_plain_container(struct span name)
{
    static const char *const names[] = { "builtins.dict",  "builtins.list",      "builtins.set",
                                         "builtins.tuple", "builtins.frozenset", "numpy.ndarray" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* A dict's keys are made by calling their types with the text that JSON holds. */
static void tell_key_types(struct reader *r, const json_t *types)
{
    const json_t *content = json_object_get(types, "content");
    json_t *type;
    size_t i;

    if (types && !span_is(get_text(types, "__loader__"), "ListNode"))
        tell_plain(r, FACT_PICKLE_CALL_COMPUTED, PK_REDUCE, full_name(r, types),
                   SPAN_LITERAL("key types"));
    json_array_foreach(content, i, type)
    {
        struct span full = full_name(r, type);

        if (!is_name_node(type))
            tell_plain(r, FACT_PICKLE_CALL_COMPUTED, PK_REDUCE, full, SPAN_LITERAL("key type"));
        else if (!is_plain_type(full) && !is_numpy_scalar(full))
            tell_plain(r, FACT_PICKLE_CALL, PK_REDUCE | dotted(type), full,
                       SPAN_LITERAL("key type"));
    }
}

static void tell_container(struct reader *r, const json_t *node, struct span full)
{
    if (is_plain_container(full) || is_numpy_scalar(full))
        return;
    tell_call(r, node, full, json_object_get(node, "content"), PK_REDUCE);
    if (span_is(get_text(node, "__loader__"), "DictNode"))
        tell_plain(r, FACT_PICKLE_METHOD, PK_SETITEM, full, SPAN_LITERAL("DictNode"));
}

/* What an instance's attributes are set to; special names among them are told. */
static void tell_state(struct reader *r, struct span full, const json_t *state)
{
    const json_t *items = json_object_get(state, "content");
    const char *key;
    json_t *child;

    if (!state)
        return;
    tell_plain(r, FACT_PICKLE_BUILD, 0, full, SPAN_EMPTY);
    json_object_foreach((json_t *)(uintptr_t)items, key, child)
    {
        struct span name = span_text(key);

        if (span_starts(name, SPAN_LITERAL("__")) && span_ends(name, SPAN_LITERAL("__")))
            tell_plain(r, FACT_PICKLE_BUILD, PK_STATE_DUNDER, full, name);
    }
}

static void tell_function(struct reader *r, const json_t *node, struct span full)
{
    const json_t *content = json_object_get(node, "content");
    struct span module = get_text(content, "module_path"), name = get_text(content, "function");

    if (module.n || name.n) /* protocol 0 */
        tell_plain(r, FACT_PICKLE_GLOBAL, has_dot(name) ? PK_DOTTED : 0, join(r, module, name),
                   SPAN_LITERAL("FunctionNode"));
    else
        tell_plain(r, FACT_PICKLE_GLOBAL, dotted(node), full, SPAN_LITERAL("FunctionNode"));
}

/* getattr(object, func): skops before 0.12 let the object be of another class than it said. */
static void tell_method(struct reader *r, const json_t *node, struct span full)
{
    const json_t *content = json_object_get(node, "content");
    struct span func = get_text(content, "func");
    struct span other = full_name(r, json_object_get(content, "obj"));

    tell_plain(r, FACT_PICKLE_GLOBAL, PK_DOTTED, join(r, full, func), SPAN_LITERAL("MethodNode"));
    if (!span_equal(other, full))
        tell_plain(r, FACT_PICKLE_GLOBAL, PK_DOTTED, join(r, other, func),
                   SPAN_LITERAL("MethodNode"));
}

/* The bit generator's class is named by a string in JSON within the state's JSON. */
static void tell_generator(struct reader *r, const json_t *node, struct span full)
{
    const json_t *content = json_object_get(node, "content");
    const json_t *state = json_object_get(json_object_get(content, "bit_generator"), "content");
    struct span name = get_text(json_object_get(state, "bit_generator"), "content");

    if (!span_is(full, "numpy.random._generator.Generator"))
        tell_call(r, node, full, content, PK_REDUCE);
    if (name.n < 2 || name.p[0] != '"' || name.p[name.n - 1] != '"') {
        tell_plain(r, FACT_SKOPS_LOADER, 0, full, SPAN_LITERAL("its bit generator is not named"));
        return;
    }
    (void)span_sub(name, 1, name.n - 2, &name);
    if (!is_bit_generator(name)) /* older versions of skops call whatever is named */
        tell_plain(r, FACT_PICKLE_CALL, PK_REDUCE, join(r, SPAN_LITERAL("numpy.random"), name),
                   SPAN_LITERAL("bit generator"));
}

static void tell_deed(struct reader *r, const json_t *node, enum deed deed)
{
    struct span full = deed == DEED_NOTHING ? SPAN_EMPTY : full_name(r, node);
    struct span loader = get_text(node, "__loader__");
    const json_t *content = json_object_get(node, "content");

    switch (deed) {
    case DEED_NOTHING:
        break;
    case DEED_CONTAINER:
        tell_container(r, node, full);
        tell_key_types(r, json_object_get(node, "key_types"));
        break;
    case DEED_NAME:
        if (!is_plain_type(full))
            tell_plain(r, FACT_PICKLE_GLOBAL, dotted(node), full, loader);
        break;
    case DEED_FUNCTION:
        tell_function(r, node, full);
        break;
    case DEED_RANDOM:
        if (!span_is(full, "numpy.random.mtrand.RandomState"))
            tell_call(r, node, full, content, PK_REDUCE);
        break;
    case DEED_CALL:
        tell_call(r, node, full, content, PK_REDUCE);
        break;
    case DEED_CALL_STATE:
        tell_call(r, node, full, json_object_get(node, "__reduce__"), PK_REDUCE);
        tell_state(r, full, content);
        break;
    case DEED_NEW:
        tell_call(r, node, full, NULL, PK_NEWOBJ);
        tell_state(r, full, content);
        break;
    case DEED_OPERATOR:
        tell_call(r, node, full, json_object_get(node, "attrs"), PK_REDUCE);
        break;
    case DEED_PARTIAL:
        tell_call(r, node, SPAN_LITERAL("functools.partial"), content, PK_REDUCE);
        break;
    case DEED_METHOD:
        tell_method(r, node, full);
        break;
    case DEED_GENERATOR:
        tell_generator(r, node, full);
        break;
    }
}

static void read_node(struct reader *r, const json_t *node, struct span loader)
{
    r->nodes++;
    for (size_t i = 0; i < ARRAY_LEN(loaders); i++)
        if (span_is(loader, loaders[i].loader)) {
            tell_deed(r, node, loaders[i].deed);
            return;
        }
    tell_plain(r, FACT_SKOPS_LOADER, 0, loader, SPAN_LITERAL("no loader of skops has this name"));
}

/* Every value, at any depth; jansson has bounded the depth to DEPTH_MAX. */
static void walk(struct reader *r, const json_t *value)
{
    const json_t *loader = json_object_get(value, "__loader__");
    const char *key;
    json_t *child;
    size_t i;

    if (loader)
        read_node(r, value, text_of(loader));
    json_array_foreach(value, i, child) walk(r, child);
    json_object_foreach((json_t *)(uintptr_t)value, key, child) walk(r, child);
}

static struct span skip_front(struct span in)
{
    if (span_starts(in, SPAN_LITERAL("\xef\xbb\xbf")))
        (void)skip(&in, 3);
    while (in.n > 0 && memchr(" \t\r\n", in.p[0], 4))
        (void)skip(&in, 1);
    return in;
}

/* JSON in UTF-16 or UTF-32, which Python's json module reads as well. */
static bool is_wide(struct span in)
{
    if (span_starts(in, SPAN_LITERAL("\xff\xfe")) || span_starts(in, SPAN_LITERAL("\xfe\xff")))
        (void)skip(&in, 2);
    for (unsigned i = 0; i < 3 && in.n > 0 && in.p[0] == 0; i++) /* big-endian: zeros come first */
        (void)skip(&in, 1);
    if (span_starts(in, SPAN_LITERAL("{\0\0\0\0\0\0\0"))) /* a length: safetensors */
        return false;
    return in.n > 2 && in.p[0] == '{' && in.p[1] == 0;
}

/* Such JSON that may have a "__loader__", be it by escapes. */
static bool has_wide_key(struct span in)
{
    return span_find(in, 0, SPAN_LITERAL("d\0e\0r")) != SIZE_MAX ||
           span_find(in, 0, SPAN_LITERAL("d\0\0\0e\0\0\0r")) != SIZE_MAX ||
           span_find(in, 0, SPAN_LITERAL("\\\0")) != SIZE_MAX;
}

/* The character of \u00xx, or -1. */
static int escaped_byte(struct span in)
{
    int high, low;

    if (in.n < 6 || memcmp(in.p, "\\u00", 4) != 0)
        return -1;
    high = digit_hex(in.p[4]);
    low = digit_hex(in.p[5]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* "__loader__" with any of its characters as \u00xx. */
static bool escaped_key_at(struct span in)
{
    static const char key[] = "__loader__";

    for (size_t i = 0; i < sizeof key - 1; i++) {
        bool plain = in.n > 0 && in.p[0] == (uint8_t)key[i];

        if (!plain && escaped_byte(in) != key[i])
            return false;
        (void)skip(&in, plain ? 1 : 6);
    }
    return true;
}

static bool has_escaped_key(struct span in)
{
    if (in.n == 0 || !memchr(in.p, '\\', in.n))
        return false;
    for (size_t at = span_find(in, 0, SPAN_LITERAL("\\u00")); at != SIZE_MAX;
         at = span_find(in, at + 1, SPAN_LITERAL("\\u00")))
        for (size_t back = 0; back < 10 && back <= at; back++)
            if (escaped_key_at(span_from(in, at - back)))
                return true;
    return false;
}

static bool looks_like(struct span in)
{
    struct span text = skip_front(in);

    if (is_wide(in))
        return has_wide_key(in);
    return text.n > 0 && text.p[0] == '{' &&
           (span_find(text, 0, SPAN_LITERAL("__loader__")) != SIZE_MAX || has_escaped_key(text));
}

static enum pratique_status fail_json(struct scan *s, const json_error_t *e)
{
    enum json_error_code code = json_error_code(e);
    uint64_t offset = e->position >= 0 ? (uint64_t)e->position : PRATIQUE_NO_OFFSET;

    return scan_fail(s, code == json_error_out_of_memory ? PRATIQUE_E_NOMEM : PRATIQUE_E_FORMAT,
                     offset, "skops: %s", e->text);
}

/* Walks the tree and hands the facts on. */
static enum pratique_status read_tree(struct scan *s, const json_t *root, uint64_t bytes)
{
    size_t size = TOLD_SLOTS * sizeof(struct told);
    struct reader r = { .scan = s, .told = scan_map(s, size) };

    if (!r.told)
        return scan_fail_budget(s, 0);
    walk(&r, root);
    for (size_t i = 0; i < TOLD_SLOTS; i++)
        if (r.told[i].used)
            facts_add(s->facts, &r.told[i].fact);
    scan_unmap(s, r.told, size);
    scan_read(s, "skops", bytes, "%llu nodes", (unsigned long long)r.nodes);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct span text = skip_front(in);
    uint64_t memory = (uint64_t)text.n * JSON_MEMORY;
    enum pratique_status st;
    json_error_t e;
    json_t *root;

    if (is_wide(in))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "skops: JSON that is not UTF-8");
    if (text.n > JSON_BYTES_MAX || !budget_memory(s->budget, memory))
        return scan_fail(s, PRATIQUE_E_LIMIT, 0, "skops: %zu bytes of JSON", text.n);
    root = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
    st = root ? read_tree(s, root, in.n) : fail_json(s, &e);
    json_decref(root);
    budget_memory_return(s->budget, memory);
    return st;
}

void skops_warm(void)
{
    json_object_seed(0);
}

const struct format format_skops = {
    .name = "skops",
    .spec = "skops.io schema.json, protocols 0 to 2",
    .looks_like = looks_like,
    .scan = scan,
};
