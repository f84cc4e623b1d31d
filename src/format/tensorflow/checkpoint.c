/*
 * Checkpoints: the index of version 2 (tensor bundle), files of version 1, the text file
 * "checkpoint" that lists them, and the shards with the numbers, which are not read.
 *
 * Spec: tensorflow/core/protobuf/tensor_bundle.proto,
 * tensorflow/core/util/saved_tensor_slice.proto, tensorflow/python/training/checkpoint_state.proto
 * (TensorFlow 2.21).
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digit.h"
#include "format/model/model.h"
#include "format/path.h"
#include "format/tensorflow/place.h"
#include "format/tensorflow/table.h"
#include "format/tensorflow/tensorflow.h"
#include "format/tensorflow/wire.h"

enum { HEADER_SHARDS = 1, HEADER_ENDIANNESS = 2 };
enum {
    ENTRY_DTYPE = 1,
    ENTRY_SHAPE = 2,
    ENTRY_SHARD = 3,
    ENTRY_OFFSET = 4,
    ENTRY_SIZE = 5,
    ENTRY_SLICES = 7
};
enum { SHAPE_DIM = 2, DIM_SIZE = 1 };

#define SHARDS_MAX 100000
#define NEEDS_MAX  256 /* shards that are named */
#define KEYS_RATIO 100 /* names to the bytes that they are written in */
#define ODD_MAX    50  /* entries that are told of */

/* Where a tensor lies. */
struct place {
    uint64_t shard, offset, n;
};

struct bundle {
    struct tf_wire w;
    struct place *places;
    size_t n, size;
    uint64_t shards, tensors, odd;
    bool header, version1;
    uint8_t *keys; /* the key of an entry of the index, of a block, and the last one */
    size_t last_n;
    bool any;                          /* there was an entry */
    uint64_t keys_n, key_bytes, input; /* names read, their bytes, and those of the file */
};

static uint8_t *index_key(const struct bundle *b)
{
    return b->keys;
}

static uint8_t *block_key(const struct bundle *b)
{
    return b->keys + TF_KEY_MAX;
}

static uint8_t *last_key(const struct bundle *b)
{
    return b->keys + (size_t)2 * TF_KEY_MAX;
}

static void odd(struct bundle *b, struct span key, const char *why)
{
    if (b->odd++ < ODD_MAX)
        scan_fact(b->w.s, FACT_TF_CHECKPOINT_ENTRY, PRATIQUE_NO_OFFSET, key, span_text(why));
}

/* ---- entries ---- */

/* Bytes of an element; 0: its length is not told by its type. enum DataType of types.proto. */
static uint64_t element_size(uint64_t dtype)
{
    static const uint8_t sizes[] = {
        [1] = 4,   [2] = 8,  [3] = 4,  [4] = 1,  [5] = 2,  [6] = 1,  [8] = 8,  [9] = 8,
        [10] = 1,  [11] = 1, [12] = 1, [13] = 4, [14] = 2, [15] = 2, [16] = 2, [17] = 2,
        [18] = 16, [19] = 2, [22] = 4, [23] = 8, [24] = 1, [25] = 1
    };

    return dtype < ARRAY_LEN(sizes) ? sizes[dtype] : 0;
}

/* Multiplies the dimensions in; false past 64 bits. */
static bool shape_count(struct tf_wire *w, struct span shape, uint64_t *count)
{
    struct pb_field f, dim;
    bool fits = true;

    while (tf_next(w, &shape, &f)) {
        uint64_t size = 0;

        if (f.number != SHAPE_DIM || f.wire != PB_BYTES)
            continue;
        while (tf_next(w, &f.body, &dim))
            if (dim.number == DIM_SIZE && dim.wire == PB_VARINT)
                size = dim.value;
        fits = fits && !__builtin_mul_overflow(*count, size, count);
    }
    return fits;
}

