/* src/watch/dns.c */
#include "test.h"
#include "watch/dns.h"

/* A query of one question: id 7, recursion desired. */
static size_t query(uint8_t *out, const char *name, uint16_t type)
{
    static const uint8_t head[12] = { 0, 7, 1, 0, 0, 1 };
    size_t n = sizeof head;

    memcpy(out, head, sizeof head);
    while (*name) {
        size_t label = strcspn(name, ".");

        out[n++] = (uint8_t)label;
        memcpy(out + n, name, label);
        n += label;
        name += label + (name[label] == '.');
    }
    out[n++] = 0;
    out[n++] = (uint8_t)(type >> 8);
    out[n++] = (uint8_t)type;
    out[n++] = 0;
    out[n++] = 1;
    return n;
}

TEST(dns_reads_names)
{
    uint8_t in[512];
    struct dns_query q;
    size_t n = query(in, "AbC.deF.Example.ORG", DNS_A);

    CHECK(dns_parse(span_of(in, n), &q), "parses");
    CHECK(strcmp(q.name, "abc.def.example.org") == 0 && q.name_n == 19, "name %s", q.name);
    CHECK(strcmp(q.labels, "AbCdeF") == 0 && q.labels_n == 6, "labels %s", q.labels);
    CHECK(q.id == 7 && q.type == DNS_A && q.question.n == n - 12, "the rest");
    CHECK(dns_parse(span_of(in, query(in, "Secret.org", DNS_A)), &q) &&
              strcmp(q.labels, "Secret") == 0,
          "two labels: %s", q.labels);
    CHECK(dns_parse(span_of(in, query(in, "Secret", DNS_A)), &q) && strcmp(q.labels, "Secret") == 0,
          "one label: %s", q.labels);
    n = query(in, "AbC.deF.Example.ORG", DNS_A);
    for (size_t cut = 0; cut < n; cut++)
        CHECK(!dns_parse(span_of(in, cut), &q), "cut at %zu", cut);
}

