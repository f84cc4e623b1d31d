/*
 * CNTK models, version 2: a dictionary of dictionaries. A function of the user's is a dictionary
 * that names a module and a class (Python), or a library and an operator (native code).
 *
 * Spec: Source/CNTKv2LibraryDll/proto/CNTK.proto; bindings/python/cntk/internal/__init__.py
 * (CNTK 2.7). Left out: what the primitive functions compute.
 */
#include "format/cntk/cntk.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/protobuf/walk.h"

enum message { DICTIONARY, ENTRY, VALUE, VECTOR };

static const struct pb_slot dictionary[] = { [1] = PB_ONE(VARINT), [2] = PB_SUBS(ENTRY) };
static const struct pb_slot entry[] = { [1] = PB_ONE(BYTES), [2] = PB_SUB(VALUE) };
static const struct pb_slot value[] = {
    [1] = PB_ONE(VARINT),  [2] = PB_ONE(VARINT),      [3] = PB_ONE(VARINT),  [4] = PB_ONE(VARINT),
    [5] = PB_ONE(VARINT),  [6] = PB_ONE(FIXED32),     [7] = PB_ONE(FIXED64), [8] = PB_ONE(BYTES),
    [11] = PB_SUB(VECTOR), [12] = PB_SUB(DICTIONARY),
};
static const struct pb_slot vector[] = { [1] = PB_SUBS(VALUE) };

#define MESSAGE(name, slots)                                                                       \
    {                                                                                              \
        name, slots, ARRAY_LEN(slots), true                                                        \
    }
static const struct pb_message schema[] = {
    [DICTIONARY] = MESSAGE("Dictionary", dictionary),
    [ENTRY] = MESSAGE("Dictionary.DataEntry", entry),
    [VALUE] = MESSAGE("DictionaryValue", value),
    [VECTOR] = MESSAGE("Vector", vector),
};

struct cntk {
    struct scan *s;
    struct graph_tell tell;
    uint64_t dictionaries;
};

/* A version, and a map of which a key is that of a model. */
static bool looks_like(struct span in)
{
    struct span copy = in;
    struct pb_field f;
    bool version = false;

    if (in.n < 16 || in.p[0] != 0x08)
        return false;
    for (size_t i = 0; copy.n > 0 && i < 64; i++) {
        if (!pb_take(&copy, &f) || f.number > 2 || f.wire != (f.number == 1 ? PB_VARINT : PB_BYTES))
            break;
        version |= f.number == 1;
        if (f.number == 2 && version && pb_body(f.body, 2).n > 0 &&
            (span_is(pb_body(f.body, 1), "primitive_functions") ||
             span_is(pb_body(f.body, 1), "user_function_factory_method") ||
             span_is(pb_body(f.body, 1), "root")))
            return true;
    }
    return false;
}

/* The text of the entry with that key. */
static struct span text_of(struct span in, const char *key)
{
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f))
        if (f.number == 2 && f.wire == PB_BYTES && span_is(pb_body(f.body, 1), key))
            return pb_body(pb_body(f.body, 2), 8);
    return SPAN_EMPTY;
}

static void judge(struct cntk *x, struct pb_walk *w, struct span in)
{
    struct span module = text_of(in, "module"), class = text_of(in, "class");
    struct span op = text_of(in, "op"), other = text_of(in, "deserialize_method");

    x->dictionaries++;
    if (module.n > 0 && class.n == 0 && graph_is_library(module))
        graph_fact(&x->tell, x->s, FACT_OPERATOR_LIBRARY, pb_offset(w, module), module, "%s",
                   "a function of the user's");
    else if (module.n > 0 && class.n > 0)
        graph_operator(&x->tell, x->s, FACT_OPERATOR_PYTHON, pb_offset(w, module), module, class,
                       "a function of the user's: its module is imported");
    else if (module.n > 0)
        graph_operator(&x->tell, x->s, FACT_OPERATOR_CUSTOM, pb_offset(w, module), module, op,
                       "a function of the user's, in a library");
    if (other.n > 0)
        graph_fact(&x->tell, x->s, FACT_OPERATOR_PYTHON, pb_offset(w, other), other, "%s",
                   "what makes a function of the user's");
}

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span in)
{
    struct cntk *x = w->user;

    if (message == DICTIONARY)
        judge(x, w, in);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct cntk x = { .s = s };
    struct pb_walk w = { .s = s, .whole = in, .schema = schema, .enter = enter, .user = &x };
    enum pratique_status st = pb_walk(&w, DICTIONARY);

    s->budget->work_done += w.fields * 8;
    if (st == PRATIQUE_OK)
        scan_read(s, "CNTK model", in.n, "%" PRIu64 " dictionaries", x.dictionaries);
    return st;
}

const struct format format_cntk = {
    .name = "CNTK model",
    .spec = "CNTK.proto, CNTK 2.7, https://github.com/microsoft/CNTK",
    .looks_like = looks_like,
    .scan = scan,
};
