/* Texts of documents: escapes of JSON, encodings, keys given twice. See parts.h. */
#include "format/doc/parts.h"

#include <endian.h>
#include <sys/auxv.h>

#include "base/digit.h"
#include "base/utf8.h"

/* ---- escapes ---- */

/* Four hexadecimal digits behind "\u"; -1 when they are not there. */
static int32_t take_unit(struct span *in)
{
    int32_t unit = 0;

    if (in->n < 6 || in->p[0] != '\\' || in->p[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        int digit = digit_hex(in->p[i]);

        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    (void)skip(in, 6);
    return unit;
}

/* As UTF-8; half a surrogate pair as three bytes, which utf8_put() would not write. */
static size_t put_point(uint32_t c, uint8_t *out)
{
    if (c < 0xD800 || c > 0xDFFF)
        return utf8_put(c, out);
    out[0] = (uint8_t)(0xE0 | c >> 12);
    out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (c & 0x3F));
    return 3;
}

/* The escape that in starts with; it is known to be whole. Never longer than what it stands for. */
static size_t take_escape(struct span *in, uint8_t *out)
{
    static const char letters[] = "bfnrt\"\\/", meanings[] = "\b\f\n\r\t\"\\/";
    struct span low;
    int32_t unit = take_unit(in), second;
    const char *letter;

    if (unit >= 0xD800 && unit < 0xDC00) {
        low = *in;
        second = take_unit(&low);
        if (second >= 0xDC00 && second < 0xE000) {
            *in = low;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    if (unit >= 0)
        return put_point((uint32_t)unit, out);
    letter = in->n > 1 ? memchr(letters, in->p[1], sizeof letters - 1) : NULL;
    out[0] = letter ? (uint8_t)meanings[letter - letters] : (uint8_t)'\\';
    (void)skip(in, letter ? 2 : 1);
    return 1;
}

size_t doc_unescape(struct span raw, uint8_t *out)
{
    size_t n = 0;

    while (raw.n > 0) {
        const uint8_t *hit = memchr(raw.p, '\\', raw.n);
        size_t plain = hit ? (size_t)(hit - raw.p) : raw.n;

        memcpy(out + n, raw.p, plain);
        n += plain;
        (void)skip(&raw, plain);
        if (hit)
            n += take_escape(&raw, out + n);
    }
    return n;
}

/* ---- keys given twice ---- */

/* A secret of the process, so that nobody can choose keys that collide. */
static uint64_t secret(void)
{
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
    const void *random = (const void *)getauxval(AT_RANDOM); // NOLINT: the kernel's own address

    if (random)
        memcpy(&seed, random, sizeof seed);
    return seed | 1;
}

/* The high and low half of a product: every bit of it depends on every bit before. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_bytes(struct span s, uint64_t seed)
{
    uint64_t h = seed ^ s.n, word = 0;
    size_t i = 0;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&word, s.p + i, 8);
        h = mix(h ^ word, seed ^ UINT64_C(0xd6e8feb86659fd93));
    }
    word = 0;
    if (s.n > i)
        memcpy(&word, s.p + i, s.n - i);
    return mix(h ^ word, seed ^ UINT64_C(0xa0761d6478bd642f));
}

#define SCRATCH 256

/* A key with its escapes resolved: in scratch, or for a long one in memory of the scan's. */
struct plain_key {
    struct span text;
    uint8_t scratch[SCRATCH];
    uint8_t *owned;
    size_t owned_n;
};

static bool plain_open(struct doc *d, doc_id id, struct plain_key *key)
{
    const struct doc_node *node = &d->nodes[id];
    struct span raw = doc_raw_key(d, node);
    uint8_t *out = key->scratch;

    key->owned = NULL;
    key->owned_n = 0;
    key->text = raw;
    if (!node->key_escaped)
        return true;
    if (raw.n > SCRATCH) {
        key->owned = out = scan_map(d->s, raw.n);
        key->owned_n = raw.n;
        if (!out)
            return doc_stop(d, PRATIQUE_E_LIMIT, node->key, "");
    }
    key->text = span_of(out, doc_unescape(raw, out));
    return true;
}

static void plain_close(struct doc *d, struct plain_key *key)
{
    scan_unmap(d->s, key->owned, key->owned_n);
}

/* *same: both have that key. False: no memory. */
static bool same_key(struct doc *d, doc_id a, doc_id b, bool *same)
{
    struct plain_key left, right;

    if (!d->nodes[a].key_escaped && !d->nodes[b].key_escaped) {
        *same = span_equal(doc_raw_key(d, &d->nodes[a]), doc_raw_key(d, &d->nodes[b]));
        return true;
    }
    if (!plain_open(d, a, &left))
        return false;
    if (!plain_open(d, b, &right)) {
        plain_close(d, &left);
        return false;
    }
    *same = span_equal(left.text, right.text);
    plain_close(d, &left);
    plain_close(d, &right);
    return true;
}

#define FEW 6

/* Every pair: cheaper than a table. */
static bool mark_few(struct doc *d, doc_id object)
{
    for (doc_id a = doc_first(d, object); a != DOC_NONE; a = doc_next(d, a))
        for (doc_id b = doc_first(d, object); b != a; b = doc_next(d, b)) {
            bool same;

            if (!same_key(d, a, b, &same))
                return false;
            if (same) {
                d->nodes[a].duplicate = 1;
                break;
            }
        }
    return true;
}

static bool hash_key(struct doc *d, doc_id id, uint64_t seed, uint64_t *h)
{
    struct plain_key key;

    if (!plain_open(d, id, &key))
        return false;
    *h = hash_bytes(key.text, seed);
    plain_close(d, &key);
    return true;
}

/* What of a hash stands beside the number, so that most keys that are not it are not looked at. */
static uint32_t tag_of(uint64_t h)
{
    return (uint32_t)(h >> 60);
}

/* Finds the key of id in the table, or enters it. */
static bool enter(struct doc *d, size_t mask, uint64_t h, doc_id id)
{
    for (size_t i = h & mask;; i = (i + 1) & mask) {
        struct doc_slot *slot = &d->slots[i];
        bool same = false;

        if (slot->id == 0) {
            *slot = (struct doc_slot){ .id = id & DOC_NODE_MASK, .hash = tag_of(h) & 15u };
            return true;
        }
        if (slot->hash != tag_of(h))
            continue;
        if (!same_key(d, slot->id, id, &same))
            return false;
        if (same) {
            d->nodes[id].duplicate = 1;
            d->index_mask = 0;
            return true;
        }
    }
}

doc_id doc_index_get(const struct doc *d, struct span key)
{
    uint64_t h = hash_bytes(key, secret());

    for (size_t i = h & d->index_mask; d->slots[i].id; i = (i + 1) & d->index_mask) {
        doc_id id = d->slots[i].id;

        if (d->slots[i].hash == tag_of(h) && doc_is_key(d, id, key))
            return id;
    }
    return DOC_NONE;
}

/* Keys whose places in a large table are on their way from memory while more are hashed. */
#define AHEAD 16

struct ahead {
    doc_id ids[AHEAD];
    uint64_t hashes[AHEAD];
    size_t n;
};

static bool enter_all(struct doc *d, size_t mask, struct ahead *keys)
{
    for (size_t i = 0; i < keys->n; i++)
        if (!enter(d, mask, keys->hashes[i], keys->ids[i]))
            return false;
    keys->n = 0;
    return true;
}

/* A table of so many places, all of them free. */
static bool clear_slots(struct doc *d, size_t size)
{
    if (size <= d->slots_size) {
        memset(d->slots, 0, size * sizeof *d->slots);
        return true;
    }
    scan_unmap(d->s, d->slots, d->slots_size * sizeof *d->slots);
    d->slots_size = 0;
    d->slots = scan_map(d->s, size * sizeof *d->slots);
    if (!d->slots)
        return doc_stop(d, PRATIQUE_E_LIMIT, d->n, "");
    d->slots_size = size;
    return true;
}

bool doc_mark_duplicates(struct doc *d, doc_id object)
{
    size_t n = doc_count(d, object), size = 16;
    struct ahead keys = { .n = 0 };
    uint64_t seed;

    if (n <= FEW)
        return mark_few(d, object);
    while (size < 2 * n)
        size *= 2;
    d->indexed = DOC_NONE;
    if (!clear_slots(d, size))
        return false;
    d->index_mask = size - 1;
    seed = secret();
    for (doc_id id = doc_first(d, object); id != DOC_NONE; id = doc_next(d, id)) {
        if (!hash_key(d, id, seed, &keys.hashes[keys.n]))
            return false;
        __builtin_prefetch(&d->slots[keys.hashes[keys.n] & (size - 1)], 1);
        keys.ids[keys.n++] = id;
        if (keys.n == AHEAD && !enter_all(d, size - 1, &keys))
            return false;
    }
    if (!enter_all(d, size - 1, &keys))
        return false;
    if (d->index_mask) /* no key is there twice */
        d->indexed = object;
    return true;
}

/* ---- encodings ---- */

enum wide { NARROW, UTF16LE, UTF16BE, UTF32LE, UTF32BE };

static const struct {
    struct span mark;
    enum wide wide;
} marks[] = {
    { { (const uint8_t *)"\xFF\xFE\0\0", 4 }, UTF32LE },
    { { (const uint8_t *)"\0\0\xFE\xFF", 4 }, UTF32BE },
    { { (const uint8_t *)"\xFF\xFE", 2 }, UTF16LE },
    { { (const uint8_t *)"\xFE\xFF", 2 }, UTF16BE },
    { { (const uint8_t *)"\xEF\xBB\xBF", 3 }, NARROW },
};

/* As json.detect_encoding(): by the mark, else by where the zeros are. *start: behind the mark. */
static enum wide encoding_of(struct span in, size_t *start)
{
    *start = 0;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (span_starts(in, marks[i].mark)) {
            *start = marks[i].mark.n;
            return marks[i].wide;
        }
    if (in.n >= 4 && in.p[0] == 0)
        return in.p[1] ? UTF16BE : UTF32BE;
    if (in.n >= 4 && in.p[1] == 0)
        return in.p[2] || in.p[3] ? UTF16LE : UTF32LE;
    if (in.n == 2 && (in.p[0] == 0 || in.p[1] == 0))
        return in.p[0] == 0 ? UTF16BE : UTF16LE;
    return NARROW;
}

static bool take_16(struct span *in, bool big, uint32_t *out)
{
    struct span unit;

    if (!take(in, 2, &unit))
        return false;
    *out = big ? (uint32_t)unit.p[0] << 8 | unit.p[1] : (uint32_t)unit.p[1] << 8 | unit.p[0];
    return true;
}

/* The next character; half a pair as it comes. False: cut short, or no character. */
static bool take_wide(struct span *in, enum wide wide, uint32_t *c)
{
    bool big = wide == UTF16BE || wide == UTF32BE;
    struct span rest;
    uint32_t low;

    if (wide == UTF32LE || wide == UTF32BE)
        return (big ? take_u32be(in, c) : take_u32le(in, c)) && *c < 0x110000;
    if (!take_16(in, big, c))
        return false;
    rest = *in;
    if (*c >= 0xD800 && *c < 0xDC00 && take_16(&rest, big, &low) && low >= 0xDC00 && low < 0xE000) {
        *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
        *in = rest;
    }
    return true;
}

/* Two bytes become three at the most, four become four. */
bool doc_decode(struct doc *d, size_t *start)
{
    enum wide wide = encoding_of(d->in, start);
    struct span rest = span_from(d->in, *start);
    size_t n = 0;
    uint32_t c;

    if (d->status != PRATIQUE_OK || wide == NARROW)
        return d->status == PRATIQUE_OK;
    *start = 0;
    d->decoded_size = rest.n + rest.n / 2 + 4;
    d->decoded = scan_map(d->s, d->decoded_size);
    if (!d->decoded)
        return doc_stop(d, PRATIQUE_E_LIMIT, 0, "");
    while (rest.n > 0) {
        if (!take_wide(&rest, wide, &c))
            return doc_stop(d, PRATIQUE_E_FORMAT, d->in.n - rest.n, "bytes that are no character");
        n += put_point(c, d->decoded + n);
    }
    d->in = span_of(d->decoded, n);
    d->exact = false;
    return n <= DOC_BYTES_MAX || doc_stop(d, PRATIQUE_E_LIMIT, 0, "more than 1 GiB of text");
}
