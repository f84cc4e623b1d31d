/* A file of threats. What is taken is whole, and is found by its file and rule. */
#include <stdlib.h>

#include "harness.h"
#include "verdict/threats.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check(const struct pratique_threats *t)
{
    for (size_t i = 0; i < pratique_threats_count(t); i++) {
        const struct pratique_threat *one = pratique_threats_at(t, i);

        must(one->id && one->title && one->file && one->rule && one->reason && one->owner);
        must(one->probability >= 1 && one->probability <= 5 && one->severity >= 1 &&
             one->severity <= 5 && one->detection <= 1000);
        must(one->risk == one->probability * one->severity * (1000 - one->detection));
        must(one->file[0] != '/' && strncmp(one->file, "../", 3) != 0 &&
             !strstr(one->file, "/../"));
        must(threats_find(t, one->file, one->rule) != NULL);
    }
    must(!pratique_threats_at(t, pratique_threats_count(t)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct pratique_error err = { 0 };
    struct pratique_threats *t;
    enum pratique_status st;

    if (n > THREATS_BYTES_MAX)
        return 0;
    st = threats_parse(&t, "T.md", span_of(data, n), &err);
    must((st == PRATIQUE_OK) == (t != NULL));
    must(st == PRATIQUE_OK || st == PRATIQUE_E_NOMEM ||
         (st == PRATIQUE_E_USAGE && strncmp(err.msg, "T.md:", 5) == 0));
    if (t)
        check(t);
    pratique_threats_free(t);
    return 0;
}
