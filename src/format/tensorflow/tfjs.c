/*
 * Graph models of TF.js: model.json, a GraphDef as JSON, and the names of the files with its
 * weights.
 *
 * Spec: github.com/tensorflow/tfjs, tfjs-converter: IModelJSON, IGraphDef (4.x).
 */
#include <inttypes.h>

#include "format/model/model.h"
#include "format/tensorflow/graph.h"
#include "format/tensorflow/tensorflow.h"

static doc_id topology_of(const struct doc *d)
{
    return doc_get(d, 0, "modelTopology");
}

static bool matches(const struct doc *d)
{
    return doc_kind(d, 0) == DOC_OBJECT &&
           (doc_is(d, doc_get(d, 0, "format"), "graph-model") ||
            doc_kind(d, doc_get(d, topology_of(d), "node")) == DOC_ARRAY);
}

/* The nodes of a list; members that are there twice are each looked at. */
static void read_nodes(const struct doc *d, struct tf_graph *g, doc_id list)
{
    for (doc_id node = doc_first(d, list); node != DOC_NONE; node = doc_next(d, node)) {
        struct span name = doc_get_text(d, node, "name");

        for (doc_id m = doc_first(d, node); m != DOC_NONE; m = doc_next(d, m))
            if (span_is(doc_key(d, m), "op") && doc_kind(d, m) == DOC_STRING)
                tf_graph_note(g, doc_text(d, m), doc_offset(d, m), name);
        g->count++;
    }
}

/* Whether a member of an object has that name, in one of its two spellings. */
static bool is_member(const struct doc *d, doc_id m, const char *one, const char *other)
{
    return span_is(doc_key(d, m), one) || span_is(doc_key(d, m), other);
}

static void read_function(const struct doc *d, struct tf_graph *g, doc_id function)
{
    struct span name = doc_get_text(d, doc_get(d, function, "signature"), "name");

    if (name.n > 0 && !tf_names_put(&g->functions, name, 0))
        tf_fail(&g->w, PRATIQUE_E_LIMIT, SPAN_EMPTY, "");
    for (doc_id m = doc_first(d, function); m != DOC_NONE; m = doc_next(d, m))
        if (is_member(d, m, "nodeDef", "node_def"))
            read_nodes(d, g, m);
    g->functions_n++;
}

static void read_library(const struct doc *d, struct tf_graph *g, doc_id library)
{
    for (doc_id m = doc_first(d, library); m != DOC_NONE; m = doc_next(d, m)) {
        if (!span_is(doc_key(d, m), "function"))
            continue;
        for (doc_id f = doc_first(d, m); f != DOC_NONE; f = doc_next(d, f))
            read_function(d, g, f);
    }
}

/* modelTopology, and modelInitializer, a graph of its own. */
static void read_graph(const struct doc *d, struct tf_graph *g, doc_id graph)
{
    for (doc_id m = doc_first(d, graph); m != DOC_NONE; m = doc_next(d, m)) {
        if (span_is(doc_key(d, m), "node"))
            read_nodes(d, g, m);
        else if (span_is(doc_key(d, m), "library"))
            read_library(d, g, m);
    }
}

static void read_manifest(const struct doc *d, struct scan *s, doc_id manifest)
{
    for (doc_id group = doc_first(d, manifest); group != DOC_NONE; group = doc_next(d, group))
        for (doc_id m = doc_first(d, group); m != DOC_NONE; m = doc_next(d, m)) {
            if (!span_is(doc_key(d, m), "paths"))
                continue;
            for (doc_id p = doc_first(d, m); p != DOC_NONE; p = doc_next(d, p))
                if (doc_kind(d, p) == DOC_STRING)
                    model_path(s, doc_offset(d, p), doc_text(d, p), "weights");
        }
}

static enum pratique_status tell(const struct doc *d)
{
    enum pratique_status st;
    struct tf_graph g;

    tf_graph_init(&g, d->s, d->in, "TF.js graph");
    for (doc_id m = doc_first(d, 0); m != DOC_NONE; m = doc_next(d, m)) {
        if (is_member(d, m, "modelTopology", "modelInitializer"))
            read_graph(d, &g, m);
        else if (span_is(doc_key(d, m), "weightsManifest"))
            read_manifest(d, d->s, m);
    }
    tf_graph_tell(&g);
    model_says(d->s, "library", SPAN_LITERAL("TF.js"));
    st = g.w.st;
    if (st == PRATIQUE_OK)
        scan_read(d->s, "TF.js graph", d->in.n, "%" PRIu64 " nodes, %" PRIu64 " functions", g.count,
                  g.functions_n);
    tf_graph_free(&g);
    return st;
}

const struct doc_reader tfjs_reader = {
    .name = "TF.js graph",
    .matches = matches,
    .tell = tell,
};
