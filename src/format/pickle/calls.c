/*
 * Opcodes that resolve a name, or call what was resolved: where a pickle is a
 * program. Each is told; what a call gives is an object that remembers its maker.
 */
#include <stdio.h>

#include "format/pickle/stack.h"

static bool push_global(struct machine *m, struct span module, struct span name, unsigned flags)
{
    uint32_t g = global_intern(m, module, name, flags);

    if (g == UINT32_MAX)
        return false;
    tell_global(m, g);
    m->globals[g].pushed++;
    return push(m, word_of(TAG_GLOBAL, g));
}

static bool split_lines(struct machine *m, struct span lines, struct span *module,
                        struct span *name)
{
    *name = SPAN_EMPTY;
    if (!take_line(&lines, module) || module->n == 0 || lines.n == 0)
        return fault(m, "a global without a name");
    *name = lines;
    return true;
}

bool op_global(struct machine *m, struct span lines)
{
    struct span module, name;

    return split_lines(m, lines, &module, &name) && push_global(m, module, name, 0);
}

bool op_stack_global(struct machine *m)
{
    word name, module;
    struct buf b;

    if (!pop(m, &name) || !pop(m, &module))
        return false;
    if (word_tag(name) == TAG_STR && word_tag(module) == TAG_STR)
        return push_global(m, constant_bytes(m, word_payload(module)),
                           constant_bytes(m, word_payload(name)), 0);
    if (!word_is_live(name) && !word_is_live(module))
        return fault(m, "STACK_GLOBAL needs two strings");
    buf_init(&b, FACT_DETAIL_MAX);
    fold_value(m, &b, module, 0);
    (void)buf_puts(&b, " . ");
    fold_value(m, &b, name, 0);
    tell_text(m, FACT_PICKLE_NAME_COMPUTED, 0, SPAN_LITERAL("a computed name"), &b);
    return push_global(m, SPAN_EMPTY, SPAN_LITERAL("(a computed name)"), 0);
}

bool op_ext(struct machine *m, struct span arg)
{
    uint64_t code = little_endian(arg);
    char name[40];

    if (code == 0)
        return fault(m, "extension code 0");
    tell_text(m, FACT_PICKLE_EXT, code, SPAN_LITERAL("extension registry"), NULL);
    (void)snprintf(name, sizeof name, "extension_code(%llu)", (unsigned long long)code);
    return push_global(m, SPAN_LITERAL("copyreg"), span_text(name), PK_EXT);
}

/* ('storage', type, key, location, numel, ...): torch/serialization.py, persistent_id. */
static bool torch_storage(struct machine *m, word id)
{
    struct pickle_storage st;
    const word *items;
    size_t n;
    bool more;

    items = ring_items(m, word_payload(id), &n, &more);
    if (word_tag(id) != TAG_TUPLE_LIVE || !items || n < 5 || word_tag(items[0]) != TAG_STR ||
        word_tag(items[1]) != TAG_GLOBAL || word_tag(items[2]) != TAG_STR ||
        !constant_uint(m, items[4], &st.numel) ||
        !span_is(constant_bytes(m, word_payload(items[0])), "storage"))
        return false;
    st.type = m->globals[word_payload(items[1])].full;
    st.key = constant_bytes(m, word_payload(items[2]));
    if (m->options->on_storage)
        m->options->on_storage(m->options->user, &st);
    return true;
}

/* ('module', class, file, source): torch up to 1.x names a container's class so; it is the class.
 */
static bool torch_module(const struct machine *m, word id, word *cls)
{
    const word *items;
    size_t n;
    bool more;

    items = ring_items(m, word_payload(id), &n, &more);
    *cls = 0;
    if (word_tag(id) != TAG_TUPLE_LIVE || !items || n < 2 || word_tag(items[0]) != TAG_STR ||
        word_tag(items[1]) != TAG_GLOBAL ||
        !span_is(constant_bytes(m, word_payload(items[0])), "module"))
        return false;
    *cls = items[1];
    return true;
}

