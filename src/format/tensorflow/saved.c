/*
 * SavedModel, MetaGraph and GraphDef files; keras_metadata.pb, fingerprint.pb, tfhub_module.pb.
 *
 * Spec: tensorflow/core/protobuf: saved_model.proto, meta_graph.proto, saved_object_graph.proto,
 * fingerprint.proto (TensorFlow 2.21); keras/protobuf/saved_metadata.proto (Keras 2);
 * tensorflow_hub/module_def.proto. Collections are read for texts that are files of their own;
 * what they mean to a training program is left out.
 */
#include "format/tensorflow/tensorflow.h"

#include <inttypes.h>
#include <stdio.h>

#include "format/keras/keras.h"
#include "format/model/model.h"
#include "format/path.h"
#include "format/tensorflow/graph.h"

enum { SAVED_VERSION = 1, SAVED_META_GRAPH = 2 };
enum {
    META_INFO = 1,
    META_GRAPH = 2,
    META_COLLECTION = 4,
    META_SIGNATURE = 5,
    META_ASSET = 6,
    META_OBJECTS = 7
};
enum { INFO_TAGS = 4, INFO_VERSION = 5 };
enum { ASSET_TENSOR = 1, ASSET_FILENAME = 2, TENSOR_NAME = 1 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { COLLECTION_BYTES = 2, COLLECTION_ANY = 5, LIST_VALUE = 1, ANY_VALUE = 2 };
enum { OBJECTS_NODE = 1, OBJECT_USER = 4, USER_IDENTIFIER = 1, USER_METADATA = 3 };
enum { KERAS_OBJECT = 1, KERAS_IDENTIFIER = 4, KERAS_METADATA = 5 };

#define SCHEMA_VERSION 1

static const char *const names[] = {
    [TF_NO_MESSAGE] = "",
    [TF_SAVED_MODEL] = "TensorFlow SavedModel",
    [TF_META_GRAPH] = "TensorFlow MetaGraph",
    [TF_GRAPH] = "TensorFlow graph",
    [TF_KERAS_METADATA] = "Keras metadata",
    [TF_FINGERPRINT] = "TensorFlow fingerprint",
    [TF_HUB_MODULE] = "TensorFlow Hub module",
};

/* ---- what a file is ---- */

static bool is_version_text(struct span text)
{
    return text.n >= 3 && text.n < 64 && text.p[0] >= '0' && text.p[0] <= '9' &&
           memchr(text.p, '.', text.n);
}

static bool is_meta_graph(struct span in)
{
    struct span graph = tf_first(in, META_GRAPH), info = tf_first(in, META_INFO);

    return tf_looks_like_graph(graph) ||
           (graph.n > 0 && is_version_text(tf_first(info, INFO_VERSION)) &&
            pb_is_message(graph, NULL));
}

/* Objects of Keras 2: an identifier like "_tf_keras_layer". */
static bool is_keras_metadata(struct span in)
{
    struct span object = tf_first(in, KERAS_OBJECT);

    return span_starts(tf_first(object, KERAS_IDENTIFIER), SPAN_LITERAL("_tf_keras_"));
}

/* Hashes in fields 1 to 5, as numbers; a version; a name. */
static bool is_fingerprint(struct span in)
{
    struct pb_field f;
    unsigned hashes = 0;

    if (in.n > 512)
        return false;
    while (in.n > 0) {
        if (!pb_take(&in, &f) || f.number > 7 || f.wire != (f.number < 6 ? PB_VARINT : PB_BYTES))
            return false;
        hashes += f.number < 6 && f.value > UINT32_MAX;
    }
    return hashes >= 3;
}

static enum tf_message message_of(struct span in)
{
    if (in.n < 8)
        return TF_NO_MESSAGE;
    if (is_meta_graph(tf_first(in, SAVED_META_GRAPH)))
        return TF_SAVED_MODEL;
    if (is_meta_graph(in))
        return TF_META_GRAPH;
    if (tf_looks_like_graph(in))
        return TF_GRAPH;
    if (is_keras_metadata(in))
        return TF_KERAS_METADATA;
    return is_fingerprint(in) ? TF_FINGERPRINT : TF_NO_MESSAGE;
}

static bool looks_like(struct span in)
{
    return message_of(in) != TF_NO_MESSAGE;
}

/* Loaders go by these names, whatever is in the file. */
static enum tf_message message_named(struct span name)
{
    struct span base = path_base(name);

