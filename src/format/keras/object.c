/*
 * What loading makes of an object with a class_name. See keras.h for the spec.
 *
 * Every object that has one is taken for what Keras would build, wherever it stands: which keys
 * are deserialised differs from version to version and from class to class.
 */
#include "base/compiler.h"
#include "format/keras/parts.h"
#include "format/model/model.h"

#include <stdio.h>

#define NAME_SIZE 512

struct object {
    doc_id id, config;
    struct span class, module, registered;
};

static struct span join(struct span module, struct span name, char room[NAME_SIZE])
{
    int n = snprintf(room, NAME_SIZE, "%.*s.%.*s", (int)module.n, (const char *)module.p,
                     (int)name.n, (const char *)name.p);

    return n > 0 && n < NAME_SIZE ? span_of(room, (size_t)n) : name;
}

static struct span last_part(struct span name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '.' || name.p[i - 1] == '>')
            return span_from(name, i);
    return name;
}

/* "keras_hub>Backbone": what stands before the sign; empty without one. */
static struct span package_of(struct span registered)
{
    size_t at = span_find(registered, 0, SPAN_LITERAL(">"));
    struct span package = SPAN_EMPTY;

    if (at != SIZE_MAX)
        (void)span_sub(registered, 0, at, &package);
    return package;
}

static void custom(struct keras *k, const struct object *o, struct span name, const char *why)
{
    k->customs++;
    keras_fact(k, FACT_KERAS_CUSTOM, o->id, name, why);
}

/* ---- functions ---- */

