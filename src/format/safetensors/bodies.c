/* See bodies.h. */
#include "format/safetensors/bodies.h"

#include <inttypes.h>
#include <stdio.h>

#include "format/safetensors/values.h"

/* Between two looks at the clock; whole numbers of every type. */
#define CHUNK ((uint64_t)12 * 1024 * 1024)
/* Tensors that are named with one fault; those after them are counted. */
#define NAMED_MAX 20
/* Fewer denormals than this say nothing. */
#define FLOOD_MIN 16

enum fault_kind { FAULT_NONFINITE, FAULT_BLANK, FAULT_ZERO, FAULT_DENORMAL, FAULT_BOOL, FAULTS };

static const enum fact_kind fact_of[FAULTS] = {
    [FAULT_NONFINITE] = FACT_SAFETENSORS_NONFINITE, [FAULT_BLANK] = FACT_SAFETENSORS_BLANK,
    [FAULT_ZERO] = FACT_SAFETENSORS_ZERO,           [FAULT_DENORMAL] = FACT_SAFETENSORS_DENORMAL,
    [FAULT_BOOL] = FACT_SAFETENSORS_BOOL,
};

struct bodies {
    struct scan *s;
    struct span json, data;
    uint64_t named[FAULTS];
    struct fact rest[FAULTS]; /* of tensors that are not named */
    uint64_t numbers, zero;   /* of the whole file, BOOL left out */
};

static uint64_t offset_in_file(const struct bodies *b, uint64_t at)
{
    return 8 + (uint64_t)b->json.n + at;
}

static void tell(struct bodies *b, enum fault_kind kind, const struct fact *f)
{
    if (b->named[kind]++ < NAMED_MAX)
        facts_add(b->s->facts, f);
    else if (b->rest[kind].count++ == 0)
        b->rest[kind].offset = f->offset;
}

/* A fault of tensor t. place: of the number that shows it. */
static void fault(struct bodies *b, enum fault_kind kind, const struct entry *t, uint64_t place,
                  const char *text)
{
    struct fact f = { .kind = fact_of[kind],
                      .where = b->s->where,
                      .offset = offset_in_file(b, t->start + place),
                      .subject = t->name,
                      .detail = span_text(text) };

    tell(b, kind, &f);
}

static void tell_rest(struct bodies *b)
{
    for (size_t i = 0; i < FAULTS; i++) {
        struct fact *f = &b->rest[i];

        if (f->count == 0)
            continue;
        f->kind = fact_of[i];
        f->where = b->s->where;
        f->subject = SPAN_EMPTY;
        f->detail = SPAN_LITERAL("tensors after those that are named");
        facts_add(b->s->facts, f);
    }
}

static unsigned number_bytes(const struct entry *t)
{
    return t->dtype->kind == VALUE_C64 ? 4 : t->dtype->bits / 8;
}

static void check_odd(struct bodies *b, const struct entry *t, const struct values *v)
{
    char text[160];

    if (v->nan + v->inf > 0) {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " NaN and %" PRIu64 " infinite of %" PRIu64
                       ", the first is number %" PRIu64,
                       v->nan, v->inf, v->n, v->first_odd);
        fault(b, FAULT_NONFINITE, t, v->first_odd * number_bytes(t), text);
    }
    if (v->not_bool > 0) {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " of %" PRIu64 ", the first is number %" PRIu64, v->not_bool,
                       v->n, v->first_odd);
        fault(b, FAULT_BOOL, t, v->first_odd, text);
    }
}

static void check_zero(struct bodies *b, const struct entry *t, const struct values *v)
{
    char text[64];
    bool matrix = t->wide > 1 && values_are_floats(t->dtype->kind);

    if (v->n < 2 || v->zero < v->n || t->dtype->kind == VALUE_BOOL)
        return;
    (void)snprintf(text, sizeof text, "all %" PRIu64 " numbers", v->n);
    fault(b, matrix ? FAULT_BLANK : FAULT_ZERO, t, 0, text);
}

/*
 * Whether most of what is not zero is too much, or only all of it. Training leaves
 * nothing down there with eight bits of exponent; with five it may leave the biases of
 * attention keys, which nothing depends on, but no matrix; with four, any weights.
 */
static bool most_is_too_much(const struct entry *t)
{
    unsigned bits = values_exponent_bits(t->dtype->kind);

    return bits >= 8 || (bits == 5 && t->wide > 1);
}

