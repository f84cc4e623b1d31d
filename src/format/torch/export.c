/*
 * The JSON of torch.export: programs (models/NAME.json; serialized_exported_program.json
 * before 2.8) and lists of weights. Loading looks operators up by their names, evaluates
 * expressions of sizes with sympy, which runs them as Python, and compiles the guards.
 *
 * Spec: torch/_export/serde/schema.yaml (8.x), serialize.py (deserialize_operator,
 * _parse_sym_expr), torch/export/_unlift.py (guards); torch 2.1 to 2.15. Left out: values of
 * tensors, signatures, stacks of modules: nothing in them is called.
 */
#include "base/compiler.h"
#include "format/doc/doc.h"
#include "format/model/model.h"
#include "format/torch/expression.h"
#include "format/torch/operators.h"
#include "format/torch/torch.h"

#define SEEN_SLOTS 512

struct program {
    const struct doc *d;
    uint64_t nodes;
    uint64_t seen[SEEN_SLOTS]; /* hashes of what was told */
};

static bool is_new(struct program *p, unsigned kind, struct span text)
{
    uint64_t h = 0xCBF29CE484222325 + kind, *slot;

    for (size_t i = 0; i < text.n; i++)
        h = (h ^ text.p[i]) * 0x100000001B3;
    slot = &p->seen[h % SEEN_SLOTS];
    if (*slot == (h | 1))
        return false;
    *slot = h | 1;
    return true;
}

static void tell(struct program *p, enum fact_kind kind, doc_id id, struct span subject,
                 const char *detail)
{
    if (is_new(p, kind, subject))
        doc_fact(p->d, kind, id, subject, span_text(detail));
}

/* Cuts the text up to the next dot off. */
static struct span take_part(struct span *name)
{
    size_t at = span_find(*name, 0, SPAN_LITERAL("."));
    struct span part;

    (void)take(name, at == SIZE_MAX ? name->n : at, &part);
    (void)skip(name, 1);
    return part;
}

/* ---- operators ---- */

static bool is_one_of(struct span s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(s, list[i]))
            return true;
    return false;
}

/* torch.ops.NAMESPACE.NAME.OVERLOAD */
static void tell_registered(struct program *p, doc_id id, struct span target, struct span rest)
{
    static const char *const own[] = { "higher_order", "quantized_decomposed", "_c10d_functional",
                                       "inductor",     "torchaudio",           "executorch_prims",
                                       "dim_order_ops" };
    struct span ns = take_part(&rest), name = take_part(&rest);
    enum operator_kind kind = operator_look_up(ns, name);

    if (span_find(target, 0, SPAN_LITERAL("__class__")) != SIZE_MAX ||
        span_find(target, 0, SPAN_LITERAL("__globals__")) != SIZE_MAX)
        kind = OPERATOR_FILE;
    if (kind == OPERATOR_FILE)
        tell(p, FACT_EXPORT_OPERATOR_FILE, id, target, "an operator of torch");
    else if (kind == OPERATOR_OTHER && !is_one_of(ns, own, ARRAY_LEN(own)))
        tell(p, FACT_EXPORT_OPERATOR, id, target, "another library brings it");
}

static bool is_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '_'))
            return false;
    return s.n > 0;
}

/* Python's operator module: what calls, or looks attributes up, is none of a graph's. */
static bool is_arithmetic(struct span name)
{
    static const char *const others[] = { "call",    "attrgetter", "methodcaller",
                                          "setitem", "delitem",    "itemgetter" };

    return is_word(name) && !span_starts(name, SPAN_LITERAL("__")) &&
           !is_one_of(name, others, ARRAY_LEN(others));
}

