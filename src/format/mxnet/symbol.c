/*
 * MXNet symbols (NAME-symbol.json): nodes, each with an operator. "Custom" is one in Python, told
 * by the name it was registered with; the native operators of old take an address in memory.
 *
 * Spec: nnvm, src/pass/saveload_json.cc; mxnet/operator.py (MXNet 1.9). Left out: what the other
 * operators compute.
 */
#include "format/mxnet/symbol.h"

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"

static bool is_symbol(const struct doc *d)
{
    doc_id nodes = doc_get(d, 0, "nodes");

    return doc_kind(d, 0) == DOC_OBJECT && doc_kind(d, nodes) == DOC_ARRAY &&
           (doc_get(d, 0, "arg_nodes") != DOC_NONE || doc_get(d, 0, "heads") != DOC_NONE);
}

/* The name an operator in Python was registered with, in whichever of the places of old. */
static struct span type_of(const struct doc *d, doc_id node)
{
    static const char *const places[] = { "attrs", "attr", "param" };
    struct span found = SPAN_EMPTY;

    for (size_t i = 0; i < ARRAY_LEN(places) && found.n == 0; i++)
        found = doc_get_text(d, doc_get(d, node, places[i]), "op_type");
    return found;
}

static void judge(const struct doc *d, struct graph_tell *tell, doc_id node, struct span op)
{
    static const char *const natives[] = { "_Native", "_NDArray", "_CustomFunction" };
    struct span type = type_of(d, node);

    if (span_is(op, "Custom") || span_is(op, "_contrib_Custom"))
        graph_operator(tell, d->s, FACT_OPERATOR_PYTHON, doc_offset(d, node), op, type,
                       "an operator in Python, which whoever loads the model has to define");
    for (size_t i = 0; i < ARRAY_LEN(natives); i++)
        if (span_is(op, natives[i]))
            graph_fact(tell, d->s, FACT_OPERATOR_PYTHON, doc_offset(d, node), op,
                       "an operator that is an address in memory");
}

static enum pratique_status tell_symbol(const struct doc *d)
{
    struct graph_tell tell = { 0 };

    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(d, id)) {
        if (doc_kind(d, id) != DOC_STRING)
            continue;
        if (span_is(doc_key(d, id), "op"))
            judge(d, &tell, doc_parent(d, id), doc_text(d, id));
        else if (!span_is(doc_key(d, id), "name") && graph_is_library(doc_text(d, id)))
            graph_fact(&tell, d->s, FACT_OPERATOR_LIBRARY, doc_offset(d, id), doc_text(d, id), "%s",
                       "an attribute of a node");
    }
    return PRATIQUE_OK;
}

const struct doc_reader mxnet_symbol = { "MXNet symbol", is_symbol, tell_symbol };