static bool add_place(struct bundle *b, struct place place)
{
    size_t size = b->size ? b->size * 2 : 1024;
    struct place *more;

    if (b->n == b->size) {
        more = b->places
                   ? scan_remap(b->w.s, b->places, b->size * sizeof *more, size * sizeof *more)
                   : scan_map(b->w.s, size * sizeof *more);
        if (!more) {
            tf_fail(&b->w, PRATIQUE_E_LIMIT, b->w.whole, "");
            return false;
        }
        b->places = more;
        b->size = size;
    }
    b->places[b->n++] = place;
    return true;
}

static void read_header(struct bundle *b, struct span value)
{
    struct pb_field f;

    b->header = true;
    b->shards = 0;
    while (tf_next(&b->w, &value, &f)) {
        b->version1 |= f.number == HEADER_SHARDS && f.wire == PB_BYTES;
        if (f.number == HEADER_SHARDS && f.wire == PB_VARINT)
            b->shards = f.value;
        if (f.number == HEADER_ENDIANNESS && f.wire == PB_VARINT && f.value > 1)
            tf_fail(&b->w, PRATIQUE_E_FORMAT, value, "an order of bytes that is not known");
    }
    if (!b->version1 && (b->shards == 0 || b->shards > SHARDS_MAX))
        tf_fail(&b->w, PRATIQUE_E_FORMAT, value, "a number of shards that no checkpoint has");
}

static void read_entry(struct bundle *b, struct span key, struct span value)
{
    struct place place = { 0 };
    uint64_t dtype = 0, count = 1, size;
    bool slices = false, fits = true;
    struct pb_field f;

    while (tf_next(&b->w, &value, &f)) {
        if (f.number == ENTRY_SHAPE && f.wire == PB_BYTES)
            fits = shape_count(&b->w, f.body, &count);
        slices |= f.number == ENTRY_SLICES;
        dtype = f.number == ENTRY_DTYPE && f.wire == PB_VARINT ? f.value : dtype;
        place.shard = f.number == ENTRY_SHARD && f.wire == PB_VARINT ? f.value : place.shard;
        place.offset = f.number == ENTRY_OFFSET && f.wire == PB_VARINT ? f.value : place.offset;
        place.n = f.number == ENTRY_SIZE && f.wire == PB_VARINT ? f.value : place.n;
    }
    b->tensors++;
    size = element_size(dtype);
    if (slices && place.n == 0)
        return;
    if (!fits || __builtin_mul_overflow(size, count, &size) || (size && size != place.n) ||
        (size == 0 && element_size(dtype) && place.n > 0))
        odd(b, key, "its length is not that of its shape and type");
    if (place.shard >= b->shards)
        odd(b, key, "it lies in a shard that is not there");
    if (place.offset > INT64_MAX || place.n > INT64_MAX - place.offset)
        odd(b, key, "it lies beyond any file");
    else if (place.n > 0)
        (void)add_place(b, place);
}

/* Keys ascend: readers search for them by halves. */
static void check_order(struct bundle *b, struct span key)
{
    if (b->any && span_order(span_of(last_key(b), b->last_n), key) >= 0)
        odd(b, key, "its name is not in the order of the index, or there twice");
    memcpy(last_key(b), key.p, key.n);
    b->last_n = key.n;
    b->any = true;
    b->key_bytes += key.n; /* most of it may be shared with the one before */
    if (b->key_bytes > KEYS_RATIO * (b->input + 4096))
        tf_fail(&b->w, PRATIQUE_E_FORMAT, key, "names far longer than the index");
    if (++b->keys_n % 4096 == 0 && !budget_time(b->w.s->budget))
        tf_fail(&b->w, PRATIQUE_E_LIMIT, key, "");
}

static enum pratique_status read_block(struct bundle *b, struct tf_block *block)
{
    struct tf_entries e = { .key = block_key(b) };
    struct span key, value;
    bool bad = !tf_entries_begin(&e, block->contents);

    while (!bad && b->w.st == PRATIQUE_OK && tf_entries_next(&e, &key, &value, &bad)) {
        b->w.whole = block->contents;
        check_order(b, key);
        if (key.n == 0)
            read_header(b, value);
        else if (b->header && !b->version1)
            read_entry(b, key, value);
        else if (b->version1)
            b->tensors++;
        else
            return PRATIQUE_OK; /* a table of something else */
    }
    if (bad && b->w.st == PRATIQUE_OK)
        return scan_fail(b->w.s, PRATIQUE_E_FORMAT, block->offset, "table: an entry that is none");
    return b->w.st;
}

