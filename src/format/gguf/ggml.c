/*
 * The formats that llama.cpp had before GGUF, of the year 2023: GGML without a version, GGMF,
 * GGJT 1 to 3, and GGLA, its adapters. Seven numbers, a vocabulary, then tensors one after the
 * other up to the end of the file.
 *
 * Spec: github.com/ggml-org/llama.cpp, llama.cpp and convert.py of March to August 2023
 * (llama_file_loader). Left out: what whisper.cpp, gpt-2 and others wrote under the magic of GGML
 * with numbers of their own: it does not fit, and is told so.
 */
#include <inttypes.h>

#include "format/gguf/gguf.h"
#include "format/gguf/reader.h"
#include "format/model/model.h"

#define NUMBERS      7 /* n_vocab, n_embd, n_mult, n_head, n_layer, n_rot, ftype */
#define DIMS_MAX     4
#define TOKEN_MAX    4096
#define NAME_MAX_LEN 255
#define ALIGNMENT    32
#define TIME_EACH    65536
#define NAME_SEED    UINT64_C(0x676a746767676d6c)

static const struct layout_of {
    const char *magic, *name;
    uint32_t versions; /* 0: it has none */
    bool scores, aligned, adapter;
} layouts[] = {
    { "lmgg", "GGML", 0, false, false, false },
    { "fmgg", "GGMF", 1, true, false, false },
    { "tjgg", "GGJT", 3, true, true, false },
    { "algg", "GGLA", 1, false, true, true },
};

/* Numbers in a block and its bytes, where they were others than today. until: GGJT's version. */
static const struct {
    uint32_t type, until, block, bytes;
} old_types[] = {
    { 2, 2, 32, 20 }, { 3, 2, 32, 24 }, { 4, 2, 16, 10 },
    { 5, 2, 16, 12 }, { 8, 2, 32, 36 }, { 9, 3, 32, 40 },
};

struct old_reader {
    struct scan *s;
    const struct layout_of *layout;
    struct span file, in;
    uint32_t version; /* as GGJT counts: 1 for those before it */
    uint64_t tensors;
    struct names names;
};

static const struct layout_of *layout_at(struct span in)
{
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (span_starts(in, span_text(layouts[i].magic)))
            return &layouts[i];
    return NULL;
}

static bool looks_like(struct span in)
{
    return layout_at(in) != NULL;
}

static uint64_t here(const struct old_reader *r)
{
    return (uint64_t)(r->file.n - r->in.n);
}

static enum pratique_status unfit(struct old_reader *r, const char *why)
{
    const char *others = r->layout->versions ? ""
                                             : "; other programs than llama.cpp have layouts of "
                                               "their own under this magic, which are not read";

    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "%s%s", why, others);
}

static enum pratique_status read_vocabulary(struct old_reader *r, uint32_t tokens)
{
    for (uint32_t i = 0; i < tokens; i++) {
        uint32_t n;

        if (!take_u32le(&r->in, &n) || n > TOKEN_MAX || !skip(&r->in, n) ||
            (r->layout->scores && !skip(&r->in, 4)))
            return unfit(r, "the vocabulary does not fit the file");
        if (i % TIME_EACH == TIME_EACH - 1 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
    }
    return PRATIQUE_OK;
}

static enum pratique_status read_head(struct old_reader *r)
{
    uint32_t version = 0, numbers[NUMBERS] = { 0 };
    unsigned n = r->layout->adapter ? 2 : NUMBERS;

