/*
 * Nodes: whose operator it is, and what its attributes name.
 *
 * A runtime runs what is registered under (domain, name): the standard's operators, its own, those
 * of the model's functions, and those of a library that whoever loads the model adds. What asks
 * for such a library is held; operators that hand control to Python are known by name.
 * Sources: onnxruntime/docs/ContribOperators.md, docs/OperatorKernels.md;
 * onnxruntime-extensions/docs/custom_ops.md;
 * onnxruntime.ai/docs/execution-providers/EP-Context-Design.
 */
#include "format/onnx/parts.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "format/model/model.h"

struct name_of_operator {
    const char *domain, *name;
};
static const struct name_of_operator operators[] = {
#define OPERATOR(domain, name) { domain, name },
#include "format/onnx/operators.def"
#undef OPERATOR
};

/* What it is to have an operator of a domain. */
enum domain_kind {
    DOMAIN_STANDARD,
    DOMAIN_RUNTIME, /* the runtime's own, in every build of it */
    DOMAIN_OTHER,   /* somebody's library */
};

static const struct {
    const char *name;
    enum domain_kind kind;
} domains[] = {
    { "", DOMAIN_STANDARD },
    { "ai.onnx", DOMAIN_STANDARD },
    { "ai.onnx.ml", DOMAIN_STANDARD },
    { "ai.onnx.training", DOMAIN_STANDARD },
    { "ai.onnx.preview.training", DOMAIN_STANDARD },
    { "ai.onnx.preview", DOMAIN_STANDARD },
    { "com.microsoft", DOMAIN_RUNTIME },
    { "com.microsoft.nchwc", DOMAIN_RUNTIME },
    { "com.microsoft.experimental", DOMAIN_RUNTIME },
    { "com.microsoft.dml", DOMAIN_RUNTIME },
    { "com.microsoft.mlfeaturizers", DOMAIN_RUNTIME },
    { "com.ms.internal.nhwc", DOMAIN_RUNTIME },
};

/* Operators that call Python, or any operator of torch by name, whatever domain they stand in. */
static const char *const pythons[] = { "PyOp",   "PyCustomOp",      "PythonOp",    "PythonOpGrad",
                                       "PyFunc", "PyFuncStateless", "EagerPyFunc", "TritonOp" };
/* ... and in these domains: aten::operator by name. */
static const char *const atens[] = { "ATen", "ATenOp" };

struct node {
    struct span op, domain;
    enum domain_kind kind;
    bool function; /* of the model's own */
};

static enum domain_kind domain_kind(struct span domain)
{
    for (size_t i = 0; i < ARRAY_LEN(domains); i++)
        if (span_is(domain, domains[i].name))
            return domains[i].kind;
    return DOMAIN_OTHER;
}

bool onnx_is_standard_domain(struct span domain)
{
    return domain_kind(domain) == DOMAIN_STANDARD;
}

static int order(const void *key, const void *row)
{
    const struct span *name = key;
    const struct name_of_operator *op = row;
    int c = span_order(name[0], span_text(op->domain));

    return c ? c : span_order(name[1], span_text(op->name));
}

bool onnx_is_known(struct span domain, struct span name)
{
    struct span key[2] = { domain, name };

    if (domain.n == 0 || span_is(domain, "ai.onnx.preview"))
        key[0] = SPAN_LITERAL("ai.onnx");
    if (span_is(domain, "ai.onnx.preview.training"))
        key[0] = SPAN_LITERAL("ai.onnx.training");
    return bsearch(key, operators, ARRAY_LEN(operators), sizeof *operators, order) != NULL;
}

static bool is_one_of(struct span name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(name, list[i]))
            return true;
    return false;
}

static bool is_python(const struct node *n)
{
    if (n->function && n->kind == DOMAIN_OTHER)
        return false; /* the model says what it does */
    return is_one_of(n->op, pythons, ARRAY_LEN(pythons)) ||
           (is_one_of(n->op, atens, ARRAY_LEN(atens)) && !span_is(n->domain, "")) ||
           span_is(n->domain, "org.pytorch.aten");
}

static bool is_compiled(const struct node *n)
{
    return span_is(n->op, "EPContext") || span_is(n->op, "TRT_TRTEngine") ||
           span_is(n->op, "TRTEngineOp");
}

static void judge_operator(struct onnx *x, uint64_t offset, const struct node *n)
{
    const char *why = NULL;

    if (is_python(n)) {
        graph_operator(&x->tell, x->s, FACT_OPERATOR_PYTHON, offset, n->domain, n->op,
                       "an operator that calls Python, or any operator by name");
        return;
    }
    if (is_compiled(n))
        graph_operator(&x->tell, x->s, FACT_OPERATOR_COMPILED, offset, n->domain, n->op,
                       "a program that was compiled for a device");
    if (n->function)
        return;
    if (n->kind == DOMAIN_OTHER)
        why =
            span_is(n->domain, "ai.onnx.contrib") || span_is(n->domain, "com.microsoft.extensions")
                ? "an operator of onnxruntime-extensions"
                : "an operator of a domain that no runtime has by itself";
    else if (!onnx_is_known(n->domain, n->op))
        why = n->kind == DOMAIN_STANDARD ? "no version of the standard has this operator"
                                         : "no runtime that is known has this operator";
    if (why)
        graph_operator(&x->tell, x->s, FACT_OPERATOR_CUSTOM, offset, n->domain, n->op, why);
}

