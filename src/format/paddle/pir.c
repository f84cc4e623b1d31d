/*
 * Paddle's programs in JSON (inference.json of 3.0): operators by name, "1.relu" for
 * "pd_op.relu".
 *
 * Spec: paddle/fluid/pir/serialize_deserialize (PaddlePaddle 3.0), schema version 1.
 */
#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/mxnet/symbol.h"

static bool is_pir(const struct doc *d)
{
    return doc_is(d, doc_get(d, doc_get(d, 0, "base_code"), "magic"), "pir") &&
           doc_get(d, 0, "program") != DOC_NONE;
}

/* What follows the dialect and its dot. */
static struct span plain_name(struct span text)
{
    const uint8_t *dot = text.n ? memchr(text.p, '.', text.n) : NULL;

    return dot ? span_from(text, (uint64_t)(dot - text.p) + 1) : text;
}

static void judge(const struct doc *d, struct graph_tell *tell, doc_id id)
{
    static const char *const pythons[] = { "py_func", "py_func_", "py_layer", "pylayer" };
    static const char *const files[] = { "save", "save_combine", "read_file", "send_v2",
                                         "recv_v2" };
    struct span text = doc_text(d, id), name = plain_name(text);

    for (size_t i = 0; i < ARRAY_LEN(pythons); i++)
        if (span_is(name, pythons[i]))
            graph_fact(tell, d->s, FACT_OPERATOR_PYTHON, doc_offset(d, id), text, "calls Python");
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (span_is(name, files[i]))
            graph_fact(tell, d->s, FACT_OPERATOR_FILE, doc_offset(d, id), text,
                       "writes or reads beyond the model");
    if (span_starts(text, SPAN_LITERAL("custom_op.")))
        graph_fact(tell, d->s, FACT_OPERATOR_CUSTOM, doc_offset(d, id), text,
                   "an operator of a library");
}

static enum pratique_status tell_pir(const struct doc *d)
{
    struct graph_tell tell = { 0 };

    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(d, id)) {
        if (doc_kind(d, id) != DOC_STRING)
            continue;
        if (span_is(doc_key(d, id), "#"))
            judge(d, &tell, id);
        else if (graph_is_library(doc_text(d, id)))
            graph_fact(&tell, d->s, FACT_OPERATOR_LIBRARY, doc_offset(d, id), doc_text(d, id), "%s",
                       "an attribute of an operator");
    }
    return PRATIQUE_OK;
}

const struct doc_reader paddle_pir = { "Paddle program (JSON)", is_pir, tell_pir };
