/*
 * MessagePack as models use it: Flax and JAX (extension types 1 to 3), msgpack-numpy (spaCy, thinc)
 * and plain maps. The walk is to the last byte; arrays are stepped over once their length is what
 * type and shape say; other bytes that are something of their own are handed on.
 *
 * Spec: msgpack/spec.md; flax.serialization, _MsgpackExtType; msgpack_numpy 0.4.8.
 */
#include <inttypes.h>

#include "format/array/array.h"
#include "format/array/events.h"
#include "format/rest.h"
#include "format/safetensors/names.h"

/* flax.serialization: what an extension type holds. */
enum { EXT_NDARRAY = 1, EXT_COMPLEX = 2, EXT_SCALAR = 3, EXT_TIMESTAMP = -1 };

/* Keys of msgpack-numpy in the map at hand. */
enum { NP_ND = 1, NP_KIND = 2, NP_KIND_IS_OBJECT = 4, NP_DATA = 8, NP_TYPE_IS_OBJECT = 16 };

struct reader {
    struct scan *s;
    struct names keys; /* of every open map: the map's number goes into the hash */
    uint64_t maps;
    uint64_t map_of[EVENT_DEPTH_MAX + 1];
    uint8_t numpy[EVENT_DEPTH_MAX + 1];
    struct span key;
    uint64_t arrays, texts, bytes, told_ext;
};

/* ---- an array: (shape, dtype, bytes), in MessagePack of its own ---- */

struct ndarray {
    unsigned place; /* 0: the shape, 1: its type, 2: its bytes */
    uint32_t depth;
    bool overflow, broken;
    uint64_t count, had;
    struct span dtype;
};

static enum pratique_status on_array(void *user, const struct event *e)
{
    struct ndarray *a = user;

    if (e->kind == EVENT_NUMBER && e->depth == 2 && a->place == 0) {
        a->broken |= !e->whole || e->number < 0;
        a->overflow |= __builtin_mul_overflow(a->count, (uint64_t)e->number, &a->count);
    } else if (e->kind == EVENT_CLOSE && e->depth == 1 && a->place == 0) {
        a->place = 1;
    } else if ((e->kind == EVENT_TEXT || e->kind == EVENT_BYTES) && e->depth == 1 &&
               a->place == 1) {
        a->dtype = e->text;
        a->place = 2;
    } else if ((e->kind == EVENT_TEXT || e->kind == EVENT_BYTES) && e->depth == 1 &&
               a->place == 2) {
        a->had = e->text.n;
        a->place = 3;
    } else if (e->kind != EVENT_ARRAY && e->kind != EVENT_CLOSE) {
        a->broken = true;
    }
    return PRATIQUE_OK;
}

static void tell_size(struct reader *r, uint64_t offset, const struct ndarray *a)
{
    unsigned item = array_item_size(a->dtype);
    uint64_t want;

    if (item == 0)
        scan_fact(r->s, FACT_ARRAY_TYPE, offset, a->dtype, r->key);
    else if (a->overflow || __builtin_mul_overflow(a->count, (uint64_t)item, &want) ||
             want != a->had)
        scan_factf(r->s, FACT_ARRAY_SIZE, offset, r->key,
                   "%" PRIu64 " elements of %u bytes, %" PRIu64 " bytes follow", a->count, item,
                   a->had);
}

static enum pratique_status read_ndarray(struct reader *r, const struct event *e)
{
    struct ndarray a = { .count = 1, .dtype = SPAN_EMPTY };
    struct listener l = { r->s, &a, on_array };
    size_t used;
    enum pratique_status st = events_msgpack(&l, e->text, &used);

    if (st != PRATIQUE_OK)
        return st == PRATIQUE_E_FORMAT
                   ? scan_fail(r->s, st, e->offset, "msgpack: an array's extension is broken")
                   : st;
    if (a.place != 3 || a.broken || used != e->text.n)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, e->offset,
                         "msgpack: an array is not a shape, a type and bytes");
    r->arrays++;
    if (array_is_object(a.dtype))
        scan_fact(r->s, FACT_ARRAY_OBJECTS, e->offset, r->key, a.dtype);
    else
        tell_size(r, e->offset, &a);
    return PRATIQUE_OK;
}

static enum pratique_status on_ignored(void *user, const struct event *e)
{
    (void)user;
    (void)e;
    return PRATIQUE_OK;
}

/* Two numbers, in MessagePack of its own. */
static enum pratique_status read_complex(struct reader *r, const struct event *e)
{
    struct listener l = { r->s, r, on_ignored };
    size_t used;
    enum pratique_status st = events_msgpack(&l, e->text, &used);

    if (st == PRATIQUE_OK && used != e->text.n)
        st = scan_fail(r->s, PRATIQUE_E_FORMAT, e->offset, "msgpack: a complex number is broken");
    return st;
}

static enum pratique_status read_ext(struct reader *r, const struct event *e)
{
    if (e->type == EXT_NDARRAY || e->type == EXT_SCALAR)
        return read_ndarray(r, e);
    if (e->type == EXT_COMPLEX)
        return read_complex(r, e);
    if (e->type == EXT_TIMESTAMP && (e->text.n == 4 || e->text.n == 8 || e->text.n == 12))
        return PRATIQUE_OK;
    if (r->told_ext++ < 16)
        scan_factf(r->s, FACT_ARRAY_EXTENSION, e->offset, r->key, "type %d, %zu bytes", e->type,
                   e->text.n);
    return array_embedded(r->s, e->text, r->key);
}

/* ---- maps ---- */

