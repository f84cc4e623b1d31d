/*
 * See dns.h. RFC 1035, sections 4.1 (messages) and 3.3 (records); RFC 2782 (SRV). Left out:
 * other classes than IN (answered alike), EDNS (a server may not know it), zone transfers,
 * and names compressed in a question, which nobody sends.
 */
#include "watch/dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_BYTES   12
#define FLAG_ANSWER  0x8000u
#define FLAGS_OPCODE 0x7800u
#define FLAG_RECURSE 0x0100u /* asked for; and offered: */
#define FLAG_OFFERED 0x0080u
#define NO_SUCH_NAME 3u

#define LABEL_MAX       63
#define TTL_SECONDS     300
#define POOL_BYTES      (2u << 20)
#define ADDRESS_OWN     0x7f000101u /* 127.0.1.1, as Debian has it for the host's own name */
#define ADDRESS_LOOP    0x7f000001u
#define SERIAL          2026010101u
#define NAME_OF_QUERY   (0xc000u | HEAD_BYTES) /* a pointer to the question's name */
#define PROBES          64
#define REVERSE_SUFFIX  SPAN_LITERAL(".in-addr.arpa")
#define REVERSE6_SUFFIX SPAN_LITERAL(".ip6.arpa")

/* A label may hold any byte; a name here is text, and ends at its NUL. */
static char lower(uint8_t c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c ? c : '?');
}

static bool add_label(struct dns_query *q, struct span label)
{
    if (q->name_n + label.n + 1 > DNS_NAME_MAX)
        return false;
    if (q->name_n)
        q->name[q->name_n++] = '.';
    for (size_t i = 0; i < label.n; i++)
        q->name[q->name_n++] = lower(label.p[i]);
    return true;
}

/*
 * Cuts the name off. The last two labels are left out of labels, as they name the domain; of
 * shorter names the last one, or none.
 */
static bool take_name(struct span *in, struct dns_query *q)
{
    size_t last = 0, before = 0;
    uint8_t n;
    struct span label;

    while (take_u8(in, &n) && n > 0) {
        if (n > LABEL_MAX || !take(in, n, &label) || !add_label(q, label))
            return false;
        before = last;
        last = q->labels_n;
        memcpy(q->labels + q->labels_n, label.p, label.n);
        q->labels_n += label.n;
    }
    q->labels_n = before ? before : last ? last : q->labels_n;
    q->labels[q->labels_n] = '\0';
    q->name[q->name_n] = '\0';
    return n == 0;
}

bool dns_parse(struct span in, struct dns_query *q)
{
    struct span whole = in;
    uint16_t questions, class;

    memset(q, 0, sizeof *q);
    q->question = SPAN_EMPTY;
    if (!take_u16be(&in, &q->id) || !take_u16be(&in, &q->flags) || !take_u16be(&in, &questions) ||
        !skip(&in, HEAD_BYTES - 6) || questions != 1 || q->flags & (FLAG_ANSWER | FLAGS_OPCODE))
        return false;
    if (in.n == 0 || !take_name(&in, q) || !take_u16be(&in, &q->type) || !take_u16be(&in, &class))
        return false;
    return span_sub(whole, HEAD_BYTES, whole.n - HEAD_BYTES - in.n, &q->question);
}

const char *dns_type_name(uint16_t type, char room[16])
{
    static const struct {
        uint16_t type;
        const char *name;
    } names[] = {
        { DNS_A, "A" },     { DNS_NS, "NS" },     { DNS_CNAME, "CNAME" }, { DNS_SOA, "SOA" },
        { DNS_PTR, "PTR" }, { DNS_MX, "MX" },     { DNS_TXT, "TXT" },     { DNS_AAAA, "AAAA" },
        { DNS_SRV, "SRV" }, { DNS_SVCB, "SVCB" }, { DNS_HTTPS, "HTTPS" }, { DNS_ANY, "ANY" },
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (names[i].type == type)
            return names[i].name;
    (void)snprintf(room, 16, "TYPE%u", type);
    return room;
}

/* ---- names and addresses ---- */

void dns_pool_init(struct dns_pool *p, const char *key, const char *host)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, POOL_BYTES);
    p->key = key;
    p->host = host;
}

void dns_pool_free(struct dns_pool *p)
{
    arena_reset(&p->arena);
}