TEST(dns_refuses_what_is_no_query)
{
    static const struct {
        const char *what;
        size_t at;
        uint8_t value;
    } rows[] = {
        { "an answer", 2, 0x81 },
        { "an update", 2, 0x29 },
        { "no question", 5, 0 },
        { "two questions", 5, 2 },
        { "a pointer", 12, 0xc0 },
        { "a long label", 12, 64 },
        { "a label beyond the end", 12, 63 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t in[512];
        size_t n = query(in, "example.org", DNS_A);
        struct dns_query q;

        in[rows[i].at] = rows[i].value;
        CHECK(!dns_parse(span_of(in, n), &q), "%s", rows[i].what);
    }
}

TEST(dns_bounds_names)
{
    uint8_t in[512];
    char name[300] = "";
    struct dns_query q;

    for (unsigned i = 0; i < 63; i++)
        strcat(name, "abc.");
    CHECK(dns_parse(span_of(in, query(in, name, DNS_A)), &q), "251 bytes");
    strcat(name, "abcdef");
    CHECK(!dns_parse(span_of(in, query(in, name, DNS_A)), &q), "257 bytes");
}

static const struct {
    const char *name;
    uint16_t type;
    uint8_t rcode, records;
    bool own;
} answers[] = {
    { "evil.example", DNS_A, 0, 1, false },
    { "evil.example", DNS_AAAA, 0, 0, false },
    { "evil.example", DNS_MX, 0, 1, false },
    { "evil.example", DNS_TXT, 0, 1, false },
    { "evil.example", DNS_NS, 0, 1, false },
    { "evil.example", DNS_SOA, 0, 1, false },
    { "evil.example", DNS_ANY, 0, 1, false },
    { "evil.example", DNS_HTTPS, 0, 0, false },
    { "_https._tcp.evil.example", DNS_SRV, 0, 1, false },
    { "evil.example", 99, 0, 0, false },
    { "printer.local", DNS_A, 3, 0, false },
    { "wpad", DNS_A, 3, 0, false },
    { "wpad.corp", DNS_A, 3, 0, false },
    { "", DNS_NS, 3, 0, false },
    { "localhost", DNS_A, 0, 1, true },
    { "thinkpad", DNS_A, 0, 1, true },
    { "1.0.0.127.in-addr.arpa", DNS_PTR, 0, 1, true },
    { "1.1.0.127.in-addr.arpa", DNS_PTR, 0, 1, true },
    { "1.0.168.192.in-addr.arpa", DNS_PTR, 3, 0, false },
    { "1.2.3.in-addr.arpa", DNS_PTR, 3, 0, false },
    { "999.2.3.4.in-addr.arpa", DNS_PTR, 3, 0, false },
    { "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa", DNS_PTR, 0, 1,
      true },
    { "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa", DNS_PTR, 3, 0,
      false },
};

TEST(dns_answers)
{
    struct dns_pool pool;

    dns_pool_init(&pool, "key", "thinkpad");
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        uint8_t in[512], out[DNS_ANSWER_MAX];
        struct dns_query q;
        size_t n = query(in, answers[i].name, answers[i].type);
        bool ok = dns_parse(span_of(in, n), &q);

        CHECK(ok, "%s: parses", answers[i].name);
        CHECK(dns_is_own(&pool, &q) == answers[i].own, "%s: own", answers[i].name);
        CHECK(dns_answer(&pool, &q, true, out) >= n, "%s: length", answers[i].name);
        CHECK(out[1] == 7 && out[2] == 0x81 && out[3] >> 4 == 8, "%s: head", answers[i].name);
        CHECK((out[3] & 15) == answers[i].rcode, "%s %u: code %u", answers[i].name, answers[i].type,
              out[3] & 15u);
        CHECK(out[7] == answers[i].records, "%s %u: %u records", answers[i].name, answers[i].type,
              out[7]);
        CHECK(memcmp(out + 12, q.question.p, q.question.n) == 0, "%s: question", answers[i].name);
        (void)dns_answer(&pool, &q, false, out);
        CHECK((out[3] & 15) == (answers[i].own ? 0 : 3), "%s: the wall", answers[i].name);
    }
    dns_pool_free(&pool);
}

TEST(dns_pool_is_stable_and_unique)
{
    struct dns_pool a, b, c;
    unsigned differ = 0;

    dns_pool_init(&a, "key", "thinkpad");
    dns_pool_init(&b, "key", "thinkpad");
    dns_pool_init(&c, "other", "thinkpad");
    for (unsigned i = 0; i < 2 * DNS_NAMES_MAX; i++) {
        char name[32];
        uint32_t address;
        struct span text, back;

        (void)snprintf(name, sizeof name, "host%u.example", i);
        text = span_text(name);
        address = dns_pool_address(&a, text);
        CHECK(address == dns_pool_address(&a, text) && address == dns_pool_address(&b, text),
              "%s: stable", name);
        differ += address != dns_pool_address(&c, text);
        back = dns_pool_name(&a, address);
        CHECK(i >= DNS_NAMES_MAX || span_equal(back, text), "%s: and back", name);
        CHECK(address >> 24 != 10 && address >> 24 != 127 && (address & 255) != 0, "%s: public",
              name);
    }
    CHECK(differ > DNS_NAMES_MAX, "the key counts: %u", differ);
    CHECK(a.n == DNS_NAMES_MAX, "bounded");
    dns_pool_free(&a);
    dns_pool_free(&b);
    dns_pool_free(&c);
}

TEST(dns_type_names)
{
    char room[16];

    CHECK(strcmp(dns_type_name(DNS_AAAA, room), "AAAA") == 0, "AAAA");
    CHECK(strcmp(dns_type_name(65535, room), "TYPE65535") == 0, "unknown");
}