/* Every block that the index names; of a table that is no checkpoint, the first alone. */
static enum pratique_status read_blocks(struct bundle *b, struct span in, struct span index)
{
    struct tf_entries e = { .key = index_key(b) };
    struct span key, handle;
    enum pratique_status st = PRATIQUE_OK;
    bool bad = !tf_entries_begin(&e, index);
    uint64_t end = 0;

    while (st == PRATIQUE_OK && !bad && tf_entries_next(&e, &key, &handle, &bad)) {
        struct tf_block block;

        st = tf_table_block(b->w.s, in, handle, &end, &block);
        if (st == PRATIQUE_OK)
            st = read_block(b, &block);
        tf_block_free(b->w.s, &block);
        if (st == PRATIQUE_OK && !b->header)
            return st;
        if (st == PRATIQUE_OK && !budget_time(b->w.s->budget))
            st = scan_fail_budget(b->w.s, end);
    }
    if (bad && st == PRATIQUE_OK)
        st = scan_fail(b->w.s, PRATIQUE_E_FORMAT, end, "table: an index that is none");
    return st;
}

/* ---- what is told of all of them ---- */

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = (a->shard > b->shard) - (a->shard < b->shard);

    return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

/* The name of a shard beside this file. */
static void need_shard(struct bundle *b, struct span prefix, uint64_t shard)
{
    char text[400];
    int n =
        snprintf(text, sizeof text, "%.*s.data-%05" PRIu64 "-of-%05" PRIu64,
                 (int)(prefix.n < 300 ? prefix.n : 300), (const char *)prefix.p, shard, b->shards);

    model_path(b->w.s, PRATIQUE_NO_OFFSET, span_of(text, n > 0 ? (size_t)n : 0),
               "the numbers of a checkpoint");
}

static void tell_places(struct bundle *b)
{
    struct span base = path_base(b->w.s->name), prefix = SPAN_EMPTY;
    size_t needs = 0;

    if (span_ends(base, SPAN_LITERAL(".index")))
        prefix = span_of(base.p, base.n - 6);
    if (b->n > 0)
        qsort(b->places, b->n, sizeof *b->places, compare_places);
    for (size_t i = 0; i < b->n; i++) {
        const struct place *p = &b->places[i], *before = i ? p - 1 : NULL;
        bool same = before && before->shard == p->shard;

        if (same && p->offset < before->offset + before->n)
            odd(b, SPAN_LITERAL("shard"), "two tensors share bytes");
        if (!same && prefix.n > 0 && p->shard < b->shards && needs++ < NEEDS_MAX)
            need_shard(b, prefix, p->shard);
    }
}

static enum pratique_status tell(struct bundle *b, struct span in)
{
    struct scan *s = b->w.s;

    if (!b->header) {
        s->recognised = "LevelDB table";
        scan_fact(s, FACT_KNOWN_DATA, 0, SPAN_LITERAL("LevelDB table"),
                  SPAN_LITERAL("a database; its values are not read"));
        return PRATIQUE_OK;
    }
    tell_places(b);
    if (b->version1)
        scan_read(s, "TensorFlow checkpoint", in.n, "version 1, %" PRIu64 " slices", b->tensors);
    else
        scan_read(s, "TensorFlow checkpoint", in.n,
                  "version 2, %" PRIu64 " tensors in %" PRIu64 " shards", b->tensors, b->shards);
    return PRATIQUE_OK;
}

/* Blanks, and comments to the end of their line. */
static void skip_blanks(struct span *in)
{
    struct span line;

    while (in->n > 0 && (isspace(in->p[0]) || memchr("#,;", in->p[0], 3)))
        if (in->p[0] != '#')
            (void)skip(in, 1);
        else if (!take_line(in, &line))
            *in = SPAN_EMPTY;
}

static struct span take_word(struct span *in)
{
    struct span word;
    size_t n = 0;

