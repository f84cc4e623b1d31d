/*
 * OpenVINO IR (.xml beside .bin): tag by tag. Layers outside of the operator sets need a library
 * ("extension"); constants name ranges of the file of weights, which has the model's name.
 *
 * Spec: docs.openvino.ai, "Intermediate Representation" (versions 5 to 11), Operation Sets. Left
 * out: edges, what the operators compute; entities: a file that declares some is not read.
 */
#include "format/openvino/openvino.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/openvino/tag.h"
#include "format/path.h"

#define VALUE_MAX      512
#define VERSION_MAX    11
#define BYTES_MAX      (UINT64_C(1) << 46)
#define ATTRIBUTES_MAX 64 /* of one tag */

struct openvino {
    struct scan *s;
    struct span in;
    struct graph_tell tell;
    uint64_t version, layers, constants, end; /* end: how many bytes the weights must have */
    unsigned depth, in_layers; /* tags that are open; how many of them are "layers" */
    bool inside_info;
};

/* The first element is "net". */
static bool looks_like(struct span in)
{
    struct span head = span_of(in.p, in.n < 65536 ? in.n : 65536);
    struct tag t;

    if (span_starts(head, SPAN_LITERAL("\xEF\xBB\xBF")))
        (void)skip(&head, 3);
    while (head.n > 0 && head.p[0] <= ' ' && head.p[0] > 8)
        (void)skip(&head, 1);
    if (!span_starts(head, SPAN_LITERAL("<")) || memchr(head.p, 0, head.n))
        return false;
    if (tag_next(&head, &t) != TAG_FOUND || !span_is(t.name, "net"))
        return false;
    return span_find(head, 0, SPAN_LITERAL("<layers")) != SIZE_MAX;
}

static enum pratique_status bad(struct openvino *x, struct span at, const char *why)
{
    return scan_fail(x->s, PRATIQUE_E_FORMAT, (uint64_t)(at.p - x->in.p), "%s", why);
}

struct values {
    uint8_t text[VALUE_MAX];
    struct span span;
};

/* The value of an attribute of that name, the first one; *twice when there is another. */
static bool get(struct span attributes, const char *name, struct values *v)
{
    struct span key, raw;

    while (tag_attribute(&attributes, &key, &raw))
        if (span_is(key, name)) {
            v->span = span_of(v->text, tag_value(raw, v->text, sizeof v->text));
            return true;
        }
    v->span = SPAN_EMPTY;
    return false;
}

static bool number(struct span text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9' || MUL_OVERFLOWS(*out, 10u, out) ||
            ADD_OVERFLOWS(*out, (uint64_t)text.p[i] - '0', out))
            return false;
    return text.n > 0;
}

static void read_range(struct openvino *x, const struct tag *t, uint64_t at)
{
    struct values offset, size;
    uint64_t from, n, end;

    if (!get(t->attributes, "offset", &offset) || !get(t->attributes, "size", &size))
        return;
    x->constants++;
    if (!number(offset.span, &from) || !number(size.span, &n) || ADD_OVERFLOWS(from, n, &end) ||
        end > BYTES_MAX)
        graph_fact(&x->tell, x->s, FACT_ONNX_EXTERNAL_BAD, at, offset.span,
                   "an offset or a size that no file has");
    else
        x->end = end > x->end ? end : x->end;
}

static void read_layer(struct openvino *x, const struct tag *t, uint64_t at)
{
    struct values type, set;

    x->layers++;
    if (!get(t->attributes, "version", &set)) /* before IR version 10: no sets */
        return;
    (void)get(t->attributes, "type", &type);
    if (!span_starts(set.span, SPAN_LITERAL("opset")) && !span_is(set.span, "ie_internal_opset"))
        graph_operator(&x->tell, x->s, FACT_OPERATOR_CUSTOM, at, set.span, type.span,
                       "a layer of an extension: a library that is loaded beside the model");
}

/* Attributes are well formed, none of them twice; in layers none of them names a library. */
static enum pratique_status check_attributes(struct openvino *x, const struct tag *t)
{
    struct span rest = t->attributes, names[ATTRIBUTES_MAX], raw;
    uint8_t text[VALUE_MAX];
    size_t n = 0;