/* FNV-1a, 64 bits, mixed once more at the end. The key keeps a name from being made to fit. */
static uint64_t hash(const char *key, struct span name, unsigned round)
{
    uint64_t h = 0xcbf29ce484222325u ^ round;

    for (const char *k = key; *k; k++)
        h = (h ^ (uint8_t)*k) * 0x100000001b3u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ name.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

/* First numbers of large hosters' and networks' addresses; no network of tests or of homes. */
static uint32_t address_of(uint64_t h)
{
    static const uint8_t first[] = { 3,  13, 18,  23,  34,  35,  44,  52,
                                     54, 99, 104, 108, 142, 143, 151, 185 };
    uint32_t last = 1 + (uint32_t)(h >> 40) % 254;

    return (uint32_t)first[h % ARRAY_LEN(first)] << 24 | ((uint32_t)(h >> 8) & 0xffff) << 8 | last;
}

static struct dns_name *find(const struct dns_pool *p, uint32_t address)
{
    struct dns_name *n = p->by_address[address % DNS_BUCKETS];

    while (n && n->address != address)
        n = n->next;
    return n;
}

static void keep(struct dns_pool *p, struct span name, uint32_t address)
{
    struct dns_name *n =
        p->n < DNS_NAMES_MAX ? arena_alloc(&p->arena, sizeof *n + name.n + 1) : NULL;

    if (!n)
        return;
    n->address = address;
    n->n = name.n;
    memcpy(n->text, name.p, name.n);
    n->next = p->by_address[address % DNS_BUCKETS];
    p->by_address[address % DNS_BUCKETS] = n;
    p->n++;
}

uint32_t dns_pool_address(struct dns_pool *p, struct span name)
{
    uint32_t address = 0;

    for (unsigned round = 0; round < PROBES; round++) {
        struct dns_name *n;

        address = address_of(hash(p->key, name, round));
        n = find(p, address);
        if (!n) {
            keep(p, name, address);
            break;
        }
        if (span_equal(span_of(n->text, n->n), name))
            break;
    }
    return address;
}

struct span dns_pool_name(const struct dns_pool *p, uint32_t address)
{
    const struct dns_name *n = find(p, address);

    return n ? span_of(n->text, n->n) : SPAN_EMPTY;
}

/* ---- what is answered ---- */

static struct span name_of(const struct dns_query *q)
{
    return span_of(q->name, q->name_n);
}

static bool is_localhost(struct span name)
{
    return span_is(name, "localhost") || span_is(name, "localhost.localdomain") ||
           span_ends(name, SPAN_LITERAL(".localhost"));
}

/* "4.3.2.1.in-addr.arpa" is 1.2.3.4. */
static bool reverse_address(struct span name, uint32_t *out)
{
    uint32_t address = 0;
    unsigned part = 0, digits = 0, n = 0;

    if (!span_ends(name, REVERSE_SUFFIX))
        return false;
    for (size_t i = 0; i <= name.n - REVERSE_SUFFIX.n; i++) {
        uint8_t c = name.p[i];

        if (c == '.' && digits && n < 4) {
            address |= part << 8 * n++;
            part = digits = 0;
        } else if (c >= '0' && c <= '9' && digits < 3) {
            part = part * 10 + (c - '0');
            digits++;
        } else {
            return false;
        }
        if (part > 255)
            return false;
    }
    *out = address;
    return n == 4;
}

/* "1.0.0. ... .0.ip6.arpa": the address ::1. */
static bool reverse_is_loop6(struct span name)
{
    struct span zeros = name;

    if (name.n != 63 + REVERSE6_SUFFIX.n || !span_ends(name, REVERSE6_SUFFIX) || name.p[0] != '1')
        return false;
    zeros = span_from(name, 1);
    for (size_t i = 0; i < 62; i++)
        if (zeros.p[i] != (i % 2 ? '0' : '.'))
            return false;
    return true;
}

static bool is_host(const struct dns_pool *p, struct span name)
{
    return span_is(name, p->host);
}

bool dns_is_own(const struct dns_pool *p, const struct dns_query *q)
{
    struct span name = name_of(q);
    uint32_t address;

    return is_localhost(name) || is_host(p, name) || reverse_is_loop6(name) ||
           (reverse_address(name, &address) && address >> 24 == 127);
}

/* Names that are looked up by habit, and that no server of the Internet knows. */
static bool is_unknown(struct span name)
{
    return span_ends(name, SPAN_LITERAL(".local")) || span_is(name, "local") ||
           span_is(name, "wpad") || span_starts(name, SPAN_LITERAL("wpad.")) || name.n == 0 ||
           span_ends(name, REVERSE6_SUFFIX);
}

/* An answer being written; what does not fit is left out. */
struct answer {
    uint8_t *p;
    size_t n;
    unsigned records;
};

static void put(struct answer *a, uint32_t v, unsigned bytes)
{
    while (bytes-- > 0 && a->n < DNS_ANSWER_MAX)
        a->p[a->n++] = (uint8_t)(v >> 8 * bytes);
}

static void put_bytes(struct answer *a, struct span s)
{
    size_t n = s.n < DNS_ANSWER_MAX - a->n ? s.n : DNS_ANSWER_MAX - a->n;

    memcpy(a->p + a->n, s.p, n);
    a->n += n;
}

/* A name by its labels; those that cannot be one end it early. */
static void put_name(struct answer *a, struct span name)
{
    while (name.n > 0) {
        size_t n = 0;
        struct span label;

        while (n < name.n && name.p[n] != '.')
            n++;
        if (n == 0 || n > LABEL_MAX)
            break;
        (void)take(&name, n, &label);
        put(a, (uint32_t)n, 1);
        put_bytes(a, label);
        (void)skip(&name, 1);
    }
    put(a, 0, 1);
}

/* Label, then the name that was asked for. */
static void put_below(struct answer *a, const char *label)
{
    put(a, (uint32_t)strlen(label), 1);
    put_bytes(a, span_text(label));
    put(a, NAME_OF_QUERY, 2);
}

/* The head of a record of the name that was asked for; its data's length is set by record_end(). */
static size_t record_begin(struct answer *a, uint16_t type)
{
    put(a, NAME_OF_QUERY, 2);
    put(a, type, 2);
    put(a, 1, 2);
    put(a, TTL_SECONDS, 4);
    put(a, 0, 2);
    return a->n;
}

static void record_end(struct answer *a, size_t data)
{
    size_t n = a->n - data;

    a->p[data - 2] = (uint8_t)(n >> 8);
    a->p[data - 1] = (uint8_t)n;
    a->records++;
}

static uint32_t find_address(struct dns_pool *p, struct span name)
{
    return is_localhost(name) ? ADDRESS_LOOP
           : is_host(p, name) ? ADDRESS_OWN
                              : dns_pool_address(p, name);
}

static void put_soa(struct answer *a)
{
    put_below(a, "ns1");
    put_below(a, "hostmaster");
    put(a, SERIAL, 4);
    put(a, 7200, 4);
    put(a, 3600, 4);
    put(a, 1209600, 4);
    put(a, TTL_SECONDS, 4);
}

static void put_data(struct answer *a, struct dns_pool *p, const struct dns_query *q, uint16_t type)
{
    static const char text[] = "v=spf1 -all";
    struct span name = name_of(q);

    switch (type) {
    case DNS_A:
        put(a, find_address(p, name), 4);
        break;
    case DNS_NS:
        put_below(a, "ns1");
        break;
    case DNS_SOA:
        put_soa(a);
        break;
    case DNS_MX:
        put(a, 10, 2);
        put_below(a, "mail");
        break;
    case DNS_TXT:
        put(a, sizeof text - 1, 1);
        put_bytes(a, span_text(text));
        break;
    case DNS_SRV: /* priority, weight, port; never a compressed name */
        put(a, 0, 4);
        put(a, 443, 2);
        while (name.n > 0 && name.p[0] == '_') { /* "_https._tcp.example.org" */
            while (name.n > 0 && name.p[0] != '.')
                (void)skip(&name, 1);
            (void)skip(&name, 1);
        }
        put_name(a, name);
        break;
    default:
        break;
    }
}

/* True when there is a record: an empty answer of no error says "not of this type". */
static bool has_record(uint16_t type)
{
    return type == DNS_A || type == DNS_NS || type == DNS_SOA || type == DNS_MX ||
           type == DNS_TXT || type == DNS_SRV;
}

/* Back from an address to its name; false when nobody asked for that name before. */
static bool answer_reverse(struct answer *a, const struct dns_pool *p, struct span name)
{
    uint32_t address = 0;
    bool reverse = reverse_address(name, &address);
    struct span to = dns_pool_name(p, address);
    size_t data;

    if (reverse_is_loop6(name) || (reverse && address >> 24 == 127))
        to = address == ADDRESS_OWN ? span_text(p->host) : SPAN_LITERAL("localhost");
    if (to.n == 0)
        return false;
    data = record_begin(a, DNS_PTR);
    put_name(a, to);
    record_end(a, data);
    return true;
}

static bool answer_records(struct answer *a, struct dns_pool *p, const struct dns_query *q)
{
    uint16_t type = q->type == DNS_ANY ? DNS_A : q->type;
    size_t data;

    if (span_ends(name_of(q), REVERSE_SUFFIX) || reverse_is_loop6(name_of(q)))
        return answer_reverse(a, p, name_of(q));
    if (is_unknown(name_of(q)))
        return false;
    if (!has_record(type))
        return true;
    data = record_begin(a, type);
    put_data(a, p, q, type);
    record_end(a, data);
    return true;
}

size_t dns_answer(struct dns_pool *p, const struct dns_query *q, bool answers,
                  uint8_t out[DNS_ANSWER_MAX])
{
    struct answer a = { out, 0, 0 };
    bool known;

    put(&a, q->id, 2);
    put(&a, 0, 2); /* flags and counts, set at the end */
    put(&a, 1, 2);
    put(&a, 0, 2);
    put(&a, 0, 4);
    put_bytes(&a, q->question);
    known = (answers || dns_is_own(p, q)) && answer_records(&a, p, q);
    out[2] = (uint8_t)((FLAG_ANSWER | (q->flags & FLAG_RECURSE)) >> 8);
    out[3] = (uint8_t)(FLAG_OFFERED | (known ? 0 : NO_SUCH_NAME));
    out[7] = (uint8_t)a.records;
    return a.n;
}
