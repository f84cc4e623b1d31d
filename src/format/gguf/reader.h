/* What the parts of the GGUF reader share. Private to gguf/. */
#ifndef PRATIQUE_FORMAT_GGUF_READER_H
#define PRATIQUE_FORMAT_GGUF_READER_H

#include "format/safetensors/header.h"

enum gguf_type {
    GGUF_UINT8 = 0,
    GGUF_INT8,
    GGUF_UINT16,
    GGUF_INT16,
    GGUF_UINT32,
    GGUF_INT32,
    GGUF_FLOAT32,
    GGUF_BOOL,
    GGUF_STRING,
    GGUF_ARRAY,
    GGUF_UINT64,
    GGUF_INT64,
    GGUF_FLOAT64,
    GGUF_TYPES
};

/* What the key-values say that matters to what follows them. */
struct gguf_says {
    uint64_t alignment;
    uint64_t tokens, scores, token_types; /* how many; UINT64_MAX: not there */
    uint64_t special;                     /* the largest number of a special token; UINT64_MAX */
    struct span special_key;
    uint64_t split_no, split_count;
    bool architecture;
};

struct gguf_reader {
    struct scan *s;
    struct span file, in; /* in: what is left */
    bool big;
    uint32_t version;
    uint64_t keys, tensors;
    struct gguf_says says;
    struct names names;
    struct items extents;
    struct fault twice, odd_name, odd_type, unknown, overlap, hole;
    uint64_t hidden;
    unsigned handed;
    uint64_t parameters;
    uint64_t bytes_of[64]; /* of tensors, by type */
};

static inline uint64_t gguf_here(const struct gguf_reader *r)
{
    return (uint64_t)(r->file.n - r->in.n);
}

bool gguf_u32(struct gguf_reader *r, uint32_t *out) NONNULL MUST_CHECK;
bool gguf_u64(struct gguf_reader *r, uint64_t *out) NONNULL MUST_CHECK;
bool gguf_count(struct gguf_reader *r, uint64_t *out) NONNULL MUST_CHECK; /* 32 bits in version 1 */
bool gguf_text(struct gguf_reader *r, struct span *out) NONNULL MUST_CHECK;

enum pratique_status gguf_cut_off(struct gguf_reader *r, const char *what) NONNULL MUST_CHECK;

/* Notes a name, and whether it was there before. */
enum pratique_status gguf_name(struct gguf_reader *r, struct span name, uint64_t off,
                               bool tensor) NONNULL MUST_CHECK;

/* Hands bytes on that are a file of a known format themselves. */
enum pratique_status gguf_embedded(struct gguf_reader *r, struct span bytes,
                                   struct span name) NONNULL MUST_CHECK;

enum pratique_status gguf_values(struct gguf_reader *r) NONNULL MUST_CHECK;
enum pratique_status gguf_tensors(struct gguf_reader *r) NONNULL MUST_CHECK;

/* Name, numbers in a block and bytes of it; NULL: not known. */
struct ggml_type {
    uint32_t number;
    const char *name;
    uint32_t block, bytes;
};
const struct ggml_type *ggml_type_find(uint32_t number);

#endif
