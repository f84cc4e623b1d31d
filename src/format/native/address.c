/*
 * Addresses in a native file: URLs, in bytes and in UTF-16, and IPv4 addresses with a port or a
 * path behind them. One pass over the bytes for what every address has: "://" or a digit, a dot
 * and a digit. What follows is looked at by itself.
 *
 * Left out: addresses that are put together as the program runs, or that are encoded.
 */
#include <stdio.h>

#include "base/compiler.h"
#include "format/native/parts.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Addresses of one file that are told by name, and of one host of it. */
#define ADDRESSES_MAX 64
#define HOST_MAX      8
#define ADDRESS_BYTES 256
/* Different addresses that are told apart; a power of two. */
#define SEEN 4096
/* Facts of an artifact; with more, only what matters most is told of each further file. */
#define MANY_FACTS     (FACT_MAX / 4)
#define TOO_MANY_FACTS (FACT_MAX / 2)

struct addresses {
    struct scan *s;
    struct span in;
    size_t next; /* behind the last address: what stands in it is not looked at again */
    unsigned told, most;
    uint64_t more; /* different ones that are not told */
    uint32_t seen_n;
    struct {
        uint64_t hash;
        unsigned told;
    } hosts[ADDRESSES_MAX];
    uint64_t seen[SEEN]; /* hashes, by open addressing; 0: free */
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What may stand in an address; quotes and brackets end it. */
static bool is_url_byte(uint8_t c)
{
    return c > ' ' && c < 0x7f && !strchr("\"'<>\\^`{|}", c);
}

static uint64_t hash_of(struct span s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * UINT64_C(0x100000001b3);
    return h ? h : 1;
}

/* ---- what is told ---- */

/* True the first time; when too many were seen, every one counts as seen. */
static bool is_new(struct addresses *a, uint64_t hash)
{
    size_t i = hash % SEEN;

    if (a->seen_n >= SEEN / 2)
        return false;
    for (; a->seen[i]; i = (i + 1) % SEEN)
        if (a->seen[i] == hash)
            return false;
    a->seen[i] = hash;
    a->seen_n++;
    return true;
}

static bool host_has_room(struct addresses *a, uint64_t hash)
{
    for (size_t i = 0; i < ADDRESSES_MAX; i++) {
        if (a->hosts[i].told == 0)
            a->hosts[i].hash = hash;
        if (a->hosts[i].hash == hash)
            return a->hosts[i].told++ < HOST_MAX;
    }
    return false;
}

static void tell(struct addresses *a, size_t off, struct span url, struct span host)
{
    if (!is_new(a, hash_of(url)))
        return;
    if (a->told >= a->most || !host_has_room(a, hash_of(host))) {
        a->more++;
        return;
    }
    a->told++;
    scan_fact(a->s, FACT_NATIVE_URL, off, url, SPAN_EMPTY);
}

/* ---- URLs ---- */

/* The scheme that ends at the end of s, or 0 bytes. */
static size_t scheme_before(struct span s)
{
    static const struct span schemes[] = {
        SPAN_LITERAL("https"), SPAN_LITERAL("http"),        SPAN_LITERAL("ftps"),
        SPAN_LITERAL("sftp"),  SPAN_LITERAL("tftp"),        SPAN_LITERAL("ftp"),
        SPAN_LITERAL("wss"),   SPAN_LITERAL("ws"),          SPAN_LITERAL("stratum+tcp"),
        SPAN_LITERAL("tcp"),   SPAN_LITERAL("stratum+ssl"), SPAN_LITERAL("socks5"),
    };
    uint8_t low[16];
    size_t n = s.n < sizeof low ? s.n : sizeof low;
    struct span tail;

    for (size_t i = 0; i < n; i++)
        low[i] = s.p[s.n - n + i] | 0x20; /* '+' has the bit */
    tail = span_of(low, n);
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (span_ends(tail, schemes[i]))
            return schemes[i].n;
    return 0;
}

/* The host of "//host:1/...": letters, digits, dots; an IPv6 address in its brackets. */
static struct span host_of(struct span rest)
{
    size_t n = 0;