static bool persistent_id(struct machine *m, word id, struct span line)
{
    struct buf b;
    word cls;

    if (m->options->torch && id && torch_storage(m, id))
        return push_here(m, TAG_PERSID);
    if (m->options->torch && id && torch_module(m, id, &cls))
        return push(m, cls);
    buf_init(&b, FACT_DETAIL_MAX);
    if (id)
        fold_value(m, &b, id, 0);
    else
        (void)buf_add(&b, line.p, line.n < 200 ? line.n : 200);
    tell_text(m, FACT_PICKLE_PERSID, 0, SPAN_EMPTY, &b);
    return push_here(m, TAG_PERSID);
}

bool op_persid(struct machine *m, struct span line)
{
    return persistent_id(m, 0, line);
}

bool op_binpersid(struct machine *m)
{
    word id;

    return pop(m, &id) && persistent_id(m, id, SPAN_EMPTY);
}

static bool callable(struct machine *m, word w)
{
    enum tag tag = word_tag(w);

    return tag == TAG_GLOBAL || tag == TAG_OBJECT || tag == TAG_DTYPE || tag == TAG_PERSID ||
           tag == TAG_EXTERN || fault(m, "a call of what cannot be called");
}

static void count_call(struct machine *m, word callee)
{
    if (word_tag(callee) == TAG_GLOBAL)
        m->globals[word_payload(callee)].called++;
}

/* The items of a value that stands for arguments; NULL when they are not known. */
static const word *args_of(const struct machine *m, word args, size_t *n)
{
    bool more;

    *n = 0;
    if (word_tag(args) != TAG_TUPLE && word_tag(args) != TAG_TUPLE_LIVE)
        return NULL;
    return ring_items(m, word_payload(args), n, &more);
}

static enum special special_of_value(const struct machine *m, word w)
{
    return word_tag(w) == TAG_GLOBAL ? m->globals[word_payload(w)].special : SPECIAL_NONE;
}

/* getattr's arguments: a global, and a constant name. */
static bool names_attribute(const word *args, size_t n)
{
    return n >= 2 && word_tag(args[0]) == TAG_GLOBAL && word_tag(args[1]) == TAG_STR;
}

/* getattr(a global, "name") is the global "global.name": what it is used for is told of that. */
static word attribute_of(struct machine *m, word callee, const word *args, size_t n)
{
    uint32_t g;

    if (!names_attribute(args, n))
        return callee;
    g = global_intern(m, m->globals[word_payload(args[0])].full,
                      constant_bytes(m, word_payload(args[1])), PK_DOTTED);
    if (g == UINT32_MAX)
        return callee;
    tell_global(m, g);
    m->globals[g].pushed++;
    return word_of(TAG_GLOBAL, g);
}

/* Bytes handed to a loader are a file of their own: it is inspected before the call is told. */
static uint32_t inspect_loaded(struct machine *m, word callee, const word *args, size_t n)
{
    if (special_of_value(m, callee) != SPECIAL_LOADS || n != 1 || word_tag(args[0]) != TAG_BYTES)
        return 0;
    embedded_load(m, word_payload(args[0]), constant_bytes(m, word_payload(args[0])));
    return PK_ARGS_INSPECTED;
}

/* What a call of callee gives: an instance of its class where the machine knows that. */
static word result_of(struct machine *m, word callee, const word *args, size_t n)
{
    if (word_tag(callee) == TAG_OBJECT || word_tag(callee) == TAG_GLOBAL)
        callee = word_of(TAG_OBJECT, word_payload(callee));
    if (word_tag(callee) != TAG_OBJECT)
        return callee;
    switch (m->globals[word_payload(callee)].special) {
    case SPECIAL_DTYPE:
        m->has_dtypes = true;
        m->dtype_global = (uint32_t)word_payload(callee);
        (void)joblib_dtype(m, args, n); /* out of memory: m->status says so */
        return word_of(TAG_DTYPE, m->op_off);
    case SPECIAL_GETATTR:
        return attribute_of(m, callee, args, n);
    case SPECIAL_RECONSTRUCTOR:
        if (n >= 3 && !(word_tag(args[1]) == TAG_GLOBAL &&
                        span_is(m->globals[word_payload(args[1])].full, "builtins.object")))
            tell_call(m, args[1], PK_REDUCE, args + 2, 1, true); /* base(state) */
        FALLTHROUGH;
    case SPECIAL_NEWOBJ:
    case SPECIAL_NEWOBJ_EX:
        if (n == 0 || !word_is_live(args[0]))
            return callee;
        tell_call(m, args[0], PK_NEWOBJ, args + 1, n - 1, true);
        return word_tag(args[0]) == TAG_GLOBAL ? word_of(TAG_OBJECT, word_payload(args[0]))
                                               : callee;
    case SPECIAL_ARRAY_WRAPPER:
    case SPECIAL_LOADS:
    case SPECIAL_BY_NAME:
    case SPECIAL_NONE:
        break;
    }
    return callee;
}