/* Functions that Keras writes with the module "builtins": they are looked up among its own. */
static bool is_own_function(struct span name)
{
    static const char *const names[] = { "relu",
                                         "relu6",
                                         "sigmoid",
                                         "hard_sigmoid",
                                         "softmax",
                                         "softplus",
                                         "softsign",
                                         "tanh",
                                         "selu",
                                         "elu",
                                         "exponential",
                                         "linear",
                                         "gelu",
                                         "silu",
                                         "swish",
                                         "hard_silu",
                                         "hard_swish",
                                         "mish",
                                         "leaky_relu",
                                         "log_softmax",
                                         "log_sigmoid",
                                         "celu",
                                         "glu",
                                         "hard_tanh",
                                         "hard_shrink",
                                         "soft_shrink",
                                         "squareplus",
                                         "sparse_plus",
                                         "sparsemax",
                                         "tanh_shrink",
                                         "threshold",
                                         "mean_squared_error",
                                         "mean_absolute_error",
                                         "mean_absolute_percentage_error",
                                         "mean_squared_logarithmic_error",
                                         "binary_crossentropy",
                                         "categorical_crossentropy",
                                         "sparse_categorical_crossentropy",
                                         "binary_focal_crossentropy",
                                         "categorical_focal_crossentropy",
                                         "hinge",
                                         "squared_hinge",
                                         "categorical_hinge",
                                         "huber",
                                         "poisson",
                                         "kl_divergence",
                                         "log_cosh",
                                         "cosine_similarity",
                                         "dice",
                                         "tversky",
                                         "circle",
                                         "ctc",
                                         "binary_accuracy",
                                         "categorical_accuracy",
                                         "sparse_categorical_accuracy",
                                         "top_k_categorical_accuracy",
                                         "sparse_top_k_categorical_accuracy",
                                         "accuracy",
                                         "mse",
                                         "mae",
                                         "mape",
                                         "msle",
                                         "clone_initializer" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static void tell_function(struct keras *k, const struct object *o)
{
    struct span name = doc_text(k->d, o->config);
    struct span own = name.n ? name : o->registered;
    char room[NAME_SIZE];

    if (package_of(o->registered).n && !keras_is_public(package_of(o->registered))) {
        custom(k, o, o->registered, "a function that is registered by code outside the file");
        return;
    }
    if (keras_has_function(o->module, own))
        return;
    if (keras_is_module(o->module))
        keras_fact(k, FACT_KERAS_FUNCTION, o->id, join(o->module, own, room),
                   "a function of Keras that takes no tensors");
    else if (o->module.n == 0 || span_is(o->module, "__main__") ||
             (span_is(o->module, "builtins") && !keras_has_builtin(last_part(own)))) {
        if (!is_own_function(own))
            custom(k, o, own, "a function that is not Keras' own");
    } else {
        keras_code(k, o->id, join(o->module, own, room), "a function in a Keras configuration");
    }
}

/* ---- classes ---- */

static bool is_class(struct span name)
{
    while (name.n > 0 && name.p[0] == '_')
        (void)skip(&name, 1);
    return name.n > 0 && name.p[0] >= 'A' && name.p[0] <= 'Z' &&
           span_find(name, 0, SPAN_LITERAL(".")) == SIZE_MAX;
}

/* A specification of tensors: the class that it names is made. */
static void tell_typespec(struct keras *k, const struct object *o)
{
    struct span name = doc_get_text(k->d, o->id, "spec_name");
    char room[NAME_SIZE];

    if (!span_starts(o->module, SPAN_LITERAL("tensorflow.python.")) || !is_class(name))
        keras_code(k, o->id, join(o->module, name, room), "a type's specification");
}

/* Classes that are told by themselves. */
static bool tell_special(struct keras *k, const struct object *o)
{
    static const char *const plain[] = { "__tensor__",   "__numpy__",    "__bytes__",
                                         "__ellipsis__", "__slice__",    "__keras_tensor__",
                                         "__tuple__",    "__typespec__", "__dtype__" };
    struct span class = last_part(o->class);

    if (span_is(class, "Lambda") || span_is(last_part(o->registered), "Lambda")) {
        keras_lambda(k, o->id, o->config);
        return true;
    }
    if (span_is(class, "__lambda__")) {
        keras_fact(k, FACT_KERAS_LAMBDA, o->id, class, "its code is in the file");
        return true;
    }
    if (span_is(class, "TorchModuleWrapper")) {
        keras_fact(k, FACT_KERAS_TORCH, o->id, class, "torch.load() with pickles allowed");
        return true;
    }
    if (span_is(class, "__typespec__")) {
        tell_typespec(k, o);
        return true;
    }
    if (span_is(class, "TFSMLayer")) {
        keras_fact(k, FACT_KERAS_LOADER, o->id, class, "a SavedModel from the path in the file");
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (span_is(o->class, plain[i]))
            return o->module.n == 0 || span_is(o->module, "builtins");
    return false;
}

static void tell_tf_function(struct keras *k, const struct object *o, struct span symbol,
                             enum keras_reach reach)
{
    if (reach == REACH_OUTSIDE)
        keras_fact(k, FACT_KERAS_OPERATOR_REACHES, o->id, symbol, "of TensorFlow, by its name");
    else if (reach == REACH_UNKNOWN && symbol.n)
        keras_fact(k, FACT_KERAS_OPERATOR, o->id, symbol, "of TensorFlow, by its name");
}

static bool is_letter(uint8_t c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* What stands behind a word "op", as JSON or text have it; empty: no name of an operator. */
static struct span op_at(struct span rest)
{
    size_t signs = 0, n = 0;
    struct span op;

    while (rest.n > 0 && memchr("\"': \t\n", rest.p[0], 6) && skip(&rest, 1))
        signs++;
    while (n < rest.n && (is_letter(rest.p[n]) || (n > 0 && rest.p[n] >= '0' && rest.p[n] <= '9')))
        n++;
    (void)take(&rest, n, &op);
    return signs > 0 && n > 1 && (op.p[0] <= 'Z' || op.p[0] == '_') ? op : SPAN_EMPTY;
}

/*
 * The operators of a NodeDef in JSON ("op": "ReadFile") or text: every name that may be it, since
 * its own name, which comes first, may say the same.
 */
static void tell_node(struct keras *k, const struct object *o, struct span node)
{
    size_t at = span_find(node, 0, SPAN_LITERAL("op"));
    bool found = false;

    for (; at != SIZE_MAX; at = span_find(node, at + 2, SPAN_LITERAL("op"))) {
        struct span op = op_at(span_from(node, at + 2));

        if (op.n)
            tell_tf_function(k, o, op, keras_tf_operator(op));
        found |= op.n > 0;
    }
    if (!found || span_find(node, 0, SPAN_LITERAL("\\u")) != SIZE_MAX)
        tell_tf_function(k, o, SPAN_LITERAL("an operator that is not named"), REACH_UNKNOWN);
}

/* Layers that Keras 2 made of calls of TensorFlow. */
static void tell_tensorflow(struct keras *k, const struct object *o)
{
    struct span class = last_part(o->class), text;

    if (span_is(class, "TFOpLambda") || span_is(class, "SlicingOpLambda")) {
        text = doc_get_text(k->d, o->config, "function");
        tell_tf_function(k, o, text, keras_tf_function(text));
    } else if (span_is(class, "ClassMethod")) {
        text = doc_get_text(k->d, o->config, "cls_symbol");
        tell_tf_function(k, o, text, keras_tf_function(text));
    } else if (span_is(class, "TensorFlowOpLayer")) {
        doc_id node = doc_get(k->d, o->config, "node_def");

        text = doc_get_text(k->d, node, "op");
        if (doc_kind(k->d, node) == DOC_OBJECT && text.n)
            tell_tf_function(k, o, text, keras_tf_operator(text));
        else
            tell_node(k, o, doc_text(k->d, node));
    }
}

/* tf_keras registers optimizers of its own as anybody's: "Custom>Adam". */
static bool is_own(struct span registered)
{
    return span_is(package_of(registered), "Custom") && keras_has_class(last_part(registered));
}

/* A class without a module: Keras' own by its name, or one that is handed in. */
static void tell_bare(struct keras *k, const struct object *o)
{
    struct span named = o->registered.n ? o->registered : o->class;
    struct span package = package_of(named);

    if (package.n && !keras_is_public(package) && !is_own(named))
        custom(k, o, named, "a class that is registered by code outside the file");
    else if (!package.n && !keras_has_class(o->class) && !keras_has_class(named))
        custom(k, o, o->class, "a class that is not Keras' own");
}

/* TensorFlow's own initializers, which Keras 2 takes for its own. */
static bool is_initializer(const struct object *o)
{
    return (span_is(o->module, "tensorflow.python.ops.init_ops") ||
            span_is(o->module, "tensorflow.python.ops.init_ops_v2")) &&
           keras_has_class(o->class);
}

static void tell_class(struct keras *k, const struct object *o)
{
    struct span registered = o->registered.n ? o->registered : o->class;
    struct span package = package_of(registered);
    char room[NAME_SIZE];

    if (o->module.n == 0 || span_is(o->module, "__main__")) {
        tell_bare(k, o);
    } else if (is_initializer(o)) {
        return;
    } else if (!keras_is_module(o->module)) {
        keras_code(k, o->id, join(o->module, o->class, room), "a class in a Keras configuration");
    } else if (!is_class(o->class)) {
        keras_fact(k, FACT_KERAS_FUNCTION, o->id, join(o->module, o->class, room),
                   "no class, but to be built as one");
    } else if (package.n && !keras_is_public(package) && !is_own(registered)) {
        custom(k, o, registered, "a class that is registered by code outside the file");
    }
}

/* ---- files and addresses ---- */

static bool is_address(struct span text)
{
    static const char *const schemes[] = { "http://", "https://", "ftp://", "ftps://" };

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (span_starts(text, span_text(schemes[i])))
            return true;
    return false;
}

/* Keys by which classes of Keras open files: vocabularies above all (CVE-2025-12058). */
static void tell_files(struct keras *k, const struct object *o)
{
    static const char *const keys[] = {
        "vocabulary", "idf_weights", "vocab",           "vocabulary_file",
        "vocab_file", "filepath",    "file_path",       "file_name",
        "filename",   "origin",      "cache_dir",       "cache_subdir",
        "fname",      "merges",      "vocabulary_path", "proto"
    };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct span text = doc_get_text(k->d, o->config, keys[i]);
        uint64_t offset = doc_offset(k->d, doc_get(k->d, o->config, keys[i]));

        if (!text.n || (strcmp(keys[i], "proto") == 0 && text.n > 200))
            continue;
        if (is_address(text))
            model_fetch(k->s, offset, text, keys[i]);
        else
            model_path(k->s, offset, text, "a file that a layer opens");
    }
}

static void tell_duplicates(struct keras *k, doc_id id)
{
    for (doc_id child = doc_first(k->d, id); child != DOC_NONE; child = doc_next(k->d, child))
        if (doc_flags(k->d, child) & DOC_DUPLICATE)
            keras_fact(k, FACT_KERAS_DUPLICATE, child, doc_key(k->d, child),
                       "the last one is taken, or the first");
}

enum pratique_status keras_object(struct keras *k, doc_id id)
{
    struct object o = { .id = id,
                        .config = doc_get(k->d, id, "config"),
                        .class = doc_get_text(k->d, id, "class_name"),
                        .module = doc_get_text(k->d, id, "module"),
                        .registered = doc_get_text(k->d, id, "registered_name") };

    k->objects++;
    tell_duplicates(k, id);
    tell_duplicates(k, o.config);
    tell_files(k, &o);
    tell_tensorflow(k, &o);
    if (span_is(o.class, "function")) {
        tell_function(k, &o);
    } else if (!tell_special(k, &o)) {
        tell_class(k, &o);
    }
    return PRATIQUE_OK;
}
