/*
 * For oracles: reads inputs from stdin, each behind its length (4 bytes, little-
 * endian), runs the pickle format on it, and prints one line for each fact
 * ("KIND<tab>subject<tab>detail<tab>count"), then "." and the status.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../fuzz/harness.h"
#include "format/pickle/pickle.h"

static void print_facts(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->list[i];

        printf("%s\t%.*s\t%.*s\t%llu\n", fact_kind_name(f->kind), (int)f->subject.n,
               (const char *)f->subject.p, (int)f->detail.n, (const char *)f->detail.p,
               (unsigned long long)f->count);
    }
}

static void one(const uint8_t *data, size_t n)
{
    struct harness h;
    enum pratique_status st;
    struct pickle_end end;
    struct pickle_options options = { .joblib = true };

    harness_init(&h);
    st = pickle_run(&h.scan, span_of(data, n), 0, &options, &end);
    print_facts(&h.facts);
    printf(". %s %s\n", pratique_status_name(st), st == PRATIQUE_OK ? "" : h.scan.error.msg);
    fflush(stdout);
    harness_free(&h);
}

int main(void)
{
    uint8_t len[4], *data;

    while (fread(len, 1, 4, stdin) == 4) {
        size_t n = len[0] | (size_t)len[1] << 8 | (size_t)len[2] << 16 | (size_t)len[3] << 24;

        data = malloc(n ? n : 1);
        if (!data || fread(data, 1, n, stdin) != n)
            return 1;
        one(data, n);
        free(data);
    }
    return 0;
}