    (void)skip(&r->in, 4);
    if (r->layout->versions && !take_u32le(&r->in, &version))
        return unfit(r, "the header is cut off");
    if (r->layout->versions && (version == 0 || version > r->layout->versions))
        return scan_fail(r->s, PRATIQUE_E_FORMAT, 4, "version %" PRIu32 " is not known", version);
    r->version = r->layout->aligned && !r->layout->adapter ? version : r->layout->adapter ? 3 : 1;
    for (unsigned i = 0; i < n; i++)
        if (!take_u32le(&r->in, &numbers[i]))
            return unfit(r, "the header is cut off");
    if (r->layout->adapter)
        return PRATIQUE_OK;
    if (numbers[0] > r->in.n / 4 || numbers[4] > 4096)
        return unfit(r, "the numbers of the header do not fit the file");
    return read_vocabulary(r, numbers[0]);
}

static bool size_of_type(const struct old_reader *r, uint32_t number, uint32_t *block,
                         uint32_t *bytes)
{
    const struct ggml_type *type = ggml_type_find(number);

    for (size_t i = 0; i < ARRAY_LEN(old_types); i++) {
        if (old_types[i].type != number || r->version > old_types[i].until)
            continue;
        *block = old_types[i].block;
        *bytes = old_types[i].bytes;
        return true;
    }
    if (!type || number > 15) /* those after Q8_K came with GGUF */
        return false;
    *block = type->block;
    *bytes = type->bytes;
    return true;
}

static enum pratique_status read_shape(struct old_reader *r, uint32_t dims, uint64_t *elements,
                                       uint64_t *first)
{
    *elements = 1;
    for (uint32_t i = 0; i < dims; i++) {
        uint32_t n;

        if (!take_u32le(&r->in, &n) || MUL_OVERFLOWS(*elements, (uint64_t)n, elements))
            return unfit(r, "a tensor's shape does not fit the file");
        *first = i == 0 ? n : *first;
    }
    return PRATIQUE_OK;
}

static enum pratique_status note_name(struct old_reader *r, struct span name, uint64_t off)
{
    struct name_hash hash = { .h = NAME_SEED };
    enum pratique_status st;
    bool twice;

    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < ' ' || name.p[i] == 0x7F)
            return unfit(r, "a tensor's name holds a control character");
    name_hash_bytes(&hash, name);
    st = names_add(r->s, &r->names, name_hash_end(&hash), &twice);
    if (st == PRATIQUE_OK && twice)
        scan_fact(r->s, FACT_GGUF_DUPLICATE, off, name, SPAN_LITERAL("a tensor"));
    return st;
}

static enum pratique_status read_tensor(struct old_reader *r)
{
    uint32_t dims, length, type, block, bytes;
    uint64_t off = here(r), elements, first = 1, size;
    struct span name;
    enum pratique_status st;

    if (!take_u32le(&r->in, &dims) || !take_u32le(&r->in, &length) || !take_u32le(&r->in, &type))
        return unfit(r, "a tensor's description is cut off");
    if (dims == 0 || dims > DIMS_MAX || length > NAME_MAX_LEN)
        return unfit(r, "a tensor's description is not plausible");
    st = read_shape(r, dims, &elements, &first);
    if (st != PRATIQUE_OK)
        return st;
    if (!take(&r->in, length, &name))
        return unfit(r, "a tensor's name is cut off");
    if (!size_of_type(r, type, &block, &bytes))
        return unfit(r, "a tensor of a type that is not known");
    if (r->layout->aligned && !skip(&r->in, -here(r) & (ALIGNMENT - 1)))
        return unfit(r, "a tensor's bytes are missing");
    if (first % block != 0 || MUL_OVERFLOWS(elements / block, (uint64_t)bytes, &size) ||
        !skip(&r->in, size))
        return unfit(r, "a tensor's bytes are missing");
    return note_name(r, name, off);
}

static enum pratique_status read_file(struct old_reader *r)
{
    enum pratique_status st = read_head(r);

    while (st == PRATIQUE_OK && r->in.n > 0) {
        st = read_tensor(r);
        if (++r->tensors % TIME_EACH == 0 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
    }
    if (st != PRATIQUE_OK)
        return st;
    if (r->tensors == 0)
        return unfit(r, "there is no tensor in it");
    model_sayf(r->s, "tensors", "%" PRIu64, r->tensors);
    scan_read(r->s, r->layout->name, r->file.n, "version %" PRIu32 ", %" PRIu64 " %s", r->version,
              r->tensors, r->tensors == 1 ? "tensor" : "tensors");
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct old_reader r = { .s = s, .layout = layout_at(in), .file = in, .in = in };
    enum pratique_status st;

    r.names.seed = NAME_SEED ^ (uint64_t)(uintptr_t)&r;
    if (!r.layout)
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "a magic that is not known");
    st = read_file(&r);
    s->budget->work_done += in.n < 4096 ? in.n : 4096;
    names_free(s, &r.names);
    return st;
}

const struct format format_ggml = {
    .name = "GGML",
    .spec = "GGML, GGMF, GGJT 1 to 3 and GGLA, llama.cpp of 2023",
    .looks_like = looks_like,
    .scan = scan,
};