    if (span_is(base, "saved_model.pb"))
        return TF_SAVED_MODEL;
    if (span_is(base, "keras_metadata.pb"))
        return TF_KERAS_METADATA;
    if (span_is(base, "tfhub_module.pb"))
        return TF_HUB_MODULE;
    return span_is(base, "fingerprint.pb") ? TF_FINGERPRINT : TF_NO_MESSAGE;
}

static bool named(struct span name)
{
    return message_named(name) != TF_NO_MESSAGE;
}

/* ---- MetaGraphDef ---- */

/* What a report shows of a SavedModel: its tags and signatures. */
struct said {
    char text[400];
    size_t n;
    bool version; /* told */
};

static void say(struct said *said, const char *before, struct span name)
{
    int n = snprintf(said->text + said->n, sizeof said->text - said->n, "%s%.*s", before,
                     (int)(name.n < 60 ? name.n : 60), (const char *)name.p);

    if (n > 0)
        said->n = said->n + (size_t)n < sizeof said->text ? said->n + (size_t)n : said->n;
    said->text[said->n] = 0;
}

static void read_info(struct tf_graph *g, struct said *said, struct span info)
{
    const char *before = said->n ? "; tags " : "tags ";
    struct pb_field f;

    while (tf_next(&g->w, &info, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == INFO_TAGS)
            say(said, before, f.body), before = ", ";
        if (f.number == INFO_VERSION && !said->version && f.body.n < 64) {
            model_sayf(g->w.s, "library", "tensorflow %.*s", (int)f.body.n, (const char *)f.body.p);
            said->version = true;
        }
    }
}

static void read_signature(struct tf_graph *g, struct said *said, struct span entry)
{
    struct pb_field f;

    while (tf_next(&g->w, &entry, &f))
        if (f.number == ENTRY_KEY && f.wire == PB_BYTES)
            say(said, "; signature ", f.body);
}

/* The name of a tensor, ":0" cut off. */
static struct span node_of(struct span tensor)
{
    const uint8_t *colon = tensor.n ? memchr(tensor.p, ':', tensor.n) : NULL;

