/*
 * GGUF: a header, key-values, descriptions of tensors, and the tensors' bytes, which are not
 * read. Versions 1 to 3 in either byte order.
 *
 * Spec: github.com/ggml-org/ggml, docs/gguf.md; what llama.cpp refuses (ggml/src/gguf.cpp, after
 * CVE-2024-21825, 21836, 23496, 23605 and 25664 to 25668) is refused here.
 */
#include "format/gguf/gguf.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>

#include "format/gguf/reader.h"
#include "format/model/model.h"
#include "format/rest.h"

#define NAME_SEED     UINT64_C(0x6767756667677566)
#define NAME_MAX_LEN  63 /* GGML_MAX_NAME, of a tensor, without its NUL */
#define KEY_MAX_LEN   65535
#define SPLIT_TOLD    1000
#define EMBEDDED_MIN  16
#define LITTLE_OR_BIG 0xFFFF

static bool looks_like(struct span in)
{
    uint32_t version;

    return span_starts(in, SPAN_LITERAL("GGUF")) && skip(&in, 4) && take_u32le(&in, &version) &&
           (version < 64 || (version & LITTLE_OR_BIG) == 0);
}

/* ---- reading ---- */

bool gguf_u32(struct gguf_reader *r, uint32_t *out)
{
    return r->big ? take_u32be(&r->in, out) : take_u32le(&r->in, out);
}

bool gguf_u64(struct gguf_reader *r, uint64_t *out)
{
    return r->big ? take_u64be(&r->in, out) : take_u64le(&r->in, out);
}

bool gguf_count(struct gguf_reader *r, uint64_t *out)
{
    uint32_t narrow;

    if (r->version > 1)
        return gguf_u64(r, out);
    if (!gguf_u32(r, &narrow))
        return false;
    *out = narrow;
    return true;
}

bool gguf_text(struct gguf_reader *r, struct span *out)
{
    struct span before = r->in;
    uint64_t n;

    if (gguf_count(r, &n) && take(&r->in, n, out))
        return true;
    r->in = before;
    *out = SPAN_EMPTY;
    return false;
}

enum pratique_status gguf_cut_off(struct gguf_reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, gguf_here(r),
                     "%s is cut off, or longer than the file", what);
}

/* ---- names ---- */

static const char *odd_name(struct span name, bool tensor)
{
    if (name.n == 0)
        return "empty";
    if (name.n > (tensor ? NAME_MAX_LEN : KEY_MAX_LEN))
        return "longer than the format allows";
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] <= ' ' || name.p[i] >= 0x7F)
            return tensor && (name.p[i] == ' ' || name.p[i] >= 0x80)
                       ? NULL
                       : "holds a character that no name has";
    return NULL;
}

enum pratique_status gguf_name(struct gguf_reader *r, struct span name, uint64_t off, bool tensor)
{
    struct name_hash hash = { .h = NAME_SEED ^ (tensor ? 1 : 0) };
    const char *odd = odd_name(name, tensor);
    enum pratique_status st;
    bool twice;

    if (odd)
        fault_add(&r->odd_name, off, name, "%s: %s", tensor ? "a tensor" : "a key", odd);
    name_hash_bytes(&hash, name);
    st = names_add(r->s, &r->names, name_hash_end(&hash), &twice);
    if (st == PRATIQUE_OK && twice)
        fault_add(&r->twice, off, name, "%s", tensor ? "a tensor" : "a key");
    return st;
}

/* Bytes among the values that are a pickle, an archive, a program. */
enum pratique_status gguf_embedded(struct gguf_reader *r, struct span bytes, struct span name)
{
    if (bytes.n < EMBEDDED_MIN)
        return PRATIQUE_OK;
    for (const struct format *const *f = formats; *f; f++)
        if (!format_is_last_resort(*f) && (*f)->looks_like(bytes))
            return scan_nested(r->s, bytes, name, ROLE_ANY);
    return PRATIQUE_OK;
}

/* ---- the whole ---- */

static enum pratique_status read_head(struct gguf_reader *r)
{
    uint32_t version;

    if (!skip(&r->in, 4) || !take_u32le(&r->in, &version))
        return gguf_cut_off(r, "the header");
    r->big = (version & LITTLE_OR_BIG) == 0;
    r->version = r->big ? __builtin_bswap32(version) : version;
    if (r->version < 1 || r->version > 3)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, 4, "version %" PRIu32 " is not known",
                         r->version);
    if (!gguf_count(r, &r->tensors) || !gguf_count(r, &r->keys))
        return gguf_cut_off(r, "the header");
    /* A key has at least its length, a type and a byte; a tensor 24. */
    if (r->keys > r->in.n / 9 || r->tensors > r->in.n / 16)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, 8,
                         "%" PRIu64 " tensors and %" PRIu64 " keys do not fit the file", r->tensors,
                         r->keys);
    return PRATIQUE_OK;
}

