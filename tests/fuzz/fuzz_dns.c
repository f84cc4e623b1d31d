/* DNS queries. What is read is bounded text, and what is answered is a whole message. */
#include <stdlib.h>

#include "harness.h"
#include "watch/dns.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct dns_pool pool;
    struct dns_query q;
    uint8_t out[DNS_ANSWER_MAX];
    char room[16];

    dns_pool_init(&pool, "key", "thinkpad");
    if (dns_parse(span_of(data, n), &q)) {
        must(strlen(q.name) == q.name_n && q.name_n <= DNS_NAME_MAX && q.labels_n <= q.name_n);
        must(q.question.n >= 5 && q.question.n <= n - 12);
        for (unsigned i = 0; i < 4; i++) {
            size_t bytes = dns_answer(&pool, &q, i % 2 == 0, out);

            must(bytes >= 12 + q.question.n && bytes < DNS_ANSWER_MAX && out[2] & 0x80);
            must(memcmp(out + 12, q.question.p, q.question.n) == 0);
            q.type = i % 2 ? DNS_PTR : DNS_SRV;
        }
        must(*dns_type_name(q.type, room) != '\0');
    }
    dns_pool_free(&pool);
    return 0;
}