    return colon ? span_of(tensor.p, (size_t)(colon - tensor.p)) : tensor;
}

/* A file below assets/: the name alone is judged, before the folder hides what it starts with. */
static void tell_asset(struct tf_graph *g, struct span name)
{
    char text[512];
    int n = snprintf(text, sizeof text, "assets/%.*s", (int)(name.n < 400 ? name.n : 400),
                     (const char *)name.p);

    if (model_path_flags(name) || name.n >= 400)
        model_path(g->w.s, tf_at(&g->w, name), name, "an asset");
    else
        model_path(g->w.s, tf_at(&g->w, name), span_of(text, n > 0 ? (size_t)n : 0), "an asset");
}

static void read_asset(struct tf_graph *g, struct span asset)
{
    struct pb_field f, inner;

    while (tf_next(&g->w, &asset, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == ASSET_FILENAME)
            tell_asset(g, f.body);
        while (f.number == ASSET_TENSOR && tf_next(&g->w, &f.body, &inner))
            if (inner.number == TENSOR_NAME && inner.wire == PB_BYTES &&
                !tf_names_put(&g->assets, node_of(inner.body), 0))
                tf_fail(&g->w, PRATIQUE_E_LIMIT, asset, "");
    }
}

/* Any: the library has asset files here when they were not given in a field of their own. */
static void read_any(struct tf_graph *g, struct span any)
{
    struct pb_field f;

    while (tf_next(&g->w, &any, &f))
        if (f.number == ANY_VALUE && f.wire == PB_BYTES)
            read_asset(g, f.body);
}

static void read_collection(struct tf_graph *g, struct span entry)
{
    struct span key = tf_first(entry, ENTRY_KEY);
    bool assets = span_is(key, "saved_model_assets");
    struct pb_field f, def, list;

    while (tf_next(&g->w, &entry, &f))
        while (f.number == ENTRY_VALUE && tf_next(&g->w, &f.body, &def))
            while ((def.number == COLLECTION_BYTES || def.number == COLLECTION_ANY) &&
                   tf_next(&g->w, &def.body, &list)) {
                if (list.number != LIST_VALUE || list.wire != PB_BYTES)
                    continue;
                if (def.number == COLLECTION_BYTES)
                    tf_content(&g->w, list.body, key);
                else if (assets)
                    read_any(g, list.body);
            }
}

/* Configurations of Keras are judged as those of a file of Keras. */
static void read_keras(struct tf_wire *w, struct span json, const char *where)
{
    enum pratique_status st;

    if (json.n == 0 || w->st != PRATIQUE_OK)
        return;
    st = keras_config(w->s, json, where);
    if (st != PRATIQUE_OK)
        w->st = st;
}

/* SavedObjectGraph; before TensorFlow 2.5 Keras kept its configuration here. */
static void read_objects(struct tf_graph *g, struct span objects)
{
    struct tf_wire *w = &g->w;
    struct pb_field f, object, user;

    while (tf_next(w, &objects, &f))
        while (f.number == OBJECTS_NODE && tf_next(w, &f.body, &object)) {
            bool keras =
                object.number == OBJECT_USER &&
                span_starts(tf_first(object.body, USER_IDENTIFIER), SPAN_LITERAL("_tf_keras"));

            while (object.number == OBJECT_USER && tf_next(w, &object.body, &user)) {
                if (user.number != USER_METADATA || user.wire != PB_BYTES)
                    continue;
                if (keras)
                    read_keras(w, user.body, "the metadata of an object");
                else
                    tf_content(w, user.body, SPAN_LITERAL("object"));
            }
        }
}

static void read_meta(struct tf_graph *g, struct said *said, struct span meta)
{
    bool objects = false;
    struct pb_field f;

    while (tf_next(&g->w, &meta, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == META_INFO)
            read_info(g, said, f.body);
        else if (f.number == META_GRAPH)
            tf_graph_read(g, f.body);
        else if (f.number == META_COLLECTION)
            read_collection(g, f.body);
        else if (f.number == META_SIGNATURE)
            read_signature(g, said, f.body);
        else if (f.number == META_ASSET)
            read_asset(g, f.body);
        else if (f.number == META_OBJECTS)
            objects = true, read_objects(g, f.body);
    }
    tf_graph_end(g);
    if (objects && g->saves && g->w.st == PRATIQUE_OK)
        model_path(g->w.s, PRATIQUE_NO_OFFSET, SPAN_LITERAL("variables/variables.index"),
                   "the values of its variables");
}

/* ---- whole files ---- */

/* Each MetaGraph is a graph of its own, with functions and assets of its own. */
static void read_saved(struct tf_graph *g, struct said *said, struct span in)
{
    struct span whole = in;
    struct pb_field f;
    uint64_t version = SCHEMA_VERSION;

    while (tf_next(&g->w, &in, &f)) {
        if (f.number == SAVED_VERSION && f.wire == PB_VARINT)
            version = f.value;
        if (f.number == SAVED_META_GRAPH && f.wire == PB_BYTES) {
            read_meta(g, said, f.body);
            tf_names_free(&g->assets);
        }
    }
    if (version != SCHEMA_VERSION)
        tf_fail(&g->w, PRATIQUE_E_FORMAT, whole, "a version that is not known");
}

static void read_keras_metadata(struct tf_graph *g, struct span in)
{
    struct pb_field f, object;

    while (tf_next(&g->w, &in, &f))
        while (f.number == KERAS_OBJECT && tf_next(&g->w, &f.body, &object))
            if (object.number == KERAS_METADATA && object.wire == PB_BYTES)
                read_keras(&g->w, object.body, "keras_metadata.pb");
}

static void read_all(struct tf_graph *g, struct said *said, struct span in, enum tf_message kind)
{
    struct pb_field f;

    switch (kind) {
    case TF_SAVED_MODEL:
        read_saved(g, said, in);
        break;
    case TF_META_GRAPH:
        read_meta(g, said, in);
        break;
    case TF_GRAPH:
        tf_graph_read(g, in);
        tf_graph_end(g);
        break;
    case TF_KERAS_METADATA:
        read_keras_metadata(g, in);
        break;
    case TF_FINGERPRINT:
    case TF_HUB_MODULE:
    case TF_NO_MESSAGE:
        while (tf_next(&g->w, &in, &f))
            ; /* numbers, and names of features */
    }
}

enum pratique_status tf_read_message(struct scan *s, struct span in, enum tf_message kind,
                                     bool placeless)
{
    struct said said = { .n = 0 };
    enum pratique_status st;
    struct tf_graph g;

    tf_graph_init(&g, s, in, names[kind]);
    g.w.placeless = placeless;
    read_all(&g, &said, in, kind);
    if (g.ops.no_memory)
        tf_fail(&g.w, PRATIQUE_E_LIMIT, in, "");
    tf_graph_tell(&g); /* of a broken file too: what was seen of it */
    st = g.w.st;
    if (st == PRATIQUE_OK && g.count > 0)
        scan_read(s, names[kind], in.n, "%" PRIu64 " nodes, %" PRIu64 " functions%s%s", g.count,
                  g.functions_n, said.n ? "; " : "", said.text);
    else if (st == PRATIQUE_OK)
        scan_read(s, names[kind], in.n, "%s", said.text);
    tf_graph_free(&g);
    return st;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    enum tf_message kind = message_of(in);

    if (kind == TF_NO_MESSAGE)
        kind = message_named(s->name);
    s->recognised = names[kind];
    return tf_read_message(s, in, kind, false);
}

const struct format format_tensorflow = {
    .name = "tensorflow",
    .spec = "TensorFlow SavedModel, MetaGraphDef and GraphDef (TensorFlow 2.21)",
    .looks_like = looks_like,
    .scan = scan,
    .named = named,
};