static void tell_faults(struct gguf_reader *r)
{
    fault_tell(r->s, FACT_GGUF_DUPLICATE, &r->twice, 0);
    fault_tell(r->s, FACT_GGUF_NAME, &r->odd_name, 0);
    fault_tell(r->s, FACT_GGUF_KEY_TYPE, &r->odd_type, 0);
    fault_tell(r->s, FACT_GGUF_TYPE, &r->unknown, 0);
    fault_tell(r->s, FACT_GGUF_OVERLAP, &r->overlap, 0);
    fault_tell(r->s, FACT_GGUF_HOLE, &r->hole, r->hidden);
}

/* Scores and types of tokens are read by the number of the token. */
static void check_tokens(struct gguf_reader *r)
{
    const struct gguf_says *says = &r->says;

    if (says->tokens == UINT64_MAX)
        return;
    if (says->scores != UINT64_MAX && says->scores != says->tokens)
        scan_factf(r->s, FACT_GGUF_TOKENS, PRATIQUE_NO_OFFSET,
                   SPAN_LITERAL("tokenizer.ggml.scores"), "%" PRIu64 " for %" PRIu64 " tokens",
                   says->scores, says->tokens);
    if (says->token_types != UINT64_MAX && says->token_types != says->tokens)
        scan_factf(r->s, FACT_GGUF_TOKENS, PRATIQUE_NO_OFFSET,
                   SPAN_LITERAL("tokenizer.ggml.token_type"), "%" PRIu64 " for %" PRIu64 " tokens",
                   says->token_types, says->tokens);
    if (says->special != UINT64_MAX && says->special >= says->tokens)
        scan_factf(r->s, FACT_GGUF_TOKENS, PRATIQUE_NO_OFFSET, says->special_key,
                   "%" PRIu64 ", and there are %" PRIu64 " tokens", says->special, says->tokens);
}

/* "model-00001-of-00003.gguf": the other parts, by their names. */
static void tell_parts(struct gguf_reader *r)
{
    struct span name = r->s->name;
    const uint8_t *slash;
    char part[256];
    size_t stem;

    while (name.n > 0 && (slash = memchr(name.p, '/', name.n)))
        (void)skip(&name, (uint64_t)(slash - name.p) + 1);
    if (r->says.split_count < 2 || name.n < 20 || name.n > 200)
        return;
    stem = name.n - 20; /* "-00001-of-00003.gguf" */
    if (name.p[stem] != '-' || !span_ends(name, SPAN_LITERAL(".gguf")) ||
        memcmp(name.p + stem + 6, "-of-", 4) != 0)
        return;
    for (uint64_t i = 0; i < r->says.split_count && i < SPLIT_TOLD; i++) {
        if (i == r->says.split_no)
            continue;
        (void)snprintf(part, sizeof part, "%.*s-%05" PRIu64 "-of-%05" PRIu64 ".gguf", (int)stem,
                       (const char *)name.p, i + 1, r->says.split_count);
        model_path(r->s, PRATIQUE_NO_OFFSET, span_text(part), "a part of the model");
    }
}

static void tell_model(struct gguf_reader *r)
{
    uint32_t most = 0;

    for (uint32_t i = 1; i < 64; i++)
        if (r->bytes_of[i] > r->bytes_of[most])
            most = i;
    model_sayf(r->s, "tensors", "%" PRIu64, r->tensors);
    if (r->tensors == 0)
        return;
    model_sayf(r->s, "parameters", "%" PRIu64, r->parameters);
    if (ggml_type_find(most))
        model_sayf(r->s, "quantization", "%s", ggml_type_find(most)->name);
}

static enum pratique_status read_file(struct gguf_reader *r)
{
    enum pratique_status st = read_head(r);

    if (st == PRATIQUE_OK)
        st = gguf_values(r);
    if (st == PRATIQUE_OK)
        st = gguf_tensors(r);
    check_tokens(r);
    tell_faults(r);
    if (st != PRATIQUE_OK)
        return st;
    tell_parts(r);
    tell_model(r);
    scan_read(r->s, "GGUF", r->file.n, "version %" PRIu32 "%s, %" PRIu64 " %s, %" PRIu64 " %s",
              r->version, r->big ? ", big endian" : "", r->tensors,
              r->tensors == 1 ? "tensor" : "tensors", r->keys, r->keys == 1 ? "key" : "keys");
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct gguf_reader r = { .s = s,
                             .file = in,
                             .in = in,
                             .says = { .alignment = 32,
                                       .tokens = UINT64_MAX,
                                       .scores = UINT64_MAX,
                                       .token_types = UINT64_MAX,
                                       .special = UINT64_MAX } };
    enum pratique_status st;

    r.names.seed = NAME_SEED ^ (uint64_t)(uintptr_t)&r;
    st = read_file(&r);
    names_free(s, &r.names);
    scan_unmap(s, r.extents.p, r.extents.size * sizeof *r.extents.p);
    return st;
}

const struct format format_gguf = {
    .name = "GGUF",
    .spec = "GGUF version 3, github.com/ggml-org/ggml, docs/gguf.md",
    .looks_like = looks_like,
    .scan = scan,
};