static void tell_target(struct program *p, doc_id id, struct span target)
{
    struct span rest = target, first = take_part(&rest);

    p->nodes++;
    if (span_is(first, "torch") && span_starts(rest, SPAN_LITERAL("ops."))) {
        (void)take_part(&rest);
        tell_registered(p, id, target, rest);
    } else if (span_is(first, "_operator") && is_arithmetic(rest)) {
        return;
    } else if (span_is(first, "math") && is_word(rest) && rest.p[0] != '_') {
        return;
    } else if (span_is(first, "torch") && is_word(rest) &&
               (span_starts(rest, SPAN_LITERAL("sym_")) ||
                span_starts(rest, SPAN_LITERAL("_sym_")))) {
        return;
    } else if (span_starts(target, SPAN_LITERAL("torch"))) {
        if (is_new(p, FACT_MODEL_CODE, target))
            model_code(p->d->s, doc_offset(p->d, id), 0, 0, target, "a node of the graph",
                       MC_CALLS);
    } else {
        tell(p, FACT_EXPORT_OPERATOR, id, target, "its kind is not known");
    }
}

/* ---- expressions and guards ---- */

static void tell_expression(struct program *p, doc_id id, bool guard)
{
    struct span text = doc_text(p->d, id);

    switch (expression_kind(text, guard)) {
    case EXPRESSION_PLAIN:
        break;
    case EXPRESSION_UNKNOWN:
        tell(p, FACT_EXPORT_EXPRESSION, id, text, guard ? "a guard" : "a size");
        break;
    case EXPRESSION_CODE:
        tell(p, FACT_EXPORT_CODE, id, text, guard ? "a guard" : "a size");
        break;
    }
}

static void tell_guards(struct program *p, doc_id list)
{
    for (doc_id id = doc_first(p->d, list); id != DOC_NONE; id = doc_next(p->d, id))
        if (doc_kind(p->d, id) == DOC_STRING)
            tell_expression(p, id, true);
}

/* ---- the walk ---- */

static bool is_node(const struct doc *d, doc_id id)
{
    return doc_get(d, id, "inputs") != DOC_NONE || doc_get(d, id, "outputs") != DOC_NONE ||
           doc_get(d, id, "metadata") != DOC_NONE;
}

static void visit(struct program *p, doc_id id)
{
    struct span key = doc_key(p->d, id);

    if (span_is(key, "guards_code"))
        tell_guards(p, id);
    if (doc_kind(p->d, id) != DOC_STRING)
        return;
    if (span_is(key, "target") && is_node(p->d, doc_parent(p->d, id)))
        tell_target(p, id, doc_text(p->d, id));
    else if (span_is(key, "expr_str") || span_is(key, "as_expr"))
        tell_expression(p, id, false);
    else if (span_is(key, "path_name") && model_path_flags(doc_text(p->d, id)))
        model_path(p->d->s, doc_offset(p->d, id), doc_text(p->d, id), "a weight");
}

static enum pratique_status walk(struct program *p)
{
    uint64_t n = 0;

    for (doc_id id = 0; id != DOC_NONE; id = doc_walk(p->d, id)) {
        if (++n % 65536 == 0 && !budget_time(p->d->s->budget))
            return scan_fail_budget(p->d->s, doc_offset(p->d, id));
        visit(p, id);
    }
    return PRATIQUE_OK;
}

static enum pratique_status tell_program(struct scan *s, const struct doc *d)
{
    struct program *p = scan_map(s, sizeof *p);
    enum pratique_status st;

    if (!p)
        return scan_fail_budget(s, 0);
    p->d = d;
    model_says(s, "version", doc_get_text(d, 0, "torch_version"));
    st = walk(p);
    if (st == PRATIQUE_OK)
        scan_read(s, "torch export", d->in.n, "%llu nodes", (unsigned long long)p->nodes);
    scan_unmap(s, p, sizeof *p);
    return st;
}

static bool looks_like(struct span in)
{
    return doc_looks_like_json(in);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct doc d;
    enum pratique_status st = doc_json(&d, s, in);

    if (st == PRATIQUE_OK)
        st = tell_program(s, &d);
    doc_free(&d);
    return st;
}

const struct format format_torch_export = {
    .name = "torch export",
    .spec = "torch/_export/serde/schema.yaml, 8.x",
    .looks_like = looks_like,
    .scan = scan,
};