static bool call(struct machine *m, word callee, uint32_t how, const word *args, size_t n,
                 bool known)
{
    if (!callable(m, callee))
        return false;
    count_call(m, callee);
    if (known)
        how |= inspect_loaded(m, callee, args, n);
    if (known && special_of_value(m, callee) == SPECIAL_GETATTR && names_attribute(args, n))
        how |= PK_RESOLVED;
    tell_call(m, callee, how, args, n, known);
    return push(m, result_of(m, callee, args, n));
}

bool op_reduce(struct machine *m)
{
    word args, callee;
    const word *items;
    size_t n;

    if (!pop(m, &args) || !pop(m, &callee))
        return false;
    if (word_tag(args) == TAG_ATOM)
        return fault(m, "REDUCE without a tuple of arguments");
    items = args_of(m, args, &n);
    return call(m, callee, PK_REDUCE, items, n, items != NULL);
}

bool op_newobj(struct machine *m)
{
    word args, cls;
    const word *items;
    size_t n;

    if (!pop(m, &args) || !pop(m, &cls))
        return false;
    items = args_of(m, args, &n);
    return call(m, cls, PK_NEWOBJ, items, n, items != NULL);
}

bool op_newobj_ex(struct machine *m)
{
    word kwargs;

    return pop(m, &kwargs) && op_newobj(m);
}

/*
 * cls(*args) of OBJ and INST, with the arguments from at on. They are moved off
 * the stack before the call pushes over them.
 */
static bool instantiate(struct machine *m, word cls, size_t at)
{
    const word *items = m->stack + at;
    size_t n = m->sp - at;

    m->sp = at;
    if (!callable(m, cls))
        return false;
    count_call(m, cls);
    tell_call(m, cls, PK_OBJ, items, n, true);
    return push(m, result_of(m, cls, items, n));
}

bool op_obj(struct machine *m)
{
    size_t at;
    word cls;

    if (!mark_pop(m, &at))
        return false;
    if (m->sp <= at)
        return underflow(m);
    cls = m->stack[at];
    memmove(m->stack + at, m->stack + at + 1, (m->sp - at - 1) * sizeof(word));
    m->sp--;
    return instantiate(m, cls, at);
}

bool op_inst(struct machine *m, struct span lines)
{
    struct span module, name;
    size_t at;
    word cls;

    return mark_pop(m, &at) && split_lines(m, lines, &module, &name) &&
           push_global(m, module, name, 0) && (cls = m->stack[--m->sp], true) &&
           instantiate(m, cls, at);
}

bool op_build(struct machine *m)
{
    word state, object;
    bool forged;

    if (m->sp < m->fence + 2)
        return underflow(m);
    state = m->stack[--m->sp];
    object = m->stack[m->sp - 1];
    if (!word_is_live(object) || word_tag(object) == TAG_TUPLE_LIVE)
        return true; /* plain data: CPython lets None pass, and raises at the rest */
    forged = word_tag(object) == TAG_DTYPE && !joblib_dtype_state(m, object, state);
    tell_build(m, object, state, forged ? PK_STATE_FORGED : 0);
    if (m->options->joblib && !m->no_joblib && joblib_is_wrapper(m, object))
        return joblib_skip_array(m, state);
    return true;
}
