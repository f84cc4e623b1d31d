/* The key-values: each is walked to its end; those that say something are told. */
#include <inttypes.h>

#include "base/utf8.h"
#include "format/gguf/reader.h"
#include "format/jinja/jinja.h"
#include "format/model/model.h"

#define ARRAYS_MAX 8     /* within each other; llama.cpp reads one, gguf-py any */
#define TIME_EACH  65536 /* items between two looks at the clock */
#define LISTED_MAX 16    /* arrays of bytes and strings that are looked into */

struct value {
    struct span key;
    uint64_t off;        /* of the value */
    uint32_t type, item; /* item: of an array */
    uint64_t count;
    struct span text; /* of a string; of an array of one-byte items, those */
    uint64_t number;  /* of a whole number */
};

static unsigned size_of(uint32_t type)
{
    static const uint8_t sizes[GGUF_TYPES] = { 1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8 };

    return type < GGUF_TYPES ? sizes[type] : 0;
}

static enum pratique_status unknown_type(struct gguf_reader *r, uint32_t type)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, gguf_here(r),
                     "a value of type %" PRIu32 ", which is not known", type);
}

static uint64_t number_of(const struct gguf_reader *r, struct span bytes)
{
    uint64_t v = 0;

    for (size_t i = 0; i < bytes.n; i++)
        v |= (uint64_t)bytes.p[r->big ? bytes.n - 1 - i : i] << (8 * i);
    return v;
}

/* ---- templates ---- */

static bool begins_template(struct span text)
{
    while (text.n > 0 && text.p[0] <= ' ')
        (void)skip(&text, 1);
    return text.n > 1 && text.p[0] == '{' && memchr("%{#", text.p[1], 3);
}

static bool is_template(struct span key, struct span text)
{
    return span_starts(key, SPAN_LITERAL("tokenizer.chat_template")) ||
           (begins_template(text) && span_find(text, 0, SPAN_LITERAL("}")) != SIZE_MAX);
}

static enum pratique_status tell_template(struct gguf_reader *r, struct span key, struct span text)
{
    char name[80];
    struct jinja_place place = { .offset = (uint64_t)(text.p - r->file.p), .name = name };
    size_t n = key.n < sizeof name - 1 ? key.n : sizeof name - 1;

    if (text.n == 0)
        return PRATIQUE_OK;
    memcpy(name, key.p, n);
    name[n] = 0;
    return jinja_tell(r->s, text, &place);
}

/* ---- arrays ---- */

/* Strings are walked: a vocabulary is nothing but its number, an array of templates is more. */
static enum pratique_status walk_strings(struct gguf_reader *r, const struct value *v)
{
    bool names = span_starts(v->key, SPAN_LITERAL("tokenizer.chat_template"));
    bool words = span_starts(v->key, SPAN_LITERAL("tokenizer.ggml.")); /* "{{" may be one */
    enum pratique_status st = PRATIQUE_OK;
    struct span text;

    for (uint64_t i = 0; i < v->count && st == PRATIQUE_OK; i++) {
        if (i % TIME_EACH == TIME_EACH - 1 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, gguf_here(r));
        if (!gguf_text(r, &text))
            return gguf_cut_off(r, "a string of an array");
        if (v->count <= LISTED_MAX && !words && begins_template(text))
            st = tell_template(r, v->key, text);
        else if (names && v->count > LISTED_MAX && begins_template(text))
            st = scan_fail(r->s, PRATIQUE_E_FORMAT, gguf_here(r), "too many templates");
    }
    return st;
}

static enum pratique_status walk_array(struct gguf_reader *r, struct value *v, unsigned depth);

static enum pratique_status walk_arrays(struct gguf_reader *r, const struct value *v,
                                        unsigned depth)
{
    enum pratique_status st = PRATIQUE_OK;

    if (depth >= ARRAYS_MAX)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, gguf_here(r),
                         "arrays within arrays, more than %d deep", ARRAYS_MAX);
    for (uint64_t i = 0; i < v->count && st == PRATIQUE_OK; i++) {
        struct value inner = { .key = v->key };

        if (i % TIME_EACH == TIME_EACH - 1 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, gguf_here(r));
        st = walk_array(r, &inner, depth + 1);
    }
    return st;
}

/* At the type of the items. */
static enum pratique_status walk_array(struct gguf_reader *r, struct value *v, unsigned depth)
{
    uint64_t bytes;

    if (!gguf_u32(r, &v->item) || !gguf_count(r, &v->count))
        return gguf_cut_off(r, "an array");
    if (v->item == GGUF_STRING)
        return v->count <= r->in.n / 4 ? walk_strings(r, v) : gguf_cut_off(r, "an array");
    if (v->item == GGUF_ARRAY)
        return v->count <= r->in.n / 8 ? walk_arrays(r, v, depth) : gguf_cut_off(r, "an array");
    if (size_of(v->item) == 0)
        return unknown_type(r, v->item);
    if (MUL_OVERFLOWS(v->count, (uint64_t)size_of(v->item), &bytes) ||
        !take(&r->in, bytes, &v->text))
        return gguf_cut_off(r, "an array");
    return PRATIQUE_OK;
}

/* ---- values ---- */

static enum pratique_status walk_value(struct gguf_reader *r, struct value *v)
{
    struct span bytes;