    while (n < in->n && (isalnum(in->p[n]) || memchr("_.+-", in->p[n], 4)))
        n++;
    (void)take(in, n, &word);
    return word;
}

/* A field of the list stands at the beginning; which one is the writer's to say. */
static bool is_checkpoint_list(struct span in)
{
    static const char *const fields[] = { "model_checkpoint_path", "all_model_checkpoint_paths",
                                          "all_model_checkpoint_timestamps",
                                          "last_preserved_timestamp" };
    struct span word;

    skip_blanks(&in);
    word = take_word(&in);
    skip_blanks(&in);
    for (size_t i = 0; in.n > 0 && in.p[0] == ':' && i < ARRAY_LEN(fields); i++)
        if (span_is(word, fields[i]))
            return true;
    return false;
}

static bool looks_like(struct span in)
{
    return tf_table_looks_like(in) || is_checkpoint_list(in);
}

static enum pratique_status scan_table(struct scan *s, struct span in)
{
    struct bundle b = { .w = { .s = s, .whole = in, .placeless = true, .what = "checkpoint" },
                        .input = in.n };
    struct tf_block index = { .contents = SPAN_EMPTY };
    enum pratique_status st;

    b.keys = scan_map(s, (size_t)3 * TF_KEY_MAX);
    if (!b.keys)
        return scan_fail_budget(s, 0);
    st = tf_table_index(s, in, &index);
    if (st == PRATIQUE_OK)
        st = read_blocks(&b, in, index.contents);
    if (st == PRATIQUE_OK)
        st = tell(&b, in);
    tf_block_free(s, &index);
    scan_unmap(s, b.places, b.size * sizeof *b.places);
    scan_unmap(s, b.keys, (size_t)3 * TF_KEY_MAX);
    return st;
}

/* ---- the list of checkpoints ---- */

/* A byte of a text, behind its backslash where it has one. False: the text ends in one. */
static bool take_letter(struct span *in, uint8_t *c)
{
    static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
    unsigned base = 8, most = 3, v = 0;
    const char *hit;

    if (!take_u8(in, c) || *c != '\\')
        return true;
    if (in->n == 0)
        return false;
    if (in->p[0] == 'x' || in->p[0] == 'X')
        base = 16, most = 2, (void)skip(in, 1);
    else if (digit_hex(in->p[0]) < 0 || in->p[0] > '7') {
        hit = memchr(from, in->p[0], sizeof from - 1);
        *c = hit ? (uint8_t)to[hit - from] : in->p[0];
        return skip(in, 1);
    }
    for (;
         most > 0 && in->n > 0 && digit_hex(in->p[0]) >= 0 && (unsigned)digit_hex(in->p[0]) < base;
         most--) {
        v = v * base + (unsigned)digit_hex(in->p[0]);
        (void)skip(in, 1);
    }
    *c = (uint8_t)v;
    return true;
}

/* Texts side by side are one. out has room for what is in the input. */
static bool take_texts(struct span *in, uint8_t *out, struct span *text)
{
    size_t n = 0;

    while (in->n > 0 && (in->p[0] == '"' || in->p[0] == '\'')) {
        uint8_t quote = in->p[0];

        (void)skip(in, 1);
        while (in->n > 0 && in->p[0] != quote)
            if (!take_letter(in, &out[n++]))
                return false;
        if (!skip(in, 1))
            return false;
        skip_blanks(in);
    }
    *text = span_of(out, n);
    return n > 0;
}

static void tell_listed(struct scan *s, uint64_t offset, struct span path)
{
    unsigned flags = model_path_flags(path);

    if (flags & (MP_ABSOLUTE | MP_DRIVE) && tf_place(path) != TF_PLACE_SYSTEM)
        scan_fact(s, FACT_TF_CHECKPOINT_ABSOLUTE, offset, path, SPAN_EMPTY);
    else if (flags)
        model_path(s, offset, path, "a checkpoint");
}