    while (n < rest.n && (is_alnum(rest.p[n]) || strchr("-._@[]%~", rest.p[n])) && rest.p[n])
        n++;
    return span_of(rest.p, n);
}

/* A host with a dot in it, or a port or path behind; "http://%s/" is none. */
static bool is_host(struct span host, struct span rest)
{
    uint8_t next = host.n < rest.n ? rest.p[host.n] : 0;

    if (host.n == 0 || (!is_alnum(host.p[0]) && host.p[0] != '['))
        return false;
    return memchr(host.p, '.', host.n) || next == '/' || next == ':' || host.p[0] == '[' ||
           span_is(host, "localhost");
}

/* The sentence's own full stop and brackets are not the address's. */
static size_t trimmed(const uint8_t *p, size_t n)
{
    while (n && strchr(".,;:!?)]*", p[n - 1]) && p[n - 1])
        n--;
    return n;
}

/* Strings without anything between them, as Rust's are: "https://a.example/xhttps://b.example". */
static bool begins_another(struct span s, size_t at)
{
    struct span rest = span_from(s, at);

    return (is_alnum(s.p[at - 1]) || s.p[at - 1] == '/') &&
           (span_starts(rest, SPAN_LITERAL("http://")) ||
            span_starts(rest, SPAN_LITERAL("https://")));
}

/* An address whose scheme stands at text[0]; how many bytes of text are its, 0: it is none. */
static size_t url(struct addresses *a, size_t off, struct span text, size_t scheme)
{
    struct span rest = span_from(text, scheme + 3), host;
    size_t n = 0;

    host = host_of(rest);
    if (!is_host(host, rest))
        return 0;
    while (n < rest.n && is_url_byte(rest.p[n]) && !(n && begins_another(rest, n)))
        n++;
    tell(a, off, span_of(text.p, scheme + 3 + trimmed(rest.p, n)), host);
    return scheme + 3 + n;
}

/* ":" at colon, "/" two bytes on. */
static void narrow_url(struct addresses *a, size_t colon)
{
    size_t scheme = scheme_before(span_of(a->in.p, colon));
    struct span text = span_from(a->in, colon - scheme);

    if (scheme == 0)
        return;
    if (text.n > ADDRESS_BYTES)
        text.n = ADDRESS_BYTES;
    a->next = colon - scheme + url(a, colon - scheme, text, scheme);
}

/* The same in UTF-16, either byte order: every second byte from colon on, and before it. */
static void wide_url(struct addresses *a, size_t colon)
{
    uint8_t text[ADDRESS_BYTES];
    size_t back = 0, n = 0, scheme;
    const uint8_t *p = a->in.p;

    while (back < 16 && colon >= 2 * (back + 1) && p[colon - 2 * back - 1] == 0)
        back++;
    for (size_t at = colon - 2 * back; at < a->in.n && n < sizeof text; at += 2) {
        if (at > colon && p[at - 1] != 0)
            break;
        text[n++] = p[at];
    }
    scheme = scheme_before(span_of(text, back < n ? back : n));
    if (scheme && n > back + 3)
        a->next = colon - 2 * scheme +
                  2 * url(a, colon - 2 * scheme, span_of(text + back - scheme, n - (back - scheme)),
                          scheme);
}

static void at_colon(struct addresses *a, size_t colon)
{
    const uint8_t *p = a->in.p + colon;
    size_t n = a->in.n - colon;

    if (n > 3 && p[1] == '/')
        narrow_url(a, colon);
    else if (n > 8 && colon > 0 && p[1] == 0 && p[3] == 0 && p[4] == '/')
        wide_url(a, colon);
}

/* ---- IPv4 ---- */

/* Cuts a number up to most off, without leading zeros. */
static bool take_number(struct span *in, unsigned most, unsigned *out)
{
    size_t n = 0;

    *out = 0;
    while (n < in->n && n < 6 && is_digit(in->p[n]))
        *out = *out * 10 + (unsigned)(in->p[n++] - '0');
    return n > 0 && (n == 1 || in->p[0] != '0') && *out <= most && skip(in, n);
}

static bool take_byte(struct span *in, uint8_t c)
{
    return in->n && in->p[0] == c && skip(in, 1);
}

/* ":8080", or "/name": a network's size, "/24", is no path, and neither is a version's "/2.0". */
static bool take_target(struct span *in)
{
    unsigned port;

    if (take_byte(in, ':'))
        return take_number(in, 65535, &port) && port > 0 && (in->n == 0 || !is_alnum(in->p[0]));
    return take_byte(in, '/') && in->n && is_alnum(in->p[0]) && !is_digit(in->p[0]);
}

/* The first dot of "192.0.2.1:80" at dot; "://" before it is a URL's. */
static void at_dot(struct addresses *a, size_t dot)
{
    size_t from = dot, host;
    struct span in, all;
    unsigned v;

    while (from > 0 && dot - from < 3 && is_digit(a->in.p[from - 1]))
        from--;
    if (from > 0 && (is_alnum(a->in.p[from - 1]) || strchr("./-_@", a->in.p[from - 1])) &&
        a->in.p[from - 1])
        return;
    all = in = span_from(a->in, from);
    for (unsigned i = 0; i < 4; i++)
        if ((i && !take_byte(&in, '.')) || !take_number(&in, 255, &v))
            return;
    host = all.n - in.n;
    if (!take_target(&in))
        return;
    while (all.n - in.n < ADDRESS_BYTES && in.n && is_url_byte(in.p[0]))
        (void)skip(&in, 1);
    tell(a, from, span_of(all.p, trimmed(all.p, all.n - in.n)), span_of(all.p, host));
    a->next = from + (all.n - in.n);
}

/* ---- the pass ---- */

static void look_at(struct addresses *a, size_t i)
{
    const uint8_t *p = a->in.p;

    if (i < a->next)
        return;
    if (p[i] == ':' && i + 2 < a->in.n && p[i + 2] == '/')
        at_colon(a, i);
    else if (p[i] == '.' && i > 0 && i + 1 < a->in.n && is_digit(p[i + 1]) && is_digit(p[i - 1]))
        at_dot(a, i);
}

/* From from on, up to to: every place where an address may be. */
static void pass(struct addresses *a, size_t from, size_t to)
{
    size_t i = from;
#ifdef __SSE2__
    const __m128i colon = _mm_set1_epi8(':'), slash = _mm_set1_epi8('/'), dot = _mm_set1_epi8('.');
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);