/* ---- what attributes name ---- */

#define NAMES_MAX 200 /* that are told; each of them holds the model already */

static bool names_code(struct span name)
{
    static const char *const keys[] = { "func_name",     "module",      "python_module", "class",
                                        "class_name",    "function",    "py_func",       "handler",
                                        "operator_name", "entry_point", "callable",      "func" };

    return is_one_of(name, keys, ARRAY_LEN(keys));
}

static bool is_address(struct span text)
{
    return model_path_flags(text) & MP_URL && span_find(text, 0, SPAN_LITERAL("://")) != SIZE_MAX;
}

/* A value that a library is handed: a path, an address, a name of code, another library. */
static void judge_text(struct onnx *x, uint64_t offset, const struct node *n, struct span key,
                       struct span text)
{
    if (graph_is_library(text))
        graph_fact(&x->tell, x->s, FACT_OPERATOR_LIBRARY, offset, text, "attribute %.*s of %.*s",
                   (int)(key.n < 100 ? key.n : 100), (const char *)key.p,
                   (int)(n->op.n < 100 ? n->op.n : 100), (const char *)n->op.p);
    else if (x->names > NAMES_MAX)
        return;
    else if (names_code(key) && graph_is_dotted(text) && (is_python(n) || n->kind == DOMAIN_OTHER))
        x->names++, model_code(x->s, offset, 0, 0, text, "an attribute of an operator", MC_CALLS);
    else if (n->kind != DOMAIN_OTHER || n->function || text.n > 4096)
        return;
    else if (is_address(text))
        x->names++, model_fetch(x->s, offset, text, "an attribute of an operator");
    else if (text.n > 1 && model_path_flags(text) & (MP_ABSOLUTE | MP_DOTDOT | MP_DRIVE) &&
             !memchr(text.p, ' ', text.n))
        x->names++, model_path(x->s, offset, text, "an attribute of an operator");
}

static void judge_attribute(struct onnx *x, struct pb_walk *w, const struct node *n,
                            struct span attribute)
{
    struct span key = pb_body(attribute, 1);
    struct pb_field f;

    while (attribute.n > 0 && pb_take(&attribute, &f))
        if (f.wire == PB_BYTES && (f.number == 4 || f.number == 9))
            judge_text(x, pb_offset(w, f.body), n, key, f.body);
}

/* The context of a compiled node is in a file of its own when it is not embedded. */
static void judge_context(struct onnx *x, struct pb_walk *w, struct span in)
{
    struct span context = SPAN_EMPTY;
    bool beside = false;
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f)) {
        if (f.number != 5 || f.wire != PB_BYTES)
            continue;
        if (span_is(pb_body(f.body, 1), "embed_mode"))
            beside = pb_value(f.body, 3) == 0;
        if (span_is(pb_body(f.body, 1), "ep_cache_context"))
            context = pb_body(f.body, 4);
    }
    if (beside && context.n > 0)
        model_path(x->s, pb_offset(w, context), context, "a program for a device");
}

static struct node read_node(const struct onnx *x, struct span in, uint32_t *function)
{
    struct node n = { .op = pb_body(in, 4), .domain = pb_body(in, 7) };

    n.kind = domain_kind(n.domain);
    *function = functions_number(x, n.domain, n.op);
    n.function = *function != UINT32_MAX;
    return n;
}

static struct node plain_node(struct span domain, struct span op)
{
    return (struct node){ .op = op, .domain = domain, .kind = domain_kind(domain) };
}

void onnx_judge_operator(struct onnx *x, uint64_t offset, struct span domain, struct span op)
{
    struct node n = plain_node(domain, op);

    x->nodes++;
    judge_operator(x, offset, &n);
}

void onnx_judge_text(struct onnx *x, uint64_t offset, struct span domain, struct span op,
                     struct span key, struct span text)
{
    struct node n = plain_node(domain, op);

    if (n.kind != DOMAIN_STANDARD || is_python(&n) || !onnx_is_known(domain, op))
        judge_text(x, offset, &n, key, text);
}

enum pratique_status onnx_node(struct onnx *x, struct pb_walk *w, struct span in)
{
    uint32_t function;
    struct node n = read_node(x, in, &function);
    struct span rest = in;
    struct pb_field f;

    x->nodes++;
    judge_operator(x, pb_offset(w, n.op.n ? n.op : in), &n);
    if (is_compiled(&n))
        judge_context(x, w, in);
    if (n.kind != DOMAIN_STANDARD || is_python(&n) || !onnx_is_known(n.domain, n.op))
        while (rest.n > 0 && pb_take(&rest, &f))
            if (f.number == 5 && f.wire == PB_BYTES)
                judge_attribute(x, w, &n, f.body);
    return functions_call(x, function);
}