static enum pratique_status read_key(struct reader *r, const struct event *e)
{
    struct name_hash hash = { .h = r->keys.seed ^ r->map_of[e->depth] };
    bool twice;
    enum pratique_status st;

    r->key = e->odd ? SPAN_LITERAL("(a key that is no text)") : e->text;
    name_hash_bytes(&hash, e->text);
    st = names_add(r->s, &r->keys, name_hash_end(&hash), &twice);
    if (st == PRATIQUE_OK && twice)
        scan_fact(r->s, FACT_ARRAY_DUPLICATE, e->offset, r->key, SPAN_EMPTY);
    return st;
}

/* The marks by which msgpack-numpy knows its maps, with keys of text or of bytes. */
static void note_numpy(struct reader *r, const struct event *e)
{
    uint8_t *flags = &r->numpy[e->depth];

    if (span_is(r->key, "nd"))
        *flags |= NP_ND;
    if (span_is(r->key, "kind") && array_is_object(e->text))
        *flags |= NP_KIND_IS_OBJECT;
    if (span_is(r->key, "type") && array_is_object(e->text))
        *flags |= NP_TYPE_IS_OBJECT;
}

/* The bytes of an array that msgpack-numpy keeps; of objects, they are a pickle. */
static bool is_numpy_data(const struct reader *r, const struct event *e)
{
    uint8_t flags = r->numpy[e->depth];

    return span_is(r->key, "data") && (flags & NP_ND) &&
           !(flags & (NP_KIND_IS_OBJECT | NP_TYPE_IS_OBJECT)) && !array_is_embedded(e->text);
}

static enum pratique_status read_value(struct reader *r, const struct event *e)
{
    note_numpy(r, e);
    if (is_numpy_data(r, e)) {
        r->arrays++;
        return PRATIQUE_OK;
    }
    return array_embedded(r->s, e->text, r->key);
}

static void close_map(struct reader *r, const struct event *e)
{
    uint8_t flags = r->numpy[e->depth + 1];

    if ((flags & NP_ND) && (flags & (NP_KIND_IS_OBJECT | NP_TYPE_IS_OBJECT)))
        scan_fact(r->s, FACT_ARRAY_OBJECTS, e->offset, SPAN_LITERAL("msgpack-numpy"),
                  SPAN_LITERAL("its data is a pickle"));
}

static enum pratique_status on_event(void *user, const struct event *e)
{
    struct reader *r = user;

    switch (e->kind) {
    case EVENT_OBJECT:
    case EVENT_ARRAY:
        r->map_of[e->depth + 1] = ++r->maps;
        r->numpy[e->depth + 1] = 0;
        return PRATIQUE_OK;
    case EVENT_CLOSE:
        close_map(r, e);
        return PRATIQUE_OK;
    case EVENT_KEY:
        return read_key(r, e);
    case EVENT_TEXT:
        r->texts++;
        return read_value(r, e);
    case EVENT_BYTES:
        r->bytes++;
        return read_value(r, e);
    case EVENT_EXT:
        return read_ext(r, e);
    default:
        note_numpy(r, e);
        return PRATIQUE_OK;
    }
}

/* ---- the format ---- */

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/';
}

/* The head of a map of at least one entry. */
static bool take_map(struct span *in)
{
    uint8_t c;

    if (!take_u8(in, &c))
        return false;
    if (c == 0xDE || c == 0xDF)
        return skip(in, c == 0xDE ? 2 : 4);
    return c > 0x80 && c <= 0x8F;
}

/* The head of a list of at least one value. */
static void skip_list(struct span *in)
{
    uint8_t c = in->n > 0 ? in->p[0] : 0;

    if (c == 0xDC || c == 0xDD)
        (void)skip(in, c == 0xDC ? 3 : 5);
    else if (c > 0x90 && c <= 0x9F)
        (void)skip(in, 1);
}

/* A map whose first key is a name, text or bytes as msgpack-numpy writes them; or a list of them.
 */
static bool looks_like(struct span in)
{
    uint8_t c, n, value;
    struct span key;

    if (in.n == 1 && in.p[0] == 0x80) /* an empty map, as spaCy leaves of what it has none of */
        return true;
    skip_list(&in);
    if (!take_map(&in) || !take_u8(&in, &c))
        return false;
    n = c & 0x1F;
    if ((c & 0xE0) != 0xA0 && ((c != 0xD9 && c != 0xC4) || !take_u8(&in, &n)))
        return false;
    if (n < 1 || !take(&in, n, &key) || !take_u8(&in, &value))
        return false;
    if (n == 1 && value < 0x80) /* one letter and a number: too little to tell it by */
        return false;
    for (size_t i = 0; i < key.n; i++)
        if (!is_name_byte(key.p[i]))
            return false;
    return true; /* any value: plain text has no such head */
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .keys = { .seed = budget_now_us() | 1 }, .key = SPAN_EMPTY };
    struct listener l = { s, &r, on_event };
    size_t used;
    enum pratique_status st = events_msgpack(&l, in, &used);

    names_free(s, &r.keys);
    s->budget->work_done += used - (used > in.n ? in.n : 0);
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, "MessagePack", used, "%" PRIu64 " arrays, %" PRIu64 " texts, %" PRIu64 " blobs",
              r.arrays, r.texts, r.bytes);
    return scan_rest(s, "MessagePack", used, span_from(in, used));
}

const struct format format_msgpack = {
    .name = "MessagePack",
    .spec = "MessagePack specification; flax.serialization",
    .looks_like = looks_like,
    .scan = scan,
};