    while (rest.n > 0 && tag_attribute(&rest, &names[n], &raw)) {
        struct span value = span_of(text, tag_value(raw, text, sizeof text));

        for (size_t i = 0; i < n; i++)
            if (span_equal(names[i], names[n]))
                return bad(x, t->name, "an attribute that stands there twice");
        if (x->in_layers && !x->inside_info && !span_is(names[n], "name") &&
            graph_is_library(value))
            graph_fact(&x->tell, x->s, FACT_OPERATOR_LIBRARY, (uint64_t)(raw.p - x->in.p), value,
                       "%s", "an attribute of a layer");
        if (++n == ATTRIBUTES_MAX)
            return bad(x, t->name, "more than 64 attributes");
    }
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] > ' ')
            return bad(x, t->name, "no attribute stands here");
    return PRATIQUE_OK;
}

static void enter(struct openvino *x, const struct tag *t)
{
    uint64_t at = (uint64_t)(t->name.p - x->in.p);
    struct values v;

    if (span_is(t->name, "net") && x->depth == 0) {
        if (get(t->attributes, "version", &v))
            (void)number(v.span, &x->version);
        if (get(t->attributes, "name", &v))
            model_says(x->s, "name", v.span);
    }
    if (span_is(t->name, "layer"))
        read_layer(x, t, at);
    else if (span_is(t->name, "data") || span_is(t->name, "weights") || span_is(t->name, "biases"))
        read_range(x, t, at);
}

/* Counts what is open; tags are closed in the order they were opened, or the file is none. */
static void nest(struct openvino *x, const struct tag *t)
{
    bool layers = span_is(t->name, "layers"), info = span_is(t->name, "rt_info");

    if (t->empty && !t->end)
        return;
    x->depth += t->end ? -1u : 1u;
    x->in_layers += layers ? (t->end ? -1u : 1u) : 0;
    x->inside_info = info ? !t->end : x->inside_info;
}

static enum pratique_status read_tags(struct openvino *x)
{
    struct span rest = x->in;
    enum pratique_status st = PRATIQUE_OK;
    enum tag_result result = TAG_FOUND;
    struct tag t;

    for (uint64_t n = 0; st == PRATIQUE_OK; n++) {
        struct span at = rest;

        if ((n & 0xFFF) == 0 && !budget_time(x->s->budget))
            return scan_fail_budget(x->s, (uint64_t)(rest.p - x->in.p));
        result = tag_next(&rest, &t);
        if (result == TAG_NONE)
            return x->depth ? bad(x, x->in, "an element does not end") : PRATIQUE_OK;
        if (result == TAG_BROKEN)
            return bad(x, at, "a tag that is not read: it is broken, or declares entities");
        if (t.end && (x->depth == 0 || (span_is(t.name, "layers") && x->in_layers == 0)))
            return bad(x, t.name, "an element ends that did not start");
        st = check_attributes(x, &t);
        if (st == PRATIQUE_OK && !t.end)
            enter(x, &t);
        nest(x, &t);
    }
    return st;
}

/* "model.xml" has its weights in "model.bin". */
static void tell_weights(struct openvino *x)
{
    struct span base = path_base(x->s->name);
    char path[256];

    if (x->constants == 0 || x->end == 0 || base.n < 5 || base.n >= sizeof path ||
        !span_ends(base, SPAN_LITERAL(".xml")))
        return;
    (void)snprintf(path, sizeof path, "%.*s.bin", (int)(base.n - 4), (const char *)base.p);
    model_path(x->s, 0, span_text(path), "weights");
    facts_add(x->s->facts, &(struct fact){ .kind = FACT_ONNX_EXTERNAL,
                                           .where = x->s->where,
                                           .number = x->end,
                                           .count = x->constants,
                                           .subject = span_text(path),
                                           .detail = SPAN_LITERAL("weights") });
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct openvino *x = arena_alloc(s->arena, sizeof *x);
    enum pratique_status st;

    if (!x)
        return scan_fail_budget(s, 0);
    *x = (struct openvino){ .s = s, .in = in };
    s->budget->work_done += in.n;
    st = read_tags(x);
    if (st != PRATIQUE_OK)
        return st;
    tell_weights(x);
    if (x->version > VERSION_MAX)
        scan_factf(s, FACT_ONNX_VERSION, 0, SPAN_LITERAL("IR version"),
                   "%" PRIu64 "; known are 5 to %d", x->version, VERSION_MAX);
    scan_read(s, "OpenVINO model", in.n,
              "IR version %" PRIu64 ", %" PRIu64 " layers, %" PRIu64 " constants", x->version,
              x->layers, x->constants);
    return PRATIQUE_OK;
}

const struct format format_openvino = {
    .name = "OpenVINO model",
    .spec = "OpenVINO IR, versions 5 to 11, https://docs.openvino.ai",
    .looks_like = looks_like,
    .scan = scan,
};