/* One field and its value. */
static enum pratique_status read_field(struct scan *s, struct span in, struct span *rest,
                                       uint8_t *room, uint64_t *n)
{
    uint64_t offset = in.n - rest->n;
    struct span key = take_word(rest), value = SPAN_EMPTY;

    skip_blanks(rest);
    if (key.n == 0 || rest->n == 0 || rest->p[0] != ':')
        return scan_fail(s, PRATIQUE_E_FORMAT, offset, "a line that lists no checkpoint");
    (void)skip(rest, 1);
    skip_blanks(rest);
    if (!take_texts(rest, room, &value) && take_word(rest).n == 0)
        return scan_fail(s, PRATIQUE_E_FORMAT, offset, "a field without its value");
    if (span_is(key, "model_checkpoint_path") || span_is(key, "all_model_checkpoint_paths"))
        tell_listed(s, offset, value), (*n)++;
    skip_blanks(rest);
    return PRATIQUE_OK;
}

static enum pratique_status scan_list(struct scan *s, struct span in)
{
    enum pratique_status st = PRATIQUE_OK;
    struct span rest = in;
    uint8_t *room = scan_map(s, in.n);
    uint64_t n = 0, fields = 0;

    if (!room)
        return scan_fail_budget(s, 0);
    skip_blanks(&rest);
    while (st == PRATIQUE_OK && rest.n > 0)
        if (fields++ % 0x1000 == 0 && !budget_time(s->budget))
            st = scan_fail_budget(s, in.n - rest.n);
        else
            st = read_field(s, in, &rest, room, &n);
    if (st == PRATIQUE_OK)
        scan_read(s, "TensorFlow checkpoint", in.n, "a list of %" PRIu64, n);
    scan_unmap(s, room, in.n);
    return st;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    s->recognised = "TensorFlow checkpoint";
    return is_checkpoint_list(in) ? scan_list(s, in) : scan_table(s, in);
}

const struct format format_tf_checkpoint = {
    .name = "checkpoint",
    .spec = "TensorFlow checkpoints, versions 1 and 2 (tensor_bundle.proto)",
    .looks_like = looks_like,
    .scan = scan,
};

/* ---- shards ---- */

static bool all_digits(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == 5;
}

/* "variables.data-00000-of-00001" */
static bool is_checkpoint_shard(struct span base)
{
    struct span tail = span_from(base, 1), head, first, of, last;

    if (tail.n < 20)
        return false;
    tail = span_from(tail, tail.n - 20);
    return take(&tail, 6, &head) && take(&tail, 5, &first) && take(&tail, 4, &of) &&
           take(&tail, 5, &last) && span_is(head, ".data-") && span_is(of, "-of-") &&
           all_digits(first) && all_digits(last);
}

/* Cuts a word and the digits behind it off. */
static bool take_numbered(struct span *in, const char *word)
{
    struct span gone;
    size_t n = 0;

    if (!span_starts(*in, span_text(word)) || !take(in, strlen(word), &gone))
        return false;
    while (n < in->n && in->p[n] >= '0' && in->p[n] <= '9')
        n++;
    return n > 0 && n < 8 && skip(in, n);
}

/* "group1-shard1of4.bin", as TF.js has its weights. */
static bool is_tfjs_shard(struct span base)
{
    return take_numbered(&base, "group") && take_numbered(&base, "-shard") &&
           take_numbered(&base, "of") && (base.n == 0 || span_is(base, ".bin"));
}

static bool is_shard(struct span name)
{
    struct span base = path_base(name);

    return is_checkpoint_shard(base) || is_tfjs_shard(base);
}

static bool looks_like_nothing(struct span in)
{
    (void)in;
    return false;
}

/* Numbers without any frame: what else they are was looked at by content. */
static enum pratique_status scan_shard(struct scan *s, struct span in)
{
    s->recognised = "TensorFlow weights";
    s->budget->work_done += in.n < 4096 ? in.n : 4096;
    scan_read(s, "TensorFlow weights", in.n, "numbers of tensors, not read");
    return PRATIQUE_OK;
}

const struct format format_tf_shard = {
    .name = "tensors",
    .spec = "shards of TensorFlow checkpoints and of TF.js: tensors in the order of their index",
    .looks_like = looks_like_nothing,
    .scan = scan_shard,
    .named = is_shard,
};
