/*
 * Safetensors: a length, a JSON header, and the tensors' bytes.
 *
 * Spec: github.com/huggingface/safetensors, README, section "Format", and what
 * the library checks (safetensors/src/tensor.rs, version 0.8, Metadata::validate).
 * A file admitted here is one that the library reads. Tensor bytes are not read
 * unless that is asked for (bodies.c); bytes that belong to no tensor are, as files of
 * their own.
 */
#include "format/safetensors/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "format/safetensors/bodies.h"
#include "format/safetensors/header.h"

#define HEADER_MAX UINT64_C(100000000) /* MAX_HEADER_SIZE of the library */
#define HIDDEN_MAX 8                   /* hidden regions that are looked into */

struct gaps {
    struct fault overlap, hole;
    uint64_t hidden; /* bytes in holes */
    unsigned handed;
};

static bool looks_like(struct span in)
{
    uint64_t len;

    if (!take_u64le(&in, &len) || len < 2 || len > HEADER_MAX || in.n < 2 || in.p[0] != '{')
        return false;
    return memchr("\"} \n\r\t", in.p[1], 6) != NULL;
}

/* The raw name at off, which was read before as a string. */
static struct span name_at(struct span in, uint64_t off)
{
    struct span rest = span_from(in, off + 1), name;
    size_t n = 0;

    while (n < rest.n && rest.p[n] != '"')
        n += rest.p[n] == '\\' ? 2 : 1;
    return take(&rest, n, &name) ? name : rest;
}

/* Notes bytes [from, to) of data that belong to no tensor, and has them looked at. */
static enum pratique_status hole(struct scan *s, struct gaps *g, struct span data, uint64_t base,
                                 uint64_t from, uint64_t to)
{
    struct span bytes;
    char name[40];
    int n;

    if (g->hole.count++ == 0) {
        g->hole.off = base + from;
        (void)snprintf(g->hole.detail, sizeof g->hole.detail, "%" PRIu64 " bytes %s", to - from,
                       to == data.n ? "behind the last tensor" : "between tensors");
    }
    g->hidden += to - from;
    if (!span_sub(data, from, to - from, &bytes) || g->handed++ >= HIDDEN_MAX)
        return PRATIQUE_OK;
    n = snprintf(name, sizeof name, "hidden bytes at 0x%" PRIx64, base + from);
    return scan_nested(s, bytes, span_of(name, (size_t)n), ROLE_ANY);
}

static void overlap(struct gaps *g, struct span in, const struct item *t, uint64_t end)
{
    if (g->overlap.count++ > 0)
        return;
    g->overlap.off = t->off;
    g->overlap.name = name_at(in, t->off);
    (void)snprintf(g->overlap.detail, sizeof g->overlap.detail,
                   "starts at %" PRIu64 ", where bytes up to %" PRIu64 " are taken", t->a, end);
}

/* Every byte of data belongs to exactly one tensor. */
static enum pratique_status check_cover(struct scan *s, struct span in, struct span data,
                                        struct header *h)
{
    uint64_t base = (uint64_t)in.n - data.n, end = 0;
    struct gaps g = { .hole.name = SPAN_EMPTY, .overlap.name = SPAN_EMPTY };
    enum pratique_status st = PRATIQUE_OK;

    if (!items_sort(s, &h->tensors))
        return scan_fail_budget(s, 8);
    for (size_t i = 0; i < h->tensors.n && st == PRATIQUE_OK; i++) {
        const struct item *t = &h->tensors.p[i];

        if (t->a > end && end < data.n)
            st = hole(s, &g, data, base, end, t->a < data.n ? t->a : data.n);
        else if (t->a < end)
            overlap(&g, in, t, end);
        end = t->b > end ? t->b : end;
    }
    if (st == PRATIQUE_OK && end < data.n)
        st = hole(s, &g, data, base, end, data.n);
    fault_tell(s, FACT_SAFETENSORS_HOLE, &g.hole, g.hidden);
    fault_tell(s, FACT_SAFETENSORS_OVERLAP, &g.overlap, 0);
    if (st == PRATIQUE_OK && end > data.n)
        st = scan_fail(s, PRATIQUE_E_FORMAT, in.n,
                       "the tensors take %" PRIu64 " bytes, %zu are there", end, data.n);
    return st;
}

