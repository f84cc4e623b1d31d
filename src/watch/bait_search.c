/*
 * See bait.h. Instead of looking for every way of writing every secret, the stream is
 * read in every way (as it is, as hex, as base64, ...), and what comes out is looked for
 * by windows: any GRAM bytes in a row of a secret, letters folded to lower case, by a rolling
 * hash. So a piece of a secret is found too, wherever it begins; GRAM random letters and
 * digits (62 bits or more) do not come up by chance. The work for each byte is bounded, and
 * so are the bytes that compressed data may grow to.
 *
 * Left out: encryption, xor, and base64 of base64.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/digit.h"
#include "watch/bait.h"

#define GRAM        12
#define WINDOW      16 /* a power of two, at least GRAM */
#define BASE        0x100000001b3u
#define FILTER_BITS 17
#define SECRETS_MAX 256
#define SECRET_READ 256 /* bytes of one that are looked for */

#define INFLATERS    4
#define INFLATE_STEP (16u * 1024)
/* What compressed data of a stream may grow to: so much, and so much for each byte of it. */
#define INFLATED_FREE (256u * 1024)
#define INFLATED_EACH 64u
#define AUTO          (15 + 32) /* windowBits: zlib or gzip, by its header */
#define RAW           (-15)

/* APPNOTE 6.3, section 4.3.7: a member's header. */
#define ZIP_MAGIC    0x504b0304u
#define ZIP_HEAD     26 /* what follows the magic */
#define ZIP_METHOD   4
#define ZIP_NAME     22
#define ZIP_DEFLATED 8

enum way { PLAIN, REVERSED, PERCENT, HEX, BASE32, BASE64, WAYS };

static const char *const way_names[2][WAYS] = {
    { "plain", "reversed", "percent-encoded", "hex", "base32", "base64" },
    { "plain, compressed", "reversed, compressed", "percent-encoded, compressed", "hex, compressed",
      "base32, compressed", "base64, compressed" },
};

/* ---- what is searched for ---- */

struct gram {
    uint32_t hash; /* the upper half of it; 0: free */
    uint16_t secret;
    uint8_t at; /* where in the secret; GRAM bytes from there */
    bool reversed;
};

struct bait_search {
    const struct bait_secret *secrets;
    size_t secrets_n;
    uint64_t out_factor; /* BASE ^ (GRAM - 1) */
    size_t mask;         /* of the table */
    struct gram *table;
    uint8_t filter[1u << (FILTER_BITS - 3)];
};