    for (; i + 16 <= to && i + 18 <= a->in.n; i += 16) {
        const uint8_t *p = a->in.p + i;
        __m128i at = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
        __m128i third = _mm_loadu_si128((const __m128i *)(const void *)(p + 2));
        __m128i value = _mm_sub_epi8(next, zero);
        __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(value, nine), value);
        __m128i hit =
            _mm_or_si128(_mm_and_si128(_mm_cmpeq_epi8(at, colon), _mm_cmpeq_epi8(third, slash)),
                         _mm_and_si128(_mm_cmpeq_epi8(at, dot), digit));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);

        for (; mask; mask &= mask - 1)
            look_at(a, i + (size_t)__builtin_ctz(mask));
    }
#endif
    for (; i < to; i++)
        look_at(a, i);
}

static unsigned most_of(const struct scan *s)
{
    return s->facts->n < MANY_FACTS ? ADDRESSES_MAX : s->facts->n < TOO_MANY_FACTS ? 4 : 0;
}

static void tell_rest(struct addresses *a)
{
    char text[64];

    if (a->more == 0)
        return;
    (void)snprintf(text, sizeof text, "and %s%llu more", a->seen_n >= SEEN / 2 ? "at least " : "",
                   (unsigned long long)a->more);
    facts_add(a->s->facts, &(struct fact){ .kind = FACT_NATIVE_URL,
                                           .where = a->s->where,
                                           .offset = PRATIQUE_NO_OFFSET,
                                           .number = a->more,
                                           .subject = span_text(text),
                                           .detail = SPAN_EMPTY });
}

enum pratique_status addresses_tell(struct scan *s, struct span in)
{
    static const size_t piece = (size_t)16 * 1024 * 1024;
    struct addresses *a = scan_map(s, sizeof *a);
    enum pratique_status st = PRATIQUE_OK;

    if (!a)
        return s->budget->spent ? scan_fail_budget(s, 0)
                                : scan_fail(s, PRATIQUE_E_NOMEM, 0, "addresses");
    a->s = s;
    a->in = in;
    a->most = most_of(s);
    for (size_t at = 0; at < in.n && st == PRATIQUE_OK; at += piece) {
        pass(a, at, in.n - at < piece ? in.n : at + piece);
        if (!budget_time(s->budget))
            st = scan_fail_budget(s, at);
    }
    tell_rest(a);
    scan_unmap(s, a, sizeof *a);
    return st;
}