    if (v->type == GGUF_STRING)
        return gguf_text(r, &v->text) ? PRATIQUE_OK : gguf_cut_off(r, "a string");
    if (v->type == GGUF_ARRAY)
        return walk_array(r, v, 1);
    if (size_of(v->type) == 0)
        return unknown_type(r, v->type);
    if (!take(&r->in, size_of(v->type), &bytes))
        return gguf_cut_off(r, "a value");
    v->number = number_of(r, bytes);
    return PRATIQUE_OK;
}

/* The type that a key has, by the format's own list; an array's is that of its items. */
static const struct {
    const char *key;
    uint32_t type;
    bool array;
} typed[] = {
    { "general.architecture", GGUF_STRING, false },
    { "general.name", GGUF_STRING, false },
    { "general.alignment", GGUF_UINT32, false },
    { "tokenizer.ggml.model", GGUF_STRING, false },
    { "tokenizer.ggml.tokens", GGUF_STRING, true },
    { "tokenizer.ggml.merges", GGUF_STRING, true },
    { "tokenizer.ggml.scores", GGUF_FLOAT32, true },
    { "tokenizer.chat_template", GGUF_STRING, false },
    { "split.no", GGUF_UINT16, false },
    { "split.count", GGUF_UINT16, false },
};

static void check_type(struct gguf_reader *r, const struct value *v)
{
    for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
        bool array = v->type == GGUF_ARRAY;

        if (!span_is(v->key, typed[i].key))
            continue;
        if (array != typed[i].array || (array ? v->item : v->type) != typed[i].type)
            fault_add(&r->odd_type, v->off, v->key, "type %" PRIu32 "%s, and not %" PRIu32 "%s",
                      array ? v->item : v->type, array ? " in an array" : "", typed[i].type,
                      typed[i].array ? " in an array" : "");
    }
}

/* What the model says of itself. */
static const struct {
    const char *key, *what;
} said[] = {
    { "general.architecture", "architecture" },
    { "general.type", "type" },
    { "general.name", "name" },
    { "general.author", "author" },
    { "general.organization", "author" },
    { "general.version", "version" },
    { "general.license", "license" },
    { "general.base_model.0.name", "base model" },
    { "general.dataset.0.name", "dataset" },
};

static void note_text(struct gguf_reader *r, const struct value *v)
{
    for (size_t i = 0; i < ARRAY_LEN(said); i++)
        if (span_is(v->key, said[i].key))
            model_says(r->s, said[i].what, v->text);
}

static void note_count(struct gguf_reader *r, const struct value *v)
{
    if (span_is(v->key, "tokenizer.ggml.tokens"))
        r->says.tokens = v->count;
    else if (span_is(v->key, "tokenizer.ggml.scores"))
        r->says.scores = v->count;
    else if (span_is(v->key, "tokenizer.ggml.token_type"))
        r->says.token_types = v->count;
}

static void note_number(struct gguf_reader *r, const struct value *v)
{
    if (span_is(v->key, "general.alignment"))
        r->says.alignment = v->number;
    else if (span_is(v->key, "split.no"))
        r->says.split_no = v->number;
    else if (span_is(v->key, "split.count"))
        r->says.split_count = v->number;
    else if (span_starts(v->key, SPAN_LITERAL("tokenizer.ggml.")) &&
             span_ends(v->key, SPAN_LITERAL("_token_id")) && size_of(v->type) == 4 &&
             v->type != GGUF_FLOAT32 && v->number <= INT32_MAX && /* -1: there is none */
             (r->says.special == UINT64_MAX || v->number > r->says.special)) {
        r->says.special = v->number;
        r->says.special_key = v->key;
    }
}

static enum pratique_status note(struct gguf_reader *r, const struct value *v)
{
    check_type(r, v);
    if (v->type == GGUF_STRING) {
        note_text(r, v);
        if (is_template(v->key, v->text))
            return tell_template(r, v->key, v->text);
        return utf8_valid(v->text.p, v->text.n) ? PRATIQUE_OK : gguf_embedded(r, v->text, v->key);
    }
    if (v->type != GGUF_ARRAY) {
        note_number(r, v);
        return PRATIQUE_OK;
    }
    note_count(r, v);
    return size_of(v->item) == 1 ? gguf_embedded(r, v->text, v->key) : PRATIQUE_OK;
}

static enum pratique_status read_value(struct gguf_reader *r)
{
    struct value v = { .text = SPAN_EMPTY };
    uint64_t off = gguf_here(r);
    enum pratique_status st;

    if (!gguf_text(r, &v.key))
        return gguf_cut_off(r, "a key");
    st = gguf_name(r, v.key, off, false);
    if (st != PRATIQUE_OK)
        return st;
    if (!gguf_u32(r, &v.type))
        return gguf_cut_off(r, "a value");
    v.off = gguf_here(r);
    st = walk_value(r, &v);
    return st == PRATIQUE_OK ? note(r, &v) : st;
}

enum pratique_status gguf_values(struct gguf_reader *r)
{
    uint64_t alignment;

    for (uint64_t i = 0; i < r->keys; i++) {
        enum pratique_status st = read_value(r);

        if (st != PRATIQUE_OK)
            return st;
        if (i % TIME_EACH == TIME_EACH - 1 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, gguf_here(r));
    }
    alignment = r->says.alignment;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, gguf_here(r),
                         "an alignment of %" PRIu64 ", which is no power of two", alignment);
    r->s->budget->work_done += gguf_here(r);
    return PRATIQUE_OK;
}
