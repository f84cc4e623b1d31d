/*
 * The index of a model whose weights lie in several files: which tensor is in which shard.
 *
 * Spec: huggingface.co/docs/transformers/big_models, Sharded checkpoints
 * ("model.safetensors.index.json": {"metadata": {"total_size"}, "weight_map": {tensor: file}}), the
 * same for PyTorch, TensorFlow, Flax, diffusers and MLX. Whether the shards are there, and hold
 * those tensors, is for whoever sees the folder: FACT_INDEX_SHARD.
 */
#include "format/model/index.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "format/model/model.h"
#include "format/safetensors/names.h"

#define SHARDS_MAX 4096 /* the largest models have some two hundred */
#define SLOTS      ((size_t)SHARDS_MAX * 2)
#define TWICE_MAX  16

struct shard {
    struct span path;
    doc_id first;
    uint64_t names, tensors; /* the sum of the names' hashes, and how many */
};

struct index {
    const struct doc *d;
    struct shard *shards;
    uint32_t *slots; /* 1 + place of a shard; 0: free */
    uint32_t n;
    unsigned twice;
};

static doc_id map_of(const struct doc *d)
{
    return doc_get(d, 0, "weight_map");
}

static bool matches(const struct doc *d)
{
    return doc_kind(d, 0) == DOC_OBJECT && doc_kind(d, map_of(d)) == DOC_OBJECT;
}

static uint64_t hash_of(struct span s)
{
    struct name_hash hash = { 0 };

    name_hash_bytes(&hash, s);
    return name_hash_end(&hash);
}

/* The shard of that path, perhaps a new one; NULL when there are too many. */
static struct shard *shard_of(struct index *x, struct span path, doc_id id)
{
    size_t at = hash_of(path) % SLOTS;

    while (x->slots[at] && !span_equal(x->shards[x->slots[at] - 1].path, path))
        at = (at + 1) % SLOTS;
    if (x->slots[at])
        return &x->shards[x->slots[at] - 1];
    if (x->n == SHARDS_MAX)
        return NULL;
    x->shards[x->n] = (struct shard){ .path = path, .first = id };
    x->slots[at] = ++x->n;
    return &x->shards[x->n - 1];
}

/* tensor: the entry of the map; file: what it is given to, or one of several. */
static enum pratique_status add_file(struct index *x, doc_id tensor, doc_id file)
{
    struct shard *shard;

    if (doc_kind(x->d, file) != DOC_STRING)
        return scan_fail(x->d->s, PRATIQUE_E_FORMAT, doc_offset(x->d, file),
                         "weight_map: a tensor is given to something that is no file");
    shard = shard_of(x, doc_text(x->d, file), file);
    if (!shard)
        return scan_fail(x->d->s, PRATIQUE_E_FORMAT, doc_offset(x->d, file),
                         "weight_map: more than %d files", SHARDS_MAX);
    if (doc_flags(x->d, tensor) & DOC_DUPLICATE && x->twice++ < TWICE_MAX)
        doc_fact(x->d, FACT_INDEX_TWICE, tensor, doc_key(x->d, tensor), doc_text(x->d, file));
    shard->names += hash_of(doc_key(x->d, tensor));
    shard->tensors++;
    return PRATIQUE_OK;
}

/* Keras gives a layer's variables to a list of files: one layer may be larger than a file. */
static enum pratique_status add_tensor(struct index *x, doc_id id)
{
    enum pratique_status st = PRATIQUE_OK;

    if (doc_kind(x->d, id) != DOC_ARRAY)
        return add_file(x, id, id);
    for (doc_id file = doc_first(x->d, id); st == PRATIQUE_OK && file != DOC_NONE;
         file = doc_next(x->d, file))
        st = add_file(x, id, file);
    return st;
}

static void tell_shard(const struct index *x, const struct shard *shard)
{
    struct scan *s = x->d->s;
    char names[NAMES_TEXT_N];

    if (model_path_flags(shard->path)) {
        model_path(s, doc_offset(x->d, shard->first), shard->path, "a shard of the weights");
        return;
    }
    names_text(shard->names, names);
    facts_add(s->facts, &(struct fact){ .kind = FACT_INDEX_SHARD,
                                        .where = s->where,
                                        .offset = doc_offset(x->d, shard->first),
                                        .number = shard->tensors,
                                        .subject = shard->path,
                                        .detail = span_text(names) });
}

static void tell_size(const struct doc *d)
{
    doc_id id = doc_get(d, doc_get(d, 0, "metadata"), "total_size");
    struct span text = doc_text(d, id);
    char digits[32] = "";

    if (doc_kind(d, id) != DOC_NUMBER || text.n >= sizeof digits)
        return;
    memcpy(digits, text.p, text.n);
    facts_add(d->s->facts, &(struct fact){ .kind = FACT_INDEX_SIZE,
                                           .where = d->s->where,
                                           .offset = doc_offset(d, id),
                                           .number = strtoull(digits, NULL, 10),
                                           .subject = SPAN_EMPTY,
                                           .detail = SPAN_EMPTY });
}

static enum pratique_status read_map(struct index *x)
{
    enum pratique_status st = PRATIQUE_OK;

    for (doc_id id = doc_first(x->d, map_of(x->d)); st == PRATIQUE_OK && id != DOC_NONE;
         id = doc_next(x->d, id))
        st = add_tensor(x, id);
    for (uint32_t i = 0; st == PRATIQUE_OK && i < x->n; i++)
        tell_shard(x, &x->shards[i]);
    if (st == PRATIQUE_OK)
        tell_size(x->d);
    return st;
}

static enum pratique_status tell(const struct doc *d)
{
    const size_t shards_n = SHARDS_MAX * sizeof(struct shard), slots_n = SLOTS * sizeof(uint32_t);
    struct index x = { .d = d, .shards = scan_map(d->s, shards_n) };
    enum pratique_status st = PRATIQUE_E_LIMIT;

    x.slots = scan_map(d->s, slots_n);
    if (x.shards && x.slots)
        st = read_map(&x);
    else
        st = scan_fail_budget(d->s, 0);
    scan_unmap(d->s, x.shards, shards_n);
    scan_unmap(d->s, x.slots, slots_n);
    return st;
}

const struct doc_reader doc_reader_weights_index = { "weights index", matches, tell };