static void check_denormal(struct bodies *b, const struct entry *t, const struct values *v)
{
    uint64_t others = v->n - v->nan - v->inf - v->zero - v->denormal;
    char text[96];

    if (v->denormal < FLOOD_MIN || values_exponent_bits(t->dtype->kind) < 4 ||
        others > (most_is_too_much(t) ? v->denormal - 1 : 0))
        return;
    (void)snprintf(text, sizeof text, "%" PRIu64 " of %" PRIu64 " numbers, %" PRIu64 " are zero",
                   v->denormal, v->n, v->zero);
    fault(b, FAULT_DENORMAL, t, 0, text);
}

/* "layer.weight: F32 [2, 3], min -1, max 1, mean 0.1, 0 NaN, 0 Inf, 1 zero, 0 denormal" */
static void tell_tensor(struct bodies *b, const struct entry *t, const struct values *v)
{
    bool finite = v->n > v->nan + v->inf;
    char range[96] = "";

    if (b->s->facts->reads >= FACT_READ_MAX) { /* counted only */
        scan_read(b->s, "tensor", t->end - t->start, "%s", "");
        return;
    }
    if (finite)
        (void)snprintf(range, sizeof range, ", min %.6g, max %.6g, mean %.6g", v->min + 0.0,
                       v->max + 0.0, values_mean(v) + 0.0); /* -0 is shown as 0 */
    scan_read(b->s, "tensor", t->end - t->start,
              "%.*s: %.*s %.*s%s, %" PRIu64 " NaN, %" PRIu64 " Inf, %" PRIu64 " zero, %" PRIu64
              " denormal",
              (int)(t->name.n < 400 ? t->name.n : 400), (const char *)t->name.p,
              (int)t->dtype->name.n, (const char *)t->dtype->name.p,
              (int)(t->shape.n < 160 ? t->shape.n : 160), (const char *)t->shape.p, range, v->nan,
              v->inf, v->zero, v->denormal);
}

static void judge(struct bodies *b, const struct entry *t, const struct values *v)
{
    if (t->dtype->kind != VALUE_BOOL) {
        b->numbers += v->n;
        b->zero += v->zero;
    }
    tell_tensor(b, t, v);
    check_odd(b, t, v);
    check_zero(b, t, v);
    check_denormal(b, t, v);
}

static enum pratique_status read_body(struct bodies *b, const struct entry *t, struct span body)
{
    struct values v;
    struct span part;

    values_init(&v);
    while (body.n > 0) {
        (void)take(&body, body.n < CHUNK ? body.n : CHUNK, &part);
        values_add(&v, t->dtype->kind, part);
        b->s->budget->work_done += part.n;
        if (!budget_time(b->s->budget))
            return scan_fail_budget(b->s, offset_in_file(b, t->start));
    }
    judge(b, t, &v);
    return PRATIQUE_OK;
}

/* Nothing in the file has a value. */
static void check_file(struct bodies *b, size_t tensors)
{
    char text[96];

    if (b->numbers < 2 || b->zero < b->numbers)
        return;
    (void)snprintf(text, sizeof text, "all %" PRIu64 " numbers of %zu %s", b->numbers, tensors,
                   tensors == 1 ? "tensor" : "tensors");
    scan_fact(b->s, FACT_SAFETENSORS_BLANK, offset_in_file(b, 0), SPAN_LITERAL("the whole file"),
              span_text(text));
}

enum pratique_status bodies_read(struct scan *s, struct span json, struct span data,
                                 const struct header *h)
{
    struct bodies b = { .s = s, .json = json, .data = data };
    enum pratique_status st = PRATIQUE_OK;
    uint64_t end = 0;

    for (size_t i = 0; i < h->tensors.n && st == PRATIQUE_OK; i++) {
        struct entry t;
        struct span body;

        if (!header_entry(s, json, h->tensors.p[i].off, &t))
            return PRATIQUE_E_FORMAT;
        if (t.start < end || !t.dtype || !span_sub(data, t.start, t.end - t.start, &body))
            continue; /* told already: shared bytes, an unknown type */
        end = t.end;
        st = read_body(&b, &t, body);
    }
    if (st == PRATIQUE_OK)
        check_file(&b, h->tensors.n);
    tell_rest(&b);
    return st;
}