static void tell_faults(struct scan *s, const struct header *h)
{
    fault_tell(s, FACT_SAFETENSORS_SIZE, &h->size, 0);
    fault_tell(s, FACT_SAFETENSORS_DTYPE, &h->dtype, 0);
    fault_tell(s, FACT_SAFETENSORS_DUPLICATE, &h->twice, 0);
    fault_tell(s, FACT_SAFETENSORS_ALIGN, &h->align, 0);
}

/* What the index of a model in several files is held against. */
static void tell_names(struct scan *s, const struct header *h, struct span data)
{
    char names[NAMES_TEXT_N], bytes[32];

    names_text(h->names_sum, names);
    (void)snprintf(bytes, sizeof bytes, "%zu", data.n);
    facts_add(s->facts, &(struct fact){ .kind = FACT_SAFETENSORS_NAMES,
                                        .where = s->where,
                                        .offset = PRATIQUE_NO_OFFSET,
                                        .number = h->tensors.n,
                                        .subject = span_text(names),
                                        .detail = span_text(bytes) });
}

static enum pratique_status read_file(struct scan *s, struct span in, struct span json,
                                      struct span data, struct header *h)
{
    enum pratique_status st = header_read(s, json, h);

    tell_faults(s, h);
    if (st == PRATIQUE_OK)
        st = check_cover(s, in, data, h);
    if (st == PRATIQUE_OK && s->values)
        st = bodies_read(s, json, data, h);
    if (st == PRATIQUE_OK)
        tell_names(s, h, data);
    if (st == PRATIQUE_OK)
        tensors_tell(s, &h->sketches); /* a pickle beside it is held against them */
    if (st == PRATIQUE_OK)
        scan_read(s, "safetensors", in.n, "%zu %s, %" PRIu64 " metadata %s", h->tensors.n,
                  h->tensors.n == 1 ? "tensor" : "tensors", h->metadata,
                  h->metadata == 1 ? "entry" : "entries");
    return st;
}

/* Why the first eight bytes are no length of a header. */
static const char *no_length(struct span in, uint64_t len)
{
    if (in.n < 8)
        return "shorter than the eight bytes that tell the header's length";
    if (span_starts(in, SPAN_LITERAL("version https://git-lfs")))
        return "a pointer of Git LFS, not the file: fetch it with git lfs pull";
    return len > HEADER_MAX ? "the header's length is not plausible" : NULL;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct span data = in, json;
    struct header h = { 0 };
    enum pratique_status st;
    uint64_t len = 0;
    const char *why;

    (void)take_u64le(&data, &len);
    why = no_length(in, len);
    if (why)
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "%s", why);
    if (!take(&data, len, &json))
        return scan_fail(s, PRATIQUE_E_FORMAT, 8,
                         "the header is cut off: %" PRIu64 " bytes long, %zu are there", len,
                         data.n);
    s->budget->work_done += len + 8;
    st = read_file(s, in, json, data, &h);
    header_free(s, &h);
    return st;
}

/* Loaders go by this name: what has it and is something else was made to be taken for one. */
static bool named(struct span name)
{
    static const char suffix[] = ".safetensors";
    size_t n = sizeof suffix - 1;

    return name.n >= n && strncasecmp((const char *)name.p + (name.n - n), suffix, n) == 0;
}

const struct format format_safetensors = {
    .name = "safetensors",
    .spec = "Safetensors, github.com/huggingface/safetensors, README, section Format",
    .looks_like = looks_like,
    .scan = scan,
    .named = named,
};
