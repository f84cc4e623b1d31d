/* Names that Keras knows itself, and what functions of TensorFlow do. Tables: *.def. */
#include <ctype.h>

#include "base/compiler.h"
#include "format/keras/parts.h"

static const char *const classes[] = {
#define KERAS(name) name,
#include "format/keras/names.def"
#undef KERAS
};

static const char *const functions[] = {
#define FUNCTION(name) name,
#include "format/keras/functions.def"
#undef FUNCTION
};

static bool is_in(struct span name, const char *const *list, size_t n)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = span_order(name, span_text(list[mid]));

        if (order == 0)
            return true;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

bool keras_has_class(struct span name)
{
    return is_in(name, classes, ARRAY_LEN(classes));
}

static bool leads(struct span name, const char *head)
{
    size_t n = strlen(head);

    return span_starts(name, span_text(head)) && (name.n == n || name.p[n] == '.');
}

/* What "import" takes: words and dots. */
static bool is_dotted(struct span module)
{
    for (size_t i = 0; i < module.n; i++)
        if (!isalnum(module.p[i]) && module.p[i] != '_' && module.p[i] != '.')
            return false;
    return true;
}

/* The name behind the package: "layers" of "tensorflow.python.keras.layers"; false: not Keras'. */
static bool inside(struct span module, struct span *rest)
{
    static const char *const packages[] = { "keras.src",        "keras.api._v2.keras",
                                            "keras.api",        "keras._tf_keras.keras",
                                            "keras._tf_keras",  "keras",
                                            "tf_keras.src",     "tf_keras",
                                            "keras_core.src",   "keras_core",
                                            "tensorflow.keras", "tensorflow.python.keras" };

    for (size_t i = 0; i < ARRAY_LEN(packages); i++)
        if (leads(module, packages[i]) && is_dotted(module)) {
            *rest = span_from(module, strlen(packages[i]));
            (void)skip(rest, 1);
            return true;
        }
    *rest = SPAN_EMPTY;
    return false;
}

bool keras_is_module(struct span module)
{
    struct span rest;

    return inside(module, &rest);
}

bool keras_is_public(struct span package)
{
    static const char *const packages[] = { "keras",    "keras_hub", "keras_nlp",
                                            "keras_cv", "Keras",     "tf_keras",
                                            "Addons",   "KerasCV",   "keras_rs" };

    for (size_t i = 0; i < ARRAY_LEN(packages); i++)
        if (span_is(package, packages[i]))
            return true;
    return false;
}

/*
 * Modules whose functions take tensors and give tensors. They import others to do so, which are to
 * be had by their names too: so the name counts as well.
 */
bool keras_has_function(struct span module, struct span name)
{
    static const char *const pure[] = { "activations",    "losses",      "metrics",
                                        "initializers",   "constraints", "ops",
                                        "regularizers",   "random",      "layers.activations",
                                        "legacy.backend", "backend" };
    struct span rest;

    if (!inside(module, &rest))
        return false;
    if (leads(rest, "applications"))
        return span_is(name, "preprocess_input") || span_is(name, "decode_predictions");
    for (size_t i = 0; i < ARRAY_LEN(pure); i++)
        if (leads(rest, pure[i]))
            return is_in(name, functions, ARRAY_LEN(functions));
    return false;
}

bool keras_has_builtin(struct span name)
{
    static const char *const names[] = { "eval",   "exec",       "compile",        "__import__",
                                         "open",   "getattr",    "setattr",        "delattr",
                                         "input",  "vars",       "globals",        "locals",
                                         "type",   "breakpoint", "help",           "exit",
                                         "quit",   "print",      "super",          "map",
                                         "filter", "memoryview", "__build_class__" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* ---- functions of TensorFlow ---- */

static const char *const maths[] = {
#define MATHS(name) name,
#define GRAPH(name)
#define REACHES(name)
#include "format/keras/operators.def"
#undef MATHS
#undef GRAPH
#undef REACHES
};

static const char *const graph[] = {
#define MATHS(name)
#define GRAPH(name) name,
#define REACHES(name)
#include "format/keras/operators.def"
#undef MATHS
#undef GRAPH
#undef REACHES
};

static const char *const reaches[] = {
#define MATHS(name)
#define GRAPH(name)
#define REACHES(name) name,
#include "format/keras/operators.def"
#undef MATHS
#undef GRAPH
#undef REACHES
};

static bool reaches_outside(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(reaches); i++)
        if (span_find(name, 0, span_text(reaches[i])) != SIZE_MAX)
            return true;
    return false;
}

static bool is_listed(struct span name, const char *row)
{
    size_t n = strlen(row);

    if (n > 0 && (row[n - 1] == '.' || row[n - 1] == '_'))
        return span_starts(name, span_text(row));
    return span_is(name, row);
}

static enum keras_reach reach_of(struct span name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_listed(name, list[i]))
            return REACH_MATHS;
    return reaches_outside(name) ? REACH_OUTSIDE : REACH_UNKNOWN;
}

enum keras_reach keras_tf_function(struct span symbol)
{
    return reach_of(symbol, maths, ARRAY_LEN(maths));
}

enum keras_reach keras_tf_operator(struct span op)
{
    return reach_of(op, graph, ARRAY_LEN(graph));
}
