/*
 * The numbers of tensors: the first byte is the kind. Whatever the bytes, the counts
 * add up, and the same comes of them in one piece as in two.
 */
#include <stdlib.h>

#include "format/safetensors/values.h"
#include "harness.h"

#define GROUP 24 /* bytes: whole numbers of every kind */

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool same(const struct values *a, const struct values *b)
{
    return a->n == b->n && a->nan == b->nan && a->inf == b->inf && a->zero == b->zero &&
           a->denormal == b->denormal && a->not_bool == b->not_bool &&
           a->first_odd == b->first_odd && !(a->min < b->min || a->min > b->min) &&
           !(a->max < b->max || a->max > b->max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n), part, body;
    struct values whole, parts;
    enum value_kind kind;
    uint8_t first;

    if (!take_u8(&in, &first) || !take(&in, in.n / GROUP * GROUP, &body))
        return 0;
    kind = (enum value_kind)(first % VALUE_KINDS);
    values_init(&whole);
    values_add(&whole, kind, body);
    must(whole.nan + whole.inf + whole.zero + whole.denormal + whole.not_bool <= whole.n);
    must(whole.nan + whole.inf + whole.not_bool == 0 || whole.first_odd < whole.n);
    must(whole.nan + whole.inf == whole.n || whole.min <= whole.max);
    values_init(&parts);
    (void)take(&body, body.n / GROUP / 2 * GROUP, &part);
    values_add(&parts, kind, part);
    values_add(&parts, kind, body);
    must(same(&whole, &parts));
    return 0;
}