static uint8_t fold(uint8_t c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* The byte of a secret, read forwards or backwards, letters folded. */
static uint8_t secret_byte(const char *value, size_t n, size_t at, bool reversed)
{
    return fold((uint8_t)value[reversed ? n - 1 - at : at]);
}

static uint64_t mix(uint64_t h)
{
    h ^= h >> 31;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

/* What is kept of a mixed hash; never 0. */
static uint32_t upper(uint64_t mixed)
{
    return (uint32_t)(mixed >> 32) | 1;
}

static void insert(struct bait_search *s, uint64_t h, struct gram g)
{
    uint64_t mixed = mix(h), bit = mixed >> (64 - FILTER_BITS);
    size_t i = (size_t)mixed & s->mask;

    g.hash = upper(mixed);
    while (s->table[i].hash)
        i = (i + 1) & s->mask;
    s->table[i] = g;
    s->filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

static void insert_secret(struct bait_search *s, size_t index, bool reversed)
{
    const char *value = s->secrets[index].value;
    size_t n = strlen(value);
    uint64_t h = 0;

    for (size_t end = 0; end < n && end < SECRET_READ; end++) {
        if (end >= GRAM)
            h -= s->out_factor * (secret_byte(value, n, end - GRAM, reversed) + 1u);
        h = h * BASE + secret_byte(value, n, end, reversed) + 1;
        if (end + 1 >= GRAM)
            insert(s, h, (struct gram){ 0, (uint16_t)index, (uint8_t)(end + 1 - GRAM), reversed });
    }
}

/* Room for every gram, both ways, in a table that is at most half full. */
static size_t table_size(const struct bait *b)
{
    size_t grams = 0, size = 64;

    for (size_t i = 0; i < b->secrets_n; i++) {
        size_t n = strlen(b->secrets[i].value);

        grams += 2 * (n < SECRET_READ ? n : SECRET_READ);
    }
    while (size < 2 * grams)
        size *= 2;
    return size;
}

struct bait_search *bait_search_new(const struct bait *b)
{
    struct bait_search *s = calloc(1, sizeof *s);
    size_t size = table_size(b);

    if (!s)
        return NULL;
    s->table = calloc(size, sizeof *s->table);
    if (!s->table) {
        free(s);
        return NULL;
    }
    s->mask = size - 1;
    s->secrets = b->secrets;
    s->secrets_n = b->secrets_n < SECRETS_MAX ? b->secrets_n : SECRETS_MAX;
    s->out_factor = 1;
    for (unsigned i = 1; i < GRAM; i++)
        s->out_factor *= BASE;
    for (size_t i = 0; i < s->secrets_n; i++) {
        insert_secret(s, i, false);
        insert_secret(s, i, true);
    }
    return s;
}

void bait_search_free(struct bait_search *s)
{
    if (!s)
        return;
    free(s->table);
    free(s);
}

/* ---- windows over what was read in one way ---- */

struct window {
    uint64_t hash;
    uint8_t last[WINDOW];
    uint64_t n; /* bytes so far */
};

/* The reading of one stream of bytes in every way. */
struct reader {
    struct window plain, percent, hex[2], base32[8], base64[4];
    uint64_t hex_bits, base32_bits, base64_bits; /* the digits so far */
    uint32_t hex_n, base32_n, base64_n;          /* in this run of digits */
    uint8_t escape[2], escape_n;                 /* of %xy: digits still to come */
    uint64_t escaped_at;                         /* the last byte that was percent-encoded */
    bool compressed;                             /* what is read came out of a compressor */
};

struct inflater {
    z_stream z;
    bool active;
    struct reader reader;
};

struct bait_stream {
    const struct bait_search *search;
    bait_found_fn *found; /* of the call at hand */
    void *user;
    uint8_t seen[2][WAYS][SECRETS_MAX / 8];
    struct reader reader;
    struct inflater *inflaters[INFLATERS]; /* NULL: not needed so far */
    uint64_t fed, inflated;                /* bytes */
    uint32_t last;                         /* the last four bytes */
    uint64_t since;                        /* bytes since the stream, or a part of it, began */
    bool deflated;                         /* the stream was said to be so */
    struct {
        uint8_t head[ZIP_HEAD];
        unsigned have; /* of the head; past it: */
        uint32_t skip; /* bytes of name and extra field */
        bool on;
    } zip;
    uint8_t coded[2];           /* what the base64 at hand begins with */
    struct inflater *of_base64; /* NULL: it is not compressed */
};

static void tell(struct bait_stream *s, const struct reader *r, size_t secret, enum way way)
{
    uint8_t *seen = &s->seen[r->compressed][way][secret / 8], bit = (uint8_t)(1u << (secret & 7));

    if (*seen & bit)
        return;
    *seen |= bit;
    s->found(s->user, &s->search->secrets[secret], way_names[r->compressed][way]);
}

/* Whether the window ends with the gram. */
static bool same_gram(const struct bait_search *s, const struct window *w, const struct gram *g)
{
    const char *value = s->secrets[g->secret].value;
    size_t n = strlen(value);

    for (size_t i = 0; i < GRAM; i++)
        if (w->last[(w->n - GRAM + i) % WINDOW] != secret_byte(value, n, g->at + i, g->reversed))
            return false;
    return true;
}

static void look_up(struct bait_stream *s, const struct reader *r, const struct window *w,
                    uint64_t h, enum way way)
{
    const struct bait_search *search = s->search;

    for (size_t i = (size_t)h & search->mask; search->table[i].hash; i = (i + 1) & search->mask) {
        const struct gram *g = &search->table[i];

        if (g->hash == upper(h) && same_gram(search, w, g))
            tell(s, r, g->secret, g->reversed && way == PLAIN ? REVERSED : way);
    }
}

static inline void window_roll(const struct bait_search *s, struct window *w, uint8_t byte)
{
    uint8_t c = fold(byte);

    if (w->n >= GRAM)
        w->hash -= s->out_factor * (w->last[(w->n - GRAM) % WINDOW] + 1u);
    w->hash = w->hash * BASE + c + 1;
    w->last[w->n++ % WINDOW] = c;
}

static inline void window_check(struct bait_stream *s, const struct reader *r,
                                const struct window *w, enum way way)
{
    uint64_t h = mix(w->hash), bit = h >> (64 - FILTER_BITS);

    if (w->n >= GRAM && s->search->filter[bit >> 3] & 1u << (bit & 7))
        look_up(s, r, w, h, way);
}

static inline void window_add(struct bait_stream *s, const struct reader *r, struct window *w,
                              uint8_t byte, enum way way)
{
    window_roll(s->search, w, byte);
    window_check(s, r, w, way);
}

static void window_reset(struct window *w)
{
    w->hash = 0;
    w->n = 0;
}

/* ---- the ways of reading ---- */

/*
 * A run of digits may begin anywhere in what was encoded: there is a window for each way
 * that bytes can lie across digits. Phase p begins at digit p of the run.
 */
static void add_digit(struct bait_stream *s, const struct reader *r, struct window *windows,
                      unsigned phases, uint64_t bits, uint32_t n, unsigned width, enum way way)
{
    for (unsigned p = 0; p < phases && p < n; p++) {
        uint64_t have = (uint64_t)(n - p) * width, left = have % 8;

        if (left < width && have >= 8)
            window_add(s, r, &windows[p], (uint8_t)(bits >> left), way);
    }
}

static void end_run(struct window *windows, unsigned phases, uint32_t *n)
{
    if (*n == 0)
        return;
    *n = 0;
    for (unsigned p = 0; p < phases; p++)
        window_reset(&windows[p]);
}

static int digit_base32(uint8_t c)
{
    c = fold(c);
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* The position in a run matters only by its remainder: keeps it from running over. */
static uint32_t next_n(uint32_t n)
{
    return n < 1u << 30 ? n + 1 : n + 1 - (1u << 29);
}

static void read_hex(struct bait_stream *s, struct reader *r, uint8_t c)
{
    int d = digit_hex(c);

    if (d < 0) {
        end_run(r->hex, 2, &r->hex_n);
        return;
    }
    r->hex_bits = r->hex_bits << 4 | (uint64_t)d;
    r->hex_n = next_n(r->hex_n);
    add_digit(s, r, r->hex, 2, r->hex_bits, r->hex_n, 4, HEX);
}

static void read_base32(struct bait_stream *s, struct reader *r, uint8_t c)
{
    int d = digit_base32(c);

    if (d < 0) {
        end_run(r->base32, 8, &r->base32_n);
        return;
    }
    r->base32_bits = r->base32_bits << 5 | (uint64_t)d;
    r->base32_n = next_n(r->base32_n);
    add_digit(s, r, r->base32, 8, r->base32_bits, r->base32_n, 5, BASE32);
}

static void read_coded(struct bait_stream *s, uint32_t at, uint8_t byte);

/* Line ends stand inside base64, by MIME. */
static void read_base64(struct bait_stream *s, struct reader *r, uint8_t c)
{
    int d = digit_base64_url(c);

    if (c == '\n' || c == '\r')
        return;
    if (d < 0) {
        end_run(r->base64, 4, &r->base64_n);
        return;
    }
    r->base64_bits = r->base64_bits << 6 | (uint64_t)d;
    r->base64_n = next_n(r->base64_n);
    add_digit(s, r, r->base64, 4, r->base64_bits, r->base64_n, 6, BASE64);
    if (!r->compressed && r->base64_n % 4 != 1)
        read_coded(s, r->base64_n * 6 / 8 - 1, (uint8_t)(r->base64_bits >> r->base64_n * 6 % 8));
}

/* Only windows that hold an escape are of interest: the others are found as they are. */
static void percent_add(struct bait_stream *s, struct reader *r, uint8_t c, bool escaped)
{
    window_roll(s->search, &r->percent, c);
    if (escaped)
        r->escaped_at = r->percent.n;
    if (r->escaped_at && r->percent.n - r->escaped_at < GRAM)
        window_check(s, r, &r->percent, PERCENT);
}

static void read_percent(struct bait_stream *s, struct reader *r, uint8_t c)
{
    if (r->escape_n == 0 && c != '%') {
        percent_add(s, r, c, false);
    } else if (r->escape_n == 0) {
        r->escape_n = 2;
    } else if (digit_hex(c) < 0) {
        r->escape_n = 0;
        percent_add(s, r, c, false);
    } else {
        r->escape[2 - r->escape_n--] = (uint8_t)digit_hex(c);
        if (r->escape_n == 0)
            percent_add(s, r, (uint8_t)(r->escape[0] << 4 | r->escape[1]), true);
    }
}

static void read_byte(struct bait_stream *s, struct reader *r, uint8_t c)
{
    if (c) /* UTF-16 of ASCII is ASCII with zeros in between */
        window_add(s, r, &r->plain, c, PLAIN);
    read_percent(s, r, c);
    read_hex(s, r, c);
    read_base32(s, r, c);
    read_base64(s, r, c);
}

static void read_all(struct bait_stream *s, struct reader *r, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        read_byte(s, r, p[i]);
}

/* ---- compressed data ---- */

/* A place for one more attempt; bits is windowBits of zlib. NULL: too many at a time. */
static struct inflater *inflater_begin(struct bait_stream *s, int bits)
{
    for (size_t i = 0; i < INFLATERS; i++) {
        struct inflater *f = s->inflaters[i];

        if (f && f->active)
            continue;
        if (!f && !(f = s->inflaters[i] = calloc(1, sizeof *f)))
            return NULL;
        memset(f, 0, sizeof *f);
        if (inflateInit2(&f->z, bits) != Z_OK)
            return NULL;
        f->active = f->reader.compressed = true;
        return f;
    }
    return NULL;
}

static void inflater_end(struct inflater *f)
{
    if (f && f->active)
        (void)inflateEnd(&f->z);
    if (f)
        f->active = false;
}

/* Feeds one attempt; ends it where the data end, or are none. */
static void inflater_feed(struct bait_stream *s, struct inflater *f, const uint8_t *p, size_t n)
{
    uint8_t some[INFLATE_STEP];
    int rc = Z_OK;

    f->z.next_in = (Bytef *)p;
    f->z.avail_in = (uInt)n;
    while (rc == Z_OK && (f->z.avail_in || f->z.avail_out == 0)) {
        size_t got;

        f->z.next_out = some;
        f->z.avail_out = sizeof some;
        rc = inflate(&f->z, Z_NO_FLUSH);
        got = sizeof some - f->z.avail_out;
        s->inflated += got;
        read_all(s, &f->reader, some, got);
        if (s->inflated > INFLATED_FREE + INFLATED_EACH * s->fed)
            rc = Z_DATA_ERROR;
    }
    if (rc != Z_OK && rc != Z_BUF_ERROR)
        inflater_end(f);
}

/* Begins an attempt with the bytes of its magic, and what follows of this feed. */
static void begin_with(struct bait_stream *s, int bits, const void *magic, size_t magic_n,
                       struct span rest)
{
    struct inflater *f = inflater_begin(s, bits);

    if (f && magic_n)
        inflater_feed(s, f, magic, magic_n);
    if (f && f->active)
        inflater_feed(s, f, rest.p, rest.n);
}

/* zlib's header is two bytes, which come up by chance: it counts only where data begin. */
static bool is_zlib(const uint8_t p[2])
{
    return (p[0] & 0x0f) == 8 && p[0] >> 4 <= 7 && ((unsigned)p[0] << 8 | p[1]) % 31 == 0 &&
           (p[1] & 0x20) == 0;
}

static bool is_gzip(const uint8_t p[2])
{
    return p[0] == 0x1f && p[1] == 0x8b;
}

/* Byte number at of a run of base64 (phase 0): what begins as compressed data is read as such. */
static void read_coded(struct bait_stream *s, uint32_t at, uint8_t byte)
{
    if (at == 0 && s->of_base64) {
        inflater_end(s->of_base64);
        s->of_base64 = NULL;
    }
    if (at < 2)
        s->coded[at] = byte;
    if (at == 1 && (is_zlib(s->coded) || is_gzip(s->coded))) {
        s->of_base64 = inflater_begin(s, AUTO);
        if (s->of_base64)
            inflater_feed(s, s->of_base64, s->coded, 2);
    } else if (at > 1 && s->of_base64) {
        inflater_feed(s, s->of_base64, &byte, 1);
    }
    if (s->of_base64 && !s->of_base64->active)
        s->of_base64 = NULL;
}

/* One byte of a zip member's header; true at the last one before deflated data. */
static bool zip_byte(struct bait_stream *s, uint8_t c)
{
    const uint8_t *head = s->zip.head;

    if (!s->zip.on)
        return false;
    if (s->zip.have < ZIP_HEAD) {
        s->zip.head[s->zip.have++] = c;
        if (s->zip.have < ZIP_HEAD)
            return false;
        s->zip.skip = (uint32_t)(head[ZIP_NAME] | head[ZIP_NAME + 1] << 8) +
                      (uint32_t)(head[ZIP_NAME + 2] | head[ZIP_NAME + 3] << 8);
    } else {
        s->zip.skip--;
    }
    s->zip.on = s->zip.skip > 0;
    return !s->zip.on && head[ZIP_METHOD] == ZIP_DEFLATED && head[ZIP_METHOD + 1] == 0;
}

/* After each byte: whether compressed data begin here. rest is what follows of this feed. */
static void look_for_magic(struct bait_stream *s, uint8_t c, struct span rest)
{
    uint8_t two[2];

    s->last = s->last << 8 | c;
    s->since++;
    two[0] = (uint8_t)(s->last >> 8);
    two[1] = c;
    if (zip_byte(s, c))
        begin_with(s, RAW, "", 0, rest);
    if (s->last == ZIP_MAGIC) {
        s->zip.on = true;
        s->zip.have = 0;
    } else if ((s->last & 0xffffff) == 0x1f8b08) {
        begin_with(s, AUTO, "\x1f\x8b\x08", 3, rest);
    } else if (s->since == 2 && is_zlib(two)) {
        begin_with(s, AUTO, two, 2, rest);
    } else if (s->last == 0x0d0a0d0a) {
        s->since = 0; /* a part of multipart/form-data begins behind its head */
    }
}

/* ---- streams ---- */

struct bait_stream *bait_stream_new(const struct bait_search *s)
{
    struct bait_stream *stream = calloc(1, sizeof *stream);

    if (stream)
        stream->search = s;
    return stream;
}

void bait_stream_free(struct bait_stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < INFLATERS; i++) {
        inflater_end(s->inflaters[i]);
        free(s->inflaters[i]);
    }
    free(s);
}

void bait_stream_deflated(struct bait_stream *s)
{
    s->deflated = true;
}

void bait_stream_feed(struct bait_stream *s, struct span bytes, bait_found_fn *found, void *user)
{
    s->found = found;
    s->user = user;
    s->fed += bytes.n;
    for (size_t i = 0; i < INFLATERS; i++)
        if (s->inflaters[i] && s->inflaters[i]->active && s->inflaters[i] != s->of_base64)
            inflater_feed(s, s->inflaters[i], bytes.p, bytes.n);
    if (s->deflated && bytes.n)
        begin_with(s, RAW, "", 0, bytes);
    s->deflated = s->deflated && bytes.n == 0;
    for (size_t i = 0; i < bytes.n; i++) {
        read_byte(s, &s->reader, bytes.p[i]);
        look_for_magic(s, bytes.p[i], span_from(bytes, i + 1));
    }
}
